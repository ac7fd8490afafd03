"""A case's follow-up: planned by the guideline's schedules, kept up with the record, ended by its reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.access import require
from cases.actions.following import change, locked, refuse_ended, standing_events
from cases.actions.locks import lock_cases, retried
from cases.assessing import assessed
from cases.choices import AuditAction, ImagingResult, OptionChoice, Right, StepChange, StepState
from cases.clock import now
from cases.course.appointments import appointment_at
from cases.course.carried_out import examined, measured
from cases.facts import facts_of, record_of
from cases.guideline import guideline_of
from cases.models import AuditEvent, Case, Decision, FollowUpItem, Patient
from cases.models.audit import one_act
from cases.queries import with_record
from cases.schedules import Plan, follow_up_of

KIND = "follow-up"
NO_SCHEDULE = "The guideline asks for no such schedule as the record is now."
DIED = "The patient has died."
OTHER_DAY = "The record does not show it any more."
NOTHING_TO_PLAN = "There is no schedule to plan: none applies, or the record lacks the day to count from."


@dataclass(frozen=True, slots=True)
class _Report:
    """An examination in the record: which, on which day, and its words."""

    uid: UUID
    code: str
    day: date
    words: str


@retried
def plan_follow_up(*, by: User, case: Case) -> list[FollowUpItem]:
    """Make items of every schedule that applies and has a day to count from; what is planned already stays.

    Returns the items that are new. Raises `ValidationError` where there is nothing to plan.
    """
    require(by, case.board, Right.ENTER, case)
    with one_act():
        lock_cases([case])
        plans = plans_of(case)
        if not plans:
            raise ValidationError(NOTHING_TO_PLAN)
        made = _planned(by, case, plans)
        _mark(by, case)
    return made


def plan_accepted(by: User, decision: Decision) -> None:
    """Plan the schedules that a decision accepts, of the board whose case it is. Call where it is signed."""
    accepted = decision.options.filter(choice=OptionChoice.ACCEPTED).exclude(statement_id="")
    statements = set(accepted.values_list("statement_id", flat=True))
    guideline = guideline_of(decision.case)
    scheduled = {one.id for one in guideline.statements if one.schedule is not None} & statements
    if not scheduled or decision.discussion.board_id != decision.case.board_id:
        return
    plans = [plan for plan in plans_of(decision.case) if plan.recommendation.id in scheduled]
    if plans:
        _planned(by, decision.case, plans)
        _mark(by, decision.case)


def keep_follow_up(by: User, case: Case) -> None:
    """Bring what is planned up to the record as it has just been saved. Call in the save's transaction."""
    planned = FollowUpItem.objects.filter(case=case).current()
    if not planned.exists():
        return
    _take_back_what_is_gone(by, case)
    died = Patient.objects.filter(pk=case.patient_id, deceased=True).exists()
    standing = () if died else _standing(case)
    wanted = {plan.recommendation.intervention: plan for plan in _countable(standing)}
    # An open fact alone, which lets the schedule be possible, ends no plan.
    possible = {plan.recommendation.id for plan in standing}
    for kind, statement in sorted(set(planned.open().values_list("kind", "statement_id"))):
        if kind in wanted:
            _planned(by, case, [wanted[kind]])
        elif statement not in possible:
            _no_longer(by, case, kind, DIED if died else NO_SCHEDULE)
    _mark(by, case)


@retried
def not_needed(*, by: User, item: FollowUpItem, text: str) -> FollowUpItem:
    """Record that an open item is not needed any more, and why."""
    if not text.strip():
        raise ValidationError({"text": ["Say why it is not needed any more."]})
    with one_act():
        stored = locked(by, item)
        refuse_ended(stored)
        change(by, stored, StepChange.NOT_NEEDED, text=text.strip())
    return stored


def plans_of(case: Case) -> list[Plan]:
    """The schedules that apply to the record as it is stored and have a day to count from, one for each
    examination.
    """
    return _countable(_standing(case))


def _countable(plans: Iterable[Plan]) -> list[Plan]:
    found: dict[str, Plan] = {}
    for plan in plans:
        if plan.start is not None and plan.applies:
            found.setdefault(plan.recommendation.intervention, plan)
    return list(found.values())


