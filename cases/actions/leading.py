"""A meeting as it runs: begun, each case taken up and ended, closed; corrected afterwards by notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from cases.access import require, require_discussion
from cases.actions.agenda import locked_open
from cases.actions.edits import StaleEdit, check
from cases.actions.indexing import readiness_of_listed
from cases.actions.locks import lock_cases, lock_meeting, retried
from cases.actions.measuring import measure_deferred
from cases.actions.meetings import audit, open_meeting, save_meeting
from cases.choices import AuditAction, DeferralReason, MeetingState, Outcome, Right
from cases.clock import now
from cases.minutes import minutes_of
from cases.models import AuditEvent, Decision, Discussion, Meeting, MeetingNote
from cases.models.audit import one_act
from cases.seals import seal_of
from cases.snapshot.digest import digest
from cases.standing import refresh_status


@dataclass(frozen=True)
class Deferral:
    """Why the board cannot decide yet, what it waits for, from whom, until when."""

    reason: str
    awaited: str
    awaited_from: str = ""
    awaited_by: date | None = None


@retried
def start_meeting(*, by: User, meeting: Meeting, at: datetime | None = None) -> Meeting:
    """Begin the meeting. `at` is when it began, for one that is entered afterwards; else it begins now."""
    require(by, meeting.board, Right.CHAIR)
    with one_act():
        stored = open_meeting(meeting)
        if stored.state == MeetingState.RUNNING:
            return stored
        stored.state, stored.started_at = MeetingState.RUNNING, at or now()
        save_meeting(stored, by, "state", "started_at")
        audit(by, stored, AuditAction.MEETING, state=stored.state)
    return stored


@retried
def take_up(*, by: User, discussion: Discussion) -> Discussion:
    """Begin to discuss a case of a running meeting; the one discussed until now is interrupted or ended."""
    require_discussion(by, discussion, Right.SCRIBE)
    with one_act():
        stored = locked_open(discussion)
        meeting = stored.meeting
        if meeting is None or meeting.state != MeetingState.RUNNING:
            raise ValidationError("Start the meeting first.")
        moment = now()
        under_way = meeting.discussions.filter(started_at__isnull=False, ended_at=None).exclude(pk=stored.pk)
        for other in under_way:
            _store(other, by, ended_at=moment)
        if stored.started_at is None or stored.ended_at is not None:
            _store(stored, by, started_at=stored.started_at or moment, ended_at=None)
            _audit(by, stored, started=True)
    return stored


@retried
def defer(*, by: User, discussion: Discussion, deferral: Deferral, discard: int | None = None) -> Discussion:
    """End a discussion without a decision. `discard` is the version of the draft that goes with it; without
    it a draft is refused, and one that has changed since raises `StaleEdit`.
    """
    require_discussion(by, discussion, Right.SCRIBE)
    with one_act():
        stored = locked_open(discussion)
        problems = _faults_of(deferral)
        if problems:
            raise ValidationError(problems)
        drafts = list(stored.decisions.select_for_update(of=("self",)))
        if drafts and discard is None:
            raise ValidationError("This discussion has a draft decision; discard it to defer the case.")
        for draft in drafts:
            _discard(by, draft, discard)
        moment = now()
        _store(
            stored,
            by,
            outcome=Outcome.DEFERRED,
            started_at=stored.started_at or moment,
            ended_at=moment,
            deferral_reason=deferral.reason,
            awaited=deferral.awaited.strip(),
            awaited_from=deferral.awaited_from.strip(),
            awaited_by=deferral.awaited_by,
        )
        measure_deferred(stored, readiness_of_listed([stored.case])[stored.case_id])
        refresh_status(stored.case)
        _audit(by, stored, outcome=stored.outcome, reason=deferral.reason)
    return stored


def _discard(by: User, draft: Decision, version: int | None) -> None:
    if draft.version != version:
        raise StaleEdit(draft, {})
    draft.delete()
    AuditEvent.objects.record(
        user=by,
        action=AuditAction.DISCARDED,
        case=draft.case,
        kind="decision",
        uid=draft.uid,
        detail={"version": draft.version},
    )


def _faults_of(deferral: Deferral) -> dict[str, list[str]]:
    faults = {}
    if deferral.reason not in DeferralReason.values:
        faults["reason"] = [f"Choose why the case is deferred: {', '.join(DeferralReason.labels)}."]
    if not deferral.awaited.strip():
        faults["awaited"] = ["Say what is awaited."]
    return faults


@retried
def reopen(*, by: User, discussion: Discussion) -> Discussion:
    """Take a deferral back while the meeting is not closed; the case is open again at its place."""
    require_discussion(by, discussion, Right.SCRIBE)
    with one_act():
        if discussion.meeting_id is not None:
            lock_meeting(discussion.meeting_id)
        lock_cases([discussion.case_id])
        stored = Discussion.objects.select_related("case", "meeting", "board").get(pk=discussion.pk)
        if stored.is_open:
            return stored
        closed = stored.meeting is not None and not stored.meeting.is_open
        if stored.outcome != Outcome.DEFERRED or closed or stored.followed_by.exists():
            raise ValidationError("Only a deferral of a meeting that is not closed can be taken back.")
        _store(
            stored,
            by,
            outcome=Outcome.OPEN,
            ended_at=None,
            deferral_reason="",
            awaited="",
            awaited_from="",
            awaited_by=None,
        )
        refresh_status(stored.case)
        _audit(by, stored, outcome=stored.outcome)
    return stored


@retried
def close_meeting(*, by: User, meeting: Meeting, at: datetime | None = None) -> Meeting:
    """Close the meeting for good: agenda, order, roll call, times and outcomes are frozen as its minutes.

    What has neither a decision nor a draft of one counts as not reached; a draft can still be signed. `at` is
    when it ended, for one that is entered afterwards.
    """
    require(by, meeting.board, Right.CHAIR)
    with one_act():
        stored = lock_meeting(meeting)
        if stored.state == MeetingState.CLOSED:
            return stored
        if stored.state != MeetingState.RUNNING:
            raise ValidationError("Only a meeting that runs can be closed; start it first.")
        moment = at or now()
        cases = lock_cases(stored.discussions.values_list("case_id", flat=True))
        _end_discussions(stored, by, moment)
        for person in stored.attendance.filter(until=None):
            person.until = max(moment, person.since)
            person.save(update_fields=["until"])
        stored.closed_at, stored.closed_by = moment, by
        stored.snapshot = minutes_of(stored)
        stored.snapshot_digest = digest(stored.snapshot)
        stored.state = MeetingState.CLOSED
        save_meeting(stored, by, "state", "closed_at", "closed_by", "snapshot", "snapshot_digest")
        for case in cases:
            refresh_status(case)
        digested = {"state": stored.state, "digest": stored.snapshot_digest}
        audit(by, stored, AuditAction.MEETING, seal_of(stored), **digested)
    return stored


def _end_discussions(meeting: Meeting, by: User, moment: datetime) -> None:
    for discussion in meeting.discussions.select_related("case").order_by("place"):
        changed: dict[str, Any] = {}
        if discussion.started_at is not None and discussion.ended_at is None:
            changed["ended_at"] = max(moment, discussion.started_at)
        if discussion.is_open and not discussion.decisions.exists():
            changed["outcome"] = Outcome.NOT_REACHED
        if changed:
            _store(discussion, by, **changed)


def add_note(*, by: User, meeting: Meeting, text: str) -> MeetingNote:
    """Correct a closed meeting: its minutes stay, the correction stands beneath them with name and time."""
    require(by, meeting.board, Right.CHAIR)
    if meeting.state != MeetingState.CLOSED:
        raise ValidationError("Only a closed meeting is corrected by a note; change this one itself.")
    if not text.strip():
        raise ValidationError({"text": ["Say what is to be corrected."]})
    with one_act():
        lock_meeting(meeting)
        same = meeting.notes.filter(by=by, text=text.strip()).first()
        if same is not None:
            return same
        note = MeetingNote.objects.create(meeting=meeting, text=text.strip(), by=by)
        audit(by, meeting, AuditAction.CHANGED, seal_of(note), note=note.pk)
    return note


def _store(discussion: Discussion, by: User, **changed: Any) -> None:
    for name, value in changed.items():
        setattr(discussion, name, value)
    discussion.version += 1
    discussion.updated_by, discussion.updated_at = by, now()
    check(discussion)
    discussion.save(update_fields=[*changed, "version", "updated_by", "updated_at"])


def _audit(by: User, discussion: Discussion, **detail: Any) -> None:
    AuditEvent.objects.record(
        user=by,
        action=AuditAction.DISCUSSED,
        case=discussion.case,
        kind="discussion",
        uid=discussion.uid,
        detail=detail,
    )
