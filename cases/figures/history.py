"""The part of the record that figures are counted from, read for some boards and a period: as many queries
for a thousand discussions as for one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
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
from cases.reading import PartialDate

# What the findings of a case are dated by.
DATED: tuple[tuple[type[Any], str], ...] = (
    (PathologyReport, "reported_on"),
    (ImagingStudy, "performed_on"),
    (MolecularReport, "reported_on"),
    (SerumMarker, "measured_on"),
    (ClinicalAssessment, "assessed_on"),
)


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


class ChosenRow(NamedTuple):
    """What a standing decision made of an option; `of_guideline`: of one of the answer's, or its family's.

    `reason` it deviates for. `state` of one that was taken, and `why` it was not carried out or only in part.
    """

    decision: int
    choice: str
    of_guideline: bool
    reason: str
    state: str
    why: str


class StepRow(NamedTuple):
    """A next step of a standing decision; `why` it was not done, or only in part."""

    decision: int
    state: str
    why: str


class EnteredRow(NamedTuple):
    """A case of the boards that was entered in the period; `discussed`: by its end."""

    case: int
    discussed: bool


@dataclass(frozen=True)
class BoardHistory:
    """What happened from `first` to `last`, both counted, as it stands on the day `today`.

    `treated`: case → the beginnings of its treatments. `seen`: case → the latest day that anything of its
    record is dated by; `died`: the cases of patients who have died.
    """

    first: date
    last: date
    today: date
    disciplines: tuple[str, ...] = ()
    meetings: tuple[MeetingRow, ...] = ()
    discussions: tuple[DiscussionRow, ...] = ()
    decisions: tuple[DecisionRow, ...] = ()
    options: tuple[ChosenRow, ...] = ()
    steps: tuple[StepRow, ...] = ()
    entered: tuple[EnteredRow, ...] = ()
    treated: Mapping[int, Sequence[PartialDate]] = field(default_factory=dict)
    seen: Mapping[int, date] = field(default_factory=dict)
    died: frozenset[int] = frozenset()

    @cached_property
    def discussion_of(self) -> dict[int, DiscussionRow]:
        """Decision → its discussion."""
        known = {one.key: one for one in self.discussions}
        return {one.key: known[one.discussion] for one in self.decisions}


def history_of(boards: Sequence[Board], first: date, last: date, today: date) -> BoardHistory:
    """Read what happened from `first` to `last`, both counted, as it stands on the day `today`."""
    return _Reading(boards, first, last).history(first, last, today)


class _Reading:
    """Everything in the period, by one condition: on the meeting, or on when an urgent discussion began."""

    def __init__(self, boards: Sequence[Board], first: date, last: date) -> None:
        self.boards = list(boards)
        self.begins, self.ends = _midnight(first), _midnight(last + timedelta(days=1))

    def history(self, first: date, last: date, today: date) -> BoardHistory:
        every = list(self._discussions())
        treated = self._treated()
        return BoardHistory(
            first=first,
            last=last,
            today=today,
            disciplines=tuple(dict.fromkeys(name for one in self.boards for name in one.disciplines)),
            meetings=tuple(self._meetings()),
            discussions=tuple(row for row, _, _ in every),
            decisions=tuple(signed for _, signed, _ in every if signed),
            options=tuple(self._options()),
            steps=tuple(self._steps()),
            entered=tuple(self._entered()),
            treated=treated,
            seen=self._seen(treated),
            died=frozenset(row.case for row, _, died in every if died),
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
            yield MeetingRow(key, timezone.localdate(starts_at), bool(quorum), frozenset(there[key]))

    def _discussions(self) -> Iterator[tuple[DiscussionRow, DecisionRow | None, bool]]:
        """Each with its decision, and with whether its patient has died."""
        columns = (
            "pk", "case_id", "meeting_id", "meeting__starts_at", "started_at", "ended_at", "case__created_at",
            "created_at", "follows_id", "outcome", "deferral_reason", "minutes", "measure__present",
            "measure__total", "measure__concordance", "measure__decision_id", "measure__signed_at",
            "measure__trial", "measure__wishes", "measure__without_quorum", "case__patient__deceased",
        )  # fmt: skip
        rows = Discussion.objects.filter(self._held()).order_by("pk").values_list(*columns)
        for (
            key, case, meeting, starts_at, began, ended, entered, listed, follows, outcome, deferral, planned,
            present, total, concordance, decision, signed_at, trial, wishes, without_quorum, died,
        ) in rows:  # fmt: skip
            row = DiscussionRow(
                key=key,
                case=case,
                meeting=meeting,
                day=timezone.localdate(starts_at or began),
                since=timezone.localdate(entered if follows is None else listed),
                first=follows is None,
                outcome=outcome,
                deferral=deferral,
                minutes=(ended - began).total_seconds() / 60 if meeting and began and ended else None,
                planned=planned,
                present=present,
                total=total,
                concordance=concordance or "",
            )
            signed = None
            if decision is not None:
                day = timezone.localdate(signed_at)
                signed = DecisionRow(decision, key, day, trial, wishes, without_quorum)
            yield row, signed, died is True

    def _options(self) -> Iterator[ChosenRow]:
        why = self._why(OptionEvent, "option")
        rows = DecisionOption.objects.filter(decision__in=self._standing()).order_by("pk")
        for key, decision, choice, statement, intervention, reason, state in rows.values_list(
            "pk", "decision_id", "choice", "statement_id", "intervention", "reason_code", "state"
        ):
            of_guideline = bool(statement or intervention)
            yield ChosenRow(decision, choice, of_guideline, reason, state, why.get(key, ""))

    def _why(self, events: type[Any], item: str) -> dict[int, str]:
        """The reason given last why each was not done, or only in part; none that was taken back."""
        ended = events.objects.filter(
            change__in=(StepChange.NOT_DONE, StepChange.PARTLY),
            undone_by=None,
            **{f"{item}__decision__in": self._standing()},
        )
        return dict(ended.order_by("at", "pk").values_list(f"{item}_id", "reason"))

    def _steps(self) -> Iterator[StepRow]:
        why = self._why(StepEvent, "step")
        rows = NextStep.objects.filter(decision__in=self._standing()).order_by("pk")
        for key, decision, state in rows.values_list("pk", "decision_id", "state"):
            yield StepRow(decision, state, why.get(key, ""))

    def _entered(self) -> Iterator[EnteredRow]:
        until = Discussion.objects.filter(case=OuterRef("pk"), meeting__state=MeetingState.CLOSED)
        discussed = Exists(until.filter(meeting__starts_at__lt=self.ends))
        rows = Case.objects.filter(self._within("created_at"), board__in=self.boards)
        for key, was in rows.order_by("pk").annotate(was=discussed).values_list("pk", "was"):
            yield EnteredRow(key, was)

    def _treated(self) -> dict[int, list[PartialDate]]:
        found: dict[int, list[PartialDate]] = defaultdict(list)
        rows = Treatment.objects.filter(case__in=self._cases(), started_on__isnull=False)
        for case, started_on in rows.order_by().values_list("case_id", "started_on"):
            found[case].append(started_on)
        return found

    def _seen(self, treated: Mapping[int, Iterable[PartialDate]]) -> dict[int, date]:
        found = {case: max(one.first for one in dates) for case, dates in treated.items()}
        latest = [
            model.objects.filter(case__in=self._cases())
            .order_by()
            .values_list("case_id")
            .annotate(Max(dated))
            for model, dated in DATED
        ]
        for case, day in latest[0].union(*latest[1:], all=True):
            if day is not None:
                found[case] = max(day.first, found.get(case, day.first))
        return found

    def _cases(self) -> Any:
        return Discussion.objects.filter(self._held()).order_by().values("case_id")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
