"""The pages of a bundle: proposals beside the record, each taken over by a tick, nothing by itself."""

import html
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.actions.entry import create_case
from cases.models import AuditEvent, Board, Case, PathologyReport
from config.models import KeptFile
from tests.cases.pages import PATIENT, REFERRAL, logged_in

pytestmark = pytest.mark.django_db

FIXTURES = Path(__file__).parent / "exchange" / "bundles"
SECRET = "Zacharias-Quill"


@pytest.fixture
def case(board: Board, alice: User) -> Case:
    return create_case(by=alice, board=board, patient=PATIENT, fields={"question": REFERRAL["question"]})


def bundle_of(case: Case, name: str = "g3_net_mcode") -> dict[str, Any]:
    """A fixture whose patient is the case's."""
    read: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_bytes())
    person = read["entry"][0]["resource"]
    person["name"] = [{"family": case.patient.surname}]
    person["birthDate"] = case.patient.birth_date.isoformat()
    return read


def bring(client: Client, case: Case, content: object) -> Any:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    file = SimpleUploadedFile("clinic.json", data)
    return client.post(reverse("cases:bundles", args=[case.uid]), {"bundle": file})


def page_at(client: Client, url: str) -> tuple[str, dict[str, str], list[Any]]:
    """The page, label → tick, and its lines."""
    answer = client.get(url)
    assert answer.status_code == 200
    lines = answer.context["lines"]
    return html.unescape(answer.content.decode()), {one.label: one.tick for one in lines}, lines


def test_each_fact_is_taken_over_by_its_tick_with_its_source(case: Case, alice: User) -> None:
    client = logged_in(alice)
    url = bring(client, case, bundle_of(case)).url
    text, ticks, lines = page_at(client, url)
    assert "Temodal 100 mg capsules" in text
    assert "checked" not in text
    assert {one.state for one in lines} == {"new"}
    assert not PathologyReport.objects.exists()
    before = AuditEvent.objects.exclude(action="read").count()
    assert (
        client.post(url, {"tick": [ticks["Ki-67"], ticks["Mitoses"], ticks["Primary site"]]}).status_code
        == 302
    )
    report = PathologyReport.objects.get()
    assert (report.ki67, report.mitoses, report.reported_grade, report.lab_number) == (
        "35 %", "12/2 mm²", "", "H26-1182"
    )  # fmt: skip
    assert report.origin == "bundle clinic.json, entry[5] Observation/ki67; entry[7] Observation/mitoses"
    case.refresh_from_db()
    assert (case.primary_site, case.tumor_size, case.metastatic_sites) == ("pancreas", "", None)
    told = AuditEvent.objects.exclude(action="read").order_by("pk")[before:]
    assert [one.kind for one in told] == ["case", "pathology", "findings of a bundle"]
    _, again, lines = page_at(client, url)
    assert {one.label: one.state for one in lines if one.state != "new"} == {
        "Ki-67": "same", "Mitoses": "same", "Primary site": "same"
    }  # fmt: skip
    client.post(url, {"tick": [again["Grade as reported"]]})
    assert PathologyReport.objects.get().reported_grade == "G3"


def test_nothing_is_stored_unless_it_is_what_was_shown(case: Case, alice: User) -> None:
    client = logged_in(alice)
    url = bring(client, case, bundle_of(case)).url
    _, ticks, _ = page_at(client, url)
    assert client.post(url).status_code == 422
    assert client.post(url, {"tick": ["another"]}).status_code == 409
    Case.objects.filter(pk=case.pk).update(version=7)
    assert client.post(url, {"tick": [ticks["Primary site"], ticks["Ki-67"]]}).status_code == 409
    assert not PathologyReport.objects.exists()


def test_another_persons_bundle_takes_a_tick_of_its_own(case: Case, alice: User) -> None:
    client, other = logged_in(alice), bundle_of(case)
    other["entry"][0]["resource"]["birthDate"] = "1950-01-01"
    url = bring(client, case, other).url
    text, ticks, _ = page_at(client, url)
    assert "born 01-Jan-1950" in text
    assert client.post(url, {"tick": [ticks["Ki-67"]]}).status_code == 422
    assert not PathologyReport.objects.exists()
    assert client.post(url, {"tick": [ticks["Ki-67"]], "same_person": "on"}).status_code == 302


def test_of_several_tumors_the_neuroendocrine_one_is_shown_and_the_open_finding_asked(
    case: Case, alice: User
) -> None:
    client = logged_in(alice)
    url = bring(client, case, bundle_of(case, "two_tumors_obds")).url
    text, _, lines = page_at(client, url)
    assert [one.value for one in lines if one.question] == ["90 %"]
    assert "12-May-2019" not in text
    assert {one.label for one in lines} >= {"Primary site", "Differentiation"}


def test_a_bundle_without_a_neuroendocrine_neoplasm_says_so(case: Case, alice: User) -> None:
    client = logged_in(alice)
    breast = {"resourceType": "Condition", "code": {"text": "Carcinoma of breast"}}
    url = bring(client, case, {"resourceType": "Bundle", "entry": [{"resource": breast}]}).url
    text, ticks, _ = page_at(client, url)
    assert "No neuroendocrine neoplasm in this bundle." in text
    assert not ticks


@pytest.mark.parametrize("data", [b"", b"{", b"<Bundle/>", b"[" * 100_000, b'"' + b"x" * 5_000_000 + b'"'])
def test_what_is_no_bundle_is_refused_beside_its_box(case: Case, alice: User, data: bytes) -> None:
    answer = bring(logged_in(alice), case, data)
    assert answer.status_code == 422
    assert not KeptFile.objects.exists()


def test_the_bundle_is_kept_encrypted_for_its_person_alone(case: Case, alice: User, bob: User) -> None:
    client, said = logged_in(alice), bundle_of(case)
    said["entry"][5]["resource"]["note"] = [{"text": SECRET}]
    url = bring(client, case, said).url
    assert SECRET.encode() not in bytes(KeptFile.objects.get().sealed)
    assert SECRET not in url
    assert logged_in(bob).get(url).status_code == 404
    client.post(f"{url}discard/")
    assert not KeptFile.objects.exists()
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(("person", "status"), [("dora", 200), ("victor", 403), ("charlie", 404)])
def test_who_may_enter_sees_the_page(
    request: pytest.FixtureRequest, case: Case, person: str, status: int
) -> None:
    client = logged_in(request.getfixturevalue(person))
    assert client.get(reverse("cases:bundles", args=[case.uid])).status_code == status
    assert bring(client, case, bundle_of(case)).status_code == (302 if status == 200 else status)
