"""The cases that a statement touches, each with the verdict that holds there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from cases.assessing import assessed
from cases.facts import facts_of
from cases.guideline import guideline_of
from cases.models import Case
from cases.record import record_of
from cases.screens.options import OptionRow, Rows
from cases.screens.panel import known
from guidelines.engine.engine import engine_for
from guidelines.knowledge.labels import ENTITIES
from guidelines.knowledge.model import Guideline


@dataclass(frozen=True, slots=True)
class TouchedCase:
    """A case with its option on the statement's intervention; a principle has none.

    `open`: the facts that decide whether the statement applies. `holds`: whether its verdict is the option's.
    """

    case: Case
    entity: str
    row: OptionRow | None
    holds: bool
    open: tuple[str, ...]


def touched_by(
    statement_id: str, cases: Iterable[Case]
) -> tuple[tuple[TouchedCase, ...], tuple[TouchedCase, ...]]:
    """The cases to which the statement applies, and those to which it may.

    Each is asked by its own board's guideline; one that has no such statement says nothing.
    """
    touched = tuple(_touched(statement_id, cases))
    return tuple(one for one in touched if not one.open), tuple(one for one in touched if one.open)


def _touched(statement_id: str, cases: Iterable[Case]) -> Iterator[TouchedCase]:
    for case in cases:
        guideline = guideline_of(case)
        at = index_of(guideline, statement_id)
        if at is None:
            continue
        engine, facts = engine_for(guideline), facts_of(record_of(case))
        prepared, answer = engine.statements[at], engine.case(facts.values)
        if not answer.can_hold(prepared):
            continue
        rows = Rows(guideline, assessed(guideline, facts), known(facts))
        option = next(
            (one for one in rows.assessment.options if statement_id in (one.id, *one.qualified_by)), None
        )
        yield TouchedCase(
            case,
            ENTITIES[case.entity],
            rows.of_option(option) if option else None,
            option is not None and option.id == statement_id,
            tuple(
                guideline.facts[name].label
                for name in (answer.missing(prepared) if answer.can_fail(prepared) else ())
            ),
        )


@lru_cache(maxsize=1024)
def index_of(guideline: Guideline, statement_id: str) -> int | None:
    """The statement's place in a guideline that has it."""
    return next((at for at, one in enumerate(guideline.statements) if one.id == statement_id), None)
