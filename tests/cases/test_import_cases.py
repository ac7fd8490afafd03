"""A list becomes cases: what is new, changed, unchanged or refused, and taking all of it back."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cases.actions.entry import add_comment, create_case, save_part
from cases.actions.import_undo import undo_import
from cases.actions.importing import ImportOutdated, keep_reading
from cases.actions.undoing import UndoRefused
from cases.casefile.file_reading import read_case_file
from cases.exchange.lists.fields import FIELDS
from cases.exchange.lists.files import ListFile, read_file
from cases.exchange.lists.mapping import ListMapping
from cases.facts import author_of, facts_of
from cases.filing import around, as_case_file
from cases.models import (
    AuditEvent,
    Board,
    Case,
    ImportedRow,
    ListImport,
    ListReading,
    PathologyReport,
    Patient,
    RecordVersion,
    StoredReadiness,
)
from cases.queries import with_record
from cases.record import record_of
from cases.screens.history import history_of
from cases.screens.lists import finished, import_list, list_of, plan, source_of
from tests import factories
from tests.cases.pages import PATIENT, REFERRAL, full_case, sign

pytestmark = pytest.mark.django_db

HEAD = (
    "record_number;key;surname;given_names;birth_date;question;primary_site;"
    "pathology.reported_on;pathology.ki67"
)
ADA = "007;;Adams;Ada;1961-08-14;Treatment?;pancreas;2026-03-05;30 %"
BEA = "008;K1;Berg;Bea;1950-02;Treatment?;stomach;;"
BEA_WHOLE = "008;K1;Berg;Bea;1950-02-03;Treatment?;stomach;;>80"
TABLES = (Patient, Case, PathologyReport, RecordVersion, AuditEvent, ListImport, ImportedRow, StoredReadiness)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def command(path: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """The exit status, and what is printed as JSON."""
    out = StringIO()
    status = 0
    try:
        call_command(
            "import_cases",
            str(path),
            "--board",
            "gi-net",
            "--format",
            "json",
            *options,
            stdout=out,
            stderr=StringIO(),
        )
    except SystemExit as end:
        status = int(end.code or 0)
    return status, json.loads(out.getvalue())


def written(folder: Path, *rows: str, head: str = HEAD, name: str = "October.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    return path


def rows_of_tables() -> list[int]:
    return [table._base_manager.count() for table in TABLES]


def taken(board: Board, by: User, *rows: str, head: str = HEAD, ticks: Any = frozenset()) -> Any:
    """The plan of a list that has been taken over, and what was made of it."""
    data = "\n".join([head, *rows]).encode()
    planned = finished(plan(board, by, list_of(board, read_file(data), ListMapping()), ticks=ticks))
    return planned, finished(import_list(board, by, planned, source_of("October.csv", data, None)))


# --- The command --------------------------------------------------------------------------------------


def test_good_rows_go_in_and_refused_ones_come_back_with_their_reason(
    board: Board, alice: User, folder: Path
) -> None:
    path, back = written(folder, ADA, BEA), folder / "back.csv"
    before = rows_of_tables()
    status, dry = command(path, "--dry-run")
    assert (status, rows_of_tables()) == (1, before)
    assert dry["counts"] == {"create": 1, "change": 0, "unchanged": 0, "refused": 1}
    assert dry["rows"][1]["faults"] == [
        {"column": "birth_date", "value": "1950-02", "reason": "the day is not known, and it is needed",
         "allowed": "YYYY-MM-DD"}
    ]  # fmt: skip

    status, done = command(path, "--refused", str(back))

    assert (status, done["counts"]) == (1, dry["counts"])
    case = Case.objects.get()
    assert (case.patient.record_number, case.patient.full_name, case.owner) == ("007", "Adams, Ada", alice)
    assert StoredReadiness.objects.get().record_version == case.record_version
    report = case.pathology_reports.get()
    assert (report.ki67, author_of(report)) == ("30 %", "Alice Albers, from list October.csv, row 2")
    (event,) = AuditEvent.objects.filter(case=case)
    assert (event.action, event.detail["row"]) == ("created", 2)
    lines = back.read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].endswith('the day is not known, and it is needed; allowed: YYYY-MM-DD"')

    again = rows_of_tables()
    assert command(path)[1]["counts"] == {"create": 0, "change": 0, "unchanged": 1, "refused": 1}
    assert rows_of_tables() == again


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--board", "nowhere"], "allowed: gi-net"),
        (["--mapping", "nothing"], "no mapping 'nothing'; allowed: none are stored"),
        (["--by", "victor"], "may not enter"),
        (["--unit", "Ki-67"], "COLUMN=ANSWER"),
        (["--encoding", "x"], "allowed: utf-8"),
        (["--sheet", "Two"], "no sheet"),
        (["--header-row", "9"], "no row 9"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_printed(
    board: Board, alice: User, victor: User, folder: Path, options: list[str], said: str
) -> None:
    path = written(folder, ADA)
    with pytest.raises(CommandError, match=said) as refused:
        call_command(
            "import_cases", str(path), *(["--board", "gi-net"] if "--board" not in options else []), *options
        )
    assert (refused.value.returncode, Case.objects.count()) == (2, 0)


def test_a_mapping_file_is_kept_by_its_name_in_versions(board: Board, alice: User, folder: Path) -> None:
    path = written(folder, "7;Adams;14.08.1961;gut;0,35", head="Pat-Nr;Name;Geb;Diff;Ki-67")
    status, dry = command(path, "--dry-run")
    assert (status, dry["left_out"]) == (1, ["Pat-Nr", "Name", "Geb", "Diff"])
    mapping = {
        "columns": {"Pat-Nr": "record_number", "Name": "surname", "Geb": "birth_date",
                    "Diff": "pathology.differentiation"},
        "values": {"Diff": {"gut": "well"}}, "question": "Treatment?",
    }  # fmt: skip
    said = folder / "mapping.json"
    said.write_text(json.dumps(mapping), encoding="utf-8")
    options = ["--mapping", "Pathology", "--mapping-file", str(said)]
    assert command(path, *options, "--dry-run")[1]["questions"] == [
        {"kind": "units", "column": "Ki-67", "field": "pathology.ki67", "words": {"0,35": 1},
         "allowed": ["percent", "share"]}
    ]  # fmt: skip
    assert ListReading.objects.count() == 0
    assert command(path, *options, "--unit", "Ki-67=share")[0] == 0
    report = PathologyReport.objects.get()
    assert (report.differentiation, report.ki67, report.case.question) == ("well", "35 %", "Treatment?")
    assert command(path, "--mapping", "Pathology")[1]["counts"]["unchanged"] == 1
    assert command(path)[1]["counts"]["unchanged"] == 1  # its columns tell how it is read
    assert [one.version for one in ListReading.objects.all()] == [1]


# --- Rows ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([ADA, ADA], [("record_number", "the same case stands in row 3 too"),
                      ("record_number", "the same case stands in row 2 too")]),
        ([";;A;A;1961-08-14;Q?;;;"], [("record_number", "missing")]),
        (["1;;;;;;;;"], [("surname", "missing"), ("birth_date", "missing")]),
        (["1;;A;A;1961-08-14;;;;"], [("question", "missing")]),
        (["1;;A;A;1961-08-14;Q?;leg;;"], [("primary_site", "this word is not mapped")]),
        (["1;;A;A;1961-08-14;Q?;;2026-03-05;high"], [("pathology.ki67", "no number")]),
        (["1;;A;A;2061-08-14;Q?;;;"], [("birth_date", "14-Aug-2061 is in the future")]),
    ],
)  # fmt: skip
def test_a_refused_row_says_column_value_and_reason(
    board: Board, alice: User, rows: list[str], said: list[tuple[str, str]]
) -> None:
    planned, made = taken(board, alice, *rows)
    faults = [one.fault for line in planned.lines("refused") for one in line.faults]
    assert [(one.column, one.reason) for one in faults] == said
    assert (made, Case.objects.count(), AuditEvent.objects.count()) == (None, 0, 0)


def test_a_row_fills_and_changes_what_a_list_said_and_spares_what_a_person_entered(
    board: Board, alice: User, bob: User
) -> None:
    taken(board, alice, ADA)
    _, made = taken(board, alice, ADA.replace("30 %", "35 %").replace("pancreas", ""))
    report = PathologyReport.objects.get()
    assert (made.changed, report.ki67, report.case.primary_site) == (1, "35 %", "pancreas")

    save_part(by=bob, part=report, fields={"differentiation": "well", "ki67": "36 %"}, version=report.version)
    report.refresh_from_db()
    assert author_of(report) == "Bob Baker"
    counts = rows_of_tables()
    planned, made = taken(board, alice, ADA)
    (line,) = planned.lines("unchanged")
    (change,) = line.changes
    assert (change.before, change.after, change.taken, made) == ("36 %", "30 %", False, None)
    assert rows_of_tables() == counts
    taken(board, alice, ADA, ticks=frozenset({f"{change.tick}0"}))
    assert rows_of_tables() == counts

    _, made = taken(board, alice, ADA, ticks=frozenset({change.tick}))

    report.refresh_from_db()
    assert (made.changed, report.ki67, report.differentiation) == (1, "30 %", "well")


def test_what_a_row_adds_to_a_known_case_is_shown_before_it_is_stored(board: Board, alice: User) -> None:
    create_case(by=alice, board=board, patient=PATIENT, fields=REFERRAL)
    head = "record_number;surname;birth_date;pathology.reported_on;pathology.ki67;assessments.ecog"
    row = f"{PATIENT['record_number']};{PATIENT['surname']};1961-08-14;2026-03-05;35 %;1"
    listed = list_of(board, read_file(f"{head}\n{row}".encode()), ListMapping())
    planned = finished(plan(board, alice, listed))
    (line,) = planned.lines("change")
    assert [(one.path, one.before, one.after) for one in line.changes] == [
        ("pathology[0].reported_on", "Not known", "05-Mar-2026"),
        ("pathology[0].ki67", "Not known", "35 %"),
        ("assessments[0].ecog", "Not known", "1"),
    ]


def test_the_same_value_in_other_words_changes_nothing(board: Board, alice: User) -> None:
    taken(board, alice, ADA)
    planned, made = taken(board, alice, ADA.replace("30 %", "30"))
    assert (planned.counts["unchanged"], made) == (1, None)


def test_a_report_is_told_from_others_or_the_row_is_refused(board: Board, alice: User) -> None:
    taken(board, alice, ADA)
    taken(board, alice, ADA.replace("2026-03-05;30 %", "2026-04-05;50 %"))
    assert [one.ki67 for one in PathologyReport.objects.order_by("ki67")] == ["30 %", "50 %"]
    planned, made = taken(board, alice, ADA.replace("2026-03-05;30 %", ";60 %"))
    (line,) = planned.lines("refused")
    assert "2 entries of which this may speak" in line.faults[0].fault.reason
    assert made is None


def test_cases_of_one_patient_are_told_by_their_key(board: Board, alice: User) -> None:
    rows = [ADA.replace("007;", "007;K1"), ADA.replace("007;", "007;K2").replace("Treatment", "Surgery")]
    _, made = taken(board, alice, *rows)
    assert (made.created, Patient.objects.count()) == (2, 1)
    assert taken(board, alice, *rows)[1] is None
    planned, _ = taken(board, alice, ADA)
    (line,) = planned.lines("refused")
    assert (line.faults[0].fault.column, line.faults[0].fault.allowed) == ("key", "one of: K1, K2")


def test_another_person_is_never_taken_for_the_same(board: Board, alice: User) -> None:
    taken(board, alice, ADA)
    for changed in (ADA.replace("Adams", "Baker"), ADA.replace("1961-08-14", "1961-08-15")):
        planned, made = taken(board, alice, changed)
        (line,) = planned.lines("refused")
        assert "belongs to a person with another name" in line.faults[0].fault.reason
        assert made is None
    planned, _ = taken(board, alice, ADA.replace("007", "700"))
    (line,) = planned.lines("refused")
    (fault,) = line.faults
    assert fault.fault.reason == "Another person of the same name and date of birth is on this board"
    _, made = taken(board, alice, ADA.replace("007", "700"), ticks=frozenset({fault.tick}))
    assert (made.created, Patient.objects.count()) == (1, 2)


def test_what_was_signed_stays(board: Board, alice: User, dora: User) -> None:
    case = full_case(board, alice, in_days=-1)
    decision = sign(case, dora)
    head = "record_number;surname;given_names;birth_date;primary_site"
    row = f"{PATIENT['record_number']};{PATIENT['surname']};Ada;1961-08-14;stomach"
    _, made = taken(board, alice, row, head=head, ticks=None)
    case.refresh_from_db()
    frozen = decision.snapshot
    decision.refresh_from_db()
    assert (made.changed, case.primary_site, decision.snapshot) == (1, "stomach", frozen)


# --- Taking back --------------------------------------------------------------------------------------


def test_a_whole_list_is_taken_back_while_untouched_and_can_come_again(board: Board, alice: User) -> None:
    known = create_case(by=alice, board=board, patient=PATIENT, fields=REFERRAL)
    row = f"{PATIENT['record_number']};;{PATIENT['surname']};Ada;1961-08-14;;;2026-03-05;40 %"
    _, made = taken(board, alice, ADA, row)
    assert (made.created, made.changed) == (1, 1)
    undone = undo_import(by=alice, list_import=made)
    new = Case.objects.exclude(pk=known.pk).get()
    assert (undone.undoes, new.status, PathologyReport.objects.count()) == (made, "closed", 0)
    assert AuditEvent.objects.filter(action="undone").count() == 2
    with pytest.raises(UndoRefused, match="already"):
        undo_import(by=alice, list_import=made)

    _, again = taken(board, alice, ADA.replace("Adams", "Adamski"), row)

    new.refresh_from_db()
    assert (again.changed, new.status, new.patient.surname) == (2, "draft", "Adamski")
    assert sorted(one.ki67 for one in PathologyReport.objects.all()) == ["30 %", "40 %"]


def test_a_list_that_somebody_went_on_with_is_not_taken_back(board: Board, alice: User, bob: User) -> None:
    _, made = taken(board, alice, ADA)
    add_comment(by=bob, case=Case.objects.get(), text="Seen")
    counts = rows_of_tables()
    with pytest.raises(UndoRefused, match="changed 1 of its cases"):
        undo_import(by=alice, list_import=made)
    assert rows_of_tables() == counts


def test_a_plan_that_is_out_of_date_stores_nothing(board: Board, alice: User) -> None:
    data = "\n".join([HEAD, ADA]).encode()
    planned = finished(plan(board, alice, list_of(board, read_file(data), ListMapping())))
    create_case(by=alice, board=board, patient={**PATIENT, "record_number": "007"}, fields=REFERRAL)
    counts = rows_of_tables()
    with pytest.raises(ImportOutdated):
        finished(import_list(board, alice, planned, source_of("x", data, None)))
    assert rows_of_tables() == counts


# --- Who, and what is told ----------------------------------------------------------------------------


@pytest.mark.parametrize(("person", "error"), [("victor", PermissionDenied), ("charlie", Http404)])
def test_the_actions_ask_for_the_right_themselves(
    request: pytest.FixtureRequest, board: Board, alice: User, person: str, error: type[Exception]
) -> None:
    _, made = taken(board, alice, ADA)
    other = request.getfixturevalue(person)
    with pytest.raises(error):
        taken(board, other, ADA.replace("007", "9"))
    with pytest.raises(error):
        undo_import(by=other, list_import=made)
    with pytest.raises(error):
        keep_reading(by=other, board=board, name="x", content={})
    assert Case.objects.count() == 1


def test_history_tells_the_list_and_all_that_it_stored(board: Board, alice: User) -> None:
    taken(board, alice, ADA)
    (line,) = history_of(Case.objects.get(), reads=False, before=None, may_undo=True).lines
    assert line.what == "Created: from list October.csv, row 2"
    told = {change.label: change.after for change in line.changes}
    assert (told["Ki-67"], told["Primary site"], told["Surname"]) == ("30 %", "Pancreas", "Adams")


def test_case_files_go_out_and_come_in_with_the_same_facts(
    board: Board, alice: User, dora: User, folder: Path
) -> None:
    case = full_case(board, alice)
    report = case.pathology_reports.get()
    more = {
        "mitoses": "16/10 HPF", "hpf_field_mm2": "0.24", "stage_t": "pT3", "components": [{"type": "nec"}],
        "other_stains": [{"name": "CDX2", "result": "focal"}], "deciding": True, "deciding_reason": "Larger",
    }  # fmt: skip
    save_part(by=alice, part=report, fields=more, version=report.version)
    taken(board, alice, ADA, BEA_WHOLE)
    out = folder / "cases.jsonl"
    call_command("export_cases", "--board", "gi-net", "-o", str(out))
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert AuditEvent.objects.filter(action="exported", kind="case file").count() == len(lines) == 3

    assert command(out)[1]["counts"] == {"create": 0, "change": 0, "unchanged": 3, "refused": 0}
    elsewhere = Board.objects.create(name="Copy", slug="copy")
    factories.MembershipFactory(user=dora, board=elsewhere, role="chair")
    for line in lines:
        line["case"]["board"] = "copy"
    out.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    call_command("import_cases", str(out), "--board", "copy", "--by", "dora", stdout=StringIO())

    copies = with_record(Case.objects.filter(board=elsewhere)).order_by("pk")
    again = [as_case_file(record_of(copy)) for copy in copies]
    assert again == lines
    assert "deciding" in again[0]["pathology"][0]
    first = with_record(Case.objects.filter(board=board)).order_by("pk")
    facts = [[facts_of(record_of(one)).values for one in cases] for cases in (first, copies)]
    assert facts[0] == facts[1]


def test_who_does_not_judge_names_no_deciding_report(board: Board, alice: User, folder: Path) -> None:
    pathology = {"ki67": "30", "deciding": True, "deciding_reason": "Larger"}
    patient = {"record_number": "1", "surname": "A", "birth_date": "1961-08-14"}
    lines = [{"patient": patient, "case": {"question": "Q?"}, "pathology": [pathology]}, "no object"]
    path = folder / "cases.jsonl"
    path.write_text("\n".join([*map(json.dumps, lines), '{"half']), encoding="utf-8")
    status, done = command(path)
    reasons = [row["faults"][0]["reason"] for row in done["rows"]]
    assert (status, Case.objects.count()) == (1, 0)
    assert reasons[:2] == ["your role does not include to judge", "not an object"]
    assert reasons[2].startswith("the line is no JSON")


def test_what_a_list_stored_reads_back_as_the_case_file_that_it_was(board: Board, alice: User) -> None:
    taken(board, alice, ADA, BEA_WHOLE)
    data = "\n".join([HEAD, ADA, BEA_WHOLE]).encode()
    today = timezone.localdate()
    for row in list_of(board, read_file(data), ListMapping()).rows(around(board, today)):
        assert row.file is not None
        number = row.file.patient.record_number
        case = with_record(Case.objects.filter(patient__record_number=number)).get()
        read = read_case_file(as_case_file(record_of(case)), around(board, today))
        said = [(part.words.get("ki67"), part.words.get("reported_on")) for part in row.file.pathology]
        assert [(part.words.get("ki67"), part.words.get("reported_on")) for part in read.pathology] == said
        assert (read.case.primary_site, read.patient.birth_date) == (
            row.file.case.primary_site, row.file.patient.birth_date,
        )  # fmt: skip


WORDS = (
    "yes no well 30_% 0.5 50.45 2026-03-05 1 99999 liver surgery ct G3 pancreas captem pT3 negative IVB "
    "localized metastatic systemic"
)
CELLS = st.one_of(st.text(max_size=30), st.sampled_from([*WORDS.split(), "x" * 300]))


@hypothesis.settings(max_examples=20, suppress_health_check=list(hypothesis.HealthCheck))
@given(st.data())
def test_whatever_a_list_holds_is_stored_once_or_refused(
    board: Board, alice: User, data: st.DataObject
) -> None:
    """Slow, for its rows are stored. What a plan lets pass, the database takes, and has the second time."""
    known = ["record_number", "surname", "birth_date", "question"]
    others = data.draw(st.lists(st.sampled_from(sorted(set(FIELDS) - set(known))), max_size=12, unique=True))
    rows = [(*known, *others)]
    for number in range(3):
        drawn = tuple(data.draw(CELLS) for _ in others)
        rows.append((f"F{number}", "A", f"19{number}1-08-14", "Q?", *drawn))
    file = ListFile("csv", {"": rows}, "utf-8", ";")
    first = finished(plan(board, alice, list_of(board, file, ListMapping())))
    assert all(line.faults for line in first.lines("refused"))
    with transaction.atomic():
        finished(import_list(board, alice, first, source_of("x", b"", None)))
        again = finished(plan(board, alice, list_of(board, file, ListMapping())))
        transaction.set_rollback(True)
    assert (again.counts["create"], again.counts["change"]) == (0, 0)
