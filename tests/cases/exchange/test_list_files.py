"""A list as a file: every encoding and separator that is written, and nothing that is too much."""

import datetime
import zlib
from collections.abc import Callable
from io import BytesIO
from struct import pack_into
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from cases.exchange.lists import workbooks
from cases.exchange.lists.fields import field_of_header
from cases.exchange.lists.files import LONGEST_CELL, MOST_ROWS, ListFile, read_file
from cases.exchange.lists.papers import REASON, refused_csv, refused_workbook, template
from cases.exchange.lists.workbooks import Unfit
from guidelines.show.exports import guarded

TEXT = "Nr;Name\r\n007;Müller, „Eva“\r\n"
ROWS = [("Nr", "Name"), ("007", "Müller, „Eva“")]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("cp1252"), "cp1252"),
    ],
)
def test_every_encoding(data: bytes, encoding: str) -> None:
    assert read_file(data) == ListFile("csv", {"": ROWS}, encoding, ";")


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_every_separator(mark: str) -> None:
    text = f'a{mark}b{mark}c\n1{mark}"x{mark}y;,"{mark}3\n'
    assert read_file(text.encode()) == ListFile(
        "csv", {"": [("a", "b", "c"), ("1", f"x{mark}y;,", "3")]}, "utf-8", mark
    )


def test_a_first_line_can_name_the_separator_and_rows_keep_their_numbers() -> None:
    assert read_file(b"sep=|\na;b|c\n").sheets[""] == [(), ("a;b", "c")]


def workbook(*rows: tuple[object, ...], sheets: int = 1) -> bytes:
    book = Workbook()
    for number in range(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = f"S{number}"
        for row in rows:
            sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_gives_its_cells_as_text() -> None:
    day = datetime.date(2026, 3, 5)
    data = workbook(("Nr", "Ki-67"), (7, 0.35), ("007", True), (day, 1e20), sheets=2)
    rows = [("Nr", "Ki-67"), ("7", "0.35"), ("007", "true"), ("2026-03-05", "1e+20")]
    assert read_file(data) == ListFile("xlsx", {"S0": rows, "S1": rows})


def made_by(fill: Callable[[Workbook], object]) -> bytes:
    """A workbook that somebody has filled in."""
    book, out = Workbook(), BytesIO()
    fill(book)
    book.save(out)
    return out.getvalue()


def days(book: Workbook) -> None:
    sheet = book.active
    for row in (
        ["day", "n"],
        [46086, 46086],
        [datetime.datetime.fromisoformat("2026-03-05 13:45")],
        [datetime.time(13, 45)],
    ):
        sheet.append(row)
    sheet["A2"].number_format = "dd.mm.yyyy"


def days_since_1904(book: Workbook) -> None:
    book.epoch = CALENDAR_MAC_1904
    days(book)


def numbers(book: Workbook) -> None:
    sheet = book.active
    for row in ([7, 0.35, 1], [1234567, 0.07, 0.1 + 0.2], ["8", "0,35", 2], [12345678901234567, 45, "x"]):
        sheet.append(row)
    for row in range(1, 5):
        sheet.cell(row, 1).number_format = "0000000" if row != 2 else '"MRN-"000\\-0000\\-000'
        sheet.cell(row, 2).number_format = "0%" if row != 2 else '[Red]0.00" % is "%;0'
        sheet.cell(row, 3).number_format = '0" %"'


def merged(book: Workbook) -> None:
    sheet = book.active
    for row in (["List of October", "", ""], ["Nr", "Name", "Ki-67"], ["1", "Ito", 35], ["", "", 40]):
        sheet.append(row)
    for area in ("A1:C1", "A3:A4", "B3:B4"):
        sheet.merge_cells(area)


def hidden(book: Workbook) -> None:
    book.active.append(["Nr", "old"])
    book.active.sheet_state = "hidden"
    book.create_sheet("Shown").append(["Nr", "new"])
    book.active = 1


@pytest.mark.parametrize(
    ("fill", "sheets"),
    [
        (days,
         {"Sheet": [("day", "n"), ("2026-03-05", "46086"), ("2026-03-05 13:45", ""), ("13:45:00", "")]}),
        (days_since_1904,
         {"Sheet": [("day", "n"), ("2030-03-06", "46086"), ("2026-03-05 13:45", ""), ("13:45:00", "")]}),
        (numbers,
         {"Sheet": [("0000007", "35 %", "1"), ("0001234567", "7 %", "0.3"), ("8", "0,35", "2"),
                    ("1.23456789012346e+16", "4500 %", "x")]}),
        (merged, {"Sheet": [("List of October", "", ""), ("Nr", "Name", "Ki-67"), ("1", "Ito", "35"),
                            ("", "", "40")]}),
        (hidden, {"Shown": [("Nr", "new")], "Sheet": [("Nr", "old")]}),
    ],
)  # fmt: skip
def test_cells_stand_as_a_person_sees_them(
    fill: Callable[[Workbook], None], sheets: dict[str, list[tuple[str, ...]]]
) -> None:
    read = read_file(made_by(fill)).sheets
    assert list(read.items()) == list(sheets.items())  # the first that is not hidden is taken


CELL = b'<row r="1"><c r="A1" t="inlineStr"><is><t>Ki-67</t></is></c></row><row r="2">%s</row>'


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (b'<c r="A2"><f>10+25</f><v>35</v></c>', "35"),
        (b'<c r="A2" t="str"><f>IF(B2="","",B2)</f><v></v></c>', ""),
        (b'<c r="A2" t="e"><f>VLOOKUP(1,B:C,2)</f><v>#N/A</v></c>', ""),
        (b'<c r="A2"><f>10+25</f><v></v></c>', None),
        (b'<c r="A2"><f>10+25</f><v/></c>', None),
        (b'<c r="A2"><f t="shared" si="0"/></c>', None),
    ],
)
def test_of_a_formula_its_stored_result_counts(cell: bytes, value: str | None) -> None:
    data = packed(SHEET % (CELL % cell))
    if value is None:
        with pytest.raises(Unfit, match="formula stands there without its result"):
            read_file(data)
    else:
        assert read_file(data).sheets["S0"] == [("Ki-67",), (value,)]


