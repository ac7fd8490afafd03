"""A list of cases on its way in: read, planned row by row, and said in words for page, command and file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from cases.actions.import_parts import FieldDifference, changes_in
from cases.actions.import_plan import ImportPlan, PlannedRow, RowFault, RowToImport
from cases.actions.importing import ListSource, prepare, take_over
from cases.exchange.lists.fields import fold
from cases.exchange.lists.files import ListFile, read_file
from cases.exchange.lists.mapping import ListMapping, header_row_of
from cases.exchange.lists.papers import refused_csv, refused_workbook
from cases.exchange.lists.rows import (
    JSON_LINES,
    CellFault,
    ListRow,
    ReadList,
    read_list,
    refused_lines,
)
from cases.filing import around
from cases.guideline import guideline_of
from cases.models import Board, Case, ListImport, ListReading
from cases.reading.written import shown
from cases.screens.history import label_of, value_in_words
from guidelines.show.exports import guarded

STATES = ("create", "change", "unchanged", "refused")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long piece of work is: `done` of `total` rows, and what is being done with them."""

    what: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One value that a row would change. `tick`: what lets a person's entry be overwritten, "" where nobody
    entered it.
    """

    path: str
    label: str
    before: str
    after: str
    tick: str = ""
    taken: bool = True


@dataclass(frozen=True, slots=True)
class FaultLine:
    """Why a row is refused. `tick`: what lets it pass all the same, "" where nothing does."""

    fault: CellFault
    tick: str = ""


@dataclass(frozen=True, slots=True)
class RowLine:
    """What is said of one row. `who`: the record number, with the name where it is known."""

    number: int
    state: str
    record_number: str
    key: str
    who: str
    changes: tuple[ChangeLine, ...]
    faults: tuple[FaultLine, ...]

    @property
    def kept(self) -> int:
        """How many values stay because a person entered them."""
        return sum(not change.taken for change in self.changes)


@dataclass(frozen=True)
class ListPlan:
    """A list with what each of its rows would do."""

    read: ReadList
    rows: Sequence[tuple[ListRow, PlannedRow | None]]

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """State → how many rows."""
        found: Counter[str] = Counter(planned.state if planned else "refused" for _, planned in self.rows)
        return {state: found[state] for state in STATES}

    @property
    def waiting(self) -> int:
        """How many rows are refused for nothing but questions that are open."""
        return sum(bool(row.faults) and all(one.waits for one in row.faults) for row, _ in self.rows)

    @property
    def stored_shown(self) -> list[Case]:
        """The stored cases whose values stand beside the list's own."""
        rows = (planned for planned in self.planned if planned.differences)
        return [row.case for row in rows if row.case is not None and not row.makes_a_case]

    @property
    def planned(self) -> list[PlannedRow]:
        """The rows that could be read, with those refused in planning."""
        return [planned for _, planned in self.rows if planned is not None]

    def lines(self, *states: str, most: int | None = None) -> Iterator[RowLine]:
        """What is said of the rows in these states, of the first `most` of them."""
        told = 0
        for row, planned in self.rows:
            state = planned.state if planned else "refused"
            if state in states:
                yield self._line(row, planned, state)
                told += 1
                if told == most:
                    return

    def refused(self) -> bytes:
        """The refused rows as a file like the one that came, with their reasons."""
        rows = []
        numbers = {
            line.number: "\n".join(one.fault.text for one in line.faults) for line in self.lines("refused")
        }
        for row, _ in self.rows:
            if row.number in numbers:
                rows.append((row.cells, numbers[row.number]))
        if self.read.format == JSON_LINES:
            return refused_lines((cells[0], reason) for cells, reason in rows)
        if self.read.format == "xlsx":
            return refused_workbook(self.read.headers, rows)
        return refused_csv(self.read.headers, rows, self.read.encoding, self.read.separator or ",", guarded)

    def _line(self, row: ListRow, planned: PlannedRow | None, state: str) -> RowLine:
        if planned is None:
            return RowLine(row.number, state, "", "", "", (), tuple(FaultLine(one) for one in row.faults))
        patient = planned.patient
        name = patient.full_name if patient is not None and patient.surname else ""
        return RowLine(
            row.number,
            state,
            planned.record_number,
            planned.key,
            " · ".join(part for part in (planned.record_number, name, planned.key) if part),
            tuple(
                _change(one, row.number)
                for one in changes_in(planned.parts, of_new_case=planned.makes_a_case)
            ),
            tuple(self._fault(row, one) for one in planned.faults),
        )

    def _fault(self, row: ListRow, fault: RowFault) -> FaultLine:
        header, place = self.read.column_of(fault.path)
        value = row.cells[place] if place is not None and place < len(row.cells) else ""
        return FaultLine(CellFault(header, shown(value), fault.reason, fault.allowed), fault.tick)


def _change(one: FieldDifference, number: int) -> ChangeLine:
    return ChangeLine(
        one.path,
        label_of(one.kind, one.column),
        value_in_words(one.kind, one.column, one.before),
        value_in_words(one.kind, one.column, one.after),
        one.tick(number) if one.confirmed else "",
        one.taken,
    )


def asks_of(board: Board) -> dict[str, str]:
    """What a question can be about: code → label, of the board's guideline."""
    return {code: one.label for code, one in guideline_of(board).interventions.items()}


def list_of(board: Board, file: ListFile, mapping: ListMapping) -> ReadList:
    """The list as the mapping has it. Raises `MappingInvalid`."""
    return read_list(file, mapping, asks_of(board))


