"""A list as a file → its sheets, as rows of texts. CSV in any common encoding and separator, or XLSX.

Dates of a workbook become "2026-03-05", whole numbers lose their ".0", percentages and leading zeros stand as
they are shown, and nothing else is changed. Macros, links and formulas are not looked at: of a formula its
stored result counts.
"""

from __future__ import annotations

import codecs
import csv
import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import islice
from typing import Any, Literal

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from cases.exchange.lists.formats import with_formats
from cases.exchange.lists.workbooks import Unfit, check_workbook

MOST_BYTES = 8 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 10_000, 200
LONGEST_CELL = 32_767  # characters: what a spreadsheet itself allows

Format = Literal["csv", "xlsx", "jsonl"]
Row = tuple[str, ...]

ENCODINGS: Mapping[str, str] = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 without its mark, low byte first",
    "utf-16-be": "UTF-16 without its mark, high byte first",
    "cp1252": "Windows-1252 (Western Europe)",
}
SEPARATORS: Mapping[str, str] = {";": "Semicolon", ",": "Comma", "\t": "Tab", "|": "Bar"}
# "ü" and the like in UTF-8 that was read as Windows-1252, here or by whoever wrote the file.
_BROKEN = re.compile("Ã[\u0080-\u00bf„…†‡‰Š‹ŒŽ“”–—˜™š›œžŸ€]|\u00e2\u20ac[\u0080-\u00bf“”œž™]")
_LOOKED_AT = 30  # rows from which the separator is told


@dataclass(frozen=True, slots=True)
class ListFile:
    """A file that was read. `sheets`: name → rows, each as long as it was written; of CSV one, named "". Of
    CSV `encoding` and `separator` say how it was read. Of JSON Lines a row is one line, a case file.
    """

    format: Format
    sheets: Mapping[str, Sequence[Row]]
    encoding: str = ""
    separator: str = ""


def read_file(data: bytes, *, encoding: str = "", separator: str = "") -> ListFile:
    """A CSV or XLSX file, or case files as JSON Lines. `encoding` and `separator`: of a CSV, where somebody
    says so. Raises `Unfit`.
    """
    if not data.strip():
        raise Unfit("The file is empty.")
    if len(data) > MOST_BYTES:
        raise Unfit(f"The file is larger than {MOST_BYTES // 1024**2} MB; split the list.")
    if data.startswith(b"PK"):
        return ListFile("xlsx", _workbook(data))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unfit("This is an old or protected workbook; save it as XLSX or CSV without a password.")
    found, text = _decoded(data, encoding)
    if text.lstrip().startswith("{"):
        lines = text.splitlines()
        if len(lines) > MOST_ROWS:
            raise _too_large()
        return ListFile("jsonl", {"": [(line.strip(),) for line in lines]}, found)
    said, text = _said_separator(text)
    mark = separator or said or _separator_of(text)
    return ListFile("csv", {"": _records(text, mark)}, found, mark)


def _workbook(data: bytes) -> dict[str, Sequence[Row]]:
    check_workbook(data, MOST_ROWS, MOST_COLUMNS)
    sheets: dict[str, Sequence[Row]] = {}
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        for name in _visible_first(book):
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
                raise _too_large()
            rows = sheet.to_python(skip_empty_area=False)
            if any(rows):
                sheets[name] = [_row(cells) for cells in rows]
        sheets = with_formats(data, sheets)
    except (CalamineError, OSError, ValueError) as error:
        if isinstance(error, Unfit):
            raise
        raise Unfit("This is no XLSX file, or it is damaged.") from error
    except BaseException as error:  # what the reader's own language calls a panic is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise Unfit("This is no XLSX file, or it is damaged.") from None
    if not sheets:
        raise Unfit("The file is empty.")
    return sheets


def _visible_first(book: CalamineWorkbook) -> list[str]:
    """The names of the sheets; what is hidden comes last, so that nobody gets it without asking for it."""
    shown = {one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible}
    return sorted(book.sheet_names, key=lambda name: name not in shown)


def _too_large() -> Unfit:
    return Unfit(f"The list is too large; allowed: {MOST_ROWS:,} rows and {MOST_COLUMNS} columns.")


