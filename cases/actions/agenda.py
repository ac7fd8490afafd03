"""What a meeting discusses: cases listed, in an order, taken off, carried over; and urgent discussions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Max

from cases.access import require, require_discussion, rights_on_case
from cases.actions.edits import StaleEdit, check
from cases.actions.indexing import readiness_of_listed
from cases.actions.locks import lock_cases, lock_meeting, retried
from cases.actions.meetings import open_meeting
from cases.choices import AuditAction, CaseStatus, ListingReason, MeetingState, Outcome, Right, Track
from cases.clock import now
from cases.models import AuditEvent, Board, Case, Discussion, Meeting
from cases.models.audit import one_act
from cases.standing import refresh_status

# Why a case comes back, by how its last discussion ended.
COMES_BACK = {
    Outcome.DEFERRED.value: ListingReason.RE_PRESENTATION,
    Outcome.NOT_REACHED.value: ListingReason.CARRIED_OVER,
}


@dataclass(frozen=True)
class Listing:
    """What is said of a case when it is listed; a question left empty is the case's own."""

    question: str = ""
    asks: tuple[str, ...] = ()
    reason: str = ""
    presenter: str = ""
    track: str = Track.FULL
    minutes: int | None = None
    unready_reason: str = ""


NOTHING_SAID = Listing()


def listing_of(discussion: Discussion) -> Listing:
    """What was said of a case that is listed."""
    return Listing(
        question=discussion.question,
        asks=tuple(discussion.asks),
        reason=discussion.reason,
        presenter=discussion.presenter,
        track=discussion.track,
        minutes=discussion.minutes,
        unready_reason=discussion.unready_reason,
    )


@retried
def list_case(*, by: User, case: Case, meeting: Meeting, listing: Listing | None = None) -> Discussion:
    """Put the case last on the meeting's agenda. One that is listed elsewhere on this board moves here.

    A case already there keeps its place. Raises `ValidationError` for a closed case or meeting, and for a
    case that the meeting's board does not have.
    """
    require(by, meeting.board, Right.SCHEDULE)
    if not _has(meeting.board, case):
        require(by, case.board, Right.READ, case)  # where a denial is kept; below it would be taken back
    with one_act():
        before = _listed(case, meeting.board)
        for key in sorted({meeting.pk, (before and before.meeting_id) or meeting.pk}):
            lock_meeting(key)
        (stored,) = lock_cases([case])
        _refuse_unlistable(stored, meeting)
        open_meeting(meeting)
        found = _listed(stored, meeting.board)
        if found is not None and found.meeting_id == meeting.pk:
            return found
        left = (found.meeting, found.place) if found else (None, None)
        if found is None:
            found = _new(stored, meeting.board, by, listing or NOTHING_SAID)
        elif found.meeting_id is not None and not found.meeting.is_open:  # type: ignore[union-attr]
            raise ValidationError("This case is still to be signed at a meeting that is closed.")
        found.meeting, found.place, found.urgent_reason = meeting, _last_place(meeting) + 1, ""
        found.late = now() > meeting.starts_at - timedelta(hours=meeting.board.cut_off_hours)
        if listing is not None:
            _say(found, listing)
        _refuse_unready(found, stored)
        _save(found, by)
        close_gap(*left)
        if stored.stage == CaseStatus.DRAFT:  # who lists a case says that it is ready
            stored.stage = CaseStatus.READY
            stored.save(update_fields=["stage"])
        refresh_status(stored)
        _audit(by, AuditAction.SCHEDULED, found, meeting=str(meeting.uid), place=found.place)
    return found


def _has(board: Board, case: Case) -> bool:
    """Whether it is the board's case, or one that is shared with it."""
    return case.board_id == board.pk or case.grants.current().filter(board=board).exists()


def _refuse_unlistable(case: Case, meeting: Meeting) -> None:
    if not _has(meeting.board, case):
        raise ValidationError({"meeting": ["This meeting belongs to another board."]})
    if case.stage == CaseStatus.CLOSED:
        raise ValidationError({"status": ["A closed case cannot be scheduled; reopen it first."]})


def _refuse_unready(discussion: Discussion, case: Case) -> None:
    """Below the board's minimum a case is listed with a reason only."""
    least = discussion.board.least_ready
    if not least or discussion.unready_reason:
        return
    ready = readiness_of_listed([case])[case.pk]
    if ready.share < least:
        text = (
            f"{ready.present} of {ready.total} facts are present ({ready.share} %), and this board asks for "
            f"at least {least} %: say why the case is listed nevertheless."
        )
        raise ValidationError({"unready_reason": [text]})


