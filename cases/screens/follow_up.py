"""The follow-up of a case: the guideline's schedules in dates, and what it asks for on occasion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cases.facts import end_of_curative_treatment, start_of_present_treatment
from cases.record import CaseRecord
from guidelines.answer.parts import Assessment, Recommendation
from guidelines.answer.schedules import Due, plan
from guidelines.knowledge.labels import AGREEMENTS, STANCES, Kind, Setting, Status
from guidelines.knowledge.model import Guideline, Schedule

IN_FOLLOW_UP = (Setting.SURVEILLANCE, Setting.MONITORING)
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


def follow_up_of(guideline: Guideline, assessment: Assessment, record: CaseRecord, today: date) -> FollowUp:
    """The follow-up of a stored record."""
    schedules = {one.id: one.schedule for one in guideline.statements if one.schedule is not None}
    standing = [one for one in assessment.recommendations if one.status in STANDING]
    standing.sort(key=lambda one: one.status != Status.APPLIES)
    return FollowUp(
        tuple(_plan(one, schedules[one.id], record, today) for one in standing if one.id in schedules),
        tuple(
            OnOccasion(one, strength_of(one))
            for one in standing
            if one.setting in IN_FOLLOW_UP and one.id not in schedules and one.kind != Kind.PRINCIPLE
        ),
    )


def _plan(one: Recommendation, schedule: Schedule, record: CaseRecord, today: date) -> Plan:
    count_from = end_of_curative_treatment if schedule.since else start_of_present_treatment
    found = count_from(record.treatments, today)
    dues = plan(schedule, found[0]) if found else ()
    ahead = next((due for due in dues if due.latest >= today), None)
    origin = found[1].get_kind_display() if found else ""
    start = found[0] if found else None
    return Plan(one, strength_of(one), schedule.anchor, start, origin, dues, ahead)


def strength_of(one: Recommendation) -> str:
    """ "Recommended, majority"; the agreement only where it says more than the verdict."""
    stance, agreement = STANCES[one.stance], AGREEMENTS[one.agreement]
    return stance if stance == agreement else f"{stance}, {agreement[:1].lower()}{agreement[1:]}"
