"""Findings that contradict each other: what each says, where it stands, and who named the deciding one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.text import capfirst

from cases.facts import ContestedFact, naming_of
from cases.models import PathologyReport
from cases.models.base import Stamped
from guidelines.vocabulary.facts import FACTS


@dataclass(frozen=True, slots=True)
class SideLine:
    """What one finding says; `link` leads to it."""

    value: str
    source: str
    link: str


@dataclass(frozen=True, slots=True)
class ContestLine:
    """A fact with what each finding says. `decided`: which one a clinician named, and why; "" while open."""

    label: str
    sides: tuple[SideLine, ...]
    decided: str


@dataclass(frozen=True, slots=True)
class Contests:
    """What stands above a case: contradictions that leave a fact unknown, and those that are decided.
    `nameable`: a clinician can name the deciding report.
    """

    open: tuple[ContestLine, ...]
    decided: tuple[ContestLine, ...]
    nameable: bool


def contests_of(contested: Iterable[ContestedFact], link: Callable[[Stamped], str]) -> Contests:
    """`link` gives the address of a part."""
    found = tuple(contested)
    lines = [(one, _line(one, link)) for one in found]
    return Contests(
        tuple(line for one, line in lines if one.is_open),
        tuple(line for one, line in lines if one.named),
        any(one.is_open and one.reports for one in found),
    )


def _line(contest: ContestedFact, link: Callable[[Stamped], str]) -> ContestLine:
    sides = tuple(SideLine(side.value, side.source, link(side.part)) for side in contest.sides)
    return ContestLine(FACTS[contest.fact].label, sides, _decided(contest))


def _decided(contest: ContestedFact) -> str:
    if contest.named is None:
        return ""
    value = next(side.value for side in contest.sides if side.part is contest.named)
    return f"{value}, {naming_of(contest.named)}"


def nameable(contested: Iterable[ContestedFact]) -> list[tuple[PathologyReport, str]]:
    """The pathology reports that contradict each other, each once, with its source and what it says of what
    is contradicted.
    """
    said: dict[int, tuple[PathologyReport, str, list[str]]] = {}
    for contest in contested:
        for side in contest.sides:
            if isinstance(side.part, PathologyReport):
                says = f"{FACTS[contest.fact].label}: {side.value}"
                said.setdefault(side.part.pk, (side.part, side.source, []))[2].append(says)
    return [(report, capfirst(f"{source}. {'; '.join(words)}")) for report, source, words in said.values()]


def named_one(contested: Iterable[ContestedFact]) -> PathologyReport | None:
    """The report that has been named; None where none is, or several are."""
    named = {contest.named.pk: contest.named for contest in contested if contest.named}
    return next(iter(named.values())) if len(named) == 1 else None
