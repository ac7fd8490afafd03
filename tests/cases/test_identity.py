"""Whose case it is: correcting a patient, moving a case, and asking before somebody is entered twice."""

import datetime
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client
from django.urls import reverse

from cases.actions import entry
from cases.actions.identity import NEAR_NUMBER, SAME_PERSON, SAME_QUESTION, look_alikes
from cases.actions.moving import move_case
from cases.models import AuditEvent, Board, Case, Patient
from tests import factories
from tests.cases.pages import PATIENT, QUESTION, form_of, full_case, logged_in, paper_url, sign

pytestmark = pytest.mark.django_db

BORN = datetime.date(1961, 8, 14)
ALL_NEW: dict[str, Any] = {"surname": "Ng", "birth_date": datetime.date(1970, 1, 1), "record_number": "X-1"}
EVA: dict[str, Any] = {
    "record_number": "E-5000",
    "surname": "Müller",
    "given_names": "Eva",
    "birth_date": datetime.date(1950, 5, 3),
    "sex": "female",
}


@pytest.fixture
def case(board: Board, alice: User) -> Case:
    return full_case(board, alice)


@pytest.fixture
def client_(alice: User) -> Client:
    return logged_in(alice)


def url(case: Case, name: str, **kwargs: Any) -> str:
    return reverse(f"cases:{name}", kwargs={"uid": case.uid, **kwargs})


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def events(action: str) -> list[tuple[int, str, Any]]:
    found = AuditEvent.objects.filter(action=action, kind="patient")
    return [(event.case_id, str(event.uid), event.detail) for event in found]  # type: ignore[misc]


# --- Correcting a patient ---------------------------------------------------------------------------


def test_every_case_of_the_patient_gets_its_event(alice: User, board: Board, case: Case) -> None:
    second = entry.create_case(by=alice, board=board, patient=case.patient, fields={"question": "Second?"})
    entry.save_patient(by=alice, case=second, fields={"surname": "Ng"}, version=1)
    detail = {"fields": ["surname"], "version": 2}
    assert events("changed") == [(one.pk, str(case.patient.uid), detail) for one in (case, second)]
    entry.save_patient(by=alice, case=case, fields={"surname": "Ng"}, version=1)
    assert len(events("changed")) == 2


@pytest.mark.parametrize("left_out", [None, *ALL_NEW])
def test_all_three_at_once_ask_whether_it_is_the_same_person(
    alice: User, case: Case, left_out: str | None
) -> None:
    fields = {name: value for name, value in ALL_NEW.items() if name != left_out}
    if left_out:
        entry.save_patient(by=alice, case=case, fields=fields, version=1)
        return
    with pytest.raises(ValidationError, match="tick that this is still the same person"):
        entry.save_patient(by=alice, case=case, fields=fields, version=1)
    saved = entry.save_patient(by=alice, case=case, fields=fields, version=1, same_person=True)
    assert (saved.surname, saved.version) == ("Ng", 2)


def test_another_spelling_is_no_other_name_or_number(alice: User, case: Case) -> None:
    fields = {"surname": "QUILLFEATHER", "birth_date": datetime.date(1960, 1, 1), "record_number": "r 314159"}
    assert entry.save_patient(by=alice, case=case, fields=fields, version=1).version == 2


def test_the_page_shows_what_changes_and_asks_again(
    client_: Client, case: Case, alice: User, board: Board, dora: User
) -> None:
    entry.create_case(by=alice, board=board, patient=case.patient, fields={"question": "Second question?"})
    sign(case, dora)
    page = url(case, "patient")
    html = text(client_.get(page))
    assert "These 2 cases change" in html
    assert "Second question?" in html
    assert QUESTION in html
    assert "a decision was signed" in html
    assert "same_person" not in html
    typed = {"surname": "Ng", "birth_date": "01-Jan-1970", "record_number": "X-1"}
    refused = client_.post(page, form_of(client_, page, **typed))
    assert refused.status_code == 422
    assert 'href="#id_same_person"' in text(refused)
    again = form_of(client_, page, **typed, same_person="on")
    assert client_.post(page, again).status_code == 302
    assert Patient.objects.get().record_number == "X-1"


def test_a_signed_page_says_who_it_was(client_: Client, case: Case, alice: User, dora: User) -> None:
    page = url(case, "signed", decision=sign(case, dora).uid)
    assert "corrected since" not in text(client_.get(page))
    entry.save_patient(by=alice, case=case, fields={"birth_date": datetime.date(1960, 1, 1)}, version=1)
    for address in (page, paper_url("handout", case, preview=True)):
        html = text(client_.get(address))
        assert "born 14-Aug-1961, record R-314159, sex female; record now" in html
        assert "born 01-Jan-1960, record R-314159, sex female" in html
    assert "corrected since" not in text(client_.get(paper_url("record", case, preview=True)))


