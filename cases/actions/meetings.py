"""A board's meetings: entered singly or as a series, moved, renamed, cancelled; they leave a trace each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from cases.access import require
from cases.actions.edits import StaleEdit, check, lock
from cases.actions.locks import lock_meeting, retried
from cases.choices import AuditAction, MeetingState, Right
from cases.clock import now
from cases.models import AuditEvent, Board, Meeting
from cases.models.audit import one_act
from cases.models.meeting import MOST_IN_A_SERIES


@retried
def create_meeting(
    *, by: User, board: Board, starts_at: datetime, place: str = "", title: str = ""
) -> Meeting:
    """A meeting of the board, to come or held already. Asking twice for the same time returns the first."""
    return create_series(by=by, board=board, starts=[starts_at], place=place, title=title)[0]


@retried
def create_series(
    *, by: User, board: Board, starts: Sequence[datetime], place: str = "", title: str = ""
) -> list[Meeting]:
    """A meeting at each of `starts`; where the board has one at that time already, that one."""
    require(by, board, Right.SCHEDULE)
    if not starts or len(starts) > MOST_IN_A_SERIES:
        raise ValidationError({"times": [f"A series has 1 to {MOST_IN_A_SERIES} meetings."]})
    with one_act():
        lock(board)
        return [_meeting_at(by, board, moment, place, title) for moment in starts]


def _meeting_at(by: User, board: Board, starts_at: datetime, place: str, title: str) -> Meeting:
    known = _other_at(board, starts_at).first()
    if known is not None:
        return known
    meeting = Meeting(
        board=board, starts_at=starts_at, place=place, title=title, created_by=by, updated_by=by
    )
    check(meeting)
    meeting.save()
    audit(by, meeting, AuditAction.CREATED)
    return meeting


def _other_at(board: Board, starts_at: datetime) -> QuerySet[Meeting]:
    return Meeting.objects.filter(board=board, starts_at=starts_at).exclude(state=MeetingState.CANCELLED)


@retried
def change_meeting(
    *, by: User, meeting: Meeting, starts_at: datetime, place: str, title: str, version: int
) -> Meeting:
    """Move or rename a meeting that is not over yet. Raises `StaleEdit`, `ValidationError`."""
    require(by, meeting.board, Right.SCHEDULE)
    wanted = {"starts_at": starts_at, "place": place, "title": title}
    with one_act():
        lock(meeting.board)
        stored = open_meeting(meeting)
        before = {
            name: getattr(stored, name) for name, value in wanted.items() if getattr(stored, name) != value
        }
        if not before:
            return stored
        if stored.version != version:
            raise StaleEdit(stored, wanted)
        if _other_at(stored.board, starts_at).exclude(pk=stored.pk).exists():
            raise ValidationError({"starts_at": ["This board already has a meeting at that time."]})
        for name in before:
            setattr(stored, name, wanted[name])
        save_meeting(stored, by, *before)
        moved = {"from": before["starts_at"].isoformat()} if "starts_at" in before else {}
        audit(by, stored, AuditAction.CHANGED, fields=sorted(before), **moved)
    return stored


@retried
def cancel_meeting(*, by: User, meeting: Meeting, reason: str) -> Meeting:
    """Cancel a meeting that has not begun; its agenda must be empty, so that no case is lost with it."""
    require(by, meeting.board, Right.SCHEDULE)
    with one_act():
        stored = lock_meeting(meeting)
        if stored.state == MeetingState.CANCELLED:
            return stored
        if stored.state != MeetingState.PLANNED:
            raise ValidationError("Only a meeting that has not begun can be cancelled.")
        if not reason.strip():
            raise ValidationError({"reason": ["Say why the meeting is cancelled."]})
        if stored.discussions.exists():
            raise ValidationError("Carry the cases of this meeting over to another one first.")
        stored.state, stored.cancel_reason = MeetingState.CANCELLED, reason.strip()
        save_meeting(stored, by, "state", "cancel_reason")
        audit(by, stored, AuditAction.MEETING, state=stored.state)
    return stored


def open_meeting(meeting: Meeting) -> Meeting:
    """The meeting, locked, if it is neither closed nor cancelled; `ValidationError` otherwise."""
    stored = lock_meeting(meeting)
    if not stored.is_open:
        raise ValidationError(f"This meeting is {stored.get_state_display().lower()}: it stays as it is.")
    return stored


def save_meeting(meeting: Meeting, by: User, *fields: str) -> None:
    """Store the named fields of a locked meeting as its next version."""
    meeting.version += 1
    meeting.updated_at, meeting.updated_by = now(), by
    check(meeting)
    meeting.save(update_fields=[*fields, "version", "updated_at", "updated_by"])


def audit(by: User, meeting: Meeting, action: str, seal: str = "", **detail: object) -> None:
    """One event on a meeting; with a seal where it signs something."""
    AuditEvent.objects.record(
        user=by,
        action=action,
        board=meeting.board,
        kind="meeting",
        uid=meeting.uid,
        detail=detail,
        seal=seal,
    )
