"""The few facts that an answer rests on, in order of time: what a board looks at before it decides."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from cases.facts import RecordFacts
from cases.screens.panel import PLACE
from guidelines.answer.parts import Assessment
from guidelines.knowledge.labels import DIRECTIONS, Direction, Status
from guidelines.vocabulary.facts import FACTS

MOST_FACTS = 6


@dataclass(frozen=True, slots=True)
class KeyFact:
    """A fact in words, with the day of its finding; `day` is "" where none is known."""

    label: str
    shown: str
    day: str


def key_facts(facts: RecordFacts, assessment: Assessment) -> tuple[KeyFact, ...]:
    """The facts that most of what applies rests on, the oldest first and the undated before them.

    Where the disease is stands in the diagnosis and is left out.
    """
    rests_on = Counter(
        reason.fact
        for one in assessment.recommendations
        if one.status == Status.APPLIES and DIRECTIONS[one.stance] is Direction.FOR
        for reason in one.because
        if reason.fact in facts.values and reason.fact not in PLACE
    )
    names = [name for name, _ in rests_on.most_common(MOST_FACTS)]
    return tuple(_fact(facts, name) for name in sorted(names, key=lambda name: _day(facts, name)))


def _day(facts: RecordFacts, name: str) -> date:
    when = facts.provenance[name].date
    return when.first if when else date.min


def _fact(facts: RecordFacts, name: str) -> KeyFact:
    when = facts.provenance[name].date
    return KeyFact(FACTS[name].label, FACTS[name].show(facts.values[name]), str(when) if when else "")
