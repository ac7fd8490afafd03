"""A text made plain sign by sign, so that what is found in it stands at the same place in the text."""

import re
from collections.abc import Iterator

from cases.reading.characters import DASHES, as_it_looks

_SENTENCE_END = re.compile(r"(?<!\bca)(?<!\bapprox)(?<!\bmax)[.;](?=\s|$)|\n")
_WRAPPED = re.compile(r"\n(?=[^\W\d_A-Z]|\()")  # before a small letter or a parenthesis: the sentence goes on
_LONGEST_SENTENCE = 1000


def aligned(text: str) -> str:
    """The text in small letters with one kind of blank, dash and digit, as long as it was."""
    return "".join(map(_plain, _WRAPPED.sub(" ", text)))


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """The sentences and lines of a text, each with the place where it begins."""
    start = 0
    for end, after in (*(one.span() for one in _SENTENCE_END.finditer(text)), (len(text), len(text))):
        for begin in range(start, end, _LONGEST_SENTENCE):
            yield begin, text[begin : min(end, begin + _LONGEST_SENTENCE)]
        start = after


def _plain(sign: str) -> str:
    if sign == "\n" or (sign.isascii() and sign.isprintable()):
        return sign.lower()
    if sign in DASHES:
        return "-"
    if sign in "²≥≤×":
        return sign
    found = as_it_looks(sign).casefold() or " "
    return found if len(found) == 1 else sign
