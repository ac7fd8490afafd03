"""Characters mean what they look like: blanks, dashes, digits, apostrophes of any kind are one kind."""

import re
from unicodedata import category, decimal, normalize

APOSTROPHES = "'’‘‛ʼʻʹ′`´＇ꞌ՚"
TILDES = "~˜∼∽≈≃≅〜〰～"
# Besides every character of Unicode's own class of dashes; the first is the soft hyphen of copied texts.
DASHES = "\u00ad−⁃˗─━ー₋⁻"
BLANKS = "\u115f\u1160\u2800\u3164"

_LOOKS_LIKE: dict[int, str] = {
    **dict.fromkeys(map(ord, APOSTROPHES), "'"),
    **dict.fromkeys(map(ord, TILDES), "~"),
    **dict.fromkeys(map(ord, DASHES), "-"),
    **dict.fromkeys(map(ord, BLANKS), " "),
    **dict.fromkeys(map(ord, "≥⩾≧"), ">="),
    **dict.fromkeys(map(ord, "≤⩽≦"), "<="),
    **dict.fromkeys(map(ord, "⁄∕"), "/"),
    **dict.fromkeys(map(ord, "×✕✖⨯"), "x"),
    ord("٪"): "%",
    ord("٫"): ",",
}
# A raised or lowered digit is no digit of the number before it: 10² is not 102.
_RAISED = str.maketrans({sign: f"^{digit}" for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")})
_LOWERED = str.maketrans({sign: f"_{digit}" for digit, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")})

_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})


def _as_it_looks(sign: str) -> str:
    kind = category(sign)
    if kind == "Nd":
        return str(decimal(sign))
    if kind == "Pd":
        return "-"
    if sign.isspace():
        return " "
    return "" if kind in _INVISIBLE else sign


def as_it_looks(text: str) -> str:
    """The text in NFKC, with one kind of blank, dash, digit, apostrophe and sign, and no invisible character;
    a run of blanks is one, and none is left at either end. Capitals stay."""
    if _is_plain(text):
        return " ".join(text.translate(_LOOKS_LIKE).split())
    composed = normalize("NFKC", text.translate(_LOOKS_LIKE)).translate(_LOOKS_LIKE)
    return " ".join("".join(map(_as_it_looks, composed)).split())


def measured(text: str) -> str:
    """A text with a measurement, ready for a reader's patterns: as it looks, in small letters, without the
    dots of abbreviations. mm² becomes mm^2."""
    looks = as_it_looks(text.translate(_RAISED).translate(_LOWERED)).casefold()
    looks = re.sub(r"\b(ca|approx|appr)\.(?=\d)", r"\1 ", looks)
    return re.sub(r"(?<=[a-z])\.(?!\d)", "", looks).removesuffix(".").rstrip()


def tidy(text: str) -> str:
    """A name or number as it is stored and shown: composed, a run of blanks one blank, nothing invisible but
    the joiners that some scripts are written with. Capitals, accents and dashes stay as entered."""
    if _is_plain(text):
        return " ".join(text.split())
    composed = normalize("NFC", text)
    kept = (" " if sign.isspace() else sign for sign in composed if _is_visible(sign))
    return " ".join("".join(kept).split())


def _is_plain(text: str) -> bool:
    """Whether nothing needs a look sign by sign: most of what is written, and a preview reads all of it."""
    return text.isascii() and text.isprintable()


def _is_visible(sign: str) -> bool:
    return sign.isspace() or sign in "\u200c\u200d" or category(sign) not in _INVISIBLE
