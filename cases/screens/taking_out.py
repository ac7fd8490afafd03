"""Many cases or decisions as one file: which of them, in which form, and the file itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from cases.choices import DecisionStatus
from cases.exchange.decisions import DECISION_COLUMNS, decision_rows
from cases.exchange.lists.fields import FIELDS, PART_LABELS
from cases.exchange.lists.papers import ON_TEMPLATE
from cases.exchange.lists.tables import as_csv, as_workbook, case_rows, columns_at
from cases.filing import as_case_file
from cases.models import Board, Case, Decision
from cases.queries import with_record
from cases.reading import fold_number
from cases.record import record_of
from cases.snapshot.frozen import Frozen
from cases.snapshot.read import read
from guidelines.show.exports import guarded

FILE_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl",
}
AT_ONCE = 100  # read from the database together
LONG = 200  # rows from which a file is ordered, and fetched when it is ready

WHATS = {
    "cases": "Cases as a table",
    "files": "Cases as case files (JSON Lines), which can be brought back",
    "decisions": "Signed decisions as a table, from what was frozen",
}
EVENTS = {"cases": "case table", "files": "case file", "decisions": "decision table"}
"""What the event of a case that went out says."""


CHOICES: dict[str, Any] = {
    "whats": WHATS,
    "case_columns": {
        label: {field.path: field.label for field in FIELDS.values() if field.part == part}
        for part, label in PART_LABELS.items()
    },
    "usual": ON_TEMPLATE,
    "decision_columns": {name: header for name, (header, _) in DECISION_COLUMNS.items()},
}
"""What the form offers."""


@dataclass(frozen=True, slots=True)
class TakenOut:
    """What goes out: `what`, a key of `WHATS`; `format`: csv, xlsx or jsonl; `columns` of a table; `rows`:
    ids of cases or of decisions, in their order.
    """

    what: str
    format: str
    columns: tuple[str, ...]
    rows: tuple[int, ...]

    @classmethod
    def of_order(cls, wanted: dict[str, Any]) -> TakenOut:
        """As an order holds it."""
        return cls(wanted["what"], wanted["format"], tuple(wanted["columns"]), tuple(wanted["rows"]))

    def as_order(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)

    @property
    def file_name(self) -> str:
        """Without the day, and without anything of a patient."""
        return f"{'decisions' if self.what == 'decisions' else 'cases'}.{self.format}"


def cases_chosen(
    board: Board, *, only_open: bool, first: date | None, last: date | None, numbers: Sequence[str]
) -> tuple[list[int], list[str]]:
    """The ids of the board's own cases entered in a period, of those record numbers where any are named; and
    the numbers that no case of the board has.
    """
    found = Case.objects.filter(board=board)
    if only_open:
        found = found.open()
    if first:
        found = found.filter(created_at__date__gte=first)
    if last:
        found = found.filter(created_at__date__lte=last)
    missing: list[str] = []
    if numbers:
        folded = {fold_number(number): number for number in numbers}
        found = found.filter(patient__record_number_folded__in=folded)
        there = set(found.values_list("patient__record_number_folded", flat=True))
        missing = [number for key, number in folded.items() if key not in there]
    return list(found.order_by("created_at", "pk").values_list("pk", flat=True)), missing


def decisions_of(
    board: Board, cases: Sequence[int] | None, first: date | None, last: date | None
) -> list[int]:
    """The ids of the decisions on the board's cases signed in a period; of some of its cases, if named."""
    found = Decision.objects.filter(case__board=board).exclude(status=DecisionStatus.DRAFT)
    if cases is not None:
        found = found.filter(case__in=cases)
    if first:
        found = found.filter(signed_at__date__gte=first)
    if last:
        found = found.filter(signed_at__date__lte=last)
    return list(found.order_by("signed_at", "pk").values_list("pk", flat=True))


def made(board: Board, wanted: TakenOut, told: Callable[[int], object] = int) -> tuple[bytes, list[int]]:
    """The file, and the ids of the cases in it. `told` hears how many rows have been read so far."""
    shown: dict[int, None] = {}
    if wanted.what == "decisions":
        snapshots = _snapshots(board, wanted.rows, shown, told)
        return _table(decision_rows(snapshots, wanted.columns), wanted.format, "Decisions"), list(shown)
    files = _files(board, wanted.rows, shown, told)
    if wanted.what == "files":
        return b"".join(f"{json.dumps(one, ensure_ascii=False)}\n".encode() for one in files), list(shown)
    columns = columns_at(wanted.columns, FIELDS)
    return _table(case_rows(files, columns), wanted.format, "Cases"), list(shown)


def _table(rows: Iterator[list[str]], form: str, title: str) -> bytes:
    return as_csv(rows, guarded) if form == "csv" else as_workbook(rows, title)


def _files(
    board: Board, rows: Sequence[int], shown: dict[int, None], told: Callable[[int], object]
) -> Iterator[dict[str, Any]]:
    for number, case in enumerate(_in_pieces(with_record(Case.objects.filter(board=board)), rows), 1):
        shown[case.pk] = None
        told(number)
        yield as_case_file(record_of(case))


def _snapshots(
    board: Board, rows: Sequence[int], shown: dict[int, None], told: Callable[[int], object]
) -> Iterator[tuple[Frozen, str]]:
    of_board = Decision.objects.filter(case__board=board).select_related("withdrawal")
    for number, decision in enumerate(_in_pieces(of_board, rows), 1):
        shown[decision.case_id] = None
        told(number)
        yield read(decision.snapshot or {}), status_in_words(decision)


def _in_pieces(found: Any, rows: Sequence[int]) -> Iterator[Any]:
    """The rows of these ids, in their order."""
    for start in range(0, len(rows), AT_ONCE):
        piece = rows[start : start + AT_ONCE]
        by_id = found.in_bulk(piece)
        yield from (by_id[pk] for pk in piece if pk in by_id)


def status_in_words(decision: Decision) -> str:
    """How a signed decision stands by now."""
    return "Entered in error" if hasattr(decision, "withdrawal") else decision.get_status_display()
