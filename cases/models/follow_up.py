"""One examination of a guideline's schedule: between which days it is due, and what becomes of it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases import choices
from cases.clock import now
from cases.models.case import Case
from cases.models.decision import Boards
from cases.models.followed import (
    Followed,
    FollowEvent,
    IsOpen,
    listed_columns,
    open_by_day,
    owner_columns,
)

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class FollowUpQuerySet(models.QuerySet["FollowUpItem"]):
    def standing_on(self, boards: Boards) -> Self:
        """The items that no later plan has replaced, of cases of these boards."""
        return self.current().filter(case__board__in=boards)

    def as_listed(self) -> Self:
        """With what a list shows of each."""
        return self.select_related("case__patient", "case__owner", "case__board").only(
            *("uid", "title", "number", "every", "statement_id", "edition", "anchor", "counted_from"),
            *("state", "done_on", "due_now", "due_from", "due_to"),
            *listed_columns("case", "case__board"),
            *owner_columns("case__owner"),
        )

    def current(self) -> Self:
        """Those that no later plan has replaced."""
        return self.exclude(state=choices.StepState.REPLACED)

    def open(self) -> Self:
        return self.filter(IsOpen("state"))


class FollowUpItem(Followed):
    """Due from `due_from` to `due_to`, both included; `due_now` is the last day, or a later one to which it
    was postponed.

    `kind` is the guideline's code of the examination and `title` its name; `number` counts the examinations
    of a schedule from 1; `every` says the interval in words. `statement_id` and `edition` name the statement
    that asks for it; `counted_from` is the day of the `anchor`, the event that it counts from.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_up_items")
    kind = models.CharField(max_length=80)
    title = models.CharField("Examination", max_length=200)
    number = models.PositiveSmallIntegerField()
    due_from = models.DateField("Due from")
    due_to = models.DateField("Due to")
    every = models.CharField("Interval", max_length=120)
    statement_id = models.CharField(max_length=120)
    edition = models.CharField(max_length=120)
    anchor = models.CharField(max_length=120)
    counted_from = models.DateField()
    planned_at = models.DateTimeField(default=now, editable=False)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = FollowUpQuerySet.as_manager()

    if TYPE_CHECKING:
        events: RelatedManager[FollowUpEvent]

    class Meta:
        ordering = ["due_from", "pk"]
        indexes = [
            models.Index(name="follow_up_due", fields=["state", "due_now"]),
            models.Index(name="follow_up_done", fields=["done_on"]),
            open_by_day("follow_up_open_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="follow_up_from_to",
                condition=Q(due_from__lte=F("due_to")),
                violation_error_message="An item of follow-up is due from a day to the same or a later one.",
            ),
        ]

    def __str__(self) -> str:
        return f"Follow-up {self.uid}"


class FollowUpEvent(FollowEvent):
    """Something that happened to an item: done, postponed, not needed any more, replaced by a new plan."""

    what = "What became of an item of follow-up"

    item = models.ForeignKey(FollowUpItem, on_delete=models.PROTECT, related_name="events")