# --- A case of another patient ------------------------------------------------------------------------


def test_a_case_is_given_to_a_new_patient(alice: User, case: Case) -> None:
    before = case.patient
    moved = move_case(by=alice, case=case, patient=EVA, reason="Wrong chart", version=1)
    assert (moved.patient.surname, moved.patient.board, moved.version) == ("Müller", case.board, 2)
    assert move_case(by=alice, case=case, patient=EVA, reason="Wrong chart", version=1).version == 2
    assert events("moved") == [
        (
            case.pk,
            str(moved.patient.uid),
            {"fields": ["patient"], "version": 2, "before": str(before.uid)},
        )
    ]
    assert case.comments.get().text == "Moved here from another patient: Wrong chart"
    assert not before.cases.exists()


def test_the_history_of_a_moved_case_tells_nothing_of_the_patient_before(
    client_: Client, alice: User, case: Case
) -> None:
    entry.save_patient(by=alice, case=case, fields={"surname": "Zirkelstein"}, version=1)
    assert "Zirkelstein" in text(client_.get(url(case, "history")))
    move_case(by=alice, case=case, patient=EVA, reason="Wrong chart", version=1)
    html = text(client_.get(url(case, "history")))
    assert "Moved to another patient: patient" in html
    assert "Zirkelstein" not in html


def test_a_case_is_given_to_a_known_patient_and_what_was_signed_stays(
    alice: User, board: Board, case: Case, dora: User
) -> None:
    eva = factories.PatientFactory(board=board, **EVA)
    decision = sign(case, dora)
    move_case(by=alice, case=case, patient=EVA, reason="Wrong chart", version=1)
    assert Case.objects.get().patient == eva
    frozen, digest = decision.snapshot, decision.snapshot_digest
    decision.refresh_from_db()
    assert (decision.snapshot_digest, decision.snapshot["patient"]) == (digest, frozen["patient"])  # type: ignore[index]


def test_what_is_no_move(
    alice: User, board: Board, other_board: Board, case: Case, victor: User, charlie: User, dana: User
) -> None:
    def move(by: User = alice, patient: Any = EVA, reason: str = "Wrong chart") -> Case:
        return move_case(by=by, case=case, patient=patient, reason=reason, version=1)

    for person, refused in ((victor, PermissionDenied), (charlie, Http404), (dana, Http404)):
        with pytest.raises(refused):
            move(by=person)
    factories.PatientFactory(board=board, record_number="E-5000")
    for wrong, says in (
        ({"reason": " "}, "say in words"),
        ({"patient": PATIENT}, "this patient's already"),
        ({"patient": EVA}, "another name or date of birth"),
    ):
        with pytest.raises(ValidationError, match=says):
            move(**wrong)
    with pytest.raises(ValueError, match="another board"):
        move(patient=factories.PatientFactory(board=other_board))
    assert events("moved") == []


def test_moved_on_its_page(client_: Client, case: Case) -> None:
    page = url(case, "other_patient")
    assert page in text(client_.get(url(case, "patient")))
    typed = {**EVA, "birth_date": "03-May-1950"}
    refused = client_.post(page, form_of(client_, page, **typed))
    assert 'href="#id_reason"' in text(refused)
    typed |= {"record_number": "R-31415", "given_names": case.patient.given_names}
    near = form_of(client_, page, **typed, reason="Wrong chart")
    asked = client_.post(page, near)
    assert asked.status_code == 422
    assert NEAR_NUMBER in text(asked)
    assert not events("moved")
    sure = {**near, "go_on": str(case.patient.uid)}
    assert client_.post(page, sure).headers["Location"] == url(case, "case")
    assert Case.objects.get().patient.surname == "Müller"


# --- Before somebody is entered twice -----------------------------------------------------------------


def found(by: User, board: Board, question: str = "", **fields: Any) -> list[str]:
    return [one.why for one in look_alikes(by=by, board=board, fields={**EVA, **fields}, question=question)]


