"""TNM categories, with the prefixes that say how they were found."""

import re
from dataclasses import dataclass
from typing import Literal

from cases.reading import AsWritten, Unreadable
from cases.reading.characters import as_it_looks
from cases.reading.written import words_of

_BASES = {"t": "X|0|is|[1-4][a-d]?[1-2]?", "n": "X|0|[1-3][a-c]?", "m": "X|0|1[a-d]?"}
_EXAMPLES = {"t": "pT3", "n": "pN1", "m": "cM0, pM1"}
Letter = Literal["t", "n", "m"]


@dataclass(frozen=True, slots=True)
class TnmStage:
    """A stage as reported: its categories as written ("pT3", "ypN1"), and the edition of the staging; "" for
    what is not given."""

    t: str
    n: str
    m: str
    edition: str = ""

    @property
    def distant(self) -> bool:
        """Whether it says that there are distant metastases: M1."""
        return re.search("[Mm] ?1", self.m) is not None or self.m.startswith("1")


def read_category(written: object, letter: Letter) -> AsWritten[str]:
    """One category: the letter and its number, with prefixes (c, p, y, r, a, m) and marks in parentheses; as
    written. Raises `Unreadable`.
    """
    allowed = f'a {letter.upper()} category with its prefix ("{_EXAMPLES[letter]}")'
    words = words_of(written, allowed)
    text = as_it_looks(words)
    if not text:
        return AsWritten(None, "")
    pattern = rf"[cpyramu]{{0,4}} ?{letter}? ?(?:{_BASES[letter]}) ?(?:\([a-z0-9+/, -]*\) ?)*"
    if not re.fullmatch(pattern, text, re.IGNORECASE):
        raise Unreadable(written, f"no {letter.upper()} category", allowed)
    return AsWritten(text, words)
