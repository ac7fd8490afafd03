"""Taking over a list as it was planned, and taking all of it back.

One transaction; for each case one audit event and one `ImportedRow` that says from which row; each save is a
`RecordVersion` like any other. A list that changes nothing writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from cases.access import require
from cases.actions.edits import StaleEdit, lock, stated, store_edit, store_new
from cases.actions.import_parts import PlannedPart
from cases.actions.import_plan import PlannedRow
from cases.actions.indexing import index_of_new, keep_indexes, keep_rows
from cases.actions.locks import lock_cases, retried
from cases.actions.planning import keep_follow_up
from cases.actions.versions import keep, values_of
from cases.choices import AuditAction, CaseStatus, Right
from cases.models import (
    AuditEvent,
    Board,
    Case,
    ImportedRow,
    ListImport,
    ListReading,
    Patient,
    RecordVersion,
    StoredReadiness,
)
from cases.models.audit import one_act
from cases.models.base import Entered, Stamped
from cases.models.exchange import LONGEST_LIST
from cases.record import FIELD_OF, CaseRecord, newest_first
from cases.standing import refresh_status

AT_ONCE = 500  # rows stored by one statement


class ImportOutdated(Exception):
    """What the plan was made of has changed since; nothing was written. Look at the plan again."""


@dataclass(frozen=True, slots=True)
class ListSource:
    """The list itself: its name for people, the SHA-256 of its file, and how it was read."""

    name: str
    digest: str
    reading: ListReading | None = None

    def origin(self, row: int) -> str:
        """How a part of the record says where it came from."""
        return f"list {self.name[:LONGEST_LIST]}, row {row}"


def keep_reading(*, by: User, board: Board, name: str, content: Mapping[str, Any]) -> ListReading:
    """How a list is read, under a name of the board's: a new version, unless the newest says the same."""
    require(by, board, Right.ENTER)
    with one_act():
        lock(board)
        newest = ListReading.objects.filter(board=board, name=name).order_by("-version").first()
        if newest is not None and newest.content == content:
            return newest
        made = ListReading(
            board=board, name=name, version=newest.version + 1 if newest else 1, content=content, by=by
        )
        made.full_clean()
        made.save()
        AuditEvent.objects.record(
            user=by,
            action=AuditAction.CHANGED,
            board=board,
            kind="list reading",
            detail={"version": made.version},
        )
    return made


def prepare(rows: Iterable[PlannedRow]) -> Iterator[PlannedRow]:
    """Make the index of each new case, which takes the longest, before anything is locked."""
    for row in rows:
        if row.state == "create" and row.case is not None:
            row.index = index_of_new(_record_of_new(row))
        yield row


def _record_of_new(row: PlannedRow) -> CaseRecord:
    parts: dict[str, Any] = {}
    for model, name in FIELD_OF.items():
        parts[name] = newest_first(part.part for part in row.parts if type(part.part) is model)
    case = _case_of(row)
    return CaseRecord(case=case, patient=case.patient, **parts)


@retried
def take_over(
    *, by: User, board: Board, rows: Sequence[PlannedRow], source: ListSource, refused: int = 0
) -> ListImport | None:
    """Store what the rows plan; refused ones are left out, and `refused` more could not even be read. None
    where there is nothing to store.

    Raises `ImportOutdated` where somebody has changed since what a row was compared with.
    """
    require(by, board, Right.ENTER)
    new = [row for row in rows if row.state == "create"]
    changed = [row for row in rows if row.state == "change"]
    if not new and not changed:
        return None
    states = [row.state for row in rows]
    with one_act():
        lock(board)
        lock_cases(_case_of(row) for row in changed)
        made = ListImport.objects.create(
            board=board,
            by=by,
            name=source.name[:LONGEST_LIST],
            digest=source.digest,
            reading=source.reading,
            created=len(new),
            changed=len(changed),
            unchanged=states.count("unchanged"),
            refused=refused + states.count("refused"),
        )
        _store_new(by, board, new, made, source)
        touched = _store_changes(by, [*new, *changed], made, source)
        keep_indexes(sorted(touched))
        for case in touched.values():
            keep_follow_up(by, case)
    return made


# --- New cases ----------------------------------------------------------------------------------------


def _store_new(
    by: User, board: Board, rows: Sequence[PlannedRow], made: ListImport, source: ListSource
) -> None:
    people = _new_people(rows)
    numbers = [patient.record_number_folded for patient in people]
    for start in range(0, len(numbers), AT_ONCE):
        piece = numbers[start : start + AT_ONCE]
        if Patient.objects.filter(board=board, record_number_folded__in=piece).exists():
            raise ImportOutdated("A patient of this list has been entered since.")
    Patient.objects.bulk_create(people, AT_ONCE)
    for row in rows:
        case = _case_of(row)
        case.patient = case.patient  # its id is known by now
        for part in row.parts:
            if isinstance(part.part, Entered):
                part.part.origin = source.origin(row.number)
    Case.objects.bulk_create([_case_of(row) for row in rows], AT_ONCE)
    for model in FIELD_OF:
        parts = [part.part for row in rows for part in row.parts if type(part.part) is model]
        for stored in parts:
            stored.case = stored.case  # type: ignore[attr-defined]
        model._base_manager.bulk_create(parts, AT_ONCE)
    _store_indexes(rows)
    RecordVersion.objects.bulk_create(
        [_first_version(by, row, part) for row in rows for part in row.parts if part.is_new], AT_ONCE
    )