@retried
def begin_urgent(*, by: User, case: Case, reason: str, board: Board | None = None) -> Discussion:
    """A discussion between meetings, with the reason why it cannot wait for one.

    Asking again returns the one that is open. A case that is listed stays listed: `ValidationError`.
    """
    board = board or case.board
    require(by, board, Right.SCRIBE)
    if Right.READ not in rights_on_case(by, case):
        require(by, case.board, Right.READ, case)
    with one_act():
        (stored,) = lock_cases([case])
        if stored.stage == CaseStatus.CLOSED:
            raise ValidationError("A closed case cannot be decided; reopen it first.")
        found = _listed(stored, board)
        if found is not None and found.meeting_id is not None:
            raise ValidationError("This case is listed for a meeting; decide it there, or take it off first.")
        if found is not None:
            return found
        if not reason.strip():
            raise ValidationError({"reason": ["Say why this cannot wait for a meeting."]})
        found = _new(stored, board, by, NOTHING_SAID)
        found.urgent_reason, found.started_at = reason.strip(), now()
        _save(found, by)
        refresh_status(stored)
        _audit(by, AuditAction.DISCUSSED, found, urgent=True)
    return found


@retried
def change_listing(*, by: User, discussion: Discussion, listing: Listing, version: int) -> Discussion:
    """Store what is said of a case that is still to be discussed. Raises `StaleEdit`."""
    require_discussion(by, discussion, Right.SCHEDULE)
    with one_act():
        stored = locked_open(discussion)
        if listing_of(stored) == replace(listing, question=listing.question or stored.question):
            return stored
        if stored.version != version:
            raise StaleEdit(stored, {})
        _say(stored, listing)
        _save(stored, by)
        _audit(by, AuditAction.SCHEDULED, stored, fields=["listing"])
    return stored


@retried
def take_off(*, by: User, discussion: Discussion) -> None:
    """Take a case off the agenda before it is discussed. One that has a draft decision is refused."""
    require_discussion(by, discussion, Right.SCHEDULE)
    with one_act():
        stored = _locked(discussion)
        if stored is None:
            return
        _refuse_ended(stored)
        if stored.decisions.exists():
            raise ValidationError("This case has a draft decision; discard it first.")
        _leave(by, stored)


def _leave(by: User, discussion: Discussion) -> None:
    meeting, place, case = discussion.meeting, discussion.place, discussion.case
    _audit(by, AuditAction.SCHEDULED, discussion, meeting=None)
    discussion.delete()
    close_gap(meeting, place)
    refresh_status(case)


def lock_meetings_to_come(case: Case, board: Board) -> None:
    """Lock the board's meetings to come that have the case: before the case itself, as everywhere."""
    planned = case.discussions.filter(board=board, meeting__state=MeetingState.PLANNED)
    for key in sorted(set(planned.values_list("meeting_id", flat=True))):
        lock_meeting(key)


def take_off_unheld(*, by: User, case: Case, board: Board) -> None:
    """Take a case that is no longer shared with the board off its meetings to come, unless a draft
    decision was made of it. Inside an act that has let the person pass.
    """
    planned = case.discussions.filter(board=board, meeting__state=MeetingState.PLANNED, decisions=None)
    for one in planned.open():  # type: ignore[attr-defined]
        stored = _locked(one)
        if stored is not None and stored.meeting is not None and stored.meeting.is_open:
            _leave(by, stored)


@retried
def reorder(*, by: User, meeting: Meeting, order: Sequence[UUID]) -> list[Discussion]:
    """Set the agenda's order. `order` names every discussion of the meeting once, else `ValidationError`."""
    require(by, meeting.board, Right.SCHEDULE)
    with one_act():
        stored = open_meeting(meeting)
        listed = {one.uid: one for one in stored.discussions.order_by("place")}
        if set(order) != set(listed) or len(order) != len(listed):
            raise ValidationError("The agenda has changed meanwhile; look at it again.")
        wanted = [listed[uid] for uid in order]
        if [one.place for one in wanted] == list(range(1, len(wanted) + 1)):
            return wanted
        _number(wanted)
        _audit_meeting(by, stored, order=[str(uid) for uid in order])
    return wanted


@retried
def move_to(*, by: User, discussion: Discussion, place: int) -> list[Discussion]:
    """Give a case another place on its agenda, counted from 1. Beyond the end is last."""
    require_discussion(by, discussion, Right.SCHEDULE)
    if discussion.meeting is None:
        raise ValidationError("An urgent discussion has no place on an agenda.")
    with one_act():
        open_meeting(discussion.meeting)
        listed = [one.uid for one in discussion.meeting.discussions.order_by("place")]
        if discussion.uid not in listed:
            raise ValidationError("The agenda has changed meanwhile; look at it again.")
        listed.remove(discussion.uid)
        listed.insert(max(1, place) - 1, discussion.uid)
        return reorder(by=by, meeting=discussion.meeting, order=listed)


@retried
def carry_over(*, by: User, meeting: Meeting, to: Meeting) -> list[Discussion]:
    """List at `to` whatever `meeting` leaves undecided, in its order; what is listed again already stays.

    Of a closed meeting what was not reached becomes a new discussion that follows the old one; of a meeting
    still planned the listings themselves move.
    """
    require(by, meeting.board, Right.SCHEDULE)
    if to.board_id != meeting.board_id or to.pk == meeting.pk:
        raise ValidationError({"meeting": ["Choose another meeting of the same board."]})
    with one_act():
        for key in sorted({meeting.pk, to.pk}):
            lock_meeting(key)
        open_meeting(to)
        lock_cases(one.case_id for one in left_over(meeting))
        left = left_over(meeting)
        return [list_case(by=by, case=one.case, meeting=to, listing=_again(one)) for one in left]


