"""Existing data come along: what stood before a migration, and what stands after it."""

import datetime
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from cases import append_only, trigrams

BEFORE = ("cases", "0003_metastases_only_metastatic")
PATIENTS = ("cases", "0004_patient_board")
SEARCHED = ("cases", "0009_patient_searched")
BEFORE_DISCUSSIONS = ("cases", "0014_text_of_a_report")
DISCUSSIONS = ("cases", "0017_case_without_meeting")
SOME_BACK = ("cases", "0036_chain_once")
"""A step back is half a second for each migration; those before were taken back while they were new."""


def migrated(*targets: tuple[str, str]) -> Any:
    """The app registry as of those migrations, with the database brought there."""
    append_only.remove(connection)
    return MigrationExecutor(connection).migrate(list(targets)).apps


def newest() -> list[tuple[str, str]]:
    return list(MigrationExecutor(connection).loader.graph.leaf_nodes())


def drop_every_table() -> None:
    cascade = " CASCADE" if connection.vendor == "postgresql" else ""
    if connection.vendor == "sqlite":
        trigrams.remove(connection)  # its tables are there and go together
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'DROP TABLE "{table}"{cascade}')


Tables = dict[str, tuple[list[str], list[str]]]


def tables() -> Tables:
    """Each of our tables with its columns, its constraints and its indexes; these without their names.

    What only a migration makes is left out: PostgreSQL's index for a search in words, of a type that no model
    names."""
    inspected = connection.introspection
    with connection.cursor() as cursor:
        return {
            table: (
                sorted(map(str, inspected.get_table_description(cursor, table))),
                sorted(
                    str({**one, "columns": one["columns"] and sorted(map(str, one["columns"]))})
                    for one in inspected.get_constraints(cursor, table).values()
                    if one.get("type") != "gin"
                ),
            )
            for table in inspected.table_names(cursor)
            if table.startswith("cases_")
        }


class Old:
    """Rows as they were written before."""

    def __init__(self, apps: Any) -> None:
        self.model = lambda name: apps.get_model("cases", name)
        self.user = apps.get_model("auth", "User").objects.get_or_create(username="old")[0]
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


class Listed(Old):
    """Rows as they were while a case had one meeting and one decision."""

    def case_on(self, board: Any, meeting: Any = None, place: int | None = None, **values: Any) -> Any:
        patient = self.model("Patient").objects.create(
            board=board,
            record_number=f"R{self.model('Patient').objects.count()}",
            record_number_folded=f"r{self.model('Patient').objects.count()}",
            surname="Quill",
            given_names="Ada",
            birth_date=datetime.date(1961, 8, 14),
            **self.stamps,
        )
        return self.model("Case").objects.create(
            board=board,
            patient=patient,
            question="Today's?",
            owner=self.user,
            meeting=meeting,
            position=place,
            **values,
            **self.stamps,
        )

    def decision(self, case: Any, status: str, meeting: Any = None, **values: Any) -> Any:
        signed: dict[str, Any] = {
            "signed_by": self.user,
            "signed_at": timezone.now(),
            "snapshot": {"format": 1, "case": {"question": "As signed?"}},
            "snapshot_digest": "sha256:0",
        }
        return self.model("Decision").objects.create(
            case=case,
            meeting=meeting,
            status=status,
            drafted_by=self.user,
            **(signed if status != "draft" else {}),
            **values,
            **self.stamps,
        )


# --- What stood before, and what stands after -------------------------------------------------------

Check = Callable[[Any], None]


def a_patient_of_two_boards(old: Old) -> Check:
    ours, theirs = old.board("ours"), old.board("theirs")
    shared, single = old.patient("MRN-999"), old.patient("R 1")
    cases = [old.case(ours, shared), old.case(theirs, shared), old.case(theirs, shared)]
    alone = old.case(theirs, single)
    decision = old.signed(cases[1])
    signed = {field.attname: getattr(decision, field.attname) for field in decision._meta.concrete_fields}
    old.patient("of no case")

    def becomes_one_for_each(apps: Any) -> None:
        patients = apps.get_model("cases", "Patient").objects.filter(board__slug__in=("ours", "theirs"))
        first = patients.get(board__slug="ours")
        copy = patients.get(board__slug="theirs", record_number="MRN-999")
        assert patients.count() == 3
        assert (first.pk, first.uid) == (shared.pk, shared.uid)
        assert copy.uid != shared.uid
        same = (
            "record_number",
            "record_number_folded",
            "surname",
            "given_names",
            "birth_date",
            "sex",
            "version",
        )
        assert [getattr(copy, name) for name in same] == [getattr(first, name) for name in same]
        holders = apps.get_model("cases", "Case").objects.filter(patient__in=patients)
        assert dict(holders.values_list("pk", "patient_id")) == {
            cases[0].pk: first.pk,
            cases[1].pk: copy.pk,
            cases[2].pk: copy.pk,
            alone.pk: single.pk,
        }
        stored = apps.get_model("cases", "Decision").objects.get()
        assert {name: getattr(stored, name) for name in signed} == signed
        events = apps.get_model("cases", "AuditEvent").objects.filter(case__in=holders)
        assert {event.case_id for event in events} == {cases[1].pk, cases[2].pk}
        assert not apps.get_model("cases", "Patient").objects.filter(record_number="of no case").exists()

    return becomes_one_for_each


