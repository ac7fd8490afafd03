"""Many cases and decisions as a table: chosen columns, no formula, read back as it went out."""

import csv
import json
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from cases.actions.deciding import withdraw_decision
from cases.actions.entry import create_case
from cases.exchange.lists.tables import as_csv, as_workbook, written
from cases.models import AuditEvent, Board, Case
from guidelines.show.exports import guarded
from tests.cases.pages import PATIENT, full_case, sign

pytestmark = pytest.mark.django_db
HOSTILE = '=HYPERLINK("http://x")'


def table(file: Path) -> list[list[str]]:
    """What a spreadsheet would read."""
    return table_in(file.read_bytes(), file.suffix.removeprefix("."))


def table_in(data: bytes, kind: str) -> list[list[str]]:
    """The same of a file that was sent."""
    if kind == "xlsx":
        rows = load_workbook(BytesIO(data)).active.iter_rows()  # type: ignore[union-attr]
        return [["" if cell.value is None else str(cell.value) for cell in row] for row in rows]
    return list(csv.reader(StringIO(data.decode("utf-8-sig"))))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_cases_go_out_in_chosen_columns_and_come_back_unchanged(
    board: Board, alice: User, tmp_path: Path, kind: str
) -> None:
    full_case(board, alice)
    file = tmp_path / f"cases.{kind}"
    columns = "record_number,surname,birth_date,pathology.ki67,pathology.reported_on,metastatic_sites"
    call_command("export_cases", "--board", "gi-net", "--format", kind, "--columns", columns, "-o", str(file))
    assert table(file) == [
        columns.split(","),
        ["R-314159", "Quillfeather", "1961-08-14", "45", "2026-11-05", "liver"],
    ]
    assert AuditEvent.objects.filter(action="exported", kind="case file").count() == 1
    out = StringIO()
    call_command("import_cases", str(file), "--board", "gi-net", "--dry-run", "--format", "json", stdout=out)
    assert json.loads(out.getvalue())["counts"] == {"create": 0, "change": 0, "unchanged": 1, "refused": 0}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_decisions_go_out_from_what_was_frozen(
    board: Board, alice: User, dora: User, tmp_path: Path, kind: str
) -> None:
    case = full_case(board, alice)
    decision = sign(case, dora, title=HOSTILE)
    file = tmp_path / f"decisions.{kind}"
    asked = ["export_decisions", "--board", "gi-net", "--format", kind, "-o", str(file)]
    call_command(*asked, "--columns", "record_number,diagnosis,accepted,signed_by")
    header, row = table(file)
    accepted = f"'{HOSTILE}" if kind == "csv" else HOSTILE
    assert header == ["Record number", "Diagnosis", "Accepted", "Signed by", "Status"]
    assert row == ["R-314159", "G3 NET", accepted, "Dora Diaz", "Signed"]
    if kind == "xlsx":
        assert {cell.data_type for cell in load_workbook(file).active[2]} == {"s"}  # type: ignore[index]
    withdraw_decision(by=dora, decision=decision, reason="Wrong patient")
    call_command(*asked)
    assert table(file)[1][-1] == "Entered in error"
    assert AuditEvent.objects.filter(action="exported", kind="decision table").count() == 2
    call_command(*asked, "--since", "2999-01-01")
    assert len(table(file)) == 1


@pytest.mark.parametrize("command", ["export_cases", "export_decisions"])
def test_what_there_is_not_is_named(board: Board, command: str) -> None:
    with pytest.raises(CommandError, match=r"no column 'nonsense'; allowed: .*record_number"):
        call_command(command, "--board", "gi-net", "--format", "csv", "--columns", "nonsense")
    with pytest.raises(CommandError, match="There is no board 'lung'; allowed: gi-net"):
        call_command(command, "--board", "lung")


def test_a_case_of_which_little_is_known_has_empty_cells(board: Board, alice: User, tmp_path: Path) -> None:
    create_case(by=alice, board=board, patient=PATIENT, fields={"question": HOSTILE})
    file = tmp_path / "cases.csv"
    call_command("export_cases", "--board", "gi-net", "--format", "csv", "-o", str(file))
    (row,) = list(csv.DictReader(StringIO(file.read_bytes().decode("utf-8-sig"))))
    assert {name: value for name, value in row.items() if value} == {
        "record_number": "R-314159",
        "surname": "Quillfeather",
        "given_names": "Ada",
        "birth_date": "1961-08-14",
        "sex": "female",
        "question": f"'{HOSTILE}",
    }
    assert Case.objects.get().question == HOSTILE


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        ([], "none"),
        (["liver", "bone"], "liver; bone"),
        (True, "yes"),
        (False, "no"),
        (3.1, "3.1"),
    ],
)
def test_a_value_as_a_cell(value: object, cell: str) -> None:
    assert written(value) == cell


def test_what_no_sheet_may_hold_is_left_out() -> None:
    rows = [["a\x07b", "\x00", "-1"]]
    assert as_csv(rows, guarded).decode("utf-8-sig") == "a\x07b,\x00,'-1\r\n"
    sheet = load_workbook(BytesIO(as_workbook(rows, "X"))).active
    assert [cell.value for cell in sheet[1]] == ["ab", None, "-1"]  # type: ignore[index]
