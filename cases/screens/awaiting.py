"""What the cases of coming meetings lack and who owes it, and what deferred cases wait for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import F
from django.utils import timezone

from cases.access import rights_of
from cases.actions.indexing import readiness_of_listed
from cases.choices import Outcome, Right
from cases.forms.what_if import OWNERS
from cases.models import AskedFor, Case, Discussion, Meeting, Membership
from cases.queries import for_worklist
from cases.readiness import Readiness, ReadinessItem
from cases.screens.worklist import lacking

AWAITED = ""  # in place of the owner, for what a deferral awaits


@dataclass(frozen=True, slots=True)
class OwedLine:
    """What one supplier owes to a case, in words with the fact's code; `asked`: the last time, if ever."""

    owner: str
    title: str
    facts: tuple[tuple[str, str], ...]
    asked: AskedFor | None

    @property
    def wanted(self) -> str:
        return ", ".join(words for _, words in self.facts)


@dataclass(frozen=True, slots=True)
class ReadinessLine:
    """A case of a coming meeting. `may_ask`: whether the person may note that somebody was asked."""

    discussion: Discussion
    case: Case
    readiness: Readiness
    below: bool
    owed: tuple[OwedLine, ...]
    may_ask: bool

    @property
    def stale(self) -> int:
        return sum(item.state == "stale" for item in self.readiness.items)

    @property
    def missing(self) -> int:
        return sum(item.state == "missing" for item in self.readiness.items)


@dataclass(frozen=True, slots=True)
class DeferredLine:
    """A deferred case that nothing has taken up since. `overdue`: the day by which it was awaited is over."""

    discussion: Discussion
    case: Case
    overdue: bool
    asked: AskedFor | None
    may_ask: bool
    may_list: bool


@dataclass(frozen=True, slots=True)
class AwaitedPage:
    """Coming meetings with their cases, the next one first; deferred cases, overdue ones first."""

    meetings: tuple[tuple[Meeting, tuple[ReadinessLine, ...]], ...]
    deferred: tuple[DeferredLine, ...]


def awaited_by(user: User) -> AwaitedPage:
    """Of the person's boards, and of the cases that they may see."""
    mine = Membership.objects.filter(user=user).select_related("board")
    rights = {one.board_id: rights_of(one) for one in mine}
    meetings = list(Meeting.objects.visible_to(user).to_come())
    on_agenda = Discussion.objects.open().filter(meeting__in=meetings).order_by("place")
    deferred = list(_deferred(rights))
    listed = list(on_agenda)
    cases = _cases(user, [*listed, *deferred])
    ready = readiness_of_listed([cases[one.case_id] for one in listed if one.case_id in cases])
    asked = _asked(cases)
    may_ask = {pk for pk, case in cases.items() if Right.ENTER in rights.get(case.board_id, ())}
    today = timezone.localdate()
    by_meeting = {
        meeting: tuple(
            _line(one, meeting, cases[one.case_id], ready[one.case_id], asked, one.case_id in may_ask)
            for one in listed
            if one.meeting_id == meeting.pk and one.case_id in cases
        )
        for meeting in meetings
    }
    return AwaitedPage(
        tuple(by_meeting.items()),
        tuple(
            DeferredLine(
                one,
                cases[one.case_id],
                one.awaited_by is not None and one.awaited_by < today,
                asked.get((one.case_id, AWAITED)),
                one.case_id in may_ask,
                Right.SCHEDULE in rights[one.board_id],
            )
            for one in deferred
            if one.case_id in cases
        ),
    )


def owed_lines(case: int, readiness: Readiness, asked: Mapping[tuple[int, str], AskedFor]) -> list[OwedLine]:
    """What each supplier owes, in the order in which the facts decide."""
    return [
        OwedLine(owner, OWNERS[owner], tuple(map(_named, items)), asked.get((case, owner)))
        for owner, items in readiness.owed_by().items()
    ]


def _named(item: ReadinessItem) -> tuple[str, str]:
    return item.fact, lacking(item)


def _line(
    discussion: Discussion,
    meeting: Meeting,
    case: Case,
    readiness: Readiness,
    asked: Mapping[tuple[int, str], AskedFor],
    may_ask: bool,
) -> ReadinessLine:
    owed = () if case.patient.deceased else tuple(owed_lines(case.pk, readiness, asked))
    below = readiness.share < meeting.board.least_ready
    return ReadinessLine(discussion, case, readiness, below, owed, may_ask)


def _deferred(boards: Mapping[int, object]) -> Sequence[Discussion]:
    """The boards' deferred discussions that nothing follows, the earliest day first, no day last."""
    found = Discussion.objects.filter(board__in=boards, outcome=Outcome.DEFERRED, followed_by=None)
    return list(found.order_by(F("awaited_by").asc(nulls_last=True), "pk"))


def _cases(user: User, discussions: Sequence[Discussion]) -> dict[int, Case]:
    wanted = {one.case_id for one in discussions}
    return {case.pk: case for case in for_worklist(user).filter(pk__in=wanted)}


def _asked(cases: Mapping[int, Case]) -> dict[tuple[int, str], AskedFor]:
    """The last asking for each case and supplier."""
    asked = AskedFor.objects.filter(case__in=cases).order_by("asked_on", "pk")
    return {(one.case_id, one.owner): one for one in asked}
