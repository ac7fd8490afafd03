"""A pasted report: it fills nothing, proposes beside the boxes, is kept with its report, and in no log."""

import logging
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from cases.forms.parts import PathologyForm
from cases.models import AuditEvent, Case, RecordVersion
from cases.reading.pasted import LONGEST_TEXT
from cases.reading.stains import CODES
from tests.cases.pages import Fields, form_of, logged_in, paper_url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]

TEXT = "Poorly differentiated. Ki-67: 80 %. Rb lost. Zebrafish. Tumor size 3.4 cm."


def page_of(case: Case) -> str:
    return reverse("cases:part", kwargs={"uid": case.uid, "part": "pathology"})


def pasted_at(case: Case) -> str:
    return reverse("cases:pasted", kwargs={"uid": case.uid})


def stored() -> tuple[int, int]:
    return RecordVersion.objects.count(), AuditEvent.objects.exclude(action="read").count()


def shown(html: str) -> dict[str, list[str]]:
    fields = Fields()
    fields.feed(html)
    return fields.data


def offered(html: str) -> list[str]:
    """What the buttons would take, in the order of the page."""
    return re.findall(r'name="take" value="([^"]*)"', html)


def test_without_a_script_the_form_comes_back_with_proposals_and_nothing_filled(
    case: Case, alice: User
) -> None:
    client, page, before = logged_in(alice), page_of(case), stored()
    response = client.post(page, form_of(client, page, pasted=TEXT, find="yes"))
    html = response.content.decode()
    assert response.status_code == 200
    assert sorted(offered(html)) == ["differentiation poor", "ki67 80 %", "rb lost"]
    assert (shown(html)["ki67"], shown(html)["differentiation"], shown(html)["rb"]) == (
        ["45"],
        ["well"],
        [""],
    )
    assert "3 proposals, each beside its box" in html
    assert '<a\n  href="#id_ki67">Ki-67: 80 %</a>' in html
    assert f"{reverse('cases:case', args=[case.uid])}#id_tumor_size" in html
    assert stored() == before


def test_each_proposal_is_taken_by_itself_and_saved_by_the_save(case: Case, alice: User) -> None:
    client, page, before = logged_in(alice), page_of(case), stored()
    html = client.post(page, form_of(client, page, pasted=TEXT, take="ki67 80 %")).content.decode()
    assert shown(html)["ki67"] == ["80 %"]
    assert shown(html)["differentiation"] == ["well"]
    assert sorted(offered(html)) == ["differentiation poor", "rb lost"]
    assert stored() == before
    assert client.post(page, shown(html)).status_code == 302
    report = case.pathology_reports.get()
    assert (report.ki67, report.rb, report.pasted) == ("80 %", "", TEXT)
    assert TEXT in client.get(page).content.decode()


@pytest.mark.parametrize("taken", ["", "pasted gone", "nobox 1", "version 9", "item x"])
def test_nothing_but_a_box_is_taken(case: Case, alice: User, taken: str) -> None:
    client, page = logged_in(alice), page_of(case)
    sent = form_of(client, page, pasted=TEXT, take=taken)
    after = shown(client.post(page, sent).content.decode())
    assert after["pasted"] == [TEXT]
    assert after["ki67"] == ["45"]


def test_with_a_script_only_the_proposals_come(case: Case, alice: User) -> None:
    client, page, before = logged_in(alice), page_of(case), stored()
    response = client.post(pasted_at(case), form_of(client, page, pasted=TEXT))
    html = response.content.decode()
    assert "<html" not in html
    assert sorted(offered(html)) == ["differentiation poor", "ki67 80 %", "rb lost"]
    assert 'id="id_ki67_proposals" hx-swap-oob="true"' in html
    assert stored() == before


def test_what_is_nothing_is_said(case: Case, alice: User) -> None:
    client, page = logged_in(alice), page_of(case)
    sent = form_of(client, page)
    assert (
        "Nothing was recognized" in client.post(pasted_at(case), {**sent, "pasted": "Zebra"}).content.decode()
    )
    already = client.post(pasted_at(case), {**sent, "pasted": "Ki-67: 45"}).content.decode()
    assert "stands in its boxes already" in already


def test_the_text_is_part_of_history_and_undone_with_it(case: Case, alice: User) -> None:
    client, page = logged_in(alice), page_of(case)
    client.post(page, form_of(client, page, pasted=TEXT))
    save = RecordVersion.objects.latest("pk")
    assert save.after == {"pasted": TEXT}
    assert "Text of the report" in client.get(reverse("cases:history", args=[case.uid])).content.decode()
    client.post(reverse("cases:undo", kwargs={"uid": case.uid, "version": save.pk}))
    assert case.pathology_reports.get().pasted == ""


def test_a_text_that_is_too_long_is_refused_and_kept_in_its_box(case: Case, alice: User) -> None:
    client, page = logged_in(alice), page_of(case)
    response = client.post(page, form_of(client, page, pasted="x" * (LONGEST_TEXT + 1)))
    assert response.status_code == 422
    assert "Text of the report: Ensure this value has at most 20000 characters" in response.content.decode()


def test_it_stands_in_no_log(case: Case, alice: User, caplog: pytest.LogCaptureFixture) -> None:
    client, page = logged_in(alice), page_of(case)
    with caplog.at_level(logging.DEBUG):
        client.post(pasted_at(case), form_of(client, page, pasted=TEXT))
        client.post(page, form_of(client, page, pasted=TEXT, find="yes"))
        client.post(page, form_of(client, page, pasted=TEXT))
    said = [text for text in caplog.messages if not text.startswith("(0.")]  # a database's own debugging
    assert "Zebrafish" not in "".join(said)
    assert "Zebrafish" not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_it_is_printed_nowhere(case: Case, alice: User) -> None:
    client, page = logged_in(alice), page_of(case)
    client.post(page, form_of(client, page, pasted=TEXT))
    preview = paper_url("handout", case, preview=True)
    assert "Zebrafish" not in client.get(preview).content.decode()


@pytest.mark.parametrize(("person", "status"), [("bob", 200), ("charlie", 404)])
def test_outsiders_are_told_nothing(
    request: pytest.FixtureRequest, case: Case, alice: User, person: str, status: int
) -> None:
    sent: dict[str, Any] = form_of(logged_in(alice), page_of(case), pasted=TEXT)
    assert logged_in(request.getfixturevalue(person)).post(pasted_at(case), sent).status_code == status
    assert logged_in(request.getfixturevalue(person)).get(pasted_at(case)).status_code == 405


def test_every_code_that_may_be_proposed_is_one_of_the_boxs() -> None:
    for name, codes in CODES.items():
        allowed = {code for code, _ in PathologyForm.base_fields[name].choices}  # type: ignore[attr-defined]
        assert set(codes.values()) <= allowed
