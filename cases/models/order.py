"""What takes longer to make than a page may: ordered, made by a process of its own, fetched, forgotten."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models.board import Board
from cases.models.meeting import Meeting

STALLED = timedelta(minutes=3)  # without a sign of life; a page is laid out in less than a second


class OrderKind(models.TextChoices):
    """What is ordered and fetched later."""

    PACKET = "packet", "Meeting packet"
    FIGURES = "figures", "Figures of the board"
    TABLE = "table", "Cases or decisions as a file"


class OrderState(models.TextChoices):
    """An order waits, is made, and is ready until its file expires; or it failed, or was cancelled."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Being made"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"


LIVE = (OrderState.WAITING, OrderState.RUNNING)


class DocumentOrder(models.Model):
    """A packet of `meeting`, the figures of `board` from `first` to `last`, or what `wanted` says of its
    cases (`cases.screens.taking_out`), as `by` may see them.

    `read` of `cases`, `pages` and `writing` say how far it is. `shows`: the ids of the cases that the file
    holds, or counts openly. `told`: whether `by` knows that it is over. The file goes at `expires_at`.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=OrderKind.choices)
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="+")
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    wanted: models.JSONField[Any, Any] = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(max_length=10, choices=OrderState.choices, default=OrderState.WAITING)
    changed_at = models.DateTimeField(default=timezone.now)
    read = models.PositiveIntegerField(default=0)
    cases = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    writing = models.BooleanField(default=False)
    failure = models.CharField(max_length=200, blank=True, default="")
    shows = models.JSONField(default=list)
    file = models.BinaryField(null=True)
    size = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
    told = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(name="order_by_person", fields=["by", "state"])]
        constraints = [
            models.CheckConstraint(
                name="order_coded",
                condition=Q(kind__in=OrderKind.values) & Q(state__in=OrderState.values),
                violation_error_message="There is no such document, or no such state.",
            ),
            models.CheckConstraint(
                name="order_of_a_meeting_or_a_period",
                condition=Q(kind="packet", meeting__isnull=False, first__isnull=True, last__isnull=True)
                | Q(kind="figures", meeting__isnull=True, first__isnull=False, last__isnull=False)
                | Q(kind="table", meeting__isnull=True, first__isnull=True, last__isnull=True),
                violation_error_message="A packet is of a meeting, figures are of a period.",
            ),
            models.CheckConstraint(
                name="order_file_while_ready",
                condition=Q(state="ready", file__isnull=False, expires_at__isnull=False)
                | (~Q(state="ready") & Q(file__isnull=True)),
                violation_error_message="Only what is ready has a file.",
            ),
        ]

    def __str__(self) -> str:
        return f"Order {self.pk}"

    def is_stalled(self, now: datetime) -> bool:
        """Whether whoever was making it has been silent for too long: that process has ended."""
        return self.state == OrderState.RUNNING and now - self.changed_at > STALLED

    def is_live(self, now: datetime) -> bool:
        """Whether it will still come."""
        return self.state in LIVE and not self.is_stalled(now)
