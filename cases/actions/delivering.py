"""The outbox: what is owed to other systems, and what came of each attempt."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from cases.access import require
from cases.choices import AuditAction, Right
from cases.clock import now
from cases.models import AuditEvent, Decision, Delivery
from cases.models.audit import one_act
from cases.models.delivery import DeliveryState

# After the first, second … failure; when they are used up, a person has to look.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440, 1440))
CLAIMED = timedelta(minutes=5)  # one that takes a message up and dies leaves it for the next after this


def owe(decision: Decision, *, takes_back: bool = False) -> None:
    """Owe each receiver of the settings a message on the decision, within the act that signs it or takes it
    back. To take back what was never owed is not owed either.
    """
    receivers = list(settings.DELIVER_TO)
    if takes_back:
        told = Delivery.objects.filter(decision=decision, takes_back=False)
        receivers = sorted(set(told.values_list("receiver", flat=True)))
    at = now()
    Delivery.objects.bulk_create(
        Delivery(decision=decision, receiver=name, takes_back=takes_back, due_at=at, created_at=at)
        for name in receivers
    )


def take_up() -> Delivery | None:
    """The next message that is due, claimed for some minutes; None where none is.

    Two that ask at once get different ones. One that takes back waits for the one it takes back.
    """
    at = now()
    with transaction.atomic():
        due = Delivery.objects.filter(state=DeliveryState.WAITING, due_at__lte=at)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        delivery = next((one for one in due[:20] if not _waits_for_another(one)), None)
        if delivery is None:
            return None
        delivery.attempts += 1
        delivery.due_at = at + CLAIMED
        delivery.save(update_fields=["attempts", "due_at"])
    return delivery


def _waits_for_another(delivery: Delivery) -> bool:
    earlier = Delivery.objects.filter(
        decision=delivery.decision_id, receiver=delivery.receiver, takes_back=False
    )
    return delivery.takes_back and earlier.filter(state=DeliveryState.WAITING).exists()


def note_delivered(delivery: Delivery) -> None:
    """The receiver has it."""
    with one_act():
        delivery.state, delivery.delivered_at, delivery.told = DeliveryState.DELIVERED, now(), ""
        delivery.save(update_fields=["state", "delivered_at", "told"])
        AuditEvent.objects.record(
            user=None,
            action=AuditAction.EXPORTED,
            case=delivery.decision.case,
            kind="hl7v2",
            uid=delivery.decision.uid,
            detail={"to": delivery.receiver},
        )


def note_failed(delivery: Delivery, why: str, *, for_good: bool = False) -> None:
    """The receiver has not taken it: try again after a pause, or give up."""
    delivery.told = why[:200]
    if for_good or delivery.attempts > len(PAUSES):
        delivery.state = DeliveryState.GIVEN_UP
    else:
        delivery.due_at = now() + PAUSES[delivery.attempts - 1]
    delivery.save(update_fields=["told", "state", "due_at"])


def try_again(*, by: User, delivery: Delivery) -> None:
    """Let a message that was given up wait once more. Raises `ValidationError` for any other."""
    case = delivery.decision.case
    require(by, case.board, Right.ADMINISTER, case)
    with one_act():
        stored = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if stored.state != DeliveryState.GIVEN_UP:
            raise ValidationError("This message is not given up: it waits, or it is delivered.")
        stored.state, stored.attempts, stored.due_at = DeliveryState.WAITING, 0, now()
        stored.save(update_fields=["state", "attempts", "due_at"])
        AuditEvent.objects.record(
            user=by,
            action=AuditAction.CHANGED,
            case=case,
            kind="delivery",
            uid=stored.uid,
            detail={"to": stored.receiver},
        )