def _standing(case: Case) -> tuple[Plan, ...]:
    record = record_of(with_record(Case.objects.all()).get(pk=case.pk))
    guideline, facts = guideline_of(record.case), facts_of(record)
    today = timezone.localdate(now())
    return follow_up_of(guideline, assessed(guideline, facts), facts, today).plans


def _planned(by: User, case: Case, plans: Iterable[Plan]) -> list[FollowUpItem]:
    """Items for those plans that are not there yet; open items of another plan for the same examination are
    replaced.
    """
    made: list[FollowUpItem] = []
    replaced = 0
    for plan in plans:
        kind, same = plan.recommendation.intervention, (plan.recommendation.id, plan.start)
        current = list(FollowUpItem.objects.filter(case=case, kind=kind).current())
        if any((one.statement_id, one.counted_from) == same for one in current):
            continue
        for item in current:
            if item.is_open:
                change(by, item, StepChange.REPLACED, audited=False)
                replaced += 1
        made += _items(by, case, plan)
    if made or replaced:
        FollowUpItem.objects.bulk_create(made)
        _audit(by, case, planned=len(made), replaced=replaced)
    return made


def _items(by: User, case: Case, plan: Plan) -> Iterator[FollowUpItem]:
    """The appointments that are not past."""
    today, one = timezone.localdate(now()), plan.recommendation
    for number, due in enumerate(plan.dues, 1):
        if due.latest < today or plan.start is None:
            continue
        yield FollowUpItem(
            case=case,
            kind=one.intervention,
            title=one.intervention_label,
            number=number,
            due_from=due.earliest,
            due_to=due.latest,
            due_now=due.latest,
            every=due.every,
            statement_id=one.id,
            edition=guideline_of(case).address,
            anchor=plan.anchor,
            counted_from=plan.start,
            planned_by=by,
            planned_at=now(),
        )


def _no_longer(by: User, case: Case, kind: str, why: str) -> None:
    ended = list(FollowUpItem.objects.filter(case=case, kind=kind).open())
    for item in ended:
        change(by, item, StepChange.NOT_NEEDED, text=why, audited=False)
    _audit(by, case, not_needed=len(ended))


def _mark(by: User, case: Case) -> None:
    """Mark what the record shows to be done, each report for the appointment nearest to it."""
    items = list(FollowUpItem.objects.filter(case=case).current().prefetch_related("events"))
    for report in _reports(case):
        of_kind = [item for item in items if item.kind == report.code]
        place = appointment_at([(item.due_from, item.due_to) for item in of_kind], report.day)
        if place is not None and of_kind[place].is_open and not _refused(of_kind[place], report.uid):
            item = of_kind[place]
            change(by, item, StepChange.DONE, on=report.day, shown_by=report.uid, text=report.words)


def _refused(item: FollowUpItem, report: UUID) -> bool:
    """Whether a person took back that this report ends the item."""
    taken_back = {event.undoes_id for event in item.events.all() if event.undoes_id and not event.text}
    return any(event.shown_by == report and event.pk in taken_back for event in item.events.all())


def _take_back_what_is_gone(by: User, case: Case) -> None:
    """Open again what a report showed that is gone, or says another day or examination now."""
    reports = {(report.uid, report.day, report.code) for report in _reports(case)}
    done = FollowUpItem.objects.filter(case=case, state=StepState.DONE).prefetch_related("events")
    for item in done:
        last = next(reversed(standing_events(item.events.all())), None)
        if last and last.shown_by and (last.shown_by, last.on, item.kind) not in reports:
            change(by, item, StepChange.UNDONE, undoes=last, text=OTHER_DAY)


def _reports(case: Case) -> list[_Report]:
    """The examinations of the record that have a whole day, in the order of these."""
    studies = [
        (study.uid, examined(study.modality), study.performed_on, study.get_modality_display())
        for study in case.imaging_studies.exclude(result=ImagingResult.NOT_DONE)
    ]
    markers = [(one.uid, measured(one.name), one.measured_on, one.name) for one in case.markers.all()]
    found = [
        _Report(uid, code, on.first, words)
        for uid, code, on, words in (*studies, *markers)
        if code and on and on.day
    ]
    return sorted(found, key=lambda report: report.day)


def _audit(by: User, case: Case, **detail: Any) -> None:
    AuditEvent.objects.record(user=by, action=AuditAction.STEP, case=case, kind=KIND, detail=detail)
