"""What each save changed is kept beside it, in a form that reads back to the same values."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from cases.actions import entry
from cases.actions.edits import editable_fields
from cases.actions.versions import MODELS, Outgrown, read_back, values_of
from cases.models import Board, Case, PathologyReport, RecordVersion
from tests.cases.pages import PATIENT

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice: User, board: Board) -> Case:
    return entry.create_case(by=alice, board=board, patient=PATIENT, fields={"question": "First line?"})


@pytest.fixture
def report(alice: User, case: Case) -> PathologyReport:
    fields = {"differentiation": "well", "ki67": "45-45,5 %", "nodes_examined": 12}
    part = entry.add_part(by=alice, case=case, kind="pathology", fields=fields)
    assert isinstance(part, PathologyReport)
    return part


def saves(after: int = 0) -> list[tuple[Any, ...]]:
    return list(RecordVersion.objects.values_list("kind", "version", "before", "after"))[after:]


def test_a_new_case_and_its_new_patient_have_their_first_versions(alice: User, case: Case) -> None:
    (of_patient, of_case) = RecordVersion.objects.all()
    assert (of_patient.uid, of_case.uid, of_case.by, of_case.case) == (
        case.patient.uid,
        case.uid,
        alice,
        case,
    )
    assert saves() == [
        ("patient", 1, None, {**PATIENT, "birth_date": "1961-08-14"}),
        ("case", 1, None, {"question": "First line?", "owner": alice.pk}),
    ]


def test_a_second_case_of_a_patient_makes_no_second_first_version(
    alice: User, board: Board, case: Case
) -> None:
    entry.create_case(by=alice, board=board, patient=PATIENT, fields={"question": "Second line?"})
    assert [kind for kind, *_ in saves()] == ["patient", "case", "case"]


def test_each_save_of_a_part_keeps_the_changed_columns_only(
    alice: User, bob: User, report: PathologyReport
) -> None:
    fields = {"differentiation": "poor", "ki67": "45-45,5 %", "reported_on": datetime.date(2026, 3, 5)}
    changed = entry.save_part(by=bob, part=report, fields=fields, version=1)
    entry.save_part(by=bob, part=changed, fields={"differentiation": "poor"}, version=2)
    entry.remove_part(by=alice, part=changed, version=2)
    assert saves(2)[:2] == [
        ("pathology", 1, None, {"differentiation": "well", "ki67": "45-45,5 %", "nodes_examined": 12}),
        (
            "pathology",
            2,
            {"differentiation": "well", "reported_on": None},
            {"differentiation": "poor", "reported_on": "2026-03-05"},
        ),
    ]
    kind, version, before, after = saves(4)[0]
    assert (kind, version, after) == ("pathology", 3, None)
    assert before == {
        "differentiation": "poor",
        "ki67": "45-45,5 %",
        "nodes_examined": 12,
        "reported_on": "2026-03-05",
        "created_by": alice.pk,
        "created_at": report.created_at.isoformat(),
    }
    assert [row.by for row in RecordVersion.objects.all()] == [alice, alice, alice, bob, alice]


def test_referral_and_identity_are_kept_too(alice: User, case: Case) -> None:
    entry.save_case(by=alice, case=case, fields={"metastatic_sites": ["liver"]}, version=1)
    entry.save_patient(by=alice, case=case, fields={"deceased": True}, version=1)
    assert saves(2) == [
        ("case", 2, {"metastatic_sites": None}, {"metastatic_sites": ["liver"]}),
        ("patient", 2, {"deceased": None}, {"deceased": True}),
    ]


def test_a_save_that_fails_leaves_no_version(alice: User, report: PathologyReport) -> None:
    with pytest.raises(ValidationError):
        entry.save_part(by=alice, part=report, fields={"ki67": "120"}, version=1)
    assert len(saves()) == 3


def test_a_part_that_is_sent_again_after_its_removal_goes_on_counting(
    alice: User, case: Case, report: PathologyReport
) -> None:
    entry.remove_part(by=alice, part=report, version=1)
    again = entry.add_part(by=alice, case=case, kind="pathology", fields={"rb": "lost"}, uid=report.uid)
    assert (again.uid, again.version) == (report.uid, 3)


@pytest.mark.parametrize("kind", MODELS)
def test_every_column_reads_back_what_was_written(alice: User, case: Case, kind: str) -> None:
    """Also a column whose type is ours: each by its own conversion, through JSON."""
    model = MODELS[kind]
    part = model()
    for name in editable_fields(model):
        field: Any = model._meta.get_field(name)
        typed = {
            "BooleanField": False,
            "DateField": "2026-03-05",
            "PartialDateField": "2026-03",
            "DecimalField": "2.50",
            "ForeignKey": alice,
            "JSONField": ["captem"],
            "PositiveSmallIntegerField": 0,
            "PositiveIntegerField": 0,
        }.get(type(field).__name__, "poor")
        setattr(part, name, typed if field.many_to_one else field.to_python(typed))
    for given in (part, model()):
        row = RecordVersion.objects.create(
            by=alice, case=case, kind=kind, uid=part.uid, version=8 + (given is part),
            after=values_of(given, editable_fields(model)),
        )  # fmt: skip
        row.refresh_from_db()
        if given is not part:
            row.after.pop("owner", None)  # a case without an owner does not exist
        read = read_back(kind, row.after)
        assert read == {name: getattr(given, name) for name in row.after}


@pytest.mark.parametrize(
    "values", [{"no_such_column": 1}, {"sampled_on": "the other day"}, {"nodes_examined": "x"}]
)
def test_what_the_record_has_no_place_for_is_told(values: dict[str, Any]) -> None:
    with pytest.raises(Outgrown):
        read_back("pathology", values)
