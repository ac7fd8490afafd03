"""An option of a decision, as it was chosen on, and what becomes of one that was accepted."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from cases import choices
from cases.models.base import LongText
from cases.models.decision import Boards, Decision, DecisionPart, DecisionPartQuerySet
from cases.models.followed import Followed, FollowEvent, listed_columns, open_by_day, owner_columns

TAKEN = (choices.OptionChoice.ACCEPTED, choices.OptionChoice.OWN)
"""The choices by which an option is to be carried out."""


class DecisionOptionQuerySet(DecisionPartQuerySet):
    def standing_on(self, boards: Boards) -> Self:
        """What these boards have taken."""
        return self.of_standing_decisions(boards).filter(choice__in=TAKEN)

    def as_listed(self) -> Self:
        """With what a list shows of each."""
        return self.select_related(
            "decision__case__patient",
            "decision__case__owner",
            "decision__case__board",
            "decision__discussion__board",
        ).only(
            *("order", "title", "intervention", "choice", "state", "done_on", "due_now"),
            *("decision__uid", "decision__signed_at", "decision__discussion__board"),
            *("decision__case__board__guideline", *owner_columns("decision__case__owner")),
            *listed_columns("decision__case", "decision__discussion__board"),
        )


class DecisionOption(Followed, DecisionPart):
    """An option on the table: a guideline statement as it was shown, or one of the board's own.

    One that is taken is followed from the signature on, and is `due_now` on the day on which it is asked what
    became of it.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="options")
    statement_id = models.CharField(max_length=120, blank=True, default="")
    intervention = models.CharField(max_length=80, blank=True, default="")
    title = models.CharField("Option", max_length=300)
    stance = models.CharField(max_length=24, blank=True, default="")
    agreement = models.CharField(max_length=24, blank=True, default="")
    choice = models.CharField("The board's choice", max_length=10, choices=choices.OptionChoice.choices)
    reason_code = models.CharField(
        "Reason", max_length=24, choices=choices.DeviationReason.choices, blank=True, default=""
    )
    reason_text = LongText("Reason in words", blank=True, default="")

    objects = DecisionOptionQuerySet.as_manager()  # type: ignore[misc]  # more than the base's

    follow_up_fields = frozenset({"state", "done_on", "due_now"})

    class Meta:
        ordering = ["order", "pk"]
        indexes = [
            models.Index(name="option_followed", fields=["choice", "state"]),
            models.Index(name="option_done", fields=["done_on"]),
            open_by_day("option_open_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="option_titled", condition=~Q(title=""), violation_error_message="An option has a title."
            ),
            models.CheckConstraint(
                name="option_choice_coded",
                condition=Q(choice__in=choices.OptionChoice.values),
                violation_error_message="An option is accepted, rejected or the board's own.",
            ),
            models.CheckConstraint(
                name="option_reason_coded",
                condition=Q(reason_code__in=["", *choices.DeviationReason.values]),
                violation_error_message="This reason does not exist.",
            ),
            models.CheckConstraint(
                name="option_own_or_from_statement",
                condition=Q(choice=choices.OptionChoice.OWN, statement_id="", stance="", agreement="")
                | (
                    ~Q(choice=choices.OptionChoice.OWN)
                    & ~Q(statement_id="")
                    & ~Q(stance="")
                    & ~Q(agreement="")
                ),
                violation_error_message="An option is a statement with its strength, or the board's own.",
            ),
            models.CheckConstraint(
                name="option_other_reason_in_words",
                condition=~Q(reason_code=choices.DeviationReason.OTHER) | ~Q(reason_text=""),
                violation_error_message="“Other” needs the reason in words.",
            ),
            models.UniqueConstraint(
                name="option_one_per_statement",
                fields=["decision", "statement_id"],
                condition=~Q(statement_id=""),
                violation_error_message="This statement is already among the options.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class OptionEvent(FollowEvent):
    """Something that happened to an accepted option: given, not given and why, asked again later."""

    what = "What became of an option"

    option = models.ForeignKey(DecisionOption, on_delete=models.PROTECT, related_name="events")
