"""What becomes of next steps, accepted options and items of follow-up: each change is a row, and so is taking
it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeAlias, TypeVar, cast

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.access import require, require_discussion, rights_on_case, rights_on_discussion
from cases.actions.locks import retried
from cases.choices import (
    AuditAction,
    NotDoneReason,
    Right,
    StepChange,
    StepState,
)
from cases.clock import now
from cases.models import AuditEvent, Decision, DecisionOption, FollowUpItem, NextStep
from cases.models.audit import one_act
from cases.models.followed import OPEN_STATES, FollowEvent
from cases.models.option import TAKEN

FollowedItem: TypeAlias = NextStep | DecisionOption | FollowUpItem
ItemT = TypeVar("ItemT", bound=FollowedItem)

ASKED_AFTER = timedelta(days=90)
"""How long after the signature it is asked what became of an option: the app's own convention."""

# What each change makes of the state; None leaves it as it is.
STATE_AFTER: dict[str, str | None] = {
    StepChange.DONE: StepState.DONE,
    StepChange.PARTLY: StepState.PARTLY,
    StepChange.NOT_DONE: StepState.NOT_DONE,
    StepChange.REOPENED: StepState.OPEN,
    StepChange.TAKEN_OVER: StepState.TAKEN_OVER,
    StepChange.NOT_NEEDED: StepState.NOT_NEEDED,
    StepChange.REPLACED: StepState.REPLACED,
    StepChange.REASSIGNED: None,
    StepChange.POSTPONED: None,
}
# What only the act that did it could take back.
FOR_GOOD = (StepChange.TAKEN_OVER, StepChange.REPLACED)


@dataclass(frozen=True, slots=True)
class HowItStands:
    """What the events come to. `holder` and `holder_name` say whose a step is."""

    state: str = StepState.OPEN
    done_on: date | None = None
    due: date | None = None
    holder: int | None = None
    holder_name: str = ""


def replayed(first: HowItStands, events: Iterable[Any]) -> HowItStands:
    """What the events make of it, in their order, less those that were taken back."""
    stands = first
    for event in standing_events(events):
        stands = _after(stands, event)
    return stands


def standing_events(events: Iterable[Any]) -> list[Any]:
    """Those that count, in their order: nothing that was taken back, nor the taking back itself."""
    listed = sorted(events, key=lambda event: (event.at, event.pk))
    undone = {event.undoes_id for event in listed}
    return [one for one in listed if one.pk not in undone and one.change != StepChange.UNDONE]


def _after(before: HowItStands, event: Any) -> HowItStands:
    done_on = event.on if event.change == StepChange.DONE else None
    stands = replace(before, state=STATE_AFTER[event.change] or before.state, done_on=done_on)
    if event.change == StepChange.REASSIGNED:
        return replace(stands, holder=event.owner_id, holder_name=event.owner_name)
    return replace(stands, due=event.due_on) if event.change == StepChange.POSTPONED else stands


def at_first(item: FollowedItem) -> HowItStands:
    """Before anything happened to it."""
    if isinstance(item, NextStep):
        return HowItStands(due=item.due_on, holder=item.owner_id, holder_name=item.owner_name)
    if isinstance(item, FollowUpItem):
        return HowItStands(due=item.due_to)
    signed = item.decision.signed_at
    return HowItStands(due=timezone.localdate(signed) + ASKED_AFTER if signed else None)


def ask_for_options(decision: Decision) -> None:
    """From the signature on, what becomes of the options taken is asked. Call while it is still a draft."""
    due = timezone.localdate(now()) + ASKED_AFTER
    decision.options.filter(choice__in=TAKEN).update(due_now=due)


@retried
def complete(*, by: User, item: ItemT, done_on: date | None, shown_by: Any = None) -> ItemT:
    """Record when it was done, or with None that it is open again. `shown_by`: the entry of the record."""
    with one_act():
        stored = locked(by, item)
        refuse_gone(stored)
        if done_on is None:
            if stored.state != StepState.OPEN:
                change(by, stored, StepChange.REOPENED)
        elif stored.done_on != done_on:
            change(by, stored, StepChange.DONE, on=done_on, shown_by=shown_by)
    return stored


@retried
def postpone(*, by: User, item: ItemT, due_on: date, text: str) -> ItemT:
    """Set another day for what is open, with the reason."""
    if not text.strip():
        raise ValidationError({"text": ["Say why it is postponed."]})
    with one_act():
        stored = locked(by, item)
        refuse_ended(stored)
        if stored.due_now != due_on:
            change(by, stored, StepChange.POSTPONED, due_on=due_on, text=text.strip())
    return stored


