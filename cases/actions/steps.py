"""Next steps of a signed decision: whose they are, and which a later decision takes over."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from cases.actions.following import change, locked, refuse_ended
from cases.actions.locks import retried
from cases.choices import DecisionStatus, StepChange
from cases.models import Decision, NextStep
from cases.models.audit import one_act
from cases.models.followed import OPEN_STATES


@retried
def reassign_step(
    *, by: User, step: NextStep, owner_name: str, owner: User | None = None, text: str = ""
) -> NextStep:
    """Hand an open step to somebody else, a member of the board or anybody by name."""
    if not owner_name.strip():
        raise ValidationError({"owner_name": ["Say who does it now."]})
    with one_act():
        stored = locked(by, step)
        refuse_ended(stored)
        if (stored.holder_id, stored.holder_name) != (owner.pk if owner else None, owner_name.strip()):
            change(by, stored, StepChange.REASSIGNED, owner=owner, owner_name=owner_name.strip(), text=text)
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
        stored = locked(by, step)
        refuse_ended(stored)
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
        change(by, stored, StepChange.TAKEN_OVER)
