"""Findings that contradict each other, of which neither is newer: what each says, and what settled it."""

from dataclasses import dataclass

from cases.casefile.shape import RecordPart
from guidelines.vocabulary.facts import FACTS, Value


@dataclass(frozen=True, slots=True)
class ContestSide:
    """What one finding says: the path of its part in the file, its value and its source in words."""

    path: str
    value: str
    source: str


def side_of(fact: str, value: Value | None, part: RecordPart, source: str) -> ContestSide:
    """What a part says of a fact; `source` names the part, with its date."""
    return ContestSide(part.path, FACTS[fact].show(value), source)


@dataclass(frozen=True, slots=True)
class Contest:
    """`fact` is not known while the contest `is_open`; a newer statement settles it, and so does a clinician
    who names one of its pathology reports, whose path is then `named`.
    """

    fact: str
    sides: tuple[ContestSide, ...]
    named: str = ""
    is_open: bool = True
