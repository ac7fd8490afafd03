"""`manage.py case_file`: a stored case comes out as a case file that says the same."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone

from cases.actions.entry import add_part, create_case
from cases.course.answering import answers
from cases.facts import facts_of, record_of
from cases.management.naming import AMBIGUOUS
from cases.models import AuditEvent, Board, Case
from guidelines.vocabulary.facts import FACTS
from tests import factories
from tests.cases.pages import PATIENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]


@pytest.fixture
def case(case: Case, alice: User) -> Case:
    fields: dict[str, Any] = {
        "modality": "ct",
        "performed_on": "2026",
        "sites": ["liver"],
        "course": "progression",
        "largest": "34 mm",
    }
    add_part(by=alice, case=case, kind="imaging", fields=fields)
    fields = {
        "reported_on": "03/2026",
        "reported_grade": "NET G3",
        "ki67": ">80 %",
        "mitoses": "60/10 mm²",
        "components": [{"type": "nec", "percent": "80 %"}],
        "other_stains": [{"name": "CDX2", "result": "focal"}],
        "stage_t": "pT3",
        "stage_n": "N1",
        "stage_edition": "UICC 8",
    }
    add_part(by=alice, case=case, kind="pathology", fields=fields)
    return case


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    call_command("case_file", *words)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_it_says_what_is_stored(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    file = printed(capsys, str(case.uid))
    assert (file["case"]["board"], file["patient"]["birth_date"]) == ("gi-net", "1961-08-14")
    report = next(one for one in file["pathology"] if one.get("ki67") == ">80 %")
    assert report == {
        "reported_on": "2026-03",
        "reported_grade": "NET G3",
        "ki67": ">80 %",
        "mitoses": "60/10 mm²",
        "components": [{"type": "nec", "percent": "80 %"}],
        "other_stains": [{"name": "CDX2", "result": "focal"}],
        "stage": {"t": "pT3", "n": "N1", "edition": "UICC 8"},
    }
    assert AuditEvent.objects.filter(action="exported", case=case).count() == 1


def test_reading_it_back_gives_the_same_facts(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = answers(json.dumps(printed(capsys, str(case.uid))), timezone.localdate())
    stored = facts_of(record_of(Case.objects.get(pk=case.pk)))
    assert json.loads(line)["facts"] == {
        name: FACTS[name].as_json(value) for name, value in stored.values.items()
    }
    assert json.loads(line)["done"] == list(stored.done)


def test_a_record_number_in_any_spelling_names_it_on_its_board(
    case: Case, other_board: Board, charlie: User, capsys: pytest.CaptureFixture[str]
) -> None:
    create_case(by=charlie, board=other_board, patient=PATIENT, fields={"question": "Elsewhere?"})
    number = PATIENT["record_number"].lower().replace("-", " ")
    assert printed(capsys, number, "--board", other_board.slug)["case"]["question"] == "Elsewhere?"
    with pytest.raises(SystemExit) as refused:
        call_command("case_file", number)
    told = capsys.readouterr()
    assert (refused.value.code, told.out) == (AMBIGUOUS, "")
    assert str(case.uid) in told.err
    assert other_board.slug in told.err


@pytest.mark.parametrize("name", ["NOBODY", "00000000-0000-4000-8000-000000000000"])
def test_a_name_that_nobody_has(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    factories.CaseFactory()
    with pytest.raises(SystemExit) as refused:
        call_command("case_file", name)
    told = capsys.readouterr()
    assert (refused.value.code, told.out) == (AMBIGUOUS, "")
    assert name in told.err