def left_over(meeting: Meeting) -> list[Discussion]:
    """What the meeting leaves undecided and nothing has taken up since, of cases that its board still has and
    that are not closed.
    """
    cases = Case.objects.of_boards(Board.objects.filter(pk=meeting.board_id).values("pk"))
    listed = meeting.discussions.filter(case__in=cases).select_related("case")
    return [
        one
        for one in listed.prefetch_related("decisions", "followed_by").order_by("place")
        if one.case.stage != CaseStatus.CLOSED
        and (
            (one.is_open and not one.decisions.all())
            or (one.outcome == Outcome.NOT_REACHED and not one.followed_by.all())
        )
    ]


def _again(discussion: Discussion) -> Listing:
    why = discussion.unready_reason or "It was listed before and not reached"
    return replace(listing_of(discussion), reason=ListingReason.CARRIED_OVER, unready_reason=why)


def locked_open(discussion: Discussion) -> Discussion:
    """A discussion, with its meeting and its case locked, that is still open; else `ValidationError`."""
    stored = _locked(discussion)
    if stored is None:
        raise ValidationError("This case has been taken off the agenda.")
    _refuse_ended(stored)
    return stored


def _refuse_ended(discussion: Discussion) -> None:
    if discussion.meeting is not None and not discussion.meeting.is_open:
        state = discussion.meeting.get_state_display().lower()
        raise ValidationError(f"This meeting is {state}: it stays as it is.")
    if not discussion.is_open:
        raise ValidationError(f"This discussion has ended: {discussion.get_outcome_display().lower()}.")


def _locked(discussion: Discussion) -> Discussion | None:
    """The discussion as it is now, after meeting and case were locked; None if it is gone."""
    seen = Discussion.objects.filter(pk=discussion.pk).values("meeting_id", "case_id").first()
    if seen is None:
        return None
    if seen["meeting_id"] is not None:
        lock_meeting(seen["meeting_id"])
    lock_cases([seen["case_id"]])
    found = Discussion.objects.filter(pk=discussion.pk)
    return found.select_related("case__board", "case__patient", "board", "meeting__board").first()


def _listed(case: Case, board: Board) -> Discussion | None:
    return case.discussions.filter(board=board).open().select_related("meeting").first()  # type: ignore[attr-defined]


def _new(case: Case, board: Board, by: User, listing: Listing) -> Discussion:
    last = case.discussions.filter(board=board).order_by("created_at", "pk").last()
    found = Discussion(case=case, board=board, follows=last, minutes=board.minutes_per_case, created_by=by)
    found.created_at = now()
    found.question, found.asks = case.question, list(case.asks)
    found.reason = COMES_BACK.get(last.outcome, "") if last else ""
    _say(found, listing)
    return found


def _say(discussion: Discussion, listing: Listing) -> None:
    """What was left empty stays as it is."""
    said: dict[str, Any] = {
        "question": listing.question,
        "asks": list(listing.asks),
        "reason": listing.reason,
        "presenter": listing.presenter,
        "minutes": listing.minutes,
        "unready_reason": listing.unready_reason,
    }
    for name, value in said.items():
        if value or (discussion.pk is not None and name in {"asks", "presenter", "reason"}):
            setattr(discussion, name, value)
    discussion.track = listing.track


def _save(discussion: Discussion, by: User) -> None:
    discussion.updated_by, discussion.updated_at = by, now()
    if discussion.pk is not None:
        discussion.version += 1
    check(discussion)
    discussion.save()


def _last_place(meeting: Meeting) -> int:
    return meeting.discussions.aggregate(last=Max("place"))["last"] or 0


def close_gap(meeting: Meeting | None, place: int | None) -> None:
    """Move those behind a free place one forward, in order, so that no two ever share a place."""
    if meeting is None or place is None:
        return
    for behind in meeting.discussions.filter(place__gt=place).order_by("place"):
        behind.place = (behind.place or 0) - 1
        behind.save(update_fields=["place"])


def _number(wanted: Iterable[Discussion]) -> None:
    """From 1; in two steps, because at no time may two share a place."""
    listed = list(wanted)
    free = max(one.place or 0 for one in listed) + 1
    for start in (free, 1):
        for place, discussion in enumerate(listed, start):
            discussion.place = place
            discussion.save(update_fields=["place"])


def _audit(by: User, action: str, discussion: Discussion, **detail: Any) -> None:
    AuditEvent.objects.record(
        user=by,
        action=action,
        case=discussion.case,
        kind="discussion",
        uid=discussion.uid,
        detail=detail,
    )


def _audit_meeting(by: User, meeting: Meeting, **detail: Any) -> None:
    AuditEvent.objects.record(
        user=by,
        action=AuditAction.SCHEDULED,
        board=meeting.board,
        kind="meeting",
        uid=meeting.uid,
        detail=detail,
    )