@retried
def end(
    *, by: User, item: ItemT, reason: str, text: str = "", on: date | None = None, partly: bool = False
) -> ItemT:
    """Record that it was not done, or only in part, and why; in part it stays open.

    Raises `ValidationError` for a reason that does not exist, and for "other" without words.
    """
    faults = {}
    if reason not in NotDoneReason.values:
        faults["reason"] = [f"Choose why: {', '.join(NotDoneReason.labels)}."]
    elif reason == NotDoneReason.OTHER and not text.strip():
        faults["text"] = ["Give the other reason in words."]
    if faults:
        raise ValidationError(faults)
    with one_act():
        stored = locked(by, item)
        wanted = StepChange.PARTLY if partly else StepChange.NOT_DONE
        if stored.state != STATE_AFTER[wanted]:
            refuse_ended(stored)
            change(by, stored, wanted, reason=reason, text=text.strip(), on=on)
    return stored


@retried
def take_back(*, by: User, item: ItemT, event: int) -> ItemT:
    """Take back the last thing that happened to it, the event of that id. Taken back once, it stays so.

    Raises `ValidationError` where something has happened since, and for what cannot be taken back.
    """
    with one_act():
        stored = locked(by, item)
        last = last_event(stored)
        if stored.events.filter(undoes=event).exists():
            return stored
        if last is None or last.pk != event:
            raise ValidationError("Something else has happened since; nothing was taken back.")
        if last.change in FOR_GOOD:
            raise ValidationError(f"{last.get_change_display()}: this cannot be taken back here.")
        change(by, stored, StepChange.UNDONE, undoes=last)
    return stored


def last_event(item: FollowedItem) -> Any:
    """The last thing that happened to it and was not taken back; None if nothing did."""
    return next(reversed(standing_events(item.events.order_by("at", "pk"))), None)


def locked(by: User, item: ItemT) -> ItemT:
    """It as it is now, for who may enter there or hands over; of a signed decision, one that stands."""
    _let_pass(by, item)
    stored = cast(ItemT, type(item)._base_manager.select_for_update(of=("self",)).get(pk=item.pk))
    if isinstance(stored, FollowUpItem):
        return stored
    if not stored.decision.stands:
        raise ValidationError("This belongs to a decision that does not stand.")
    if isinstance(stored, DecisionOption) and stored.choice not in TAKEN:
        raise ValidationError("This option was not taken; there is nothing to carry out.")
    return stored


def _let_pass(by: User, item: FollowedItem) -> None:
    if isinstance(item, FollowUpItem):
        if Right.HAND_OVER not in rights_on_case(by, item.case):
            require(by, item.case.board, Right.ENTER, item.case)
    elif Right.HAND_OVER not in rights_on_discussion(by, item.decision.discussion):
        require_discussion(by, item.decision.discussion, Right.ENTER)


def refuse_gone(item: FollowedItem) -> None:
    """Raise `ValidationError` where a later decision or plan has taken its place."""
    if item.state in (StepState.TAKEN_OVER, StepState.REPLACED):
        raise ValidationError(f"This is {item.get_state_display().lower()}; it is followed there.")


def refuse_ended(item: FollowedItem) -> None:
    """Raise `ValidationError` unless it is open."""
    if item.state not in OPEN_STATES:
        raise ValidationError(f"This is {item.get_state_display().lower()}; open it again first.")


def change(by: User, item: FollowedItem, what: str, *, audited: bool = True, **given: Any) -> FollowEvent:
    """Write down what happened and what it comes to. Call inside a transaction that has locked the item.

    Unless `audited`, the caller writes one event for several.
    """
    event: FollowEvent = item.events.create(change=what, by=by, at=now(), **given)
    stands = replayed(at_first(item), item.events.order_by("at", "pk"))
    item.state, item.done_on, item.due_now = stands.state, stands.done_on, stands.due
    fields = ["state", "done_on", "due_now"]
    if isinstance(item, NextStep):
        item.holder_id, item.holder_name = stands.holder, stands.holder_name
        fields += ["holder", "holder_name"]
    item.save(update_fields=fields)
    if audited:
        _audit(by, item, what)
    return event


def _audit(by: User, item: FollowedItem, what: str) -> None:
    if isinstance(item, FollowUpItem):
        case, kind, uid, which = item.case, "follow-up", item.uid, {}
    else:
        case, kind, uid = item.decision.case, "decision", item.decision.uid
        which = {"step" if isinstance(item, NextStep) else "option": item.order}
    AuditEvent.objects.record(
        user=by, action=AuditAction.STEP, case=case, kind=kind, uid=uid, detail={**which, "change": str(what)}
    )
