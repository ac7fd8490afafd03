"""One case file on its way in from another program: planned as a list's row is, and stored as one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.utils import timezone

from cases.actions.import_parts import FieldDifference, changes_in
from cases.actions.import_plan import ImportPlan, PlannedRow, RowFault, RowState, RowToImport
from cases.actions.importing import ListSource, prepare, take_over
from cases.casefile import read_case_file
from cases.filing import around
from cases.models import Board


class CaseRefused(ValueError):
    """The case file is not stored; `faults` say why, by the path of what is wrong."""

    def __init__(self, faults: list[RowFault]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.reason}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Upserted:
    """What became of a case file. `result`: create, change or unchanged; `case` is None where nothing was
    stored of a new one. A difference that is not `taken` stays, because a person entered what is stored.
    """

    result: RowState
    case: UUID | None
    differences: tuple[FieldDifference, ...]


def upsert_case(
    *, by: User, board: Board, data: Mapping[str, Any], source: str, overwrite: bool, dry_run: bool
) -> Upserted:
    """Store a case file, or only say what it would do.

    `source` says in words who sends it; `overwrite`: also what a person has entered. Raises
    `CaseFileInvalid`, `CaseRefused`, and `ImportOutdated` where somebody saved meanwhile.
    """
    today = timezone.localdate()
    file = read_case_file(data, around(board, today))
    plan = ImportPlan(board, by, today, ticks=None if overwrite else frozenset())
    (row,) = plan.rows([RowToImport(1, file)])
    if row.state == "refused":
        raise CaseRefused(row.faults)
    changes = tuple(changes_in(row.parts, of_new_case=row.makes_a_case))
    if not dry_run:
        written = json.dumps(data, sort_keys=True, ensure_ascii=False).encode()
        take_over(
            by=by,
            board=board,
            rows=list(prepare([row])),
            source=ListSource(source, sha256(written).hexdigest()),
        )
    return Upserted(row.state, _stored(row, dry_run), changes)


def _stored(row: PlannedRow, dry_run: bool) -> UUID | None:
    return None if dry_run and row.makes_a_case else row.uid
