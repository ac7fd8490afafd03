"""What is followed to its end: next steps, accepted options, items of follow-up; and what happens to them."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from cases import choices
from cases.models.base import AppendOnly, AppendOnlyQuerySet

OPEN_STATES: tuple[str, ...] = (choices.StepState.OPEN, choices.StepState.PARTLY)
NO_DAY = datetime.date(9999, 12, 31)
"""What has no day stands last."""


class IsOpen(models.Func):
    """Whether a state is no end. The states are text of the statement: no database uses a partial index for a
    query that has them as parameters, and with it a list of 30,000 begins in 0.4 ms instead of 4.3.
    """

    template = "(%(expressions)s IN ('" + "', '".join(OPEN_STATES) + "'))"
    output_field = models.BooleanField()


class DueOrLast(models.Func):
    """A day, or `NO_DAY` where there is none; as text of the statement, as in `IsOpen`."""

    template = f"COALESCE(%(expressions)s, '{NO_DAY}')"
    output_field = models.DateField()

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:
        template = f"COALESCE(%(expressions)s, DATE '{NO_DAY}')"
        return self.as_sql(compiler, connection, template=template, **context)


def listed_columns(case: str, board: str) -> tuple[str, ...]:
    """What a list shows of the case and of the board at these paths; a case has a hundred columns more."""
    of_case = ("uid", "record_version", "is_demo", "board", "owner")
    of_patient = ("record_number", "surname", "given_names", "deceased")
    return (
        *(f"{case}__{column}" for column in of_case),
        *(f"{case}__patient__{column}" for column in of_patient),
        *(f"{board}__{column}" for column in ("slug", "name", "guideline")),
    )


def owner_columns(owner: str) -> tuple[str, ...]:
    """What a list shows of the person at this path."""
    return tuple(f"{owner}__{column}" for column in ("username", "first_name", "last_name"))


def open_by_day(name: str) -> models.Index:
    """The index of what is open, the most urgent first."""
    return models.Index(DueOrLast("due_now"), "id", name=name, condition=Q(IsOpen("state")))


class Followed(models.Model):
    """`state`, `done_on` and `due_now` follow the events, so that lists need not read them: they are what
    `cases.actions.following.replayed` makes of these.
    """

    state = models.CharField(
        "What became of it",
        max_length=12,
        choices=choices.StepState.choices,
        default=choices.StepState.OPEN,
        editable=False,
    )
    done_on = models.DateField("Done on", null=True, blank=True)
    due_now = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class FollowEvent(AppendOnly):
    """Something that happened to what is followed: done, not done and why, postponed, taken back.

    `undoes` is the event that this one takes back. `shown_by` is the entry of the record that shows it, by
    its uid.
    """

    what = "What became of it"

    change = models.CharField(max_length=12, choices=choices.StepChange.choices)
    on = models.DateField("On", null=True, blank=True)
    reason = models.CharField(
        "Why", max_length=16, choices=choices.NotDoneReason.choices, blank=True, default=""
    )
    text = models.CharField("In words", max_length=300, blank=True, default="")
    due_on = models.DateField("Due on", null=True, blank=True)
    shown_by = models.UUIDField(null=True, blank=True)
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects: Any = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="%(class)s_coded",
                condition=Q(change__in=choices.StepChange.values)
                & Q(reason__in=["", *choices.NotDoneReason.values]),
                violation_error_message="This change, or its reason, does not exist.",
            ),
            models.CheckConstraint(
                name="%(class)s_takes_back_one",
                condition=Q(change=choices.StepChange.UNDONE, undoes__isnull=False)
                | ~Q(change=choices.StepChange.UNDONE) & Q(undoes=None),
                violation_error_message="What takes something back names it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change} {self.pk}"
