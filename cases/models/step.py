"""What somebody does next, as it was signed, and what becomes of it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases import choices
from cases.models.base import AppendOnly, AppendOnlyQuerySet
from cases.models.decision import Decision, DecisionPart, DecisionPartQuerySet

OPEN_STATES = (choices.StepState.OPEN, choices.StepState.PARTLY)


class NextStepQuerySet(DecisionPartQuerySet):
    def standing_for(self, user: User) -> Self:
        """The steps of signed decisions that still stand, on the boards that `user` is a member of."""
        return self.filter(
            decision__status=choices.DecisionStatus.SIGNED,
            decision__withdrawal=None,
            decision__discussion__board__memberships__user=user,
        ).select_related("decision__case__patient", "decision__discussion__board", "holder")


class NextStep(DecisionPart):
    """What somebody does next. `text`, `owner` and `due_on` stay as signed.

    `takes_over` is the step of an earlier decision that goes on as this one. `state`, `done_on`, `holder` and
    `due_now` follow the step's events, so that lists need not read them.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="next_steps")
    text = models.CharField("Next step", max_length=500)
    owner_name = models.CharField("Owner", max_length=120, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField("Due on", null=True, blank=True)

    takes_over = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="taken_over_by"
    )

    state = models.CharField(
        "What became of it",
        max_length=12,
        choices=choices.StepState.choices,
        default=choices.StepState.OPEN,
        editable=False,
    )
    done_on = models.DateField("Done on", null=True, blank=True)
    holder_name = models.CharField(max_length=120, blank=True, default="", editable=False)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="steps_held",
    )
    due_now = models.DateField(null=True, blank=True, editable=False)

    objects = NextStepQuerySet.as_manager()  # type: ignore[misc]  # more than the base's

    follow_up_fields = frozenset({"state", "done_on", "holder_name", "holder", "due_now"})

    class Meta:
        ordering = ["order", "pk"]
        indexes = [models.Index(name="step_by_holder", fields=["state", "holder"])]
        constraints = [
            models.CheckConstraint(
                name="step_says_something",
                condition=~Q(text=""),
                violation_error_message="A next step has text.",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class StepEvent(AppendOnly):
    """Something that happened to a step: done, handed over, postponed, taken over by a later decision."""

    what = "What became of a step"

    step = models.ForeignKey(NextStep, on_delete=models.PROTECT, related_name="events")
    change = models.CharField(max_length=12, choices=choices.StepChange.choices)
    on = models.DateField("On", null=True, blank=True)
    reason = models.CharField(
        "Why", max_length=16, choices=choices.NotDoneReason.choices, blank=True, default=""
    )
    text = models.CharField("In words", max_length=300, blank=True, default="")
    owner_name = models.CharField("Owner", max_length=120, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField("Due on", null=True, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="step_event_coded",
                condition=Q(change__in=choices.StepChange.values)
                & Q(reason__in=["", *choices.NotDoneReason.values]),
                violation_error_message="This change of a step, or its reason, does not exist.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change} {self.step_id}"
