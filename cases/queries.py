"""Querysets that need several models: they stand above the models, which so need not know each other."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone

from cases import choices
from cases.composed import Composed, beside
from cases.models import (
    Attendance,
    Board,
    Case,
    ClinicalAssessment,
    Decision,
    Discussion,
    ImagingStudy,
    Meeting,
    MolecularReport,
    PathologyReport,
    SerumMarker,
    Treatment,
)
from cases.models.base import Stamped
from cases.models.case import CaseQuerySet
from cases.models.decision import SIGNED_STATES

# The repeatable parts of a case, by the relation that holds them.
PARTS: Mapping[str, type[Stamped]] = {
    "pathology_reports": PathologyReport,
    "imaging_studies": ImagingStudy,
    "molecular_reports": MolecularReport,
    "markers": SerumMarker,
    "treatments": Treatment,
    "assessments": ClinicalAssessment,
}

# What an agenda shows of a case. Half of a list's time went into columns that no list shows.
ON_AGENDA = (
    "uid", "record_version", "status", "entity", "primary_site", "is_demo", "board_id",
    "patient__surname", "patient__given_names", "patient__record_number", "patient__birth_date",
    "patient__deceased",
    *(f"readiness__{name}" for name in
      ("record_version", "basis", "first_day", "next_turn", "missing", "known")),
)  # fmt: skip

# And of the discussion.
DISCUSSED = (
    "uid", "version", "case_id", "board_id", "meeting_id", "place", "question", "reason", "presenter",
    "track", "minutes", "late", "unready_reason", "started_at", "ended_at", "outcome", "deferral_reason",
    "awaited", "created_at",
)  # fmt: skip

# What the worklist shows of it besides.
LISTED = (
    *ON_AGENDA, "version", "updated_at", "question", "citation",
    "board__name", "board__slug", "board__guideline", "board__hpf_field_mm2", "board__current_for_days",
    "owner__first_name", "owner__last_name", "owner__username",
)  # fmt: skip

# What the list of cases under a statement shows and is made from.
UNDER_STATEMENT = (
    "uid", "record_version", "updated_at", "question", "entity",
    "patient__surname", "patient__given_names",
    "board__name", "board__guideline", "board__hpf_field_mm2", "board__current_for_days",
    *(f"readiness__{name}" for name in
      ("record_version", "basis", "first_day", "next_turn", "standings", "turns_on")),
)  # fmt: skip

# What a recall shows of a case and asks of it.
RECALLED = (
    "uid", "record_version", "updated_at", "status", "question", "is_demo",
    "patient__surname", "patient__given_names", "patient__record_number", "patient__deceased",
    "board__slug", "board__guideline", "board__hpf_field_mm2", "board__current_for_days",
    *(f"readiness__{name}" for name in
      ("record_version", "basis", "first_day", "next_turn", "facts")),
)  # fmt: skip

# What of a board decides how its records are read and printed.
BOARD_SETTINGS = ("guideline", "hpf_field_mm2", "current_for_days", "name", "paper")
MINUTES = 10 * 60  # seconds


def with_case(cases: CaseQuerySet) -> CaseQuerySet:
    """The cases with what stands beside them once: patient, board, people."""
    return cases.select_related("patient", "board", "owner", "created_by", "updated_by")


def with_record(cases: CaseQuerySet) -> CaseQuerySet:
    """The cases with everything that `cases.record.record_of` reads, in a fixed number of queries."""
    return with_case(cases).prefetch_related(*_parts_of_record())


@Composed
def _parts_of(model: Any, *, case: Any) -> QuerySet[Any]:
    return _with_author(model).filter(case=case)


def bring_record(case: Case) -> None:
    """The same for one case that was read by `with_case`."""
    known = case.__dict__.setdefault("_prefetched_objects_cache", {})
    for relation, model in PARTS.items():
        parts = getattr(case, relation).all()
        # As Django does it with what it prefetches.
        parts._result_cache, parts._prefetch_done = beside(_parts_of(model, case=case.pk), case=case), True
        known[relation] = parts


def _parts_of_record() -> list[Prefetch]:
    return [Prefetch(relation, queryset=_with_author(model)) for relation, model in PARTS.items()]


def at_the_door(cases: CaseQuerySet) -> CaseQuerySet:
    """The cases with what the door asks of them, and what `remembered_as` looks them up by."""
    return cases.select_related("board").only(
        "uid",
        "record_version",
        "version",
        "status",
        "stage",
        *(f"board__{name}" for name in BOARD_SETTINGS),
    )


def remembered_as(case: Case) -> Case:
    """The case with its record as it is stored, read again only if it has changed since this process last
    read it: for what comes with every keystroke. Not to be changed, and shown to nobody unasked: whoever gets
    it has passed the door with `case`, which was just read with its board.

    It holds what `record_version` and the board's settings vouch for; the status of the case and
    people's names may be some minutes old.
    """
    settings = (getattr(case.board, name) for name in BOARD_SETTINGS)
    state = (case.pk, case.record_version, case.version, *settings)
    return _read(case.uid, state, int(time.monotonic()) // MINUTES)


# In the memory of this process only, and there for few cases and a short time.
@lru_cache(maxsize=64)
def _read(uid: UUID, state: tuple[Any, ...], _period: int) -> Case:
    return with_record(Case.objects.all()).get(uid=uid)


def _with_author(model: type[Stamped]) -> QuerySet[Any]:
    return model._default_manager.select_related("updated_by")


def with_next_meeting(cases: CaseQuerySet, now: datetime | None = None) -> CaseQuerySet:
    """The cases annotated with `meets_at` and `meets_place`: when each is discussed next and at which place
    of that agenda; None if it is not listed."""
    listed = Discussion.objects.open().filter(
        case=OuterRef("pk"), meeting__starts_at__gte=now or timezone.now()
    )
    first = listed.order_by("meeting__starts_at", "pk")
    annotated: CaseQuerySet = cases.annotate(
        meets_at=Subquery(first.values("meeting__starts_at")[:1]),
        meets_place=Subquery(first.values("place")[:1]),
    )
    return annotated


def may_be_listed(meeting: Meeting) -> CaseQuerySet:
    """The open cases of the meeting's board that are not on its agenda."""
    here = Discussion.objects.filter(meeting=meeting).values("case")
    board = Board.objects.filter(pk=meeting.board_id).values("pk")
    cases: CaseQuerySet = Case.objects.of_boards(board).open().exclude(pk__in=here)
    return cases


