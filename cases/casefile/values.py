"""Readers of the values that are no measurements of a guideline: texts, yes or no, counts, lists of codes.

Each takes what stands in a case file or a form and gives an `AsWritten`, or raises `Unreadable`.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from cases.reading import AsWritten, BoundedNumber, Unreadable
from cases.reading.characters import as_it_looks, tidy
from cases.reading.measures import Measure
from cases.reading.phrases import Phrase
from cases.reading.written import LONGEST, words_of

LONGEST_TEXT = 1_000_000
"""Characters of a free text: any report whole."""


def _measure(label: str, unit: str, pattern: str, limits: tuple[int, int], allowed: str) -> Measure:
    """A measure in one unit; its limits are inclusive."""
    return Measure(
        label=label,
        unit=unit,
        phrase=Phrase(pattern, lambda number, _: number),
        minimum=Decimal(limits[0]),
        maximum=Decimal(limits[1]),
        near=Decimal(0),
        allowed=allowed,
    )


TMB = _measure(
    "Tumor mutational burden",
    "per Mb",
    r"(?:mut(?:ations?)?|variants?)? ?(?:/|per) ?(?:mb|megabases?)",
    (0, 9999),
    'mutations per megabase, 0 to 9999 ("4", "12.6 mut/Mb", "> 10")',
)
PERCENT = _measure(
    "Part of the tumor", "%", "%|per ?cent", (0, 100), 'a percentage from 0 to 100 ("30", "30 %", "> 30")'
)
DOSE = _measure("Dose", "Gy", "gy|gray", (0, 200), 'a dose of at most 200 Gy ("50.4", "50.4 Gy")')
LESIONS = _measure("Lesions", "", "lesions?|metastas[ei]s", (0, 9999), 'a number ("3", "> 10") or words')
NUMBER = _measure("Value", "", "", (0, 10**12), 'a number of 0 or more, in the unit named ("240", "< 3")')


def read_text(written: object) -> AsWritten[str]:
    """A free text as entered, without the blanks around it; its words are its first line, shortened."""
    allowed = f"a text of at most {LONGEST_TEXT} characters"
    if written is None:
        return AsWritten(None, "")
    if not isinstance(written, str):
        raise Unreadable(written, "not a text", allowed)
    if len(written) > LONGEST_TEXT:
        raise Unreadable(written, "too long", allowed)
    text = written.strip()
    if not as_it_looks(text):
        return AsWritten(None, "")
    return AsWritten(text, tidy(text)[:LONGEST])


def read_phrase(written: object) -> AsWritten[str]:
    """A few words or a number, in one line."""
    words = tidy(words_of(written, f"a text of at most {LONGEST} characters, or a number"))
    return AsWritten(words, words) if as_it_looks(words) else AsWritten(None, "")


def read_yes_no(written: object) -> AsWritten[bool]:
    """True or false, in words too; null and "" are not known."""
    if written is None or isinstance(written, bool):
        return AsWritten(written, {True: "yes", False: "no", None: ""}[written])
    if isinstance(written, str):
        text = as_it_looks(written).casefold()
        if text in _YES_NO:
            return AsWritten(_YES_NO[text], written.strip())
    raise Unreadable(written, "neither true nor false", "true, false")


_YES_NO = {"": None, "true": True, "yes": True, "false": False, "no": False}


def read_whole(written: object, low: int, high: int) -> AsWritten[int]:
    """A whole number from `low` to `high`."""
    allowed = f"a whole number from {low} to {high}"
    words = words_of(written, allowed)
    text = as_it_looks(words)
    if not text:
        return AsWritten(None, "")
    if not re.fullmatch(r"\d{1,15}(?:\.0+)?", text):
        raise Unreadable(written, "not a whole number", allowed)
    number = int(text.partition(".")[0])
    if not low <= number <= high:
        raise Unreadable(written, "out of range", allowed)
    return AsWritten(number, words)


def read_single(written: object, measure: Measure) -> AsWritten[Decimal]:
    """One number of a measure, neither a range nor a bound."""
    reading = measure.read(written)
    if reading.value is None:
        return AsWritten(None, reading.words)
    if reading.value.value is None:
        raise Unreadable(written, "not a single number", measure.allowed)
    return AsWritten(reading.value.value, reading.words)


def read_level(written: object) -> AsWritten[BoundedNumber]:
    """A value of a marker. 1,000 is refused: it is a thousand to some, and one to others."""
    found = _THOUSANDS.search(as_it_looks(written)) if isinstance(written, str) else None
    if found:
        one, other = found[0].replace(",", ""), found[0].replace(",", ".")
        raise Unreadable(written, f"could be {one} or {other}: write it without the comma", NUMBER.allowed)
    return NUMBER.read(written)


_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2},\d{3}(?![\d.,])")


def read_limit(written: object) -> AsWritten[Decimal]:
    """The upper limit of a marker, one number, written as its value is."""
    read_level(written)
    return read_single(written, NUMBER)


def read_amount(written: object) -> AsWritten[BoundedNumber]:
    """How many lesions a study shows: a number or bound, else its words ("multiple"), which settle none."""
    words = read_phrase(written).words
    try:
        return LESIONS.read(written)
    except Unreadable:
        return AsWritten(None, words)


def listed_in_order(chosen: Iterable[str], codes: Iterable[str]) -> tuple[str, ...]:
    """Codes once each, in the order of the list that they are from."""
    found = set(chosen)
    return tuple(code for code in codes if code in found)