def _new_people(rows: Iterable[PlannedRow]) -> list[Patient]:
    """Each new patient once, though several rows may be theirs."""
    people = (row.patient for row in rows if row.patient is not None)
    return list({id(person): person for person in people if person.pk is None}.values())


def _case_of(row: PlannedRow) -> Case:
    if row.case is None:
        raise ValueError(f"Row {row.number} has no case.")
    return row.case


def _store_indexes(rows: Iterable[PlannedRow]) -> None:
    indexes: list[StoredReadiness] = []
    for row in rows:
        index = row.index or index_of_new(_record_of_new(row))
        index.case = _case_of(row)
        indexes.append(index)
    keep_rows(indexes)


def _first_version(by: User, row: PlannedRow, planned: PlannedPart) -> RecordVersion:
    part = planned.part
    return RecordVersion(
        by=by,
        case=_case_of(row),
        kind=planned.kind,
        uid=part.uid,
        version=part.version,
        before=None,
        after=stated(part),
    )


def _audit(by: User, action: str, row: PlannedRow, made: ListImport) -> None:
    case = _case_of(row)
    fields = sorted({f"{part.kind}.{name}" for part in row.parts for name in _named(part.part, part.fields)})
    AuditEvent.objects.record(
        user=by,
        action=action,
        case=case,
        kind="case",
        uid=case.uid,
        detail={"fields": fields, "import": str(made.uid), "row": row.number},
    )


def _named(part: Stamped, fields: Mapping[str, Any]) -> Iterable[str]:
    return fields or stated(part)


# --- Changes, and what is written of every row --------------------------------------------------------


def _store_changes(
    by: User, rows: Sequence[PlannedRow], made: ListImport, source: ListSource
) -> dict[int, Case]:
    """What the rows change in what is stored, and the row and the event of every case; the cases whose index
    is to be made anew, by id.
    """
    touched: dict[int, Case] = {}
    firsts = _first_saves(rows)
    done: list[ImportedRow] = []
    for row in rows:
        case, is_new = _case_of(row), row.state == "create"
        saves = [] if not is_new else [firsts[part.kind, part.part.uid] for part in row.parts if part.is_new]
        try:
            saves += [version.pk for version in _changed(by, row, source.origin(row.number), is_new=is_new)]
        except (StaleEdit, ValidationError) as error:
            raise ImportOutdated("A case of this list has been changed since.") from error
        if row.reopens:
            Case.objects.filter(pk=case.pk).update(stage=CaseStatus.DRAFT)
            refresh_status(Case.objects.get(pk=case.pk))
        done.append(
            ImportedRow(
                list_import=made, case=case, row=row.number, created=is_new or row.reopens, saves=saves
            )
        )
        _audit(by, AuditAction.CREATED if is_new else AuditAction.CHANGED, row, made)
        if not is_new:
            touched[case.pk] = case
        if any(part.kind == "patient" and part.fields for part in row.parts):
            touched |= {one.pk: one for one in Case.objects.filter(patient=case.patient_id)}
    ImportedRow.objects.bulk_create(done, AT_ONCE)
    return touched


def _first_saves(rows: Iterable[PlannedRow]) -> dict[tuple[str, UUID], int]:
    """The ids of the first versions of what is new, by kind and uid."""
    cases = [_case_of(row).pk for row in rows if row.state == "create"]
    found: dict[tuple[str, UUID], int] = {}
    for start in range(0, len(cases), AT_ONCE):
        of_cases = RecordVersion.objects.filter(case__in=cases[start : start + AT_ONCE])
        found |= {(kind, uid): pk for kind, uid, pk in of_cases.values_list("kind", "uid", "pk")}
    return found


def _changed(by: User, row: PlannedRow, origin: str, *, is_new: bool) -> Iterator[RecordVersion]:
    case = _case_of(row)
    for planned in row.parts:
        part = planned.part
        if planned.is_new and not is_new:
            if isinstance(part, Entered):
                part.origin = origin
            store_new(part, {}, by)
            yield keep(by=by, case=case, part=part, before=None, after=stated(part))
        elif not planned.is_new and planned.fields:
            stored, before = store_edit(part, planned.fields, part.version, by, origin)
            if not before:
                raise ImportOutdated("A case of this list has been changed since.")
            yield keep(by=by, case=case, part=stored, before=before, after=values_of(stored, before))
