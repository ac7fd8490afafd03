"""What somebody does next, as it was signed, and what becomes of it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.decision import Boards, Decision, DecisionPart, DecisionPartQuerySet
from cases.models.followed import Followed, FollowEvent, IsOpen, listed_columns, open_by_day

UNHELD = Q(IsOpen("state"), holder=None)
"""Of what is open, what nobody with an account holds."""


class NextStepQuerySet(DecisionPartQuerySet):
    def standing_on(self, boards: Boards) -> Self:
        """What these boards have decided to do next."""
        return self.of_standing_decisions(boards)

    def as_listed(self) -> Self:
        """With what a list shows of each."""
        return self.select_related("decision__case__patient", "decision__discussion__board").only(
            *("order", "text", "owner_name", "holder_name", "state", "done_on", "due_now"),
            *("decision__uid", "decision__signed_at", "decision__discussion__board"),
            *listed_columns("decision__case", "decision__discussion__board"),
        )


class NextStep(Followed, DecisionPart):
    """What somebody does next. `text`, `owner` and `due_on` stay as signed.

    `takes_over` is the step of an earlier decision that goes on as this one. `holder` follows the step's
    events, as `state` does.
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

    holder_name = models.CharField(max_length=120, blank=True, default="", editable=False)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="steps_held",
    )

    objects = NextStepQuerySet.as_manager()  # type: ignore[misc]  # more than the base's

    follow_up_fields = frozenset({"state", "done_on", "holder_name", "holder", "due_now"})

    class Meta:
        ordering = ["order", "pk"]
        indexes = [
            models.Index(name="step_by_holder", fields=["state", "holder"]),
            models.Index(name="step_done", fields=["done_on"]),
            models.Index(name="step_unheld_by_name", fields=["holder_name", "id"], condition=UNHELD),
            open_by_day("step_open_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="step_says_something",
                condition=~Q(text=""),
                violation_error_message="A next step has text.",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class StepEvent(FollowEvent):
    """Something that happened to a step: done, handed over, postponed, taken over by a later decision."""

    what = "What became of a step"

    step = models.ForeignKey(NextStep, on_delete=models.PROTECT, related_name="events")
    owner_name = models.CharField("Owner", max_length=120, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
