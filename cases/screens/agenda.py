"""A meeting's agenda: one line for each discussion, with when it is expected and how the case stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from cases.actions.indexing import readiness_of_listed
from cases.choices import CaseStatus
from cases.models import Board, Case, Discussion, Meeting
from cases.queries import agenda_of_meeting
from cases.readiness import Readiness
from cases.screens.last_line import last_times_of
from cases.screens.worklist import standing_of


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """`expected` is when the case comes up by the planned minutes, or when it did; `signed`: its decision is;
    `drafted`: it has one, signed or not.

    `entity`, `site`, `ready` and `next` as in the worklist. `since` says what happened to the case since it
    was listed: closed, or the patient died; "" otherwise. `last_time`: what came of its discussion before
    this one, in one line.
    """

    discussion: Discussion
    case: Case
    entity: str
    site: str
    ready: str
    next: str
    expected: datetime
    signed: bool
    drafted: bool
    since: str
    last_time: str

    @property
    def ends(self) -> datetime:
        """When it ended, or is to end by the planned minutes."""
        return self.discussion.ended_at or self.expected + timedelta(minutes=self.discussion.minutes)

    @property
    def is_discussed_now(self) -> bool:
        return self.discussion.started_at is not None and self.discussion.ended_at is None


def agenda_of(meeting: Meeting, user: User) -> list[AgendaLine]:
    """The lines of the agenda in their order, of the cases that the person may see."""
    # Few lines of many columns, which a database puts in order more slowly.
    discussions = sorted(agenda_of_meeting(meeting=meeting.pk), key=lambda one: (one.place or 0, one.pk))
    cases = {case.pk: case for case in _cases_on(discussions, meeting.board, user)}
    ready = readiness_of_listed(list(cases.values()))
    shown = [one for one in discussions if one.case_id in cases]
    return list(_lines(meeting, shown, cases, ready, last_times_of(shown)))


def _cases_on(discussions: Iterable[Discussion], board: Board, user: User) -> list[Case]:
    """The cases discussed by a board that `user` is a member of: its own, and of those shared with it the
    ones that the person may still see.
    """
    cases = [one.case for one in discussions]
    guests = [case.pk for case in cases if case.board_id != board.pk]
    visible = set(
        Case.objects.visible_to(user).filter(pk__in=guests).values_list("pk", flat=True) if guests else ()
    )
    for case in cases:
        if case.board_id == board.pk:
            case.board = board  # not read for each of them
    return [case for case in cases if case.board_id == board.pk or case.pk in visible]


def _lines(
    meeting: Meeting,
    discussions: Iterable[Any],
    cases: Mapping[int, Case],
    ready: Mapping[int, Readiness],
    last_times: Mapping[int, str],
) -> Iterator[AgendaLine]:
    clock = meeting.started_at or meeting.starts_at
    for discussion in discussions:
        case = cases[discussion.case_id]
        discussion.meeting = meeting
        listed = AgendaLine(
            discussion,
            case,
            *standing_of(case, ready[case.pk]),
            discussion.started_at or clock,
            discussion.is_signed,
            discussion.is_drafted,
            _since(case),
            last_times.get(discussion.pk, ""),
        )
        yield listed
        clock = listed.ends


def undecided(lines: Iterable[AgendaLine]) -> list[Discussion]:
    """What an agenda would leave if nothing more were decided: open, without a draft, of an open case."""
    return [
        line.discussion
        for line in lines
        if line.discussion.is_open and not line.drafted and line.case.status != CaseStatus.CLOSED
    ]


def _since(case: Case) -> str:
    if case.patient.deceased:
        return "The patient has died"
    return "The case is closed" if case.status == CaseStatus.CLOSED else ""
