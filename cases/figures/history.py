"""The part of the record that figures are counted from, read for some boards and a period: as many queries
for a thousand discussions as for one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Case as If
from django.db.models import CharField, Exists, F, Max, OuterRef, Q, QuerySet, When
from django.db.models.functions import Cast
from django.utils import timezone

from cases.choices import MeetingState, StepChange
from cases.models import (
    Attendance,
    Board,
    Case,
    ClinicalAssessment,
    DecisionOption,
    Discussion,
    DiscussionMeasure,
    ImagingStudy,
    Meeting,
    MolecularReport,
    NextStep,
    OptionEvent,
    PathologyReport,
    SerumMarker,
    StepEvent,
    Treatment,
)

# What the findings of a case are dated by.
DATED: tuple[tuple[type[Any], str], ...] = (
    (PathologyReport, "reported_on"),
    (ImagingStudy, "performed_on"),
    (MolecularReport, "reported_on"),
    (SerumMarker, "measured_on"),
    (ClinicalAssessment, "assessed_on"),
    (Treatment, "started_on"),
)


HOUR = len("2026-03-05 16")


class MeetingRow(NamedTuple):
    """A meeting that is closed. `quorum`: whether it was there, by its minutes."""

    key: int
    day: date
    quorum: bool
    disciplines: frozenset[str]


class DiscussionRow(NamedTuple):
    """A discussion of a closed meeting, or an urgent one, which has no `meeting`.

    `day`: the meeting's, or on which the urgent one began. `since`: the day the case was entered, of a later
    discussion the day it was listed. `first`: whether the board had not discussed the case before. `minutes`
    it took, None if it was not taken up; `planned` minutes. `present` of `total` facts, None if not kept.
    """

    key: int
    case: int
    meeting: int | None
    day: date
    since: date
    first: bool
    outcome: str
    deferral: str
    minutes: float | None
    planned: int
    present: int | None
    total: int | None
    concordance: str


class DecisionRow(NamedTuple):
    """The decision of a discussion that stands signed. `without_quorum`: it says why there was none."""

    key: int
    discussion: int
    day: date
    trial: str
    wishes: str
    without_quorum: bool


# Of these there are ten thousands, and plain tuples of plain values are no work for the garbage collector.
FollowedRow = tuple[int, int, str]
"""A next step of a standing decision, or an option that it takes: key, decision, state."""
ChosenRow = tuple[int, int, str, str, str, str, str]
"""What a standing decision made of an option: key, decision, its state if it was taken, choice, statement of
the guideline, intervention, and the reason it deviates for.
"""


class EnteredRow(NamedTuple):
    """A case of the boards that was entered in the period; `discussed`: by its end."""

    case: int
    discussed: bool


@dataclass(frozen=True)
class BoardHistory:
    """What happened from `first` to `last`, both counted, as it stands on the day `today`.

    `treated`: case → the beginnings of its treatments, `seen`: case → the latest date that anything of its
    record bears, both as far as they are known, in ISO's form ("2026-03-05", "2026-03", "2026"): of the many
    there are, few are looked at. `died`: the cases of patients who have died. `options_why` and `steps_why`:
    the reason given last why one was not carried out or only in part, by its key.
    """

    first: date
    last: date
    today: date
    disciplines: tuple[str, ...] = ()
    meetings: tuple[MeetingRow, ...] = ()
    discussions: tuple[DiscussionRow, ...] = ()
    decisions: tuple[DecisionRow, ...] = ()
    options: tuple[ChosenRow, ...] = ()
    steps: tuple[FollowedRow, ...] = ()
    entered: tuple[EnteredRow, ...] = ()
    treated: Mapping[int, Sequence[str]] = field(default_factory=dict)
    seen: Mapping[int, str] = field(default_factory=dict)
    died: frozenset[int] = frozenset()
    options_why: Mapping[int, str] = field(default_factory=dict)
    steps_why: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def discussion_of(self) -> dict[int, DiscussionRow]:
        """Decision → its discussion."""
        known = {one.key: one for one in self.discussions}
        return {one.key: known[one.discussion] for one in self.decisions}

    @cached_property
    def case_of(self) -> dict[int, int]:
        """Decision → its case."""
        return {key: one.case for key, one in self.discussion_of.items()}


def history_of(boards: Sequence[Board], first: date, last: date, today: date) -> BoardHistory:
    """Read what happened from `first` to `last`, both counted, as it stands on the day `today`."""
    return _Reading(boards, first, last).history(first, last, today)


class _Reading:
    """Everything in the period, by one condition: on the meeting, or on when an urgent discussion began."""

    def __init__(self, boards: Sequence[Board], first: date, last: date) -> None:
        self.boards, self.zone = list(boards), timezone.get_current_timezone()
        self.begins, self.ends = _midnight(first), _midnight(last + timedelta(days=1))
        self.day_of_hour: dict[str, date] = {}

    def history(self, first: date, last: date, today: date) -> BoardHistory:
        meetings = tuple(self._meetings())
        every = list(self._discussions({one.key: one.day for one in meetings}))
        return BoardHistory(
            first=first,
            last=last,
            today=today,
            disciplines=tuple(dict.fromkeys(name for one in self.boards for name in one.disciplines)),
            meetings=meetings,
            discussions=tuple([row for row, _ in every]),
            decisions=tuple([signed for _, signed in every if signed]),
            options=tuple(self._options()),
            options_why=self._why(OptionEvent, "option"),
            steps=tuple(self._steps()),
            steps_why=self._why(StepEvent, "step"),
            entered=tuple(self._entered()),
            treated=self._treated(),
            seen=self._seen(),
            died=self._died(),
        )

    def _held(self, before: str = "") -> Q:
        """Discussions of the period; `before`: the way to them."""
        closed = Q(**{f"{before}meeting__state": MeetingState.CLOSED})
        urgent = Q(**{f"{before}meeting": None})
        of_boards = Q(**{f"{before}board__in": self.boards})
        held = closed & self._within(f"{before}meeting__starts_at")
        return of_boards & (held | urgent & self._within(f"{before}started_at"))

    def _within(self, moment: str) -> Q:
        return Q(**{f"{moment}__gte": self.begins, f"{moment}__lt": self.ends})

    def _standing(self) -> QuerySet[DiscussionMeasure, Any]:
        """The decisions of the period that stand signed, by id. The table of decisions itself is not read: of
        each row the snapshot would be.
        """
        held = DiscussionMeasure.objects.filter(self._held("discussion__"), decision__isnull=False)
        return held.order_by().values("decision_id")

    def _meetings(self) -> Iterator[MeetingRow]:
        held = Meeting.objects.filter(
            self._within("starts_at"), board__in=self.boards, state=MeetingState.CLOSED
        )
        there = defaultdict(set)
        for meeting, discipline in Attendance.objects.filter(meeting__in=held.values("pk")).values_list(
            "meeting_id", "discipline"
        ):
            there[meeting].add(discipline)
        for key, starts_at, quorum in held.order_by("starts_at", "pk").values_list(
            "pk", "starts_at", "snapshot__quorum__met"
        ):
            day = timezone.localdate(starts_at)
            yield MeetingRow(key, day, bool(quorum), frozenset(there[key]))

    def _discussions(self, days: Mapping[int, date]) -> Iterator[tuple[DiscussionRow, DecisionRow | None]]:
        """Each with its decision. `days`: of the meetings, by id. No column is one that Django converts."""
        since = If(When(follows=None, then=F("case__created_at")), default=F("created_at"))
        columns = (
            "pk", "case_id", "meeting_id", as_written("started_at"), as_written("ended_at"),
            as_written(since), "follows_id", "outcome", "deferral_reason", "minutes", "measure__present",
            "measure__total", "measure__concordance", "measure__decision_id",
            as_written("measure__signed_at"), "measure__trial", "measure__wishes",
        )  # fmt: skip
        alone, day_of = self._signed_without_quorum(), self._day
        rows = Discussion.objects.filter(self._held()).order_by("pk")
        for (
            key, case, meeting, began, ended, listed, follows, outcome, deferral, planned, present, total,
            concordance, decision, signed_at, trial, wishes,
        ) in rows.values_list(*columns):  # fmt: skip
            day = day_of(began) if meeting is None else days[meeting]
            taken = _minutes(began, ended) if meeting and began and ended else None
            row = DiscussionRow(
                key, case, meeting, day, day_of(listed), follows is None, outcome, deferral, taken, planned,
                present, total, concordance or "",
            )  # fmt: skip
            signed = None
            if decision is not None:
                signed = DecisionRow(decision, key, day_of(signed_at), trial, wishes, decision in alone)
            yield row, signed

    def _signed_without_quorum(self) -> frozenset[int]:
        """Decisions, by id."""
        found = self._standing().filter(without_quorum=True)
        return frozenset(found.values_list("decision_id", flat=True))

    def _died(self) -> frozenset[int]:
        """Cases of the period whose patient has died."""
        found = Discussion.objects.filter(self._held(), case__patient__deceased=True).order_by()
        return frozenset(found.values_list("case_id", flat=True))

    def _options(self) -> Iterator[ChosenRow]:
        rows = DecisionOption.objects.filter(decision__in=self._standing()).order_by()
        columns = ("pk", "decision_id", "state", "choice", "statement_id", "intervention", "reason_code")
        return iter(rows.values_list(*columns))

    def _steps(self) -> Iterator[FollowedRow]:
        rows = NextStep.objects.filter(decision__in=self._standing()).order_by()
        return iter(rows.values_list("pk", "decision_id", "state"))

    def _why(self, events: type[Any], item: str) -> dict[int, str]:
        """The reason given last why each was not carried out or only in part; none that was taken back."""
        ended = events.objects.filter(
            change__in=(StepChange.NOT_DONE, StepChange.PARTLY),
            undone_by=None,
            **{f"{item}__decision__in": self._standing()},
        )
        return dict(ended.order_by("at", "pk").values_list(f"{item}_id", "reason"))

    def _entered(self) -> Iterator[EnteredRow]:
        until = Discussion.objects.filter(case=OuterRef("pk"), meeting__state=MeetingState.CLOSED)
        discussed = Exists(until.filter(meeting__starts_at__lt=self.ends))
        rows = Case.objects.filter(self._within("created_at"), board__in=self.boards)
        for key, was in rows.order_by("pk").annotate(was=discussed).values_list("pk", "was"):
            yield EnteredRow(key, was)

    def _treated(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        rows = Treatment.objects.filter(self._of_cases(), started_on__isnull=False).order_by()
        for case, text in rows.values_list("case_id", as_written("started_on")):
            found[case].append(text)
        return found

    def _seen(self) -> dict[int, str]:
        found: dict[int, str] = {}
        latest = [
            model.objects.filter(self._of_cases())
            .order_by()
            .values_list("case_id")
            .annotate(latest=Max(as_written(dated)))
            for model, dated in DATED
        ]
        for case, text in latest[0].union(*latest[1:], all=True):
            found[case] = max(text or "", found.get(case, ""))
        return found

    def _day(self, text: str) -> date:
        """The local day of a moment as it is written: found once for each hour that is all of one day."""
        day = self.day_of_hour.get(text[:HOUR])
        if day is None:
            moment = _moment(text)
            day = moment.astimezone(self.zone).date()
            full = moment.replace(minute=0, second=0, microsecond=0)
            ends = (full, full + timedelta(hours=1, microseconds=-1))
            if all(one.astimezone(self.zone).date() == day for one in ends):
                self.day_of_hour[text[:HOUR]] = day
        return day

    def _of_cases(self) -> Q:
        """Parts of the boards' own cases, and of those that others share with them."""
        guests = Discussion.objects.filter(board__in=self.boards).exclude(case__board__in=self.boards)
        return Q(case__board__in=self.boards) | Q(case__in=guests.order_by().values("case_id"))


def as_written(column: str | If) -> Cast:
    """A date or a moment as the database writes it: of ten thousands, Django's own reading takes most of the
    time that figures take.
    """
    return Cast(column, CharField())


def _moment(text: str) -> datetime:
    """A moment as it is written: SQLite's is in UTC and does not say so."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _minutes(since: str, until: str) -> float:
    """Between two moments that are written alike."""
    return (datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds() / 60


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
