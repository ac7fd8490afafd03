"""What becomes of the next steps of a signed decision: each change a row of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from cases.access import require_discussion, rights_on_discussion
from cases.actions.locks import retried
from cases.choices import (
    AuditAction,
    DecisionStatus,
    NotDoneReason,
    Right,
    StepChange,
    StepState,
)
from cases.clock import now
from cases.models import AuditEvent, Decision, NextStep, StepEvent
from cases.models.step import OPEN_STATES

# What each change makes of the step; None leaves it as it is.
STATE_AFTER: dict[str, str | None] = {
    StepChange.DONE: StepState.DONE,
    StepChange.PARTLY: StepState.PARTLY,
    StepChange.NOT_DONE: StepState.NOT_DONE,
    StepChange.REOPENED: StepState.OPEN,
    StepChange.TAKEN_OVER: StepState.TAKEN_OVER,
    StepChange.REASSIGNED: None,
    StepChange.POSTPONED: None,
}


@retried
def complete_step(*, by: User, step: NextStep, done_on: date | None) -> NextStep:
    """Record when a next step was done, or with None that it is open again."""
    with transaction.atomic():
        stored = _locked(by, step)
        if done_on is None:
            if stored.state != StepState.OPEN:
                _change(by, stored, StepChange.REOPENED)
        elif stored.done_on != done_on:
            _change(by, stored, StepChange.DONE, on=done_on)
    return stored


@retried
def reassign_step(
    *, by: User, step: NextStep, owner_name: str, owner: User | None = None, text: str = ""
) -> NextStep:
    """Hand an open step to somebody else, a member of the board or anybody by name."""
    if not owner_name.strip():
        raise ValidationError({"owner_name": ["Say who does it now."]})
    with transaction.atomic():
        stored = _locked(by, step)
        _refuse_ended(stored)
        if (stored.holder_id, stored.holder_name) != (owner.pk if owner else None, owner_name.strip()):
            _change(by, stored, StepChange.REASSIGNED, owner=owner, owner_name=owner_name.strip(), text=text)
    return stored


@retried
def postpone_step(*, by: User, step: NextStep, due_on: date, text: str) -> NextStep:
    """Set another day for an open step, with the reason."""
    if not text.strip():
        raise ValidationError({"text": ["Say why it is postponed."]})
    with transaction.atomic():
        stored = _locked(by, step)
        _refuse_ended(stored)
        if stored.due_now != due_on:
            _change(by, stored, StepChange.POSTPONED, due_on=due_on, text=text.strip())
    return stored


@retried
def end_step(
    *, by: User, step: NextStep, reason: str, text: str = "", on: date | None = None, partly: bool = False
) -> NextStep:
    """Record that an open step was not done, or only in part, and why; in part it stays open.

    Raises `ValidationError` for a reason that does not exist, and for "other" without words.
    """
    faults = {}
    if reason not in NotDoneReason.values:
        faults["reason"] = [f"Choose why: {', '.join(NotDoneReason.labels)}."]
    elif reason == NotDoneReason.OTHER and not text.strip():
        faults["text"] = ["Give the other reason in words."]
    if faults:
        raise ValidationError(faults)
    with transaction.atomic():
        stored = _locked(by, step)
        change = StepChange.PARTLY if partly else StepChange.NOT_DONE
        if stored.state != STATE_AFTER[change]:
            _refuse_ended(stored)
            _change(by, stored, change, reason=reason, text=text.strip(), on=on)
    return stored


def open_steps_before(decision: Decision) -> QuerySet[NextStep]:
    """The open steps of earlier decisions on the case that stand: what this one may take over."""
    steps = NextStep.objects.filter(
        decision__case=decision.case_id,
        decision__status=DecisionStatus.SIGNED,
        decision__withdrawal=None,
        state__in=OPEN_STATES,
    )
    return steps.exclude(decision=decision).select_related("decision__discussion__board", "holder")


def take_over(*, by: User, decision: Decision, steps: Iterable[NextStep]) -> None:
    """Let a draft that is being signed go on with open steps of earlier decisions: each ends there and is a
    step of this one. Call inside the transaction that signs.
    """
    last = decision.next_steps.count()
    for order, step in enumerate(steps, last):
        stored = _locked(by, step)
        _refuse_ended(stored)
        NextStep.objects.create(
            decision=decision,
            order=order,
            text=stored.text,
            owner_name=stored.holder_name,
            owner=stored.holder,
            due_on=stored.due_now,
            holder_name=stored.holder_name,
            holder=stored.holder,
            due_now=stored.due_now,
            takes_over=stored,
        )
        _change(by, stored, StepChange.TAKEN_OVER)


def _locked(by: User, step: NextStep) -> NextStep:
    """The step as it is now; of a signed decision that stands, for who may enter there or hands over."""
    if Right.HAND_OVER not in rights_on_discussion(by, step.decision.discussion):
        require_discussion(by, step.decision.discussion, Right.ENTER)
    stored: NextStep = NextStep.objects.select_for_update(of=("self",)).get(pk=step.pk)
    withdrawn = hasattr(stored.decision, "withdrawal")
    if stored.decision.status != DecisionStatus.SIGNED or withdrawn:
        raise ValidationError("This step belongs to a decision that does not stand.")
    return stored


def _refuse_ended(step: NextStep) -> None:
    if not step.is_open:
        raise ValidationError(f"This step is {step.get_state_display().lower()}; open it again first.")


def _change(by: User, step: NextStep, change: str, **given: Any) -> NextStep:
    StepEvent.objects.create(step=step, change=change, by=by, at=now(), **given)
    step.state = STATE_AFTER[change] or step.state
    step.done_on = given.get("on") if change == StepChange.DONE else None
    if change == StepChange.REASSIGNED:
        step.holder, step.holder_name = given["owner"], given["owner_name"]
    if change == StepChange.POSTPONED:
        step.due_now = given["due_on"]
    step.save(update_fields=["state", "done_on", "holder", "holder_name", "due_now"])
    AuditEvent.objects.record(
        user=by,
        action=AuditAction.STEP,
        case=step.decision.case,
        kind="decision",
        uid=step.decision.uid,
        detail={"step": step.order, "change": str(change)},
    )
    return step