@pytest.mark.parametrize(
    "names",
    [("Müller", "Eva"), ("MULLER", "eva"), ("Eva", "Müller"), ("Mu\u0308ller", "Eva")],
)
def test_the_same_name_and_birth_date(alice: User, board: Board, names: tuple[str, str]) -> None:
    factories.PatientFactory(board=board, **EVA)
    surname, given = names
    typed = {"record_number": "Z-9", "surname": surname, "given_names": given}
    assert found(alice, board, **typed) == [SAME_PERSON]
    assert found(alice, board, **{**typed, "birth_date": BORN}) == []
    assert found(alice, board, **{**typed, "given_names": "Evi"}) == []


@pytest.mark.parametrize("number", ["E-500", "E 50000", "E-5001", "e-0500", "X5000", "E5-000-1"])
def test_a_near_number_of_somebody_alike(alice: User, board: Board, number: str) -> None:
    """Numbers are given out in a row, so the number alone says nothing."""
    person = factories.PatientFactory(board=board, record_number="E-5000", given_names="Éva Maria")
    assert found(alice, board, record_number=number) == [NEAR_NUMBER]
    person.given_names, person.birth_date = "Ada", EVA["birth_date"]
    person.save()
    assert found(alice, board, record_number=number) == [NEAR_NUMBER]
    person.birth_date = BORN
    person.save()
    assert found(alice, board, record_number=number) == []


@pytest.mark.parametrize("number", ["E-51", "5000-EE", "E-5011"])
def test_no_near_number(alice: User, board: Board, number: str) -> None:
    factories.PatientFactory(board=board, record_number="E-5000")
    assert found(alice, board, record_number=number) == []


def test_an_open_case_with_the_same_question(alice: User, board: Board, case: Case) -> None:
    same = {**PATIENT, "record_number": "r 314159"}
    assert found(alice, board, QUESTION.upper(), **same) == [SAME_QUESTION]
    assert found(alice, board, "Something else?", **same) == []
    Case.objects.update(stage="closed", status="closed")
    assert found(alice, board, QUESTION, **same) == []


def test_other_boards_are_not_asked(alice: User, board: Board, other_board: Board, charlie: User) -> None:
    factories.PatientFactory(board=other_board, **EVA)
    assert found(alice, board, record_number="E-5000") == found(alice, board, record_number="E-500") == []
    with pytest.raises(Http404):
        found(charlie, board)


def new_case(client: Client, **typed: Any) -> Any:
    page = reverse("cases:new_case")
    given = {**EVA, "birth_date": "03-May-1950", "question": "What first?", "board": "gi-net", **typed}
    return client.post(page, form_of(client, page, **given))


def test_a_new_case_is_asked_about_once(client_: Client, board: Board) -> None:
    twin = factories.PatientFactory(board=board, **{**EVA, "record_number": "A-1"})
    asked = new_case(client_)
    html = text(asked)
    assert asked.status_code == 422
    assert f"{SAME_PERSON}: {twin.full_name}, born 03-May-1950, record A-1" in html
    assert f'name="go_on" id="id_go_on" value="{twin.uid}"' in html
    assert not Case.objects.exists()
    assert new_case(client_, go_on=str(twin.uid)).status_code == 302
    assert Case.objects.get().patient != twin


@pytest.mark.parametrize("typed", ["3/5/1950", "03.05.1950"])
def test_a_birth_date_that_could_be_two_days_is_not_guessed(
    client_: Client, board: Board, typed: str
) -> None:
    answer = new_case(client_, birth_date=typed)
    assert answer.status_code == 422
    assert "Could be 03-May-1950 or 05-Mar-1950: write the month as a word." in text(answer)
    assert not Case.objects.exists()


def test_a_tick_counts_for_those_shown_and_nobody_else(client_: Client, board: Board) -> None:
    twin = factories.PatientFactory(board=board, **{**EVA, "record_number": "A-1"})
    factories.PatientFactory(board=board, record_number="E-500", given_names="Eva")
    assert new_case(client_, go_on=str(twin.uid)).status_code == 422
    assert not Case.objects.exists()


def test_the_page_shows_nothing_of_another_board(client_: Client, board: Board, other_board: Board) -> None:
    factories.PatientFactory(board=other_board, **{**EVA, "surname": "Elsewhere"})
    assert new_case(client_).status_code == 302
    assert Case.objects.get().patient.board == board


def test_a_new_case_begins_in_its_first_box(client_: Client, board: Board) -> None:
    page = client_.get(reverse("cases:new_case")).content.decode()
    assert re.findall(r'name="(\w+)"[^>]*\bautofocus\b', page) == ["record_number"]
    refused = new_case(client_, surname="")
    assert refused.status_code == 422
    assert "autofocus" not in refused.content.decode()
