"""A list and its mapping → case files, a row each, with what is refused and what has to be asked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cases.casefile.faults import CaseFileInvalid
from cases.casefile.file_reading import read_case_file
from cases.casefile.keys import Surroundings
from cases.casefile.shape import CaseFile
from cases.exchange.lists.columns import CellReading, ListColumn, OpenQuestion
from cases.exchange.lists.fields import ALONE, FillableField, field_at, field_of_header
from cases.exchange.lists.files import ListFile, Row
from cases.exchange.lists.mapping import (
    ListMapping,
    MappingInvalid,
    chosen_twice,
    header_row_of,
    headers_of,
)
from cases.reading.written import shown

JSON_LINES = "jsonl"
WHY_REFUSED = "refused_because"  # beside "patient" and "case" in a refused line; reading leaves it off


@dataclass(frozen=True, slots=True)
class CellFault:
    """Why a row is refused: at which column ("" for the row as a whole), its value there, what is wrong, and
    what is allowed. `waits`: a question about the column is open.
    """

    column: str
    value: str
    reason: str
    allowed: str = ""
    waits: bool = False

    @property
    def text(self) -> str:
        """One line."""
        where = f'{self.column}, "{self.value}": ' if self.column else ""
        return f"{where}{self.reason}{f'; allowed: {self.allowed}' if self.allowed else ''}"


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row by its number in the sheet, from 1. `file` is None where it is refused, for what `faults` say."""

    number: int
    cells: Row
    file: CaseFile | None
    faults: tuple[CellFault, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadList:
    """One sheet with its mapping."""

    format: str
    sheets: tuple[str, ...]
    sheet: str
    header_row: int
    headers: tuple[str, ...]
    columns: tuple[ListColumn, ...]
    body: Sequence[tuple[int, Row]]
    mapping: ListMapping
    encoding: str = ""
    separator: str = ""
    questions: tuple[OpenQuestion, ...] = field(default=())

    @property
    def left_out(self) -> list[str]:
        """The headers of columns with something in them that fill no field."""
        taken = {column.place for column in self.columns}
        return [
            header
            for place, header in enumerate(self.headers)
            if place not in taken and any(_cell(row, place) for _, row in self.body)
        ]

    @property
    def lacks_key(self) -> bool:
        """Whether no column fills the record number, without which every row is refused."""
        return self.format != JSON_LINES and all(
            column.field.path != "record_number" for column in self.columns
        )

    def column_of(self, path: str) -> tuple[str, int | None]:
        """The header and place of the column behind a path of a case file."""
        inner = _inner(path)
        for column in self.columns:
            if column.field.in_file == inner:
                return column.header, column.place
        known = field_at(inner)
        return (known.words if known else ""), None

    def rows(self, around: Surroundings) -> Iterator[ListRow]:
        """Each row that says something."""
        for number, cells in self.body:
            raw, faults = self._case_file(cells)
            file = None
            if not faults:
                try:
                    file = read_case_file(raw, around)
                except CaseFileInvalid as error:
                    faults = [self._fault(cells, one.fact, one.message) for one in error.errors]
            yield ListRow(number, cells, file, tuple(faults))

    def _case_file(self, cells: Row) -> tuple[dict[str, Any], list[CellFault]]:
        if self.format == JSON_LINES:
            return _from_line(cells[0])
        raw: dict[str, Any] = {}
        faults: list[CellFault] = []
        for column in self.columns:
            text = _cell(cells, column.place)
            reading = column.read(text)
            if reading.question:
                faults.append(_waiting(column, text, reading))
            elif reading.reason:
                faults.append(CellFault(column.header, shown(text), reading.reason, reading.allowed))
            elif reading.value is not None:
                put(raw, column.field, reading.value)
        return raw, faults

    def _fault(self, cells: Row, path: str, message: str) -> CellFault:
        header, place = self.column_of(path)
        problem = message.partition('": ')[2] or message
        reason, _, allowed = problem.partition("; allowed: ")
        value = "" if place is None else shown(_cell(cells, place))
        return CellFault(header or path, value, reason, allowed)


def _waiting(column: ListColumn, text: str, reading: CellReading) -> CellFault:
    if reading.reason:
        return CellFault(column.header, shown(text), reading.reason, reading.allowed, waits=True)
    reason, allowed = {
        "values": ("this word is not mapped", ", ".join(column.allowed)),
        "units": ("whether this column holds percent or shares is not answered", "percent, share"),
        "dates": ("whether the day or the month comes first is not answered", "day_first, month_first"),
    }[reading.question or "values"]
    return CellFault(column.header, shown(text), reason, allowed, waits=True)


def put(raw: dict[str, Any], where: FillableField, value: Any) -> None:
    """Set one value of a case file in the making."""
    if where.part in ALONE:
        part = raw.setdefault(where.part, {})
    else:
        parts = raw.setdefault(where.part, [])
        while len(parts) <= where.place:
            parts.append({})
        part = parts[where.place]
    *outer, key = where.key.split(".")
    for name in outer:
        part = part.setdefault(name, {})
    part[key] = value


def _inner(path: str) -> str:
    """The path of the field that a fault inside a value belongs to: "case.asks[0]" is "case.asks"."""
    part, dot, key = path.partition(".")
    return f"{part}{dot}{key.partition('[')[0]}"


def _from_line(line: str) -> tuple[dict[str, Any], list[CellFault]]:
    """A case file that stands in one line."""
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {}, [CellFault("", "", f"the line is no JSON: {str(error)[:80]}", "one case file a line")]
    if isinstance(raw, dict):
        raw.pop(WHY_REFUSED, None)
    return raw, []


def refused_lines(rows: Iterable[tuple[str, str]]) -> bytes:
    """Lines of case files, each with the reason why it was refused; one that is no JSON stands as a text."""
    said = []
    for line, reason in rows:
        raw, faults = _from_line(line)
        whole = {"line": line} if faults or not isinstance(raw, dict) else raw
        said.append(json.dumps({WHY_REFUSED: reason, **whole}, ensure_ascii=False))
    return "".join(f"{one}\n" for one in said).encode()


def _columns(headers: Sequence[str], mapping: ListMapping, asks: Mapping[str, str]) -> list[ListColumn]:
    """The columns that fill a field. A field that somebody named a column for is filled by no other; of those
    that map by themselves the first fills it. Raises `MappingInvalid` for a field that is named twice.
    """
    named = [(header, field) for header in headers if (field := mapping.field_said(header))]
    if faults := list(chosen_twice(named)):
        raise MappingInvalid(faults)
    filled = {field.path for _, field in named}
    columns = []
    for place, header in enumerate(headers):
        field = mapping.field_said(header)
        if field is None and not mapping.names(header):
            field = field_of_header(header)
            if field is None or field.path in filled:
                continue
            filled.add(field.path)
        if field is not None:
            columns.append(ListColumn(header, place, field, mapping, asks))
    return columns


def _cell(row: Row, place: int) -> str:
    return row[place] if place < len(row) else ""


def read_list(file: ListFile, mapping: ListMapping, asks: Mapping[str, str]) -> ReadList:
    """The sheet that the mapping names, else the first. Raises `MappingInvalid` for a sheet, a row or columns
    that are not there or not to be told apart.
    """
    names = tuple(file.sheets)
    if mapping.sheet and mapping.sheet not in file.sheets:
        raise MappingInvalid([f"There is no sheet {shown(mapping.sheet)}; allowed: {', '.join(names)}."])
    sheet = mapping.sheet or names[0]
    rows = file.sheets[sheet]
    if file.format == JSON_LINES:
        body = [(number, row) for number, row in enumerate(rows, 1) if any(row)]
        return ReadList(file.format, names, sheet, 0, (), (), body, mapping, file.encoding)
    at = header_row_of(rows, mapping)
    if at > len(rows):
        raise MappingInvalid([f"There is no row {at} for the headers; the sheet has {len(rows)}."])
    headers = headers_of(rows[at - 1])
    columns = _columns(headers, mapping, asks)
    body = [(number, row) for number, row in enumerate(rows[at:], at + 1) if any(row)]
    questions: list[OpenQuestion] = []
    for column in columns:
        texts = [_cell(row, column.place) for _, row in body]
        column.look(texts)
        questions += column.questions(texts)
    return ReadList(
        file.format, names, sheet, at, tuple(headers), tuple(columns), body, mapping,
        file.encoding, file.separator, tuple(questions),
    )  # fmt: skip
