"""Meetings, the agenda, and where a case stands on its way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from cases.access import require
from cases.actions.edits import check, lock
from cases.choices import STATUS_MOVES, AuditAction, CaseStatus, Right
from cases.models import AuditEvent, Board, Case, Meeting


def create_meeting(*, by: User, board: Board, starts_at: datetime, place: str = "") -> Meeting:
    """A meeting of the board. Asking twice for the same time returns the first one."""
    require(by, board, Right.SCHEDULE)
    with transaction.atomic():
        lock(board)
        known = Meeting.objects.filter(board=board, starts_at=starts_at).first()
        if known is not None:
            return known
        meeting = Meeting(board=board, starts_at=starts_at, place=place, created_by=by, updated_by=by)
        check(meeting)
        meeting.save()
        AuditEvent.objects.record(
            user=by, action=AuditAction.CREATED, board=board, kind="meeting", uid=meeting.uid
        )
    return meeting


def put_on_agenda(*, by: User, case: Case, meeting: Meeting) -> Case:
    """Put the case last on the meeting's agenda, off any other. A case already there keeps its place."""
    require(by, case.board, Right.SCHEDULE, case)
    if meeting.board_id != case.board_id:
        raise ValidationError({"meeting": ["This meeting belongs to another board."]})
    with transaction.atomic():
        lock(meeting)
        stored = Case.objects.select_for_update().get(pk=case.pk)
        if stored.meeting_id == meeting.pk and stored.status == CaseStatus.SCHEDULED:
            return stored
        if stored.status == CaseStatus.CLOSED:
            raise ValidationError({"status": ["A closed case cannot be scheduled; reopen it first."]})
        before: tuple[int | None, int | None] = (None, None)
        if stored.meeting_id != meeting.pk:
            before = (stored.meeting_id, stored.position)
            last = Case.objects.filter(meeting=meeting).aggregate(last=Max("position"))["last"]
            stored.meeting, stored.position = meeting, (last or 0) + 1
        stored.status = CaseStatus.SCHEDULED
        stored.save(update_fields=["meeting", "position", "status"])
        _close_gap(*before)
        _audit(by, AuditAction.SCHEDULED, stored, meeting=str(meeting.uid), position=stored.position)
    return stored


def take_off_agenda(*, by: User, case: Case) -> Case:
    """Take a scheduled case off its meeting; it becomes ready again. Any other case stays as it is."""
    require(by, case.board, Right.SCHEDULE, case)
    with transaction.atomic():
        stored = Case.objects.select_for_update().get(pk=case.pk)
        if stored.status != CaseStatus.SCHEDULED:
            return stored
        stored.status = CaseStatus.READY
        _leave_meeting(stored)
        _audit(by, AuditAction.SCHEDULED, stored, meeting=None)
    return stored


def reorder(*, by: User, meeting: Meeting, order: Sequence[UUID]) -> list[Case]:
    """Set the agenda's order. `order` names every case of the meeting once, else `ValidationError`."""
    require(by, meeting.board, Right.SCHEDULE)
    with transaction.atomic():
        cases = {case.uid: case for case in Case.objects.select_for_update().filter(meeting=meeting)}
        if set(order) != set(cases) or len(order) != len(cases):
            raise ValidationError("The agenda has changed meanwhile; look at it again.")
        wanted = [cases[uid] for uid in order]
        if [case.position for case in wanted] == list(range(1, len(wanted) + 1)):
            return wanted
        # Two steps, because at no time may two cases share a place.
        free = max(case.position or 0 for case in wanted) + 1
        for start in (free, 1):
            for position, case in enumerate(wanted, start):
                case.position = position
                case.save(update_fields=["position"])
        AuditEvent.objects.record(
            user=by,
            action=AuditAction.SCHEDULED,
            board=meeting.board,
            kind="meeting",
            uid=meeting.uid,
            detail={"order": [str(uid) for uid in order]},
        )
    return wanted


def set_status(*, by: User, case: Case, status: str) -> Case:
    """Move the case by hand; `STATUS_MOVES` says from where to where. To where it is already does nothing."""
    require(by, case.board, Right.ENTER, case)
    with transaction.atomic():
        stored = Case.objects.select_for_update().get(pk=case.pk)
        if stored.status == status:
            return stored
        allowed = STATUS_MOVES[stored.status]
        if status not in allowed:
            words = ", ".join(CaseStatus(move).label for move in allowed)
            message = f"A case that is {stored.get_status_display().lower()} can become: {words}."
            raise ValidationError({"status": [message]})
        before, stored.status = stored.status, status
        if before == CaseStatus.SCHEDULED:
            _leave_meeting(stored)
        else:
            stored.save(update_fields=["status"])
        _audit(by, AuditAction.STATUS, stored, before=before, after=status)
    return stored


def _leave_meeting(case: Case) -> None:
    before = (case.meeting_id, case.position)
    case.meeting, case.position = None, None
    case.save(update_fields=["meeting", "position", "status"])
    _close_gap(*before)


def _close_gap(meeting: int | None, position: int | None) -> None:
    """Move the cases behind a free place one forward, in order, so that no two ever share a place."""
    if meeting is None or position is None:
        return
    for case in Case.objects.filter(meeting=meeting, position__gt=position).order_by("position"):
        case.position = (case.position or 0) - 1
        case.save(update_fields=["position"])


def _audit(by: User, action: str, case: Case, **detail: str | int | None) -> None:
    AuditEvent.objects.record(user=by, action=action, case=case, kind="case", uid=case.uid, detail=detail)