def _row(cells: Iterable[Any]) -> Row:
    return tuple(_checked(text_of(cell)) for cell in cells)


def _checked(text: str) -> str:
    if len(text) > LONGEST_CELL:
        raise Unfit(f"A cell is longer than {LONGEST_CELL:,} characters.")
    return text


def text_of(cell: Any) -> str:
    """A cell of a workbook as text."""
    match cell:
        case str():
            return cell.strip()
        case bool():
            return "true" if cell else "false"
        case float():
            # Of more than 15 digits a spreadsheet keeps only so many: no digit is invented.
            return str(int(cell)) if cell.is_integer() and abs(cell) < 10**15 else f"{cell:.15g}"
        case datetime.datetime():
            is_day = cell.time() == datetime.time()
            return cell.date().isoformat() if is_day else cell.isoformat(" ", "minutes")
        case datetime.date():
            return cell.isoformat()
        case None:
            return ""
    return str(cell)


# --- CSV ----------------------------------------------------------------------------------------------


def _decoded(data: bytes, encoding: str) -> tuple[str, str]:
    """The encoding, and the text without its mark."""
    if encoding and encoding not in ENCODINGS:
        raise Unfit(f"There is no encoding {encoding!r}; allowed: {', '.join(ENCODINGS)}.")
    for name in [encoding] if encoding else _encodings_for(data):
        try:
            text = data.decode(name)
        except UnicodeError:
            continue
        text = text.removeprefix("\ufeff")
        if not encoding and (broken := _BROKEN.search(text)):
            raise Unfit(
                f"Letters such as {broken[0]!r} show that the text went through a wrong encoding; save it "
                "anew as UTF-8."
            )
        if "\0" not in text:
            return name, text
    raise Unfit(
        f"The text is in no encoding that is known here; save it as UTF-8. Allowed: {', '.join(ENCODINGS)}."
    )


def _encodings_for(data: bytes) -> list[str]:
    """Those to try: what the file's mark says, else UTF-8, whose rules other texts break soon; then
    Windows-1252. Of UTF-16 without a mark every other byte is zero.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    start = data[:2000]
    if start.count(0) > len(start) // 4:
        return ["utf-16-be" if start[::2].count(0) > start[1::2].count(0) else "utf-16-le"]
    return ["utf-8", "cp1252"]


def _said_separator(text: str) -> tuple[str, str]:
    """What a first line "sep=;" says, and the text without it."""
    line, end, rest = text.partition("\n")
    said = line.strip().casefold()
    if said.startswith("sep=") and len(line.strip("\r")) == 5:
        return line[4], f"{end}{rest}"
    return "", text


def _separator_of(text: str) -> str:
    """The separator that cuts the first rows into the most columns, alike in most of them."""

    def width(mark: str) -> tuple[int, int]:
        try:
            rows = [row for row in islice(csv.reader(StringIO(text), delimiter=mark), _LOOKED_AT) if any(row)]
        except csv.Error:
            return 0, 0
        widths = [len(row) for row in rows]
        usual = max(set(widths), key=widths.count) if widths else 0
        return (usual, widths.count(usual)) if usual > 1 else (0, 0)

    return max(SEPARATORS, key=width)


def _without_guard(cell: str) -> str:
    """A cell as it was before a sign was put before it, for a spreadsheet not to take it for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+-@|%\t\r\n") else cell


def _records(text: str, separator: str) -> list[Row]:
    if separator not in SEPARATORS:
        names = ", ".join(f"{name.lower()} ({mark!r})" for mark, name in SEPARATORS.items())
        raise Unfit(f"There is no separator {separator!r}; allowed: {names}.")
    rows: list[Row] = []
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            if len(rows) == MOST_ROWS or len(cells) > MOST_COLUMNS:
                raise _too_large()
            rows.append(_row(map(_without_guard, cells)))
    except csv.Error as error:
        raise Unfit(f"Line {reader.line_num} cannot be read: {error}; check its quotation marks.") from error
    if not any(any(row) for row in rows):
        raise Unfit("The file is empty.")
    return rows
