"""What goes out for a list: the empty template, and the refused rows with their reasons, in the list's form.

No cell of them is ever a formula. A workbook says so of each text; in CSV, where nothing can say it, `guard`
puts a sign before what a spreadsheet would take for one, and reading takes it off again.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from cases.exchange.lists.fields import FIELDS, FillableField
from cases.exchange.lists.files import Row

REASON = "Why this row was refused"
ROWS_TO_FILL = 500
LONGEST_CHOICE = 255  # characters of a drop-down list, as Excel has it
ON_TEMPLATE = (
    "record_number", "surname", "given_names", "birth_date", "sex", "key", "question", "asks", "primary_site",
    "pancreas_subsite", "extent", "metastatic_sites", "tumor_size", "diagnosed_on", "treatment_list",
    "pathology.reported_on", "pathology.sampled_on", "pathology.lab_number", "pathology.specimen",
    "pathology.specimen_site", "pathology.lesion", "pathology.differentiation", "pathology.cell_type",
    "pathology.reported_grade", "pathology.ki67", "pathology.mitoses", "pathology.hpf_field_mm2",
    "pathology.synaptophysin", "pathology.p53", "pathology.rb", "imaging.modality", "imaging.performed_on",
    "imaging.result", "imaging.sstr_uptake", "molecular.reported_on", "molecular.method", "molecular.mmr",
    "treatments.kind", "treatments.started_on", "treatments.ended_on", "treatments.regimen",
    "treatments.setting", "treatments.best_response", "assessments.assessed_on", "assessments.ecog",
)  # fmt: skip

Guard = Callable[[str], str]


def template() -> bytes:
    """A workbook whose headers map by themselves, with the choices of coded columns, and a sheet of all there
    is to fill.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = "Cases"
    for place, path in enumerate(ON_TEMPLATE, 1):
        field, letter = FIELDS[path], get_column_letter(place)
        put_text(sheet, 1, place, path, bold=True)
        sheet.column_dimensions[letter].width = max(12, len(path) + 2)
        for row in range(2, ROWS_TO_FILL + 2):  # what is typed stays text: 007 keeps its zeros
            sheet.cell(row, place).number_format = "@"
        choices = ",".join(field.codes)
        if field.kind == "code" and len(choices) <= LONGEST_CHOICE:
            allowed = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=True)
            allowed.add(f"{letter}2:{letter}{ROWS_TO_FILL + 1}")
            sheet.add_data_validation(allowed)
    sheet.freeze_panes = "B2"
    told = book.create_sheet("Fields")
    for row, line in enumerate([("Header", "Means", "May hold"), *map(_told, FIELDS.values())], 1):
        for place, text in enumerate(line, 1):
            put_text(told, row, place, text, bold=row == 1)
    for letter, width in (("A", 42), ("B", 48), ("C", 90)):
        told.column_dimensions[letter].width = width
    told.freeze_panes = "A2"
    return _saved(book)


def _told(field: FillableField) -> tuple[str, str, str]:
    return field.path, field.words, may_hold(field)


def may_hold(field: FillableField) -> str:
    """What a cell of the field may hold, in words."""
    if field.kind == "yes_no":
        return "yes, no"
    if field.kind == "date":
        return "2026-03-05, 05-Mar-2026, 03/2026 or 2026"
    if field.key == "asks":
        return "names of drugs, procedures or tests, with a semicolon between them"
    codes = ", ".join(field.codes)
    return f"several, with a semicolon between them, of: {codes}" if field.kind == "codes" else codes


def refused_workbook(headers: Sequence[str], rows: Iterable[tuple[Row, str]]) -> bytes:
    """The rows with their reasons in a last column."""
    book = Workbook(write_only=False)
    sheet = book.active
    sheet.title = "Refused"
    for number, line in enumerate(_lines(headers, rows), 1):
        for place, text in enumerate(line, 1):
            put_text(sheet, number, place, text, bold=number == 1)
    sheet.freeze_panes = "A2"
    sheet.column_dimensions[get_column_letter(len(headers) + 1)].width = 80
    return _saved(book)


def refused_csv(
    headers: Sequence[str], rows: Iterable[tuple[Row, str]], encoding: str, separator: str, guard: Guard
) -> bytes:
    """The same as CSV, with the separator that the list came with; in UTF-8 where its encoding has no sign
    for something.
    """
    out = StringIO()
    writer = csv.writer(out, delimiter=separator)
    for line in _lines(headers, rows):
        writer.writerow([guard(text) for text in line])
    try:
        return out.getvalue().encode("utf-8-sig" if encoding in ("", "utf-8") else encoding)
    except UnicodeError:
        return out.getvalue().encode("utf-8-sig")


def _lines(headers: Sequence[str], rows: Iterable[tuple[Row, str]]) -> Iterable[list[str]]:
    """Without the reasons of an earlier time."""
    kept = [place for place, header in enumerate(headers) if header != REASON]
    yield [*(headers[place] for place in kept), REASON]
    for cells, reason in rows:
        yield [*(cells[place] if place < len(cells) else "" for place in kept), reason]


def put_text(sheet: Any, row: int, column: int, text: str, *, bold: bool = False) -> None:
    """A text as a text: never a formula, never a number that loses its zeros."""
    if not text:
        return
    cell = sheet.cell(row, column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)


def _saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()