def opened(data: bytes, mapping: ListMapping) -> ListFile:
    """The file, read as the mapping says. Raises `Unfit`."""
    return read_file(data, encoding=mapping.encoding, separator=mapping.separator)


def readings_of(board: Board) -> dict[str, ListReading]:
    """Name → the newest version of how the board reads lists of that kind."""
    stored = ListReading.objects.filter(board=board).order_by("name", "version")
    return {reading.name: reading for reading in stored}


def new_name(known: Collection[str]) -> str:
    """What another kind of list may be called: "List", "List 2" …"""
    return next(
        name for number in count(1) if (name := f"List {number}" if number > 1 else "List") not in known
    )


def try_to_read(board: Board, data: bytes, name: str) -> ListReading | None:
    """The way to read a file that somebody named, else the one that fits; None where none does, and of case
    files, which say themselves what is what. Raises `Unfit` for what is no list.
    """
    if opened(data, ListMapping()).format == JSON_LINES:
        return None
    named = readings_of(board).get(name)
    if named is not None:
        opened(data, ListMapping.model_validate(named.content))
        return named
    return fitting(board, opened(data, ListMapping()))


def fitting(board: Board, file: ListFile) -> ListReading | None:
    """The board's way to read lists that names most of the columns of this one; None where none names half of
    them, or its sheet is not there: that one is for other lists.
    """
    best, found = 0, None
    for reading in readings_of(board).values():
        mapping = ListMapping.model_validate(reading.content)
        if mapping.sheet and mapping.sheet not in file.sheets:
            continue
        wanted = {fold(header) for header in (*mapping.columns, *mapping.values)}
        for rows in file.sheets.values():
            at = mapping.header_row or header_row_of(rows, mapping)
            headers = {fold(cell) for cell in rows[at - 1] if cell} if at <= len(rows) else set()
            named = len(wanted & headers)
            if named > best and 2 * named >= len(headers):
                best, found = named, reading
    return found


def plan(
    board: Board,
    by: User,
    read: ReadList,
    *,
    ticks: frozenset[str] | None = frozenset(),
    every: int = 100,
) -> Generator[Progress, None, ListPlan]:
    """The plan of a list, with its progress on the way; nothing is written."""
    today = timezone.localdate()
    rows: list[ListRow] = []
    total = len(read.body)
    for row in read.rows(around(board, today)):
        rows.append(row)
        if len(rows) % every == 0:
            yield Progress("Reading", len(rows), total)
    readable = [RowToImport(row.number, row.file) for row in rows if row.file is not None]
    planned: dict[int, PlannedRow] = {}
    planner = ImportPlan(board, by, today, question=read.mapping.question, ticks=ticks)
    for done in planner.rows(readable):
        planned[done.number] = done
        if len(planned) % every == 0:
            yield Progress("Comparing", len(planned), len(readable))
    # What was read is in the plan by now, and a list may have thousands of rows.
    return ListPlan(read, [(replace(row, file=None), planned.get(row.number)) for row in rows])


def import_list(
    board: Board, by: User, listed: ListPlan, source: ListSource, *, every: int = 20
) -> Generator[Progress, None, ListImport | None]:
    """Take over what is planned, with its progress on the way. Raises `ImportOutdated`."""
    new = listed.counts["create"]
    for done, row in enumerate(prepare(listed.planned), 1):
        if done % every == 0 and row.state == "create":
            yield Progress("Preparing", done, new)
    refused = len(listed.rows) - len(listed.planned)
    yield Progress("Storing", new, new)
    return take_over(by=by, board=board, rows=listed.planned, source=source, refused=refused)


def finished(work: Generator[Progress, None, Any]) -> Any:
    """What a piece of work comes to, without its progress."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def source_of(name: str, data: bytes, reading: ListReading | None) -> ListSource:
    """The list as what it makes will name it."""
    return ListSource(" ".join(name.split()) or "without a name", sha256(data).hexdigest(), reading)


def as_json(listed: ListPlan, name: str, board: Board) -> dict[str, Any]:
    """The plan as data."""
    read = listed.read
    return {
        "list": name,
        "board": board.slug,
        "sheet": read.sheet,
        "header_row": read.header_row,
        "encoding": read.encoding,
        "separator": read.separator,
        "columns": {column.header: column.field.path for column in read.columns},
        "left_out": read.left_out,
        "counts": dict(listed.counts),
        "questions": [
            {
                "kind": one.kind,
                "column": one.header,
                "field": one.field.path,
                "words": dict(one.words),
                "allowed": list(one.allowed),
            }
            for one in read.questions
        ],
        "rows": [_row_as_json(line) for line in listed.lines(*STATES)],
    }


def _row_as_json(line: RowLine) -> dict[str, Any]:
    return {
        "row": line.number,
        "state": line.state,
        "record_number": line.record_number,
        "key": line.key,
        "changes": [
            {"field": one.path, "before": one.before, "after": one.after, "kept": not one.taken}
            for one in line.changes
        ],
        "faults": [
            {
                "column": one.fault.column,
                "value": one.fault.value,
                "reason": one.fault.reason,
                "allowed": one.fault.allowed,
            }
            for one in line.faults
        ],
    }


def problems_of(rows: Iterable[RowLine]) -> Iterator[str]:
    """One line a fault."""
    for line in rows:
        yield from (f"row {line.number}: {one.fault.text}" for one in line.faults)
