"""Many rows as a table: CSV or a workbook, of which no cell is ever a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from cases.exchange.lists.fields import FillableField, field_at
from cases.exchange.lists.papers import Guard

TABLE_FORMATS = ("csv", "xlsx")


class NoSuchColumn(ValueError):
    """A column that there is not; the message names it and what there is."""


def columns_at(paths: Iterable[str], allowed: Iterable[str]) -> list[FillableField]:
    """The fields of these paths, in their order. Raises `NoSuchColumn`."""
    found = []
    for path in paths:
        field = field_at(path)
        if field is None:
            raise NoSuchColumn(f"There is no column {path!r}; allowed: {', '.join(allowed)}.")
        found.append(field)
    return found


def case_rows(files: Iterable[Mapping[str, Any]], columns: Sequence[FillableField]) -> Iterator[list[str]]:
    """A header of paths, then a row for each case file: a list that can be brought back as it is."""
    yield [column.path for column in columns]
    for file in files:
        yield [written(_value(file, column)) for column in columns]


def _value(file: Mapping[str, Any], column: FillableField) -> Any:
    found: Any = file.get(column.part)
    if isinstance(found, list):
        found = found[column.place] if column.place < len(found) else None
    for key in column.key.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def written(value: Any) -> str:
    """A value of a case file as a cell holds it; what is not known is empty, a list of none says so."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(map(written, value)) if value else "none"
    return str(value)


def as_csv(rows: Iterable[Sequence[str]], guard: Guard) -> bytes:
    """UTF-8 with its mark, so that spreadsheets read it; `guard` defuses a cell that would be a formula."""
    out = StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([guard(text) for text in row])
    return out.getvalue().encode("utf-8-sig")


def as_workbook(rows: Iterable[Sequence[str]], title: str) -> bytes:
    """One sheet, the first row in bold and always in sight; every cell is a text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows):
        sheet.append([_cell(sheet, text, bold=number == 0) for text in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, text: str, *, bold: bool) -> Any:
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text) or None)
    if text:
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell
