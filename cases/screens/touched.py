"""The cases that a statement touches, each with the verdict that holds there, read from the stored index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cases.actions.indexing import rows_of_listed
from cases.guideline import guideline_of
from cases.models import Case, StoredReadiness
from cases.readiness import EXCLUDED, STANDINGS
from cases.screens.options import agreement_of
from guidelines.knowledge.labels import ENTITIES, STANCES, STATUSES, Kind, Status
from guidelines.knowledge.model import Guideline


@dataclass(frozen=True, slots=True)
class TouchedCase:
    """A case with the verdict on the statement's intervention; a principle has none.

    `open`: the facts that decide whether the statement applies. `holds`: whether the verdict is its own.
    `aside`: what follows the verdict: ", consensus", ", not feasible".
    """

    case: Case
    entity: str
    verdict: str
    aside: str
    holds: bool
    is_possible: bool
    open: tuple[str, ...]


def touched_by(statement_id: str, cases: Sequence[Case]) -> Iterator[TouchedCase]:
    """Those of the cases to which the statement applies or may apply, in their order.

    Each is asked by its own board's guideline; one that has no such statement says nothing.
    """
    rows = rows_of_listed(cases)
    for case in cases:
        guideline = guideline_of(case)
        at = index_of(guideline, statement_id)
        if at is not None and rows[case.pk].standings[at] != EXCLUDED:
            yield _touched(case, guideline, at, rows[case.pk])


def _touched(case: Case, guideline: Guideline, at: int, row: StoredReadiness) -> TouchedCase:
    of_option = next((place for place in alike(guideline, at) if row.standings[place].isupper()), None)
    verdict, aside = ("", "") if of_option is None else _said(guideline, of_option, row)
    return TouchedCase(
        case,
        ENTITIES[case.entity],
        verdict,
        aside,
        of_option == at,
        row.standings[at].lower() == STANDINGS[Status.POSSIBLE],
        tuple(guideline.facts[name].label for name, places in row.turns_on.items() if at in places),
    )


def _said(guideline: Guideline, place: int, row: StoredReadiness) -> tuple[str, str]:
    """The verdict of a statement in words, and what is said with it."""
    statement = guideline.statements[place]
    is_blocked = row.standings[place].lower() == STANDINGS[Status.BLOCKED]
    words = (agreement_of(statement), STATUSES[Status.BLOCKED].lower() if is_blocked else "")
    return STANCES[statement.stance], "".join(f", {text}" for text in words if text)


@lru_cache(maxsize=1024)
def index_of(guideline: Guideline, statement_id: str) -> int | None:
    """The statement's place in a guideline that has it."""
    return next((at for at, one in enumerate(guideline.statements) if one.id == statement_id), None)


@lru_cache(maxsize=1024)
def alike(guideline: Guideline, at: int) -> tuple[int, ...]:
    """The places of the statements that share a verdict: on the same intervention, this one among them; none
    for a principle, which is in no option."""
    wanted = guideline.statements[at]
    if wanted.kind is Kind.PRINCIPLE:
        return ()
    return tuple(
        place for place, one in enumerate(guideline.statements) if one.intervention == wanted.intervention
    )
