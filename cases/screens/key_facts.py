"""The few facts that an answer rests on, in order of time: what a board looks at before it decides."""

from __future__ import annotations

from datetime import date

from cases.facts import RecordFacts
from cases.screens.presented import MOST_FACTS, KeyFact
from cases.snapshot.key_facts import most_relied_on
from guidelines.answer.parts import Assessment
from guidelines.knowledge.labels import DIRECTIONS, Direction, Status
from guidelines.vocabulary.facts import FACTS


def key_facts(facts: RecordFacts, assessment: Assessment) -> tuple[KeyFact, ...]:
    """The facts that most of what applies rests on, the oldest first and the undated before them."""
    names = most_relied_on(
        (
            reason.fact
            for one in assessment.recommendations
            if one.status == Status.APPLIES and DIRECTIONS[one.stance] is Direction.FOR
            for reason in one.because
            if reason.fact in facts.values
        ),
        MOST_FACTS,
    )
    return tuple(_fact(facts, name) for name in sorted(names, key=lambda name: _day(facts, name)))


def _day(facts: RecordFacts, name: str) -> date:
    when = facts.provenance[name].date
    return when.first if when else date.min


def _fact(facts: RecordFacts, name: str) -> KeyFact:
    when = facts.provenance[name].date
    return KeyFact(FACTS[name].label, FACTS[name].show(facts.values[name]), str(when) if when else "")
