"""What the format of a number shows in a workbook, where that says more than the number: 0.35 shown as
"35 %", 7 shown as "0000007". The reader of workbooks gives the number alone.

Only a workbook whose styles hold such a format is looked through again.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from posixpath import join, normpath
from zipfile import ZipFile

from cases.reading.written import plain

Row = tuple[str, ...]
PERCENT = -1  # of a format, instead of the number of digits that it fills up to
_BUILT_IN: Mapping[int, int] = {9: PERCENT, 10: PERCENT}
_OF_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^]]*]')  # what a format shows as it is, and its colors
_CELL = re.compile(rb"<(?:\w+:)?c\s([^<>]*)>")
_PLACE = re.compile(rb"""(?:^|\s)r\s*=\s*["']\s*([A-Za-z]+)([0-9]+)""")
_STYLE = re.compile(rb"""(?:^|\s)s\s*=\s*["']\s*([0-9]+)""")
_NO_NUMBER = re.compile(rb"""(?:^|\s)t\s*=\s*["'](?:s|str|inlineStr|b|e|d)["']""")
_TAG = r"<(?:\w+:)?{}\b([^<>]*)>"


def with_formats(data: bytes, sheets: Mapping[str, Sequence[Row]]) -> dict[str, Sequence[Row]]:
    """The sheets with each number as its format shows it. Percentages: exactly, with a sign; digits: filled
    up with zeros.
    """
    with ZipFile(BytesIO(data)) as packed:
        names = set(packed.namelist())
        if "xl/styles.xml" not in names:
            return dict(sheets)
        shown = _shown_by_style(packed.read("xl/styles.xml").decode(errors="replace"))
        if not shown:
            return dict(sheets)
        found: dict[str, Sequence[Row]] = dict(sheets)
        for name, member in _members(packed, names):
            if name in sheets:
                found[name] = _formatted(packed.read(member), sheets[name], shown)
    return found


def _shown_by_style(styles: str) -> dict[int, int]:
    """Number of a cell's style → `PERCENT`, or the digits that it fills up to."""
    own = {}
    for found in re.finditer(_TAG.format("numFmt"), styles):
        number, code = _attribute(found[1], "numFmtId"), _attribute(found[1], "formatCode")
        if number.isdigit():
            own[int(number)] = _meant(code)
    block = re.search(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    used = re.finditer(_TAG.format("xf"), block[0] if block else "")
    numbers = [_attribute(found[1], "numFmtId") for found in used]
    meant = {at: {**_BUILT_IN, **own}.get(int(one), 0) for at, one in enumerate(numbers) if one.isdigit()}
    return {at: one for at, one in meant.items() if one}


def _meant(code: str) -> int:
    """What a format's code shows besides the number; 0 for nothing."""
    bare = _OF_CODE.sub("", code.split(";")[0])
    if "%" in bare:
        return PERCENT
    digits = re.sub(r"[ /-]", "", bare)
    return len(digits) if len(digits) > 1 and not digits.strip("0") else 0


def _attribute(text: str, name: str) -> str:
    found = re.search(rf"""(?:^|\s){name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", text)
    return html.unescape(found[1] if found[1] is not None else found[2]) if found else ""


def _members(packed: ZipFile, names: set[str]) -> Iterator[tuple[str, str]]:
    """The name of each sheet with the member that holds it."""
    relations = "xl/_rels/workbook.xml.rels"
    if relations not in names:
        return
    targets = {
        _attribute(found[1], "Id"): _attribute(found[1], "Target")
        for found in re.finditer(_TAG.format("Relationship"), packed.read(relations).decode(errors="replace"))
    }
    for found in re.finditer(_TAG.format("sheet"), packed.read("xl/workbook.xml").decode(errors="replace")):
        target = targets.get(_attribute(found[1], r"(?:\w+:)id"), "")
        member = target.removeprefix("/") if target.startswith("/") else normpath(join("xl", target))
        if member in names:
            yield _attribute(found[1], "name"), member


def _formatted(sheet: bytes, rows: Sequence[Row], shown: Mapping[int, int]) -> Sequence[Row]:
    changed: dict[int, dict[int, str]] = {}
    for found in _CELL.finditer(sheet):
        style, place = _STYLE.search(found[1]), _PLACE.search(found[1])
        meant = shown.get(int(style[1]), 0) if style else 0
        if not meant or place is None or _NO_NUMBER.search(found[1]):
            continue
        row, column = int(place[2]) - 1, column_number(place[1]) - 1
        if row < len(rows) and column < len(rows[row]):
            changed.setdefault(row, {})[column] = _as_shown(rows[row][column], meant)
    return [
        tuple(changed[at].get(place, cell) for place, cell in enumerate(row)) if at in changed else row
        for at, row in enumerate(rows)
    ]


def _as_shown(cell: str, meant: int) -> str:
    if meant == PERCENT:
        is_number = re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", cell)
        return f"{plain(Decimal(cell).quantize(Decimal('1e-8')) * 100)} %" if is_number else cell
    return cell.zfill(meant) if cell.isascii() and cell.isdigit() else cell


def column_number(letters: bytes) -> int:
    """The number of a column: A is 1; 0 for none."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
