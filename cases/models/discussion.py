"""One discussion of a case by a board: its question, its place on an agenda, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from cases import choices
from cases.models.base import LongText, Stamped
from cases.models.board import MOST_MINUTES, Board
from cases.models.case import Case
from cases.models.meeting import Meeting

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from cases.models.decision import Decision


class DiscussionQuerySet(models.QuerySet["Discussion"]):
    def open(self) -> Self:
        return self.filter(outcome=choices.Outcome.OPEN)

    def on_agenda(self) -> Self:
        """In the order of the agenda, with what a line of it needs."""
        return self.select_related("case__patient", "case__board", "case__owner", "meeting__board").order_by(
            "place"
        )


class Discussion(Stamped):
    """`board` discusses: the case's own, or one that it is shared with. Without a meeting it is urgent.

    A deferral says why, what is awaited, from whom and by when; it and what was not reached are frozen by
    closing the meeting. `follows` is the discussion before it that it takes up again.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="discussions")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="discussions")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="discussions"
    )
    place = models.PositiveSmallIntegerField(
        "Place on the agenda", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    urgent_reason = models.CharField(
        "Why between meetings",
        max_length=300,
        blank=True,
        default="",
        help_text="Of an urgent decision, which no meeting makes.",
    )
    question = LongText("Question for the board")
    asks = models.JSONField("What is asked about", blank=True, default=list)
    reason = models.CharField(
        "Why it is discussed", max_length=20, choices=choices.ListingReason.choices, blank=True, default=""
    )
    presenter = models.CharField("Presenter", max_length=120, blank=True, default="")
    track = models.CharField(
        "Track", max_length=10, choices=choices.Track.choices, default=choices.Track.FULL
    )
    minutes = models.PositiveSmallIntegerField(
        "Minutes planned", default=6, validators=[MinValueValidator(1), MaxValueValidator(MOST_MINUTES)]
    )
    late = models.BooleanField("Late addition", default=False, editable=False)
    unready_reason = models.CharField("Why it is listed unready", max_length=300, blank=True, default="")
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    outcome = models.CharField(
        "Outcome", max_length=12, choices=choices.Outcome.choices, default=choices.Outcome.OPEN
    )
    deferral_reason = models.CharField(
        "Why it is deferred", max_length=12, choices=choices.DeferralReason.choices, blank=True, default=""
    )
    awaited = models.CharField("What is awaited", max_length=300, blank=True, default="")
    awaited_from = models.CharField("From whom", max_length=120, blank=True, default="")
    awaited_by = models.DateField("By when", null=True, blank=True)

    objects = DiscussionQuerySet.as_manager()

    if TYPE_CHECKING:
        decisions: RelatedManager[Decision]

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(name="discussion_awaited", fields=["outcome", "awaited_by"])]
        constraints = [
            models.CheckConstraint(
                name="discussion_asks_something",
                condition=~Q(question=""),
                violation_error_message="The question for the board is required.",
            ),
            models.CheckConstraint(
                name="discussion_coded",
                condition=Q(outcome__in=choices.Outcome.values)
                & Q(track__in=choices.Track.values)
                & Q(reason__in=choices.ListingReason.values),
                violation_error_message="This outcome, track or reason does not exist.",
            ),
            models.CheckConstraint(
                name="discussion_at_a_meeting_or_urgent",
                condition=Q(meeting__isnull=False, place__gte=1, urgent_reason="")
                | Q(meeting=None, place=None) & ~Q(urgent_reason=""),
                violation_error_message="A case is discussed at a meeting, or urgently with a reason.",
            ),
            models.CheckConstraint(
                name="discussion_deferred_whole",
                condition=Q(outcome=choices.Outcome.DEFERRED)
                & Q(deferral_reason__in=choices.DeferralReason.values)
                & ~Q(awaited="")
                | ~Q(outcome=choices.Outcome.DEFERRED)
                & Q(deferral_reason="", awaited="", awaited_from="", awaited_by=None),
                violation_error_message="A deferral says why, and what is awaited.",
            ),
            models.UniqueConstraint(
                name="discussion_one_place_on_agenda",
                fields=["meeting", "place"],
                violation_error_message="Another case has this place on the agenda.",
            ),
            models.UniqueConstraint(
                name="discussion_one_open",
                fields=["case", "board"],
                condition=Q(outcome=choices.Outcome.OPEN),
                violation_error_message="This case is listed for a discussion already.",
            ),
        ]

    def __str__(self) -> str:
        return f"Discussion {self.uid}"

    @property
    def is_open(self) -> bool:
        return self.outcome == choices.Outcome.OPEN
