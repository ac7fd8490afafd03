"""The history in words: what each save changed, as the forms call it and as people write it."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries

from cases.actions import entry
from cases.actions.access_log import log_read
from cases.actions.undoing import undo_last_save
from cases.models import AuditEvent, Board, Case, RecordVersion
from cases.screens.history import PAGE, FieldChange, History, changes_of, history_of, value_in_words
from tests.cases.pages import PATIENT, full_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice: User, board: Board) -> Case:
    return entry.create_case(by=alice, board=board, patient=PATIENT, fields={"question": "First line?"})


def told(case: Case, **options: Any) -> History:
    return history_of(case, **{"reads": False, "before": None, "may_undo": True, **options})


def changes(of: RecordVersion) -> list[tuple[str, str, str]]:
    return [(one.label, one.before, one.after) for one in changes_of(of)]


def test_a_new_part_and_a_change_of_it(alice: User, bob: User, case: Case) -> None:
    fields = {"ki67": "45 %", "differentiation": "well"}
    report = entry.add_part(by=alice, case=case, kind="pathology", fields=fields)
    fields = {"ki67": "20-25,5 %", "reported_on": datetime.date(2026, 3, 5)}
    entry.save_part(by=bob, part=report, fields=fields, version=1)  # type: ignore[type-var]
    changed, created, _ = told(case).lines
    assert (created.who, created.what, created.is_long) == ("Alice Albers", "Created: pathology", False)
    assert created.changes == (
        FieldChange("Differentiation", "", "Well differentiated"),
        FieldChange("Ki-67", "", "45 %"),
    )
    assert (changed.who, changed.what) == ("Bob Baker", "Changed: pathology")
    assert changed.changes == (
        FieldChange("Reported on", "Not known", "05-Mar-2026"),
        FieldChange("Ki-67", "45 %", "20-25,5 %"),
    )


def test_what_went_and_came_back(alice: User, case: Case) -> None:
    fields = {"kind": "radiation", "dose_gy": Decimal("50.4"), "curative_intent": False}
    part = entry.add_part(by=alice, case=case, kind="treatment", fields=fields)
    entry.remove_part(by=alice, part=part, version=1)
    undo_last_save(by=alice, case=case, version=RecordVersion.objects.latest("pk"))
    back, gone, *_ = told(case).lines
    assert (back.what, gone.what) == ("Undone: treatment", "Removed: treatment")
    said = [("Kind", "Radiation"), ("Curative intent", "No"), ("Dose", "50.4 Gy")]
    assert [(one.label, one.before) for one in gone.changes] == said
    assert [(one.label, one.after) for one in back.changes] == said


@pytest.mark.parametrize(
    ("kind", "name", "kept", "words"),
    [
        ("case", "metastatic_sites", ["liver"], "Liver"),
        ("case", "metastatic_sites", [], "None"),
        ("case", "tumor_size", "42 mm", "42 mm"),
        ("case", "referrer", "", "Not known"),
        ("case", "referrer", "x" * 400, "x" * 299 + "…"),
        ("patient", "birth_date", "1961-08-14", "14-Aug-1961"),
        ("patient", "sex", "female", "Female"),
        ("patient", "deceased", True, "Yes"),
        ("imaging", "modality", "fdg_pet", "FDG-PET"),
        ("treatment", "regimen", "captem", "CAPTEM"),
        ("treatment", "regimen", "cisplatin_irinotecan", "Cisplatin and irinotecan"),
        ("treatment", "sites", ["liver", "bone"], "Liver, Bone"),
        ("imaging", "sites", [], "None"),
        ("case", "asks", ["no_longer_there"], "no_longer_there"),
        (
            "pathology",
            "components",
            [{"type": "nec", "percent": "80 %"}, {"type": "net_g2"}],
            "NEC 80 %, NET G2",
        ),
        ("pathology", "other_stains", [{"name": "CDX2", "result": "focal"}], "CDX2 focal"),
        ("treatment", "regimen", "other", "Another regimen"),
        ("treatment", "line", 2, "2"),
        ("assessment", "ecog", 0, "0"),
        ("assessment", "progressive", False, "No"),
        ("pathology", "a_column_of_old", "kept", "kept"),
    ],
)
def test_values_in_words(case: Case, kind: str, name: str, kept: Any, words: str) -> None:
    assert value_in_words(kind, name, kept).startswith(words)


def test_what_is_asked_about_is_named(alice: User, case: Case) -> None:
    entry.save_case(by=alice, case=case, fields={"asks": ["captem", "prrt"]}, version=1)
    (change,) = told(case).lines[0].changes
    assert (change.label, change.before) == ("What is asked about", "None")
    assert "captem" not in change.after
    assert len(change.after.split(", ")) >= 2


def test_an_owner_is_named(alice: User, bob: User, case: Case) -> None:
    entry.save_case(by=alice, case=case, fields={"owner": bob}, version=1)
    assert changes(RecordVersion.objects.latest("pk")) == [("Owner", "Alice Albers", "Bob Baker")]


def test_the_newest_save_of_each_part_can_be_undone(board: Board, alice: User) -> None:
    case = full_case(board, alice)
    entry.save_case(by=alice, case=case, fields={"referrer": "Dr. Roe"}, version=1)
    entry.save_case(by=alice, case=case, fields={"referrer": "Dr. Doe"}, version=2)
    lines = told(case).lines
    assert [line.what for line in lines if line.undo] == [
        "Changed: case",
        "Created: assessment",
        "Created: treatment",
        "Created: marker",
        "Created: molecular",
        "Created: imaging",
        "Created: pathology",
    ]
    assert lines[0].undo
    assert not any(line.undo for line in told(case, may_undo=False).lines)


def test_saves_from_before_the_table_name_their_fields(alice: User, case: Case) -> None:
    AuditEvent.objects.record(
        user=alice, action="changed", case=case, kind="case", uid=case.uid,
        detail={"fields": ["figo_stage", "gone_since"], "version": 7},
    )  # fmt: skip
    line = told(case).lines[0]
    assert (line.changes, line.fields, line.undo) == ((), "FIGO stage, Gone since", None)


def test_readings_stand_apart_and_long_histories_in_pages(
    alice: User, case: Case, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(PAGE + 1):
        log_read(by=alice, case=case, page="case")
    with django_assert_num_queries(5):  # events, their saves, the newest, the count of readings, the owner
        found = told(case)
    assert (len(found.lines), found.older, found.readings) == (1, None, PAGE + 1)
    first = told(case, reads=True)
    assert first.older
    second = told(case, reads=True, before=first.older)
    assert (len(first.lines), len(second.lines), second.older) == (PAGE, 1, None)
