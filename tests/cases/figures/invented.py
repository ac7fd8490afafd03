"""Invented histories of a board, stored as a year of meetings leaves them, and without the actions."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from hypothesis import strategies as st

from cases import choices
from cases.choices import DeferralReason, DeviationReason, NotDoneReason, OptionChoice
from cases.concordance import Concordance
from cases.models import (
    Board,
    Case,
    Decision,
    DecisionOption,
    DecisionWithdrawal,
    Discussion,
    DiscussionMeasure,
    ImagingStudy,
    Meeting,
    NextStep,
    OptionEvent,
    StepEvent,
    Treatment,
)
from cases.reading import PartialDate
from tests import factories

FIRST, LAST, TODAY = datetime.date(2025, 1, 1), datetime.date(2025, 12, 31), datetime.date(2026, 2, 1)
# From the first day: few, so that they meet; some outside the year, in March, and 90 days before today.
DAYS = st.sampled_from([-20, 0, 40, 60, 75, 95, 200, 306, 364, 370])
ENDED = ("done", "partly", "not_done", "open", "taken_over")


@dataclass(frozen=True)
class Followed:
    """`undone`: another end was recorded after that, and taken back."""

    state: str
    reason: str
    undone: bool = False


@dataclass(frozen=True)
class Option:
    choice: str
    of_guideline: bool
    reason: str
    followed: Followed


@dataclass(frozen=True)
class Invented:
    """One discussion; `decision`: none, draft, signed or withdrawn. Days count from the period's first."""

    case: int
    day: int
    urgent: bool
    outcome: str
    deferral: str
    minutes: int | None
    complete: bool | None
    concordance: str
    decision: str
    signed_after: int
    considered: tuple[str, str]
    without_quorum: bool
    held: bool = True
    options: list[Option] = field(default_factory=list)
    steps: list[Followed] = field(default_factory=list)


@dataclass(frozen=True)
class InventedCase:
    entered: int
    treated: list[str]
    imaged: list[int]
    died: bool


def day_of(number: int) -> datetime.date:
    return FIRST + datetime.timedelta(days=number)


followed = st.builds(Followed, st.sampled_from(ENDED), st.sampled_from(NotDoneReason.values), st.booleans())
option = st.builds(
    Option,
    st.sampled_from(OptionChoice.values),
    st.booleans(),
    st.sampled_from(["", *DeviationReason.values]),
    followed,
)
discussion = st.builds(
    Invented,
    case=st.integers(0, 2),
    day=DAYS,
    urgent=st.sampled_from([False, False, False, True]),
    outcome=st.sampled_from(["decided", "decided", "protocol", "deferred", "not_reached"]),
    deferral=st.sampled_from(DeferralReason.values),
    minutes=st.none() | st.integers(0, 20),
    complete=st.none() | st.booleans(),
    concordance=st.sampled_from(["", *(one.value for one in Concordance)]),
    decision=st.sampled_from(["none", "draft", "signed", "signed", "signed", "withdrawn"]),
    signed_after=st.integers(0, 9),
    considered=st.tuples(*[st.sampled_from(choices.Considered.values)] * 2),
    without_quorum=st.booleans(),
    held=st.sampled_from([True, True, True, False]),
    options=st.lists(option, max_size=3),
    steps=st.lists(followed, max_size=2),
)
dates = DAYS.map(lambda number: day_of(number).isoformat()) | st.sampled_from(["2025-03", "2025", "2024"])
case = st.builds(InventedCase, DAYS, st.lists(dates, max_size=2), st.lists(DAYS, max_size=2), st.booleans())
histories = st.tuples(st.tuples(case, case, case), st.lists(discussion, max_size=6))


def at(day: datetime.date, hour: int = 16, minute: int = 0) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day, hour, minute, tzinfo=datetime.UTC)


def store(board: Board, by: User, cases: tuple[InventedCase, ...], told: list[Invented]) -> None:
    stored = [_case(board, by, one) for one in cases]
    for place, one in enumerate(told):
        _discussion(board, by, stored[one.case], one, place)


