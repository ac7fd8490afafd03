"""What a case still lacks for its meeting, and who owes it.

The items are the facts that the guideline's answer on treatment turns on: those it used, which are present
or stale, and those it misses; what bears on work-up alone is left to the panel beside the record. A finding
is stale when it is older than its owner's limit in `choices.STALE_AFTER_DAYS`, or has no date though there
is such a limit; what stands in `choices.AGELESS` never is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils import timezone

from cases.assessing import assessed
from cases.choices import AGELESS, STALE_AFTER_DAYS
from cases.facts import RecordFacts, facts_of, record_of
from cases.guideline import guideline_of
from cases.models import Case
from guidelines.answer.parts import Assessment
from guidelines.knowledge.labels import TREATMENT_TOPICS
from guidelines.vocabulary.facts import FACTS

State = Literal["present", "stale", "missing"]


@dataclass(frozen=True)
class ReadinessItem:
    """One fact. `days` is the finding's age, None without a date; `decides` counts what it would settle."""

    fact: str
    label: str
    owner: str
    state: State
    days: int | None = None
    decides: int = 0


@dataclass(frozen=True)
class Readiness:
    """Items as they are to be worked down: missing, most decisive first; stale, oldest first; present."""

    items: tuple[ReadinessItem, ...]

    @property
    def present(self) -> int:
        return sum(item.state == "present" for item in self.items)

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def complete(self) -> bool:
        return self.present == self.total

    @property
    def next_item(self) -> ReadinessItem | None:
        """What to see to first; None if nothing is lacking."""
        return None if self.complete else self.items[0]

    def owed_by(self) -> dict[str, tuple[ReadinessItem, ...]]:
        """Owner → what they owe, in the order of `items`."""
        owed: dict[str, list[ReadinessItem]] = {}
        for item in self.items:
            if item.state != "present":
                owed.setdefault(item.owner, []).append(item)
        return {owner: tuple(items) for owner, items in owed.items()}


def readiness_of(case: Case, today: date | None = None) -> Readiness:
    """The readiness of a stored case; without a further query for one from `Case.objects.with_record()`."""
    facts = facts_of(record_of(case), today)
    return readiness(facts, assessed(guideline_of(case), facts), today)


def readiness(facts: RecordFacts, assessment: Assessment, today: date | None = None) -> Readiness:
    """What is present, stale and missing among the facts that `assessment` turns on."""
    today = today or timezone.localdate()
    treatment = {each.id for each in assessment.recommendations if each.topic in TREATMENT_TOPICS}
    missing = [
        ReadinessItem(
            each.fact, FACTS[each.fact].label, FACTS[each.fact].owner, "missing", decides=len(each.decides)
        )
        for each in assessment.missing
        if treatment.intersection(each.decides)
    ]
    used = {
        reason.fact for each in assessment.recommendations if each.id in treatment for reason in each.because
    }
    known = [_known(name, facts, today) for name in facts.values if name in used]
    stale = sorted(
        (item for item in known if item.state == "stale"),
        key=lambda item: float("inf") if item.days is None else item.days,
        reverse=True,
    )
    present = [item for item in known if item.state == "present"]
    return Readiness((*missing, *stale, *present))


def _known(name: str, facts: RecordFacts, today: date) -> ReadinessItem:
    fact = FACTS[name]
    found = facts.provenance[name].date
    days = (today - found.first).days if found is not None else None
    limit = None if name in AGELESS else STALE_AFTER_DAYS.get(fact.owner)
    stale = limit is not None and (days is None or days > limit)
    return ReadinessItem(name, fact.label, fact.owner, "stale" if stale else "present", days)
