"""A meeting's agenda: one line for each discussion, with when it is expected and how the case stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from cases.choices import CaseStatus
from cases.models import Case, Discussion, Meeting
from cases.queries import for_worklist
from cases.screens.worklist import WorklistLine, lines_of


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """`expected` is when the case comes up by the planned minutes, or when it did; `signed`: its decision is.

    `since` says what happened to the case since it was listed: closed, or the patient died; "" otherwise.
    """

    discussion: Discussion
    line: WorklistLine
    expected: datetime
    signed: bool
    since: str

    @property
    def case(self) -> Case:
        return self.line.case

    @property
    def ends(self) -> datetime:
        """When it ended, or is to end by the planned minutes."""
        return self.discussion.ended_at or self.expected + timedelta(minutes=self.discussion.minutes)

    @property
    def is_discussed_now(self) -> bool:
        return self.discussion.started_at is not None and self.discussion.ended_at is None


def agenda_of(meeting: Meeting, user: User) -> list[AgendaLine]:
    """The lines of the agenda in their order, of the cases that the person may see."""
    discussions = list(meeting.discussions.on_agenda().prefetch_related("decisions"))  # type: ignore[attr-defined]
    cases = list(for_worklist(user).filter(pk__in=[one.case_id for one in discussions]))
    lines = {line.case.pk: line for line in lines_of(cases)}
    return list(_lines(meeting, (one for one in discussions if one.case_id in lines), lines))


def _lines(
    meeting: Meeting, discussions: Iterable[Discussion], lines: Mapping[int, WorklistLine]
) -> Iterator[AgendaLine]:
    clock = meeting.started_at or meeting.starts_at
    for discussion in discussions:
        expected = discussion.started_at or clock
        line = lines[discussion.case_id]
        signed = any(decision.is_signed for decision in discussion.decisions.all())
        listed = AgendaLine(discussion, line, expected, signed, _since(line.case))
        yield listed
        clock = listed.ends


def undecided(lines: Iterable[AgendaLine]) -> list[Discussion]:
    """What an agenda would leave if nothing more were decided: open, without a draft, of an open case."""
    return [
        line.discussion
        for line in lines
        if line.discussion.is_open
        and not line.discussion.decisions.all()
        and line.case.status != CaseStatus.CLOSED
    ]


def _since(case: Case) -> str:
    if case.patient.deceased:
        return "The patient has died"
    return "The case is closed" if case.status == CaseStatus.CLOSED else ""
