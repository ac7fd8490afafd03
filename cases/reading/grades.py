"""The grade that a report states in words."""

import re

from cases.reading.characters import as_it_looks
from cases.reading.written import AsWritten, Problem, Unreadable, words_of

ALLOWED = 'g1, g2 or g3, as in "G3", "NET G3", "grade 3" or "WHO grade III"'

_GRADES = {"1": "g1", "2": "g2", "3": "g3", "i": "g1", "ii": "g2", "iii": "g3"}
_NAMES = ("g", "grade", "grading", "graded")
# Words of a report that stand beside a grade and change nothing about it.
_BESIDE = frozenset(
    {
        *("net", "nets", "nec", "nen", "pnet", "pannet", "pannec", "neuroendocrine", "tumor", "tumour"),
        *("neoplasm", "carcinoma", "well", "moderately", "poorly", "differentiated"),
        *("who", "enets", "uicc", "ajcc", "classification", "according", "to", "the", "per", "by"),
    }
)
_TOKEN = re.compile("[a-z]+|[0-9]+")
_YEAR = re.compile("20[0-2][0-9]")


def read_reported_grade(written: object) -> AsWritten[str]:
    """The grade that a report states: "g1", "g2" or "g3". The words beside it (NET, NEC, a classification and
    its year) are kept and mean nothing here: a grade never says how a tumor is differentiated. Raises
    `Unreadable` for no grade, for two, and for words that may change it."""
    words = words_of(written, ALLOWED)
    text = as_it_looks(words).casefold()
    if not text:
        return AsWritten(None, "")
    try:
        return AsWritten(_grade(text), words)
    except Problem as problem:
        raise Unreadable(written, str(problem), ALLOWED) from None


def _grade(text: str) -> str:
    if text in ("1", "2", "3"):
        return _GRADES[text]
    if re.sub("[a-z0-9 ,.:;()/-]", "", text):
        raise Problem("not a grade")
    text = re.sub(r"\b(net|nec|nen)g(?= ?-?[1-3])", r"\1 g", text)
    text = re.sub(r"\bg(i{1,3})\b", r"g \1", text)
    found: set[str] = set()
    tokens = _TOKEN.findall(text)
    while tokens:
        token = tokens.pop(0)
        if token in _NAMES and tokens:
            number = tokens.pop(0)
            if number not in _GRADES:
                raise Problem(f"no grade {number[:20]}")
            found.add(_GRADES[number])
        elif token not in _BESIDE and not _YEAR.fullmatch(token):
            raise Problem(f"{token[:20]} is not understood beside a grade")
    if len(found) != 1:
        raise Problem("two grades" if found else "no grade")
    return found.pop()
