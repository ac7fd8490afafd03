"""Removing an entry, discarding a draft: what would go is shown first, and goes only as it was shown."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from cases.actions.deciding import DecisionContent, OptionContent, save_draft
from cases.actions.entry import add_part, create_case
from cases.models import AuditEvent, Board, Case, Decision, PathologyReport
from tests.cases.pages import LAB, PATIENT, form_of, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]


@pytest.fixture
def draft(case: Case, dora: User) -> Decision:
    options = (OptionContent("own", title="Second opinion"),)
    return save_draft(
        by=dora,
        discussion=case.discussions.get(),
        content=DecisionContent(intent="palliative", rationale="Because", options=options),
    )


def remove_url(case: Case) -> str:
    return reverse("cases:remove", args=[case.uid, "pathology", case.pathology_reports.get().uid])


def test_the_page_shows_what_would_go_and_removes_nothing(case: Case, alice: User) -> None:
    response = logged_in(alice).get(remove_url(case))
    assert response.context["content"] == [
        ("Specimen", "Biopsy"),
        ("Site of the specimen", "liver"),
        ("Reported on", "05-Nov-2026"),
        ("Laboratory number", LAB),
        ("Differentiation", "Well differentiated"),
        ("Ki-67", "45 %"),
    ]
    assert "and can bring it back" in response.content.decode()
    assert PathologyReport.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("imaging", {"modality": "sstr", "result": "negative"}, ["SSTR imaging", "Negative"]),
        ("imaging", {"modality": "ct", "sites": ["liver", "bone"]}, ["CT", "Liver, Bone"]),
        ("imaging", {"modality": "ct", "sites": []}, ["CT", "None"]),
        ("molecular", {"mmr": "deficient", "tmb": "high"}, ["Deficient", "High"]),
        ("treatment", {"kind": "systemic", "regimen": "captem", "line": 1}, ["Systemic therapy", "1"]),
        ("assessment", {"ecog": 0, "progressive": False, "prior_regimens": []}, ["0", "No", "None"]),
    ],
)
def test_every_kind_of_entry_is_shown_in_words(
    case: Case, alice: User, kind: str, fields: dict[str, Any], expected: list[str]
) -> None:
    part = add_part(by=alice, case=case, kind=kind, fields=fields)
    response = logged_in(alice).get(reverse("cases:remove", args=[case.uid, kind, part.uid]))
    shown = [words for _, words in response.context["content"]]
    assert [words for words in expected if words in shown] == expected
    assert len(shown) == len(fields)


def test_an_entry_goes_once_and_the_history_keeps_it(case: Case, alice: User) -> None:
    client, address = logged_in(alice), remove_url(case)
    sent = form_of(client, address)
    part = reverse("cases:part", args=[case.uid, "pathology"])
    for said in ("Entry removed", "There is no such entry any more."):
        response = client.post(address, sent, follow=True)
        assert response.redirect_chain == [(part, 302)]
        assert said in response.content.decode()
    assert not PathologyReport.objects.exists()
    assert AuditEvent.objects.filter(action="removed", kind="pathology", user=alice).count() == 1
    assert client.get(address).status_code == 404


def test_an_entry_changed_meanwhile_stays(case: Case, alice: User) -> None:
    client, address = logged_in(alice), remove_url(case)
    sent = form_of(client, address)
    PathologyReport.objects.update(version=2)
    response = client.post(address, sent, follow=True)
    assert "Somebody changed this entry meanwhile" in response.content.decode()
    assert PathologyReport.objects.count() == 1


def test_an_entry_of_another_case_is_not_removed(case: Case, other_board: Board, charlie: User) -> None:
    report = case.pathology_reports.get()
    other = create_case(by=charlie, board=other_board, patient=PATIENT, fields={"question": "Ours?"})
    address = reverse("cases:remove", args=[other.uid, "pathology", report.uid])
    client = logged_in(charlie)
    assert client.get(address).status_code == 404
    client.post(address, {"version": "1"})
    assert PathologyReport.objects.filter(pk=report.pk).exists()


def test_a_draft_is_shown_before_it_goes(case: Case, draft: Decision, dora: User) -> None:
    client, address = logged_in(dora), reverse("cases:discard", args=[case.uid])
    html = client.get(address).content.decode()
    for text in ("Discard this draft?", "Second opinion", "Palliative", "Because", "Keep it"):
        assert text in html
    assert Decision.objects.count() == 1
    client.post(address, form_of(client, address))
    assert not Decision.objects.exists()
    assert AuditEvent.objects.filter(action="discarded", user=dora).count() == 1
    assert client.get(address).status_code == 302


def test_who_may_not_decide_discards_nothing(
    case: Case, draft: Decision, victor: User, charlie: User
) -> None:
    address = reverse("cases:discard", args=[case.uid])
    for user, status in ((victor, 403), (charlie, 404)):
        assert logged_in(user).get(address).status_code == status
        assert logged_in(user).post(address, {"version": "1"}).status_code == status
    assert Decision.objects.count() == 1
