"""Taking a whole list back, while nobody has touched what it made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Q

from cases.access import require
from cases.actions.edits import StaleEdit, lock, store_edit, store_removal
from cases.actions.indexing import keep_indexes
from cases.actions.locks import lock_cases, retried
from cases.actions.planning import keep_follow_up
from cases.actions.undoing import UndoRefused
from cases.actions.versions import MODELS, Outgrown, keep, read_back, values_of
from cases.choices import AuditAction, CaseStatus, Right
from cases.models import AuditEvent, Case, ImportedRow, ListImport, RecordVersion
from cases.models.audit import one_act
from cases.models.base import Stamped
from cases.standing import refresh_status

TOUCHED = "Since then somebody has changed {count} of its cases; nothing was taken back."
GONE_ON = ("discussions", "comments", "asked", "grants", "decisions")


@retried
def undo_import(*, by: User, list_import: ListImport) -> ListImport:
    """Take back a list: what it changed is as before, what it added is gone, cases that it made are emptied
    and closed. Each save is taken back by a save, each case gets its event.

    Raises `UndoRefused`, and takes nothing back, where somebody has gone on with one of its cases.
    """
    board = list_import.board
    require(by, board, Right.ENTER)
    with one_act():
        lock(board)
        lock_cases(list_import.rows.values_list("case", flat=True))
        if list_import.undoes_id or ListImport.objects.filter(undoes=list_import).exists():
            raise UndoRefused("This list has been taken back already.")
        rows = list(list_import.rows.select_related("case__board", "case__patient").order_by("-row"))
        touched = _touched(list_import)
        if touched:
            raise UndoRefused(TOUCHED.format(count=len(touched)))
        saves = {version.pk: version for version in _saves_of(list_import)}
        cases: dict[int, Case] = {}
        try:
            for row in rows:
                cases |= _take_back(by, row, [saves[pk] for pk in reversed(row.saves)])
        except (Outgrown, StaleEdit, ValidationError) as error:
            raise UndoRefused("What stood there before cannot stand now; nothing was taken back.") from error
        keep_indexes(sorted(cases))
        for case in cases.values():
            keep_follow_up(by, case)
        for row in rows:
            AuditEvent.objects.record(
                user=by, action=AuditAction.UNDONE, case=row.case, kind="case", uid=row.case.uid,
                detail={"import": str(list_import.uid), "row": row.row},
            )  # fmt: skip
        return ListImport.objects.create(
            board=board, by=by, name=list_import.name, undoes=list_import, changed=len(rows)
        )


def _saves_of(list_import: ListImport) -> Iterator[RecordVersion]:
    wanted = {pk for saves in list_import.rows.values_list("saves", flat=True) for pk in saves}
    cases = list_import.rows.values("case")
    return (one for one in RecordVersion.objects.filter(case__in=cases).iterator() if one.pk in wanted)


def _touched(list_import: ListImport) -> set[int]:
    """The cases that somebody has gone on with: saved since, unless that was taken back too; or, where the
    list made the case, discussed, commented on, asked for or shared.
    """
    last = max((pk for saves in list_import.rows.values_list("saves", flat=True) for pk in saves), default=0)
    cases = list_import.rows.values("case")
    patients = Case.objects.filter(pk__in=cases).values("patient__uid")
    of_them = Q(case__in=cases) | Q(kind="patient", uid__in=patients)
    later = RecordVersion.objects.filter(of_them, pk__gt=last, undoes=None, undone_by=None)
    found = set(later.values_list("case", flat=True))
    made = Case.objects.filter(pk__in=list_import.rows.filter(created=True).values("case"))
    for name in GONE_ON:
        found |= set(made.filter(**{f"{name}__isnull": False}).values_list("pk", flat=True))
    return found


def _take_back(by: User, row: ImportedRow, saves: Iterable[RecordVersion]) -> dict[int, Case]:
    """The cases that this changed, by id."""
    case, cases = row.case, {row.case_id: row.case}
    for version in saves:
        part: Stamped = MODELS[version.kind]._base_manager.get(uid=version.uid)
        if version.before is not None:
            fields: dict[str, Any] = read_back(version.kind, version.before)
            stored, before = store_edit(part, fields, part.version, by)
            keep(
                by=by, case=case, part=stored, before=before, after=values_of(stored, before), undoes=version
            )
            if version.kind == "patient":
                cases |= {one.pk: one for one in case.patient.cases.select_related("board")}
        elif version.kind not in ("case", "patient"):
            store_removal(part, case, by, undoes=version)
    if row.created:
        Case.objects.filter(pk=case.pk).update(stage=CaseStatus.CLOSED)
        refresh_status(Case.objects.get(pk=case.pk))
    return cases
