"""A board's meetings: when and where, who was there, and how they went."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases import choices
from cases.clock import now
from cases.models.base import AppendOnly, AppendOnlyQuerySet, LongText, Stamped
from cases.models.board import Board

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from cases.models.discussion import Discussion

MOST_IN_A_SERIES = 60
ENDED = (choices.MeetingState.CLOSED, choices.MeetingState.CANCELLED)


def midnight() -> datetime:
    """When today began."""
    return timezone.localtime(now()).replace(hour=0, minute=0, second=0, microsecond=0)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> Self:
        """Meetings of the boards that `user` is a member of."""
        return self.filter(board__memberships__user=user).select_related("board")

    def with_counts(self) -> Self:
        """Annotated with `listed`, the discussions on the agenda, and `decided`, those of them decided."""
        decided = Q(discussions__outcome__in=choices.DECIDED_OUTCOMES)
        return self.annotate(
            listed=models.Count("discussions"), decided=models.Count("discussions", filter=decided)
        )

    def to_come(self) -> Self:
        """Those that are neither closed nor cancelled, the next one first."""
        return self.exclude(state__in=ENDED).order_by("starts_at", "pk")

    def taking_cases(self, today: Any = None) -> Self:
        """The same, first what is still to come or of today, which began at `today`: what the past left open
        comes last.
        """
        left_open = models.Case(models.When(starts_at__lt=today or midnight(), then=1), default=0)
        return self.to_come().order_by(left_open, "starts_at", "pk")


class Meeting(Stamped):
    """`snapshot` is what closing froze, in the shape of `cases.minutes`."""

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField("Starts at")
    title = models.CharField("Name", max_length=120, blank=True, default="")
    place = models.CharField("Place", max_length=120, blank=True, default="")
    state = models.CharField(
        "State",
        max_length=10,
        choices=choices.MeetingState.choices,
        default=choices.MeetingState.PLANNED,
    )
    cancel_reason = models.CharField("Why it is cancelled", max_length=300, blank=True, default="")
    started_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    snapshot = models.JSONField(null=True, blank=True, default=None)
    snapshot_digest = models.CharField(max_length=80, blank=True, default="")

    objects = MeetingQuerySet.as_manager()

    if TYPE_CHECKING:
        discussions: RelatedManager[Discussion]
        attendance: RelatedManager[Attendance]
        notes: RelatedManager[MeetingNote]

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(name="meeting_of_board", fields=["board", "starts_at"])]
        constraints = [
            models.UniqueConstraint(
                name="meeting_once_at_a_time",
                fields=["board", "starts_at"],
                condition=~Q(state=choices.MeetingState.CANCELLED),
                violation_error_message="This board already has a meeting at that time.",
            ),
            models.CheckConstraint(
                name="meeting_state_coded",
                condition=Q(state__in=choices.MeetingState.values),
                violation_error_message="This state of a meeting does not exist.",
            ),
            models.CheckConstraint(
                name="meeting_cancelled_with_reason",
                condition=Q(state=choices.MeetingState.CANCELLED) & ~Q(cancel_reason="")
                | ~Q(state=choices.MeetingState.CANCELLED) & Q(cancel_reason=""),
                violation_error_message="Cancelling a meeting needs a reason.",
            ),
            models.CheckConstraint(
                name="meeting_closed_whole",
                condition=Q(
                    state=choices.MeetingState.CLOSED,
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    snapshot__isnull=False,
                    snapshot_digest__startswith="sha256:",
                )
                | ~Q(state=choices.MeetingState.CLOSED)
                & Q(closed_at=None, closed_by=None, snapshot=None, snapshot_digest=""),
                violation_error_message="A closed meeting has its minutes; any other has none.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.board}, {self.starts_at:%d-%b-%Y %H:%M}"

    @property
    def has_begun(self) -> bool:
        """Whether it runs or ran, or its hour has come."""
        if self.state == choices.MeetingState.PLANNED:
            return self.starts_at <= now()
        return self.state != choices.MeetingState.CANCELLED

    @property
    def is_open(self) -> bool:
        """Whether its agenda and its roll call can still change."""
        return self.state not in ENDED

    @property
    def is_left_open(self) -> bool:
        """Whether its day is over and nobody has closed it."""
        return self.is_open and timezone.localdate(self.starts_at) < timezone.localdate(now())

    @property
    def may_start(self) -> bool:
        """Whether it is planned and its day has come."""
        planned = self.state == choices.MeetingState.PLANNED
        return planned and timezone.localdate(self.starts_at) <= timezone.localdate(now())

    @property
    def state_words(self) -> str:
        """Its state as of today; one of the past that nobody has started, or closed, says so."""
        if not self.is_left_open:
            return str(self.get_state_display())
        return "Not closed" if self.state == choices.MeetingState.RUNNING else "Past, not started"


class Attendance(models.Model):
    """Somebody at a meeting, from one moment until another. A guest has a name and no account."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField("Name", max_length=120)
    discipline = models.CharField("Discipline", max_length=80, blank=True, default="")
    mode = models.CharField(
        "How",
        max_length=6,
        choices=choices.AttendanceMode.choices,
        default=choices.AttendanceMode.ROOM,
    )
    cover_for = models.CharField("In place of", max_length=120, blank=True, default="")
    since = models.DateTimeField("From")
    until = models.DateTimeField("To", null=True, blank=True)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(
                name="attendance_named",
                condition=~Q(name=""),
                violation_error_message="Name: say who was there.",
            ),
            models.CheckConstraint(
                name="attendance_mode_coded",
                condition=Q(mode__in=choices.AttendanceMode.values),
                violation_error_message="Somebody is in the room or remote.",
            ),
            models.CheckConstraint(
                name="attendance_leaves_after_coming",
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                violation_error_message="To: nobody leaves before they came.",
            ),
            models.UniqueConstraint(
                name="attendance_once_at_a_time",
                fields=["meeting", "person"],
                condition=Q(until=None, person__isnull=False),
                violation_error_message="This person is there already.",
            ),
        ]

    def __str__(self) -> str:
        return f"Attendance {self.uid}"

    def was_there(self, since: Any, until: Any) -> bool:
        """Whether the person was there at some moment from `since` to `until`."""
        return bool(self.since <= until and (self.until is None or self.until >= since))


class MeetingNote(AppendOnly):
    """A correction of a closed meeting: its minutes stay as they are, and this stands beneath them."""

    what = "A note on a closed meeting"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="notes")
    text = LongText("Correction")
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="note_says_something",
                condition=~Q(text=""),
                violation_error_message="A correction has text.",
            ),
        ]

    def __str__(self) -> str:
        return f"Note {self.pk}"