def test_macros_and_links_are_not_looked_at() -> None:
    out = BytesIO()
    with ZipFile(BytesIO(workbook(("Nr",), ("1",)))) as whole, ZipFile(out, "w") as made:
        for member in whole.namelist():
            made.writestr(member, whole.read(member))
        made.writestr("xl/vbaProject.bin", b"\0Sub Auto_Open()")
        made.writestr("xl/externalLinks/externalLink1.xml", b'<externalLink r="http://nowhere.example"/>')
    assert read_file(out.getvalue()).sheets["S0"] == [("Nr",), ("1",)]


# --- Too much, and wrong ------------------------------------------------------------------------------


def packed(sheet: bytes, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A workbook whose sheet is replaced."""
    out = BytesIO()
    with ZipFile(BytesIO(workbook(("a", "b")))) as whole, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for member in whole.namelist():
            made.writestr(member, sheet if member == name else whole.read(member))
    return out.getvalue()


def packed_with_more(members: int) -> bytes:
    """A workbook with so many more files in it, all empty."""
    out = BytesIO(workbook(("a", "b")))
    with ZipFile(out, "a") as made:
        for number in range(members):
            made.writestr(f"xl/{number}.xml", b"")
    return out.getvalue()


LIMIT = 1024 * 1024  # to unpack to, in these tests
SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData>'
    b"</worksheet>"
)


def understated(data: bytes) -> bytes:
    """The same, with every size that it declares of itself made small."""
    changed = bytearray(data)
    at = changed.find(b"PK\x01\x02")
    while at >= 0:
        pack_into("<I", changed, at + 24, 10)
        at = changed.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


BOMB = packed(SHEET % (b'<row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row>' % (b"x" * LIMIT)))
MANY = packed_with_more(workbooks.MOST_MEMBERS)
FAR = packed(SHEET % b'<row r="1"><c r="XFD1048576"><v>1</v></c></row>')
FAR_ROW = packed(SHEET % b'<row\tspans="1:1" r = "1048576"><c><v>1</v></c></row>')


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b";;\r\n;;\r\n", "empty"),
        (b"PK\x03\x04 and nothing", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as XLSX or CSV"),
        (b"a;b\n\x00\x01\x02;\n", "no encoding"),
        (b'a;b\n"1;2\n', "Line 2 cannot be read"),
        ("Nr;Name\n1;Müller\n2;".encode() + b"M\xfcller", "Letters such as 'Ã¼'"),
        ("Nr;Name\n1;MÃ¼ller\n".encode("utf-16"), "Letters such as 'Ã¼'"),
        (b"a;b\n" + b"1;2\n" * MOST_ROWS, "10,000 rows"),
        (b"a;" + b"x" * (LONGEST_CELL + 1), "longer than 32,767"),
        (b"x;y\n" * 3_000_000, "larger than 8 MB"),
        (BOMB, "unpacks to more than 1 MB"),
        (understated(BOMB), "unpacks to more than 1 MB"),
        (MANY, "unpacks to more than 1 MB"),
        (FAR, "reaches to XFD1048576"),
        (FAR_ROW, "reaches to 1048576"),
        (packed(SHEET % (b"<row>%s</row>" % (b"<c/>" * 1001))), "1,000 cells"),
        (packed(b"\x00<" * 50), "unusual way"),
        (packed(b"<worksheet><sheetData><row"), "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_list_or_too_much_is_refused_in_words(
    data: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", LIMIT)
    monkeypatch.setattr(workbooks, "MOST_CELLS", 1000)
    with pytest.raises(Unfit, match=said):
        read_file(data)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read_file(data)
    except Unfit as error:
        refusal = str(error)
        assert refusal.endswith(".")


@given(st.integers(0, 4000), st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook_is_read_or_refused(at: int, noise: bytes) -> None:
    whole = workbook(("record_number", "surname"), ("1", "Ito"))
    at %= len(whole)
    try:
        read_file(whole[:at] + noise + whole[at + len(noise) :])
    except Unfit as error:
        refusal = str(error)
        assert refusal.endswith(".")


def test_the_sizes_that_a_bomb_declares_are_small() -> None:
    with ZipFile(BytesIO(understated(BOMB))) as made:
        assert sum(one.file_size for one in made.infolist()) < 1000
    assert zlib.crc32(BOMB) != zlib.crc32(understated(BOMB))


# --- What goes out ------------------------------------------------------------------------------------


HEADERS = ["Nr", "Note", REASON]
BACK = [(("007", "=1+1"), "row 2: no such value"), (("-5", "@x"), "two\nlines")]
READ_BACK = [("Nr", "Note", REASON), ("007", "=1+1", "row 2: no such value"), ("-5", "@x", "two\nlines")]


def test_refused_rows_come_back_as_they_came_and_no_cell_is_a_formula() -> None:
    book = refused_workbook(HEADERS, BACK)
    assert read_file(book).sheets["Refused"] == READ_BACK
    with ZipFile(BytesIO(book)) as made:
        assert b"<f>" not in made.read("xl/worksheets/sheet1.xml")
    text = refused_csv(HEADERS, BACK, "cp1252", ";", guarded)
    assert b"'=1+1" in text
    assert b"'-5" in text
    assert read_file(text).sheets[""] == READ_BACK


def test_the_template_has_headers_that_map_by_themselves() -> None:
    sheets = read_file(template()).sheets
    headers = [cell for cell in sheets["Cases"][0] if cell]
    assert [field.path for header in headers if (field := field_of_header(header))] == headers
    assert len(headers) == 45
    assert all(field_of_header(row[0]) for row in sheets["Fields"][1:])