def for_statement(user: User | Any) -> CaseQuerySet:
    """The open cases that `user` may see, with what the index says of each statement; see `visible_to`."""
    cases: CaseQuerySet = (
        Case.objects.visible_to(user)
        .open()
        .select_related("patient", "board", "readiness")
        .only(*UNDER_STATEMENT)
    )
    return cases


def for_recall(cases: CaseQuerySet) -> CaseQuerySet:
    """The cases with the facts that are kept of each, and none of their reports."""
    chosen: CaseQuerySet = cases.select_related("patient", "board", "readiness").only(*RECALLED)
    return chosen


def as_agenda(discussions: QuerySet[Discussion]) -> QuerySet[Discussion]:
    """The discussions as lines of an agenda, each with its case and stored readiness, without board and
    owner. Whoever shows them has asked who may see them.

    `is_drafted`: it has a decision, signed or not; `is_signed`: it has one that has been signed. To know
    that, none is read: their snapshots are long.
    """
    decisions = Decision.objects.filter(discussion=OuterRef("pk")).order_by()
    signed = Exists(decisions.filter(status__in=SIGNED_STATES))
    with_decisions = discussions.annotate(is_drafted=Exists(decisions), is_signed=signed)
    return with_decisions.select_related("case__patient", "case__readiness").only(
        *DISCUSSED, *(f"case__{name}" for name in ON_AGENDA)
    )


@Composed
def decisions_of(*, discussion: Any) -> QuerySet[Decision]:
    """The decisions of a discussion, in no order; what they froze is read only when it is asked for."""
    related = Decision.objects.filter(discussion=discussion)
    related = related.select_related("updated_by", "supersedes", "withdrawal")
    return related.defer("snapshot", "supersedes__snapshot").order_by()


attendance_of = Composed(lambda *, meeting: Attendance.objects.filter(meeting=meeting))
"""The roll call of a meeting, in the order of coming."""

agenda_of_meeting = Composed(
    lambda *, meeting: as_agenda(Discussion.objects.filter(meeting=meeting).order_by())
)


def for_worklist(user: User | Any) -> CaseQuerySet:
    """The cases that `user` may see, with their stored readiness and none of their reports."""
    cases: CaseQuerySet = (
        Case.objects.visible_to(user).select_related("patient", "board", "owner", "readiness").only(*LISTED)
    )
    return cases


@Composed
def _listed_next(*, cases: Any, now: Any) -> QuerySet[Discussion, Any]:
    listed = Discussion.objects.open().filter(case__in=cases, meeting__starts_at__gte=now)
    latest_first = listed.order_by("-meeting__starts_at", "-pk")
    return latest_first.values_list("case", "meeting__starts_at", "place")


def next_meetings(
    cases: Iterable[Case], now: datetime | None = None
) -> dict[int, tuple[datetime, int | None]]:
    """Case id → when it is discussed next and at which place of that agenda; without those not listed."""
    found = _listed_next(cases=[case.pk for case in cases], now=now or timezone.now())
    return {case: (at, place) for case, at, place in found}


@Composed
def _signed(*, cases: Any) -> QuerySet[Decision, int]:
    signed = Decision.objects.filter(case__in=cases, status=choices.DecisionStatus.SIGNED, withdrawal=None)
    return signed.order_by().values_list("case", flat=True)


def signed_among(cases: Iterable[Case]) -> set[int]:
    """The ids of the cases with a signed decision that stands."""
    return set(_signed(cases=[case.pk for case in cases]))