def _case(board: Board, by: User, one: InventedCase) -> Case:
    made: Case = factories.CaseFactory(
        board=board, created_by=by, created_at=at(day_of(one.entered)), patient__deceased=one.died or None
    )
    stamps = {"case": made, "created_by": by, "updated_by": by}
    Treatment.objects.bulk_create(
        Treatment(kind="surgery", started_on=PartialDate.from_iso(text), **stamps) for text in one.treated
    )
    ImagingStudy.objects.bulk_create(
        ImagingStudy(modality="ct", performed_on=PartialDate.of(day_of(number)), **stamps)
        for number in one.imaged
    )
    return made


def _discussion(board: Board, by: User, case: Case, one: Invented, place: int) -> None:
    begins = at(day_of(one.day), minute=place)
    meeting = None if one.urgent else Meeting.objects.create(
        board=board, starts_at=begins, created_by=by, updated_by=by
    )  # fmt: skip
    deferred = one.outcome == "deferred"
    made = Discussion.objects.create(
        case=case, board=board, meeting=meeting, place=None if one.urgent else 1, question="?", minutes=10,
        urgent_reason="Now" if one.urgent else "", outcome=one.outcome, created_at=begins,
        follows=case.discussions.order_by("pk").last(), started_at=begins,
        ended_at=None if one.minutes is None else begins + datetime.timedelta(minutes=one.minutes),
        deferral_reason=one.deferral if deferred else "", awaited="Something" if deferred else "",
        created_by=by, updated_by=by,
    )  # fmt: skip
    if one.decision != "none":
        _decision(by, made, one)
    signed = made.decisions.filter(status="signed", withdrawal=None).first()
    DiscussionMeasure.objects.create(
        discussion=made,
        present=None if one.complete is None else 4 + one.complete,
        total=None if one.complete is None else 5,
        concordance=one.concordance if signed else "",
        decision=signed,
        signed_at=signed and signed.signed_at,
        trial=signed.trial_considered if signed else "",
        wishes=signed.wishes_considered if signed else "",
        without_quorum=bool(signed and signed.quorum_reason),
    )
    if meeting is not None and one.held:
        meeting.state, meeting.closed_at, meeting.closed_by = "closed", begins, by
        meeting.snapshot, meeting.snapshot_digest = {"quorum": {"met": one.without_quorum}}, "sha256:0"
        meeting.save()


def _decision(by: User, discussion: Discussion, one: Invented) -> None:
    stamps = {"drafted_by": by, "created_by": by, "updated_by": by}
    trial, wishes = one.considered
    made = Decision.objects.create(
        case=discussion.case, discussion=discussion, trial_considered=trial, wishes_considered=wishes,
        quorum_reason="Urgent" if one.without_quorum else "", **stamps,
    )  # fmt: skip
    for order, option in enumerate(one.options):
        _option(by, made, order, option)
    for order, step in enumerate(one.steps):
        row = NextStep.objects.create(decision=made, order=order, text="Step", state=step.state)
        _happened(StepEvent, by, step, step=row)
    if one.decision == "draft":
        return
    made.status, made.signed_by, made.signed_at = "signed", by, at(day_of(one.day + one.signed_after), 17)
    made.snapshot, made.snapshot_digest = {"format": 1}, "sha256:0"
    made.save()
    if one.decision == "withdrawn":
        DecisionWithdrawal.objects.create(decision=made, reason="Wrong patient", by=by)


def _option(by: User, decision: Decision, order: int, one: Option) -> None:
    own = one.choice == "own"
    said: dict[str, Any] = {} if own else {"stance": "recommended", "agreement": "consensus"}
    row = DecisionOption.objects.create(
        decision=decision, order=order, title="Option", choice=one.choice, reason_code=one.reason,
        reason_text="Said", state=one.followed.state, statement_id="" if own else f"statement-{order}",
        intervention="captem" if own and one.of_guideline else "", **said,
    )  # fmt: skip
    _happened(OptionEvent, by, one.followed, option=row)


def _happened(events: Any, by: User, one: Followed, **to: Any) -> None:
    if one.state in ("not_done", "partly"):
        events.objects.create(change=one.state, reason=one.reason, by=by, **to)
    if one.undone:
        gone = events.objects.create(change="not_done", reason="lost", by=by, **to)
        events.objects.create(change="undone", undoes=gone, by=by, **to)
