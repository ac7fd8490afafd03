"""The follow-up of a record: the guideline's schedules in dates, and what it asks for on occasion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cases.facts import Provenance, RecordFacts
from guidelines.answer.parts import Assessment, Recommendation
from guidelines.answer.schedules import Due, plan
from guidelines.knowledge.labels import AGREEMENTS, STANCES, Kind, Setting, Status
from guidelines.knowledge.model import Guideline, Schedule

IN_FOLLOW_UP = (Setting.SURVEILLANCE, Setting.MONITORING)
UNDER_WAY = "on_systemic_treatment"
STANDING = (Status.APPLIES, Status.POSSIBLE)


@dataclass(frozen=True)
class Plan:
    """One schedule for this case. Without `start` there are no dates: the record lacks the event to count
    from.
    """

    recommendation: Recommendation
    strength: str
    anchor: str
    start: date | None
    origin: str
    dues: tuple[Due, ...]
    next_due: Due | None

    @property
    def applies(self) -> bool:
        """Whether the guideline asks for it, whatever is not known yet."""
        return self.recommendation.status == Status.APPLIES

    @property
    def is_exact(self) -> bool:
        """Whether each appointment has one date."""
        return all(due.earliest == due.latest for due in self.dues)


@dataclass(frozen=True)
class OnOccasion:
    """Something to do in follow-up or under treatment that has no schedule."""

    recommendation: Recommendation
    strength: str


@dataclass(frozen=True)
class FollowUp:
    """Schedules, and what stands beside them; each first what holds now."""

    plans: tuple[Plan, ...]
    on_occasion: tuple[OnOccasion, ...]


def follow_up_of(guideline: Guideline, assessment: Assessment, facts: RecordFacts, today: date) -> FollowUp:
    """The follow-up of a stored record."""
    schedules = {one.id: one.schedule for one in guideline.statements if one.schedule is not None}
    standing = [one for one in assessment.recommendations if one.status in STANDING]
    standing.sort(key=lambda one: one.status != Status.APPLIES)
    return FollowUp(
        tuple(_plan(one, schedules[one.id], facts, today) for one in standing if one.id in schedules),
        tuple(
            OnOccasion(one, strength_of(one))
            for one in standing
            if one.setting in IN_FOLLOW_UP and one.id not in schedules and one.kind != Kind.PRINCIPLE
        ),
    )


def _plan(one: Recommendation, schedule: Schedule, facts: RecordFacts, today: date) -> Plan:
    found = _event(facts, schedule.since or UNDER_WAY)
    start = found.date.first if found and found.date and found.date.day else None
    dues = plan(schedule, start) if start else ()
    ahead = next((due for due in dues if due.latest >= today), None)
    return Plan(one, strength_of(one), schedule.anchor, start, found.text if found else "", dues, ahead)


def _event(facts: RecordFacts, name: str) -> Provenance | None:
    """What a schedule counts from: a day that the record itself holds, not a person's word."""
    found = facts.provenance.get(name)
    return found if found is not None and found.derived and facts.values[name] is not False else None


def strength_of(one: Recommendation) -> str:
    """ "Recommended, majority"; the agreement only where it says more than the verdict."""
    stance, agreement = STANCES[one.stance], AGREEMENTS[one.agreement]
    return stance if stance == agreement else f"{stance}, {agreement[:1].lower()}{agreement[1:]}"
