"""The history page, and taking a save back from it and from the notice after the save."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from cases.actions.entry import create_case
from cases.models import Board, Case, PathologyReport, RecordVersion
from tests.cases.pages import PATIENT, form_of, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]


@pytest.fixture
def client_(alice: User) -> Client:
    return logged_in(alice)


def url(case: Case, name: str, **kwargs: Any) -> str:
    return reverse(f"cases:{name}", kwargs={"uid": case.uid, **kwargs})


def text(response: Any) -> str:
    return str(response.content.decode())


def undo_url(case: Case, uid: Any) -> str:
    return url(case, "undo", version=RecordVersion.objects.filter(uid=uid).latest("pk").pk)


def test_history_tells_who_changed_what(client_: Client, case: Case) -> None:
    html = text(client_.get(url(case, "history")))
    for words in ("Created: pathology", "Alice Albers", "Differentiation", "Well differentiated", "6 fields"):
        assert words in html, words


def test_readings_have_a_page_of_their_own(client_: Client, case: Case) -> None:
    client_.get(url(case, "case"))
    html = text(client_.get(url(case, "history")))
    assert "Read: referral" not in html
    assert "2 times" in html
    assert "Read: referral" in text(client_.get(url(case, "history") + "?reads"))


def test_undo_in_the_history(client_: Client, case: Case) -> None:
    report = case.pathology_reports.get()
    address = undo_url(case, report.uid)
    sent = form_of(client_, url(case, "history"), action=address)
    for said in ("Pathology: the last save is undone", "This save has been undone already"):
        response = client_.post(address, sent, follow=True)
        assert response.redirect_chain == [(url(case, "history"), 302)]
        assert said in text(response)
    assert not PathologyReport.objects.exists()
    again = undo_url(case, report.uid)
    response = client_.post(again, {}, follow=True)
    assert response.redirect_chain == [(url(case, "item", part="pathology", item=report.uid), 302)]
    assert case.pathology_reports.get().differentiation == "well"


def test_an_address_of_an_undo_leads_to_the_history(client_: Client, case: Case) -> None:
    address = undo_url(case, case.pathology_reports.get().uid)
    assert client_.get(address).headers["Location"] == url(case, "history")
    assert PathologyReport.objects.exists()


def test_who_may_not_enter_sees_and_undoes_nothing(case: Case, victor: User, charlie: User) -> None:
    address = undo_url(case, case.pathology_reports.get().uid)
    assert "Undo" not in text(logged_in(victor).get(url(case, "history")))
    for user, status in ((victor, 403), (charlie, 404)):
        assert logged_in(user).post(address).status_code == status
    assert PathologyReport.objects.exists()


def test_a_save_of_another_case_is_not_found(case: Case, client_: Client, alice: User, board: Board) -> None:
    patient = {**PATIENT, "record_number": "R-2"}
    other = create_case(by=alice, board=board, patient=patient, fields={"question": "Ours?"})
    report = case.pathology_reports.get()
    save = RecordVersion.objects.get(uid=report.uid)
    for number in (save.pk, 0, 10**30):
        assert client_.post(url(other, "undo", version=number)).status_code == 404
