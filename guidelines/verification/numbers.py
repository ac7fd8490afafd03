"""The numbers of an English text, in digits or in words, to hold what is shown to what is printed.

A number is a canonical string: "1234" of "1,234", "0.05", "6" of "six", "1/3" of "one-third"; a range gives
both of its ends. Names that hold digits (Ki-67, G3, PD-L1, 177Lu, IB3, NCT05040360) are no numbers, roman
numerals neither, and an ordinal ("the third line") only where it names a part ("a third of the patients").

The source comes through character recognition: words run together with digits ("of44%", "PFS8.6") are taken
apart. Where the digits themselves are damaged ("O to 38%" for 0) `ocr` says what is printed in their place.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

_UNITS = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
_WORDS = {word: value for value, word in enumerate(_UNITS)}
_WORDS |= {f"{_UNITS[value]}fold": value for value in range(2, 11)} | {"twice": 2, "thrice": 3}
_WORDS |= {"rwo": 2}  # "two", as recognized
_DECADES = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_TENS = {word: 10 * value for value, word in enumerate(_DECADES, 2)}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 1_000_000}
_HALVES = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4}
_ORDINALS = ["third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_PARTS = {word + s: value for value, word in enumerate(_ORDINALS, 3) for s in ("", "s")}
_COUNTED = "lines?|cycles?|courses?|times?|doses?|drugs?|trials?|study|studies|part(?:y|ies)|generation"


def _any(*words: str) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_NAMES = re.compile(
    r"""
      Ki-?\s?67 | CAM[5S]\.2 | [Pp]53\b | \b0f\b
    | (?<![A-Z0-9]) G[1-3] (?: \s?/\s? G?[1-4] )* (?![0-9])
    | \b S?5- (?: HIAA | FU\b | fluorouracil )
    | \b (?: SWOG | PRODIGE | islet ) \s [0-9]+
    # letters before digits: INSM1, IB3, NCT05040360, NET-02; but not "PFS8.6" and not "OS44%"
    | (?<![A-Za-z0-9]) (?: [A-Z][A-Za-z]{0,5} | [A-Z]{1,9}- ) [0-9]+ [A-Za-z0-9]*
      (?! [0-9] | [.,][0-9] | \s?% )
    # digits before a capital: 177Lu, 8F, and 1A1 where IA1 was printed
    | (?<![A-Za-z0-9.,]) [0-9]+ [A-Z] [A-Za-z0-9]*
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(
    rf"""
      \b (?P<halved> [0-9]+ | {_any(*_WORDS)} ) \s+ and \s+ a \s+ half \b
    | \b (?: (?P<half> half ) \s+ an? \s+ | (?P<times> {_any(*_WORDS, *_TENS)} ) [\s-]+ )?
         (?P<scale> {_any(*_SCALES)} ) \b
    | \b (?: an? \s+ )? (?: (?P<count> {_any(*_WORDS)} ) [\s-]+ )? (?P<part> {_any(*_HALVES)} ) \b (?! -life )
    | \b (?: an? | (?P<counted> {_any(*_WORDS)} ) ) [\s-]+ (?P<ordinal> {_any(*_PARTS)} ) \b
         (?! [\s-]+ (?: {_COUNTED} ) \b )
    | \b (?P<tens> {_any(*_TENS)} ) (?: [\s-] (?P<more> {"|".join(_UNITS[1:10])} ) )? \b
    | \b (?P<word> {_any(*_WORDS)} ) \b
    | (?P<grouped> (?<![0-9]) [0-9]{{1,3}} (?: ,[0-9]{{3}} )+ (?![0-9]) (?: \.[0-9]+ )? )
    | (?P<digits> [0-9]+ (?: \.[0-9]+ )? | (?<![0-9A-Za-z.)]) \.[0-9]+ )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def canonical(value: float | str) -> str:
    """A number as `numbers_in` gives it: "12.5", "4" of 4.0, "1234" of "1,234".

    Raises `decimal.InvalidOperation` for a string that is no number in digits.
    """
    written = format(Decimal(str(value).replace(",", "")).normalize(), "f")
    return "0" if written == "-0" else written


def numbers_in(text: str) -> frozenset[str]:
    """Every number in the text, in digits or in words, each as its canonical string."""
    return frozenset(_value(match) for match in _NUMBER.finditer(_NAMES.sub(" ; ", flat(text))))


def not_in(text: str, source_lines_text: str, ocr: Mapping[str, str] | None = None) -> set[str]:
    """The numbers of the text that the source's lines do not print; empty if all is well.

    `ocr`: number as we give it → what is printed in its place. It counts only where the lines print that.
    """
    printed = flat(source_lines_text)
    excused = excused_by(given for given, damaged in (ocr or {}).items() if flat(damaged) in printed)
    return set(numbers_in(text) - numbers_in(source_lines_text) - excused)


def excused_by(given: Iterable[str]) -> frozenset[str]:
    """The numbers among the keys of an `ocr`, which may also name works and drugs printed damaged."""
    return frozenset(_value(match) for key in given if (match := _NUMBER.fullmatch(key.strip())))


def flat(text: str) -> str:
    """The text on one line: words broken at a line's end joined at their hyphen, every dash a hyphen."""
    dashes = re.sub("[‐‑‒–—−]", "-", text)
    return " ".join(re.sub(r"-[^\S\n]*\n\s*", "-", dashes).split())


def _value(match: re.Match[str]) -> str:
    """The canonical string of one match of `_NUMBER`."""
    found = {name: text.lower() for name, text in match.groupdict().items() if text is not None}
    if "halved" in found:
        return canonical(_plain(found["halved"]) + 0.5)
    if "scale" in found:
        times = Fraction(1, 2) if "half" in found else Fraction(_plain(found.get("times", "one")))
        return str(times * _SCALES[found["scale"]])
    if "part" in found:
        return str(Fraction(_plain(found.get("count", "one")), _HALVES[found["part"]]))
    if "ordinal" in found:
        return str(Fraction(_plain(found.get("counted", "one")), _PARTS[found["ordinal"]]))
    if "tens" in found:
        return str(_TENS[found["tens"]] + _WORDS.get(found.get("more", ""), 0))
    if "word" in found:
        return str(_WORDS[found["word"]])
    return canonical(found.get("grouped") or found["digits"])


def _plain(text: str) -> int:
    """A whole number in digits or one word."""
    return int(text) if text.isdigit() else _WORDS.get(text) or _TENS.get(text, 0)
