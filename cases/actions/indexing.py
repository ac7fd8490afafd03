"""What is kept beside the record so that lists are quick: classification, readiness, words to search in.

An index and nobody's edit: it has no author and no audit event, and it can be made anew from the record.
Every action that changes what a case says ends with `keep_index`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import TypeVar

from django.db import InternalError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from cases.assessing import assessed
from cases.facts import facts_of, record_of
from cases.guideline import guideline_of
from cases.models import Case, StoredReadiness
from cases.queries import with_record
from cases.readiness import Readiness, holds, readiness_at, row_of
from cases.record import CaseRecord

AT_ONCE = 200  # cases read together

ItemT = TypeVar("ItemT")


def keep_index(case: Case) -> None:
    """Count a save of the record, and bring the index up to it. Call inside the save's transaction."""
    fresh = with_record(Case.objects.all()).get(pk=case.pk)
    fresh.record_version += 1
    row, entity = _made_from(fresh)
    kept = {"entity": entity, **fresh.search_index()}
    Case.objects.filter(pk=case.pk).update(**kept, record_version=F("record_version") + 1)
    keep_rows([row])
    for name, value in {**kept, "record_version": fresh.record_version}.items():
        setattr(case, name, value)


def keep_indexes(cases: Iterable[int]) -> None:
    """Count a save of each of these cases, by id, and bring the index up to it: for many at once."""
    for piece in _in_pieces(cases):
        Case.objects.filter(pk__in=piece).update(record_version=F("record_version") + 1)
        rows, fresh = [], list(with_record(Case.objects.filter(pk__in=piece)))
        for case in fresh:
            row, case.entity = _made_from(case)
            case.searched, case.born = case.search_index().values()
            rows.append(row)
        Case.objects.bulk_update(fresh, ["entity", "searched", "born"])
        keep_rows(rows)


def index_of_new(record: CaseRecord) -> StoredReadiness:
    """The index of a case that is about to be stored: set on the case, and its row to be stored with it."""
    row, record.case.entity = _made_of(record)
    record.case.searched, record.case.born = record.case.search_index().values()
    return row


def readiness_of_listed(cases: Sequence[Case], today: date | None = None) -> Mapping[int, Readiness]:
    """Case id → its readiness, read from the index; a row that does not hold today is made anew.

    No query for cases from `cases.queries.for_worklist` whose rows hold.
    """
    today = today or timezone.localdate()
    return {pk: readiness_at(row, today) for pk, row in rows_of_listed(cases, today).items()}


def rows_of_listed(cases: Sequence[Case], today: date | None = None) -> Mapping[int, StoredReadiness]:
    """Case id → its row of the index, made anew where it does not hold today."""
    today = today or timezone.localdate()
    rows = {case.pk: row for case in cases if (row := _held(case, today)) is not None}
    return rows | refresh([case.pk for case in cases if case.pk not in rows], today)


def refresh(cases: Sequence[int], today: date | None = None) -> dict[int, StoredReadiness]:
    """Make the rows of these cases anew, by id."""
    if not cases:
        return {}
    stored = with_record(Case.objects.filter(pk__in=cases))
    rows = [_made_from(case, today)[0] for case in stored]
    # Lists are read all the same where nothing can be written.
    with suppress(OperationalError, InternalError), transaction.atomic():
        keep_rows(rows)
    return {row.case_id: row for row in rows}


def rebuild(*, every: bool = False) -> int:
    """Make anew each row that is missing or does not hold today, or `every` row; returns how many it were."""
    today, made = timezone.localdate(), 0
    cases = Case.objects.select_related("board", "readiness").order_by("pk")
    for some in _in_pieces(cases.iterator(AT_ONCE)):
        to_make = [case.pk for case in some if every or _held(case, today) is None]
        made += len(refresh(to_make, today))
    return made


def _in_pieces(cases: Iterable[ItemT]) -> Iterable[list[ItemT]]:
    piece: list[ItemT] = []
    for case in cases:
        piece.append(case)
        if len(piece) == AT_ONCE:
            yield piece
            piece = []
    yield piece


def _held(case: Case, today: date) -> StoredReadiness | None:
    """The stored row, if there is one and it holds."""
    row = getattr(case, "readiness", None)
    return row if row is not None and holds(row, case, today) else None


def _made_from(case: Case, today: date | None = None) -> tuple[StoredReadiness, str]:
    """The row of a case read with its record, and its classification."""
    return _made_of(record_of(case), today)


def _made_of(record: CaseRecord, today: date | None = None) -> tuple[StoredReadiness, str]:
    facts = facts_of(record, today)
    assessment = assessed(guideline_of(record.case), facts)
    return row_of(record, facts, assessment, today), assessment.classification.entity


def keep_rows(rows: Sequence[StoredReadiness]) -> None:
    """Store rows of the index, each in place of the one that its case had."""
    columns = [
        column.name for column in StoredReadiness._meta.concrete_fields if column.name not in ("id", "case")
    ]
    StoredReadiness.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["case"], update_fields=columns
    )