def numbers_that_were_two_and_now_are_one(old: Old) -> Check:
    here, there = old.board("here"), old.board("there")
    for number in ("MRN-777", "mrn 777", "M" * 40, "m" * 40):
        old.case(here, old.patient(number))
    old.case(there, old.patient("MRN 777"))

    def are_told_apart(apps: Any) -> None:
        found = apps.get_model("cases", "Patient").objects.filter(board__slug__in=("here", "there"))
        assert list(found.order_by("pk").values_list("record_number", "record_number_folded")) == [
            ("MRN-777", "mrn777"),
            ("mrn 777 (2)", "mrn777(2)"),
            ("M" * 40, "m" * 40),
            ("m" * 36 + " (2)", "m" * 36 + "(2)"),
            ("MRN 777", "mrn777"),
        ]

    return are_told_apart


def patients_are_found(apps: Any) -> None:
    patients = apps.get_model("cases", "Patient").objects
    assert patients.get(board__slug="there").searched == "quill ada mrn777"


def what_was_listed_and_decided(old: Listed) -> Check:
    board = old.board("listing")
    first, second = (
        old.model("Meeting").objects.create(
            board=board,
            starts_at=datetime.datetime(2026, month, 1, tzinfo=datetime.UTC),
            **old.stamps,
        )
        for month in (5, 6)
    )
    decided = old.case_on(board, first, 2, status="decided")
    wrong = old.decision(decided, "superseded", first)
    right = old.decision(decided, "signed", first, supersedes=wrong, supersede_reason="Typed wrong")
    corrected = old.decision(decided, "draft", supersedes=right, supersede_reason="Again")
    again = old.case_on(board, second, 1, status="scheduled")
    earlier = old.decision(again, "signed", first)
    step = old.model("NextStep").objects.create(
        decision=earlier, text="CT", owner_name="Bob", done_on=datetime.date(2026, 5, 9)
    )
    waiting = old.case_on(board, second, 2, status="scheduled")
    alone = old.case_on(board, status="ready")
    urgent = old.decision(alone, "signed")
    closed = old.case_on(board, status="closed")
    append_only.install(connection)
    kept = {row["id"]: row for row in old.model("Decision").objects.values()}

    def becomes_discussions(apps: Any) -> None:
        decisions = apps.get_model("cases", "Decision").objects
        for row in decisions.values():
            was = kept[row["id"]]
            assert {name: row[name] for name in was if name != "meeting_id"} == {
                name: value for name, value in was.items() if name != "meeting_id"
            }
        of = {row.pk: row.discussion for row in decisions.select_related("discussion")}
        assert of[wrong.pk] == of[right.pk] == of[corrected.pk]
        shown = [
            (one.case_id, one.meeting_id, one.place, one.question, one.outcome)
            for one in apps.get_model("cases", "Discussion")
            .objects.filter(case__board=board.pk)
            .order_by("pk")
        ]
        assert shown == [
            (decided.pk, first.pk, 1, "As signed?", "decided"),
            (again.pk, first.pk, 2, "As signed?", "decided"),
            (again.pk, second.pk, 1, "Today's?", "open"),
            (waiting.pk, second.pk, 2, "Today's?", "open"),
            (alone.pk, None, None, "As signed?", "decided"),
        ]
        assert of[urgent.pk].urgent_reason.startswith("Decided before discussions were kept")
        listed_again = apps.get_model("cases", "Discussion").objects.get(case=again.pk, outcome="open")
        assert listed_again.follows_id == of[earlier.pk].pk
        stages = dict(apps.get_model("cases", "Case").objects.values_list("pk", "stage"))
        assert (stages[closed.pk], stages[alone.pk], stages[waiting.pk]) == ("closed", "ready", "ready")
        moved = apps.get_model("cases", "NextStep").objects.get(pk=step.pk)
        assert (moved.state, moved.holder_name, moved.done_on) == ("done", "Bob", datetime.date(2026, 5, 9))

    return becomes_discussions


@pytest.fixture
def empty(transactional_db: None, settings: Any) -> Iterator[None]:
    """A database without a table, and with migrations. After the test it has the models' tables again."""
    without = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = {}
    drop_every_table()
    yield
    drop_every_table()
    settings.MIGRATION_MODULES = without
    call_command("migrate", run_syncdb=True, verbosity=0)
    ContentType.objects.clear_cache()


@pytest.fixture
def of_the_models(transactional_db: None) -> Tables:
    return tables()


def test_existing_data_come_along_to_the_tables_of_the_models_and_some_way_back_is_open(
    of_the_models: Tables, empty: None
) -> None:
    old = Old(migrated(BEFORE))
    checks = [a_patient_of_two_boards(old), numbers_that_were_two_and_now_are_one(old)]
    apps = migrated(PATIENTS)
    for becomes in checks:
        becomes(apps)
    patients_are_found(migrated(SEARCHED))
    become_discussions = what_was_listed_and_decided(Listed(migrated(BEFORE_DISCUSSIONS)))
    become_discussions(migrated(DISCUSSIONS))
    migrated(*newest())
    assert tables() == of_the_models
    call_command("flush", interactive=False, inhibit_post_migrate=True, verbosity=0)
    migrated(SOME_BACK)


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
