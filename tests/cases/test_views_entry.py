"""Entering a case: saving, refusing, two people at once, and the preview that writes nothing."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cases.actions.entry import add_part, save_part
from cases.choices import Role
from cases.forms.base import PartForm
from cases.models import AuditEvent, Board, Case, ImagingStudy, PathologyReport, Patient, RecordVersion
from cases.queries import for_worklist, with_record
from cases.reading.pasted import LONGEST_TEXT
from cases.screens.worklist import lines_of
from cases.views.chart import PARTS, Chart
from guidelines.vocabulary.facts import FACTS
from tests.cases.pages import PATHOLOGY, Fields, form_of, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]

WITHOUT_FIELD = {"reported_grade"}  # the record has no column for it yet
QUERIES_OF_A_PREVIEW = 4  # session, person, the state of the case, role: the record is in memory


@pytest.fixture
def client_(alice: User) -> Client:
    return logged_in(alice)


def url(case: Case, name: str, **kwargs: Any) -> str:
    return reverse(f"cases:{name}", kwargs={"uid": case.uid, **kwargs})


def text(response: Any) -> str:
    return str(response.content.decode())


# --- Saving -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", PARTS)
def test_saving_what_is_shown_changes_nothing(client_: Client, case: Case, slug: str) -> None:
    page = url(case, "case") if slug == "referral" else url(case, "part", part=slug)
    events = AuditEvent.objects.filter(action="changed").count()
    response = client_.post(page, form_of(client_, page))
    assert response.status_code == 302
    assert AuditEvent.objects.filter(action="changed").count() == events


@pytest.mark.parametrize("slug", [slug for slug in PARTS if slug != "referral"])
def test_an_empty_form_saves_nothing_and_says_so(client_: Client, case: Case, slug: str) -> None:
    page = url(case, "new_item", part=slug)
    before = RecordVersion.objects.count(), AuditEvent.objects.exclude(action="read").count()
    for data in (form_of(client_, page), {}):
        response = client_.post(page, data, follow=True)
        assert response.redirect_chain == [(page, 302)]
        assert "Nothing was entered, so nothing was saved." in text(response)
    assert (RecordVersion.objects.count(), AuditEvent.objects.exclude(action="read").count()) == before


def test_a_modality_in_the_address_is_one_of_imaging_only(client_: Client, case: Case) -> None:
    for slug in ("pathology", "molecular", "marker", "treatment", "assessment"):
        assert client_.get(f"{url(case, 'new_item', part=slug)}?modality=sstr").status_code == 200


def test_a_form_opened_for_one_study_is_empty_until_something_is_entered(client_: Client, case: Case) -> None:
    page = url(case, "new_item", part="imaging") + "?modality=fdg_pet"
    sent = form_of(client_, page)
    assert "Nothing was entered" in text(client_.post(page, sent, follow=True))
    assert case.imaging_studies.count() == 1
    assert "Imaging saved" in text(client_.post(page, {**sent, "result": "negative"}, follow=True))
    assert case.imaging_studies.get(modality="fdg_pet").result == "negative"


def test_a_stored_entry_can_be_emptied(client_: Client, case: Case) -> None:
    report = case.molecular_reports.get()
    page = url(case, "item", part="molecular", item=report.uid)
    assert "Molecular saved" in text(client_.post(page, form_of(client_, page, mmr=""), follow=True))
    report.refresh_from_db()
    assert report.mmr == ""


def undo_in(response: Any) -> list[str]:
    """The addresses that the notices of a page lead to."""
    return [message.extra_tags for message in response.context["messages"] if message.extra_tags]


def test_a_save_can_be_undone_from_its_notice(client_: Client, case: Case) -> None:
    page = url(case, "part", part="pathology")
    response = client_.post(page, form_of(client_, page, p53="missense"), follow=True)
    (address,) = undo_in(response)
    sent = form_of(client_, page, action=address)  # the notice is shown once, and a further page has none
    assert sent == {}
    response = client_.post(address, follow=True)
    assert "Pathology: the last save is undone" in text(response)
    assert case.pathology_reports.get().p53 == ""
    assert response.redirect_chain[-1][0] == url(
        case, "item", part="pathology", item=case.pathology_reports.get().uid
    )


def test_the_notice_has_a_button_of_a_form(client_: Client, case: Case) -> None:
    page = url(case, "case")
    response = client_.post(page, form_of(client_, page, referrer="Dr. Roe"), follow=True)
    (address,) = undo_in(response)
    fields = Fields(address)
    fields.feed(text(response))
    assert list(fields.data) == ["csrfmiddlewaretoken"]
    assert text(response).index(f'action="{address}"') < text(response).index(">Undo</button>")


def test_a_new_entry_a_removed_one_and_an_identity_can_be_undone(client_: Client, case: Case) -> None:
    new = url(case, "new_item", part="molecular")
    (address,) = undo_in(client_.post(new, form_of(client_, new, method="ngs"), follow=True))
    response = client_.post(address, follow=True)
    assert response.redirect_chain == [(url(case, "part", part="molecular"), 302)]
    assert case.molecular_reports.count() == 1
    remove = url(case, "remove", part="molecular", item=case.molecular_reports.get().uid)
    (address,) = undo_in(client_.post(remove, form_of(client_, remove), follow=True))
    client_.post(address)
    assert case.molecular_reports.count() == 1
    patient = url(case, "patient")
    (address,) = undo_in(client_.post(patient, form_of(client_, patient, given_names="Eve"), follow=True))
    response = client_.post(address, follow=True)
    assert response.redirect_chain == [(patient, 302)]
    assert Patient.objects.get().given_names == "Ada"


def test_a_save_that_changed_nothing_has_no_undo(client_: Client, case: Case) -> None:
    for slug in ("referral", "pathology"):
        page = url(case, "case") if slug == "referral" else url(case, "part", part=slug)
        assert undo_in(client_.post(page, form_of(client_, page), follow=True)) == []


def test_save_stores_and_says_so(client_: Client, case: Case) -> None:
    page = url(case, "part", part="pathology")
    response = client_.post(page, form_of(client_, page, ki67="62.5", p53="missense"), follow=True)
    report = case.pathology_reports.get()
    assert (report.ki67, report.p53, report.version) == ("62.5", "missense", 2)
    assert "Pathology saved." in text(response)
    assert 'value="62.5"' in text(response)


@pytest.mark.parametrize(
    ("box", "typed", "reads"),
    [
        ("ki67", "40 to 50", "Read as 40–50 %."),
        ("ki67", "more than 80", "Read as &gt; 80 %."),
        ("ki67", "22,5", "Read as 22.5 %."),
        ("mitoses", "12/10 mm²", "Read as 2.4 per 2 mm²."),
        ("mitoses", "16/10 HPF", "unknown"),
        ("sampled_on", "03/2026", "Read as Mar 2026; the day is not known."),
    ],
)
def test_what_people_write_is_kept_and_its_reading_stands_beside_it(
    client_: Client, case: Case, box: str, typed: str, reads: str
) -> None:
    page = url(case, "part", part="pathology")
    assert client_.post(page, form_of(client_, page, **{box: typed})).status_code == 302
    shown = form_of(client_, page)[box][0]
    assert shown == ("Mar 2026" if box == "sampled_on" else typed)
    assert reads in text(client_.get(page))


@pytest.mark.parametrize(
    ("state", "ticks", "stored"),
    [
        ("", [], None),
        ("none", [], []),
        ("some", ["liver", "bone"], ["liver", "bone"]),
        ("", ["lung"], ["lung"]),
    ],
)
def test_list_knows_none_from_not_known(
    client_: Client, case: Case, state: str, ticks: list[str], stored: list[str] | None
) -> None:
    page = url(case, "case")
    data = form_of(client_, page, metastatic_sites_0=state, metastatic_sites_1=ticks)
    assert client_.post(page, data).status_code == 302
    case.refresh_from_db()
    assert case.metastatic_sites == stored


def test_new_entry_sent_twice_is_one_entry(client_: Client, case: Case) -> None:
    page = url(case, "new_item", part="imaging")
    data = form_of(client_, page, modality="fdg_pet", result="positive")
    first, second = client_.post(page, data), client_.post(page, data)
    assert first.headers["Location"] == second.headers["Location"]
    assert ImagingStudy.objects.filter(modality="fdg_pet").count() == 1


def test_new_entry_sent_again_with_other_words_is_a_change_of_it(client_: Client, case: Case) -> None:
    page = url(case, "new_item", part="imaging")
    data = form_of(client_, page, modality="fdg_pet", result="positive")
    client_.post(page, data)
    client_.post(page, {**data, "findings": "Seen again"})
    study = ImagingStudy.objects.get(modality="fdg_pet")
    assert (study.findings, study.version) == ("Seen again", 2)


def test_link_to_a_missing_study_brings_its_modality(client_: Client, case: Case) -> None:
    data = form_of(client_, url(case, "new_item", part="imaging") + "?modality=fdg_pet")
    assert data["modality"] == ["fdg_pet"]


# --- Refusing ---------------------------------------------------------------------------------------


def refused(client: Client, page: str, field: str, **changes: Any) -> str:
    """The page after a save that is refused at `field`, with everything typed still on it."""
    data = form_of(client, page, **changes)
    response = client.post(page, data)
    html = text(response)
    assert response.status_code == 422
    assert re.search(r"<title>Error:", html)
    assert f'href="#id_{field}"' in html
    assert f'id="id_{field}_error"' in html
    for typed in changes.values():
        if isinstance(typed, str) and len(typed) < 100 and "\0" not in typed:
            assert re.search(re.escape(typed), html), f"{typed!r} is lost"
    return html


@pytest.mark.parametrize(
    ("slug", "field", "changes", "says"),
    [
        ("pathology", "ki67", {"ki67": "450"}, "0 to 100"),
        ("pathology", "ki67", {"ki67": "forty"}, "allowed"),
        ("pathology", "ki67", {"ki67": "60-50"}, "allowed"),
        ("pathology", "mitoses", {"mitoses": "16 HPF"}, "HPF"),
        ("pathology", "mitoses", {"mitoses": "-1"}, "allowed"),
        ("pathology", "reported_on", {"reported_on": "31-Feb-2026"}, "there is no day 31"),
        ("pathology", "reported_on", {"reported_on": "3/5/2026"}, "03-May-2026 or 05-Mar-2026"),
        ("pathology", "reported_on", {"reported_on": "01-Jan-2190"}, "in the future"),
        ("pathology", "reported_on", {"sampled_on": "06-Nov-2026"}, "before “Sampled on”"),
        ("pathology", "components", {"components": "sarcoma 20 %"}, "is none of"),
        (
            "pathology",
            "nodes_positive",
            {"nodes_examined": "3", "nodes_positive": "4"},
            "more than “Lymph nodes examined”",
        ),
        ("pathology", "differentiation", {"differentiation": "moderate"}, "Select a valid choice"),
        ("pathology", "comment", {"comment": "a\0b"}, "Null characters"),
        ("imaging", "sstr_uptake", {"modality": "ct", "sstr_uptake": "above_liver"}, "belongs to SSTR"),
        ("imaging", "sstr_pattern", {"result": "not_done", "sstr_pattern": "homogeneous"}, "not done"),
        ("treatment", "margin", {"kind": "radiation", "margin": "negative"}, "belongs to an operation"),
        (
            "treatment",
            "ended_on",
            {"started_on": "05-Mar-2026", "ended_on": "04-Mar-2026"},
            "before “Started on”",
        ),
        ("treatment", "dose_gy", {"kind": "radiation", "dose_gy": "0"}, "above 0 Gy"),
        ("assessment", "treatment_line", {"treatment_line": "1.5"}, "a whole number"),
        ("assessment", "treatment_line", {"treatment_line": "0"}, "of at least 1"),
        (
            "assessment",
            "prior_regimens",
            {"prior_regimens_0": "none", "prior_regimens_1": ["captem"]},
            "contradict",
        ),
        ("assessment", "prior_regimens", {"prior_regimens_0": "some"}, "tick at least one"),
    ],
)
def test_bad_input_is_refused_at_its_field(
    client_: Client, case: Case, slug: str, field: str, changes: dict[str, Any], says: str
) -> None:
    assert says in refused(client_, url(case, "part", part=slug), field, **changes)


LOCALIZED: dict[str, Any] = {"extent": "localized", "metastatic_sites_0": "none", "metastatic_sites_1": []}


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("question", {"question": " "}),
        ("metastatic_sites", {"extent": "localized"}),
        ("metastatic_sites", {"extent": "no_evidence_of_disease"}),
        ("figo_stage", {"primary_site": "cervix", "figo_stage": "IVB", **LOCALIZED}),
        ("figo_stage", {"figo_stage": "IIB"}),
        ("pancreas_subsite", {"primary_site": "colon", "pancreas_subsite": "head"}),
        ("tumor_size", {"tumor_size": "999"}),
        ("brain_metastasis_count", {"brain_metastasis_count": "two"}),
    ],
)
def test_contradictions_of_the_referral(
    client_: Client, case: Case, field: str, changes: dict[str, Any]
) -> None:
    refused(client_, url(case, "case"), field, **changes)


NASTY = "<script>alert(1)</script> {{ 7*7 }} {% now 'Y' %} 🧬 שלום \u202eabc\u202c &amp;"


def text_fields(form: type[PartForm]) -> list[str]:
    kinds = ("CharField",)
    return [
        name
        for name, field in form.base_fields.items()
        if type(field).__name__ in kinds and not name.startswith("stage_")  # read as categories
    ]


@pytest.mark.parametrize("slug", PARTS)
def test_text_stays_text(client_: Client, case: Case, slug: str) -> None:
    part = PARTS[slug]
    page = url(case, "case") if slug == "referral" else url(case, "part", part=slug)
    if slug == "treatment":
        case.treatments.all().delete()
        add_part(by=case.owner, case=case, kind="treatment", fields={"kind": "systemic"})
    long = {name: part.form.base_fields[name].max_length for name in text_fields(part.form)}  # type: ignore[attr-defined]
    typed = {name: NASTY[: limit or None].strip() for name, limit in long.items()}
    assert client_.post(page, form_of(client_, page, **typed)).status_code == 302
    html = text(client_.get(page))
    assert "<script>alert" not in html
    assert ">49<" not in html
    assert {name: form_of(client_, page)[name] for name in typed} == {n: [v] for n, v in typed.items()}


@pytest.mark.parametrize("slug", PARTS)
def test_a_nul_byte_is_an_error_at_its_field(client_: Client, case: Case, slug: str) -> None:
    page = url(case, "case") if slug == "referral" else url(case, "part", part=slug)
    for name in text_fields(PARTS[slug].form):
        refused(client_, page, name, **{name: "a\0b"})


def test_the_longest_text_is_stored_and_shown(client_: Client, case: Case) -> None:
    page = url(case, "part", part="pathology")
    novel = ("Ünïcode 🧬 " * LONGEST_TEXT)[: LONGEST_TEXT - 1] + "."
    assert client_.post(page, form_of(client_, page, comment=novel)).status_code == 302
    assert case.pathology_reports.get().comment == novel
    assert novel in text(client_.get(page))
    assert client_.post(page, form_of(client_, page, comment=novel * 50)).status_code == 422


# --- Two people -------------------------------------------------------------------------------------


def test_second_person_sees_both_versions_and_decides(client_: Client, case: Case, bob: User) -> None:
    page = url(case, "part", part="pathology")
    mine = form_of(client_, page, ki67="60", p53="missense", comment="Mine")
    theirs = logged_in(bob)
    theirs.post(page, form_of(theirs, page, ki67="30", rb="lost", comment="Theirs"))

    response = client_.post(page, mine)
    html = text(response)
    assert response.status_code == 409
    assert case.pathology_reports.get().comment == "Theirs"
    for shown in ("60", "30", "Mine", "Theirs", "Bob Baker", "Rb", "p53"):
        assert shown in html

    undecided = client_.post(page, form_of_conflict(html))
    assert undecided.status_code == 409
    assert "choose one version" in text(undecided)

    chosen = {"keep-ki67": "mine", "keep-p53": "mine", "keep-comment": "stored", "keep-rb": "stored"}
    assert client_.post(page, {**form_of_conflict(html), **chosen}).status_code == 302
    report = case.pathology_reports.get()
    assert (report.ki67, report.p53, report.comment, report.rb) == ("60", "missense", "Theirs", "lost")


def form_of_conflict(html: str) -> dict[str, Any]:
    fields = Fields()
    fields.feed(html)
    fields.data.pop("csrfmiddlewaretoken")
    return fields.data


def test_an_edit_that_agrees_with_what_is_stored_is_no_conflict(
    client_: Client, case: Case, bob: User
) -> None:
    page = url(case, "part", part="pathology")
    same = form_of(client_, page, comment="Agreed")
    logged_in(bob).post(page, same)
    assert client_.post(page, same).status_code == 302


def test_entry_removed_meanwhile_can_be_saved_as_a_new_one(client_: Client, case: Case) -> None:
    page = url(case, "part", part="pathology")
    mine = form_of(client_, page, comment="Still here")
    PathologyReport.objects.all().delete()
    assert client_.post(page, mine).status_code == 302
    assert case.pathology_reports.get().comment == "Still here"


# --- Preview ----------------------------------------------------------------------------------------


def test_preview_says_how_a_box_was_read_and_why_not(client_: Client, case: Case) -> None:
    page, address = url(case, "part", part="pathology"), url(case, "preview", part="pathology")
    posted = form_of(client_, page, ki67="20 to 25", mitoses="many", sampled_on="3/5/2026")
    html = text(client_.post(address, posted))
    assert re.search(r'id="id_ki67_echo" hx-swap-oob="true">Read as 20–25 %\.<', html)
    assert re.search(r'id="id_mitoses_echo"[^>]*>[^<]*allowed', html)
    assert "03-May-2026 or 05-Mar-2026: write the month" in html


def test_preview_does_not_miss_what_it_leaves_out(client_: Client, case: Case) -> None:
    """Free text is not posted with a preview, so the question is not missing."""
    posted = form_of(client_, url(case, "case"), primary_site="colon")
    del posted["question"]
    html = text(client_.post(url(case, "preview", part="referral"), posted))
    assert "Not counted" not in html


def test_preview_follows_the_form_and_writes_nothing(
    client_: Client, case: Case, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page, preview = url(case, "part", part="pathology"), url(case, "preview", part="pathology")
    data = form_of(client_, page, differentiation="poor")
    client_.post(preview, data)
    events = AuditEvent.objects.count()
    with django_assert_num_queries(QUERIES_OF_A_PREVIEW) as queries:
        response = client_.post(preview, data)
    assert not [q for q in queries.captured_queries if not q["sql"].startswith("SELECT")]
    assert AuditEvent.objects.count() == events
    assert case.pathology_reports.get().differentiation == "well"
    html = text(response)
    assert "<b>NEC, pancreas, metastatic, liver</b>" in html
    assert "With unsaved changes" in html
    assert "<form" not in html
    assert "<b>G3 NET, pancreas, metastatic, liver</b>" in text(client_.get(page))


def test_preview_takes_as_many_queries_with_many_reports(
    client_: Client, case: Case, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        add_part(by=alice, case=case, kind="pathology", fields={**PATHOLOGY, "lab_number": str(number)})
    preview = url(case, "preview", part="pathology")
    data = form_of(client_, url(case, "part", part="pathology"))
    client_.post(preview, data)
    with django_assert_num_queries(QUERIES_OF_A_PREVIEW):
        client_.post(preview, data)


def test_preview_knows_at_once_what_was_saved_and_what_the_board_decided(
    client_: Client, case: Case, board: Board, alice: User
) -> None:
    preview = url(case, "preview", part="referral")
    data = form_of(client_, url(case, "case"))
    assert "<b>G3 NET, pancreas" in text(client_.post(preview, data))
    report = case.pathology_reports.get()
    save_part(by=alice, part=report, fields={"differentiation": "poor"}, version=report.version)
    assert "<b>NEC, pancreas" in text(client_.post(preview, data))
    Board.objects.filter(pk=board.pk).update(guideline="nanets-hgnen-2023@1.0")
    assert "Guideline nanets-hgnen-2023, version 1.0" in text(client_.post(preview, data))


def test_preview_in_memory_is_for_those_who_may_enter_and_for_nobody_else(
    client_: Client, case: Case, board: Board, alice: User, charlie: User
) -> None:
    preview = url(case, "preview", part="referral")
    data = form_of(client_, url(case, "case"))
    assert client_.post(preview, data).status_code == 200
    assert logged_in(charlie).post(preview, data).status_code == 404
    alice.memberships.update(role=Role.VIEWER)
    assert client_.post(preview, data).status_code == 403
    alice.memberships.all().delete()
    assert client_.post(preview, data).status_code == 404


@pytest.mark.parametrize("slug", PARTS)
def test_every_part_has_a_preview_even_of_an_empty_form(client_: Client, case: Case, slug: str) -> None:
    assert client_.post(url(case, "preview", part=slug), {}).status_code == 200


def test_preview_leaves_out_what_is_not_valid_and_says_so(client_: Client, case: Case) -> None:
    data = form_of(client_, url(case, "part", part="pathology"), ki67="450")
    html = text(client_.post(url(case, "preview", part="pathology"), data))
    assert "Not counted:" in html
    assert "0 to 100" in html
    assert "45 %" not in html


def test_preview_of_an_ended_session_leaves_the_page_alone(case: Case) -> None:
    response = Client().post(url(case, "preview", part="pathology"), {}, headers={"hx-request": "true"})
    assert response.status_code == 401
    assert response.content == b""


def test_save_after_the_session_ended_survives_the_login(case: Case, alice: User) -> None:
    client, page = logged_in(alice), url(case, "part", part="pathology")
    data = form_of(client, page, comment="Typed for an hour")
    Session.objects.update(expire_date=timezone.now())
    kept = re.search(r'name="kept" value="([^"]+)"', text(client.post(page, data)))
    assert kept
    login = {"username": "alice", "password": "a long password", "kept": kept[1]}
    html = text(client.post(reverse("login"), login, follow=True))
    assert "Typed for an hour" in html
    assert client.post(page, form_of_kept(html, page)).status_code == 302
    assert case.pathology_reports.get().comment == "Typed for an hour"


def form_of_kept(html: str, page: str) -> dict[str, Any]:
    fields = Fields(page)
    fields.feed(html)
    return fields.data


def test_session_tells_a_token_only_to_who_is_logged_in(client_: Client) -> None:
    assert Client().get(reverse("session")).json() == {"signed_in": False}
    answer = client_.get(reverse("session")).json()
    assert answer["signed_in"] is True
    assert answer["token"]


# --- Where each fact is entered -----------------------------------------------------------------------


def test_every_fact_leads_to_a_field_that_exists(
    client_: Client, case: Case, board: Board, alice: User
) -> None:
    chart = Chart(alice, with_record(Case.objects.all()).get(pk=case.pk))
    pages: dict[str, str] = {}
    for fact in FACTS.keys() - WITHOUT_FIELD:
        address, _, anchor = chart.where(fact).partition("#")
        assert address, f"{fact} cannot be entered"
        pages.setdefault(address, text(client_.get(address)))
        assert f'id="{anchor}"' in pages[address], fact


# --- Patient and new case -------------------------------------------------------------------------------


def test_new_case_sent_twice_is_one_case(client_: Client, board: Board) -> None:
    page = reverse("cases:new_case")
    typed = {"record_number": "R-9", "surname": "Ng", "given_names": "Li", "birth_date": "14-Aug-1961"}
    data = form_of(client_, page, **typed, question="What first?", board=board.slug)
    assert client_.post(page, data).headers["Location"] == client_.post(page, data).headers["Location"]
    assert Case.objects.filter(patient__record_number="R-9").count() == 1


def test_record_number_of_somebody_else_is_refused(client_: Client, case: Case, board: Board) -> None:
    typed = {"record_number": "R-314159", "surname": "Ng", "given_names": "Li", "birth_date": "14-Aug-1961"}
    html = refused(
        client_, reverse("cases:new_case"), "record_number", **typed, question="What?", board=board.slug
    )
    assert "another name" in html
    assert Patient.objects.count() == 1


def test_patient_is_corrected(client_: Client, case: Case) -> None:
    page = url(case, "patient")
    assert client_.post(page, form_of(client_, page, surname="Quillfeather-Ng")).status_code == 302
    assert "<b>Quillfeather-Ng</b>, Ada" in text(client_.get(url(case, "case")))


def test_sizes_of_two_people_are_shown(client_: Client, case: Case, bob: User) -> None:
    page = url(case, "case")
    mine = form_of(client_, page, tumor_size="3.5 cm")
    theirs = logged_in(bob)
    assert theirs.post(page, form_of(theirs, page, tumor_size="4.25 cm")).status_code == 302
    response = client_.post(page, mine)
    assert response.status_code == 409
    assert "3.5 cm" in text(response)
    assert "4.25 cm" in text(response)


def test_patient_edited_by_two_people_shows_both(client_: Client, case: Case, bob: User) -> None:
    page = url(case, "patient")
    mine = form_of(client_, page, given_names="Adele")
    theirs = logged_in(bob)
    theirs.post(page, form_of(theirs, page, given_names="Adeline"))
    response = client_.post(page, mine)
    assert response.status_code == 409
    assert "Adeline" in text(response)


def test_agenda_and_status_are_set_from_the_referral(client_: Client, case: Case) -> None:
    assert client_.post(url(case, "schedule"), {"meeting": ""}).status_code == 302
    case.refresh_from_db()
    assert (case.discussions.count(), case.status) == (0, "ready")
    html = text(client_.post(url(case, "status"), {"status": "decided"}, follow=True))
    assert "can become" in html


# --- Comments, removal --------------------------------------------------------------------------------


def test_clinician_comments_and_others_read(case: Case, bob: User, victor: User) -> None:
    client, page = logged_in(bob), url(case, "comments")
    assert client.post(url(case, "comment"), {"text": NASTY}).headers["Location"] == page
    html = text(logged_in(victor).get(page))
    assert "Bob Baker" in html
    assert "<script>alert" not in html
    assert "Add comment" not in html
    for refused_text in ("", "a\0b"):
        response = client.post(url(case, "comment"), {"text": refused_text})
        assert response.status_code == 422
        assert 'href="#id_text"' in text(response)
    assert case.comments.count() == 1


def test_comments_stand_in_the_order_they_were_made(case: Case, bob: User, alice: User) -> None:
    for person, words in ((bob, "From the clinician"), (alice, "From the coordinator")):
        logged_in(person).post(url(case, "comment"), {"text": words})
    shown = logged_in(bob).get(url(case, "comments")).context["comments"]
    assert [(each.created_by, each.text) for each in shown] == [
        (bob, "From the clinician"),
        (alice, "From the coordinator"),
    ]


def test_entry_is_removed_only_as_it_was_shown(client_: Client, case: Case) -> None:
    report = case.pathology_reports.get()
    address = url(case, "remove", part="pathology", item=report.uid)
    html = text(client_.post(address, {"version": "7"}, follow=True))
    assert "look at it again" in html
    assert "Entry removed" in text(client_.post(address, {"version": "1"}, follow=True))
    assert not case.pathology_reports.exists()


def test_a_case_is_handed_over_to_somebody_who_may_enter(client_: Client, case: Case, bob: User) -> None:
    page, address = url(case, "case"), url(case, "owner")
    assert f'<option value="{bob.username}"' in text(client_.get(page))
    assert "Bob Baker owns this case now." in text(
        client_.post(address, {"owner": bob.username}, follow=True)
    )
    assert Case.objects.get().owner == bob
    for nobody in ("victor", "", "a\0b"):
        assert "Choose a member of this board" in text(client_.post(address, {"owner": nobody}, follow=True))
    assert Case.objects.get().owner == bob


def test_the_dead_are_marked_and_nothing_is_asked_of_them(client_: Client, case: Case) -> None:
    worklist = reverse("cases:worklist")
    assert "Deceased" not in text(client_.get(worklist))
    Patient.objects.update(deceased=True)
    shown = text(client_.get(worklist))
    assert '<span class="tag">Deceased</span>' in shown
    assert lines_of(for_worklist(case.owner), [])[0].next == ""


def test_saving_goes_on_to_another_entry_or_to_the_next_part(client_: Client, case: Case) -> None:
    page = url(case, "part", part="imaging")
    another = client_.post(page, form_of(client_, page, findings="Seen.") | {"then": "another"})
    assert another.headers["Location"] == url(case, "new_item", part="imaging")
    nothing = form_of(client_, another.headers["Location"]) | {"then": "next"}
    onwards = client_.post(another.headers["Location"], nothing)
    assert onwards.headers["Location"] == url(case, "part", part="molecular")
    assert case.imaging_studies.get().findings == "Seen."
    referral = url(case, "case")
    on = client_.post(referral, form_of(client_, referral) | {"then": "next"})
    assert on.headers["Location"] == url(case, "part", part="pathology")


def test_saving_goes_on_to_the_part_that_is_named(client_: Client, case: Case) -> None:
    page = url(case, "part", part="imaging")
    offered = re.findall(r'name="then"\s+value="(\w+)"', text(client_.get(page)))
    assert offered == ["another", "next", *(one for one in PARTS if one != "imaging")]
    there = client_.post(page, form_of(client_, page, findings="Seen.") | {"then": "treatment"})
    assert there.headers["Location"] == url(case, "part", part="treatment")
    assert case.imaging_studies.get().findings == "Seen."
    back = client_.post(page, form_of(client_, page) | {"then": "referral"})
    assert back.headers["Location"] == url(case, "case")
    nowhere = client_.post(page, form_of(client_, page) | {"then": "elsewhere"})
    assert nowhere.headers["Location"] == url(
        case, "item", part="imaging", item=case.imaging_studies.get().uid
    )
