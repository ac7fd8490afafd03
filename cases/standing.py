"""Where a case stands: what is said of it by hand, and what its discussions make of it. One rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from cases.choices import DECIDED_OUTCOMES, CaseStatus, DecisionStatus, Outcome
from cases.composed import Composed, beside
from cases.models import Board, Case, Discussion


def status_of(case: Case) -> str:
    """The status that stage and discussions come to. A discussion by another board does not count."""
    if case.stage == CaseStatus.CLOSED:
        return CaseStatus.CLOSED
    last = case.discussions.filter(board=case.board_id).order_by("created_at", "pk").last()
    if last is None or last.outcome == Outcome.NOT_REACHED:
        return _undiscussed(case, last)
    if last.outcome in DECIDED_OUTCOMES:
        return CaseStatus.READY if _is_withdrawn(last) else CaseStatus.DECIDED
    if last.outcome == Outcome.DEFERRED:
        return CaseStatus.DEFERRED
    if last.meeting_id is not None:
        return CaseStatus.SCHEDULED
    return _undiscussed(case, last)


def _is_withdrawn(discussion: Discussion) -> bool:
    """Whether the decision was entered in error and nothing has taken its place: nobody has decided."""
    signed = discussion.decisions.filter(status=DecisionStatus.SIGNED)
    return signed.filter(withdrawal__isnull=False).exists()


def _undiscussed(case: Case, last: Discussion | None) -> str:
    return CaseStatus.READY if last is not None else case.stage


def refresh_status(case: Case) -> None:
    """Store the status, which is an index; no version of the record, for nothing of the record changes."""
    stored = Case.objects.get(pk=case.pk)
    status = status_of(stored)
    if status != stored.status:
        Case.objects.filter(pk=case.pk).update(status=status)
    case.stage, case.status = stored.stage, status


@Composed
def _discussions(*, case: Any, boards: Any) -> QuerySet[Discussion]:
    listed = Discussion.objects.filter(case=case, board__in=boards)
    return listed.select_related("meeting", "board").order_by()


def current_discussion(case: Case, boards: Iterable[Board | int]) -> Discussion | None:
    """The discussion of one of `boards` that is to be decided now: the open one, else the last."""
    ids = [board.pk if isinstance(board, Board) else board for board in boards]
    listed = beside(_discussions(case=case.pk, boards=ids), case=case)
    # A case has few; to have the database put so many columns in order takes longer.
    return max(listed, key=lambda one: (one.is_open, one.created_at, one.pk), default=None)
