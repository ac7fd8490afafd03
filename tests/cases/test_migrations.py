"""Existing data come along: what stood before a migration, and what stands after it."""

import datetime
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from cases import append_only

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = ("cases", "0003_metastases_only_metastatic")
AFTER = ("cases", "0004_patient_board")


def migrated(target: tuple[str, str]) -> Any:
    """The app registry as of that migration, with the database brought there."""
    append_only.remove(connection)
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    return MigrationExecutor(connection).loader.project_state([target]).apps


@pytest.fixture
def before() -> Iterator[Any]:
    yield migrated(BEFORE)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    append_only.install(connection)


class Old:
    """Rows as they were written before."""

    def __init__(self, apps: Any) -> None:
        self.model = lambda name: apps.get_model("cases", name)
        self.user = apps.get_model("auth", "User").objects.create(username="old")
        self.stamps = {"created_by": self.user, "updated_by": self.user}

    def board(self, slug: str) -> Any:
        return self.model("Board").objects.create(name=slug, slug=slug)

    def patient(self, number: str) -> Any:
        born = datetime.date(1961, 8, 14)
        names = {"surname": "Quill", "given_names": "Ada"}
        return self.model("Patient").objects.create(
            record_number=number, birth_date=born, sex="female", **names, **self.stamps
        )

    def case(self, board: Any, patient: Any) -> Any:
        return self.model("Case").objects.create(
            board=board, patient=patient, question="?", owner=self.user, **self.stamps
        )

    def signed(self, case: Any) -> Any:
        return self.model("Decision").objects.create(
            case=case,
            status="signed",
            signed_by=self.user,
            signed_at=timezone.now(),
            drafted_by=self.user,
            snapshot={"format": 1, "patient": "as signed"},
            snapshot_digest="sha256:0",
            **self.stamps,
        )


def test_a_patient_of_two_boards_becomes_one_for_each(before: Any) -> None:
    old = Old(before)
    ours, theirs = old.board("ours"), old.board("theirs")
    shared, single = old.patient("MRN-777"), old.patient("R 1")
    cases = [old.case(ours, shared), old.case(theirs, shared), old.case(theirs, shared)]
    alone = old.case(theirs, single)
    decision = old.signed(cases[1])
    signed = {field.attname: getattr(decision, field.attname) for field in decision._meta.concrete_fields}
    old.patient("of no case")

    apps = migrated(AFTER)

    patients = apps.get_model("cases", "Patient").objects
    first, copy = (
        patients.get(board__slug="ours"),
        patients.get(board__slug="theirs", record_number="MRN-777"),
    )
    assert patients.count() == 3
    assert (first.pk, first.uid) == (shared.pk, shared.uid)
    assert copy.uid != shared.uid
    same = ("record_number", "record_number_folded", "surname", "given_names", "birth_date", "sex", "version")
    assert [getattr(copy, name) for name in same] == [getattr(first, name) for name in same]
    holders = {case.pk: case.patient_id for case in apps.get_model("cases", "Case").objects.all()}
    assert holders == {
        cases[0].pk: first.pk,
        cases[1].pk: copy.pk,
        cases[2].pk: copy.pk,
        alone.pk: single.pk,
    }
    stored = apps.get_model("cases", "Decision").objects.get()
    assert {name: getattr(stored, name) for name in signed} == signed
    events = apps.get_model("cases", "AuditEvent").objects
    assert {event.case_id for event in events.all()} == {cases[1].pk, cases[2].pk}


def test_patients_of_before_are_found(before: Any) -> None:
    old = Old(before)
    old.case(old.board("ours"), old.patient("MRN-777"))
    apps = migrated(("cases", "0009_patient_searched"))
    assert apps.get_model("cases", "Patient").objects.get().searched == "quill ada mrn777"


def test_numbers_that_were_two_and_now_are_one_are_told_apart(before: Any) -> None:
    old = Old(before)
    ours, theirs = old.board("ours"), old.board("theirs")
    for number in ("MRN-777", "mrn 777", "M" * 40, "m" * 40):
        old.case(ours, old.patient(number))
    old.case(theirs, old.patient("MRN 777"))

    apps = migrated(AFTER)

    found = apps.get_model("cases", "Patient").objects.order_by("pk")
    assert [(one.record_number, one.record_number_folded) for one in found] == [
        ("MRN-777", "mrn777"),
        ("mrn 777 (2)", "mrn777(2)"),
        ("M" * 40, "m" * 40),
        ("m" * 36 + " (2)", "m" * 36 + "(2)"),
        ("MRN 777", "mrn777"),
    ]


@pytest.mark.parametrize(
    ("words", "code", "remark"),
    [
        ("Progression", "progression", "Before"),
        ("Disease progression in the liver", "progression", "Before\nDisease progression in the liver"),
        ("No progression; completed six cycles", "other", "Before\nNo progression; completed six cycles"),
        ("Without progression", "other", "Before\nWithout progression"),
        ("Completed, then progressed", "other", "Before\nCompleted, then progressed"),
        ("Patient died", "death", "Before\nPatient died"),
        ("Moved away", "other", "Before\nMoved away"),
    ],
)
def test_a_reason_in_words_becomes_a_code_only_where_it_says_one(words: str, code: str, remark: str) -> None:
    migration = import_module("cases.migrations.0010_record_as_a_course")
    assert migration.coded(words, migration.REASONS, "Before") == (code, remark)
