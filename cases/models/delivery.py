"""What is owed to other systems of a signed decision: the outbox."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from cases.clock import now
from cases.models.decision import Decision


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    GIVEN_UP = "given_up", "Given up"


class Delivery(models.Model):
    """One message on a decision to one receiver, by the name that the settings give it (DELIVER_TO).

    `takes_back`: the decision was entered in error. `attempts` so far; `due_at`: not before; `told`: why the
    last attempt failed, in words, "" where it did not. The message itself is made of the snapshot when it is
    sent, under a number of its own: a receiver that gets it twice knows it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="deliveries")
    receiver = models.CharField(max_length=40)
    takes_back = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING, db_index=True
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=now)
    told = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(default=now, editable=False)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="delivery_once",
                fields=["decision", "receiver", "takes_back"],
                violation_error_message="This is on its way already.",
            ),
            models.CheckConstraint(
                name="delivery_state",
                condition=Q(state__in=DeliveryState.values),
                violation_error_message="There is no such state of a delivery.",
            ),
            models.CheckConstraint(
                name="delivery_delivered_at",
                condition=Q(state=DeliveryState.DELIVERED, delivered_at__isnull=False)
                | (~Q(state=DeliveryState.DELIVERED) & Q(delivered_at=None)),
                violation_error_message="What is delivered has its time, and nothing else has.",
            ),
        ]

    def __str__(self) -> str:
        return f"Delivery {self.pk} to {self.receiver}"

    @property
    def control_id(self) -> str:
        """The number of the message: 20 characters, as HL7 v2 allows."""
        return self.uid.hex[:20]
