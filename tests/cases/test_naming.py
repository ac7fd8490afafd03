"""Reports that contradict each other: the case says so on top, and a clinician names the deciding one with a
reason, which stands with the fact and can be taken back."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.actions.edits import StaleEdit
from cases.actions.entry import add_part, create_case, save_part
from cases.actions.naming import name_deciding, name_none
from cases.actions.undoing import undo_last_save
from cases.facts import RecordFacts, facts_of
from cases.models import AuditEvent, Board, Case, PathologyReport, RecordVersion
from cases.record import record_of
from cases.screens.contests import contests_of
from cases.views.chart import Chart
from tests.cases.pages import PATIENT, QUESTION, form_of, logged_in
from tests.cases.test_views_asking import plain
from tests.cases.test_views_entry import text, undo_in, url

pytestmark = pytest.mark.django_db

REASON = "The whole specimen, not a core"
ON_TOP = "Reports contradict each other"


@pytest.fixture
def case(board: Board, alice: User) -> Case:
    """Two reports of one day: well with Rb retained, and poor with Rb lost."""
    fields = {"question": QUESTION, "primary_site": "pancreas"}
    case = create_case(by=alice, board=board, patient=PATIENT, fields=fields)
    add_report(case, alice, "H26-1", differentiation="well", rb="retained")
    add_report(case, alice, "H26-2", differentiation="poor", rb="lost")
    return case


def add_report(case: Case, by: User, number: str, **fields: Any) -> Any:
    fields = {"specimen": "biopsy", "sampled_on": "2026-03-01", "lab_number": number, **fields}
    return add_part(by=by, case=case, kind="pathology", fields=fields)


def report(case: Case, number: str) -> PathologyReport:
    return case.pathology_reports.get(lab_number=number)


def read(case: Case) -> RecordFacts:
    return facts_of(record_of(Case.objects.get(pk=case.pk)))


def name(case: Case, by: User, number: str = "H26-1", reason: str = REASON) -> PathologyReport:
    chosen = report(case, number)
    return name_deciding(by=by, report=chosen, reason=reason, version=chosen.version)


# --- The rule ---------------------------------------------------------------------------------------


def test_reports_that_contradict_each_other_leave_the_fact_unknown_and_are_told(case: Case) -> None:
    facts = read(case)
    assert not {"differentiation", "rb"} & facts.values.keys()
    by_fact = {one.fact: one for one in facts.contests}
    assert list(by_fact) == ["differentiation", "rb"]
    assert [(side.value, side.part.lab_number) for side in by_fact["rb"].sides] == [  # type: ignore[attr-defined]
        ("Retained", "H26-1"),
        ("Lost", "H26-2"),
    ]
    assert all(one.is_open and one.named is None for one in facts.contests)


def test_the_named_report_decides_and_says_by_whom_and_why(case: Case, bob: User) -> None:
    name(case, bob)
    facts = read(case)
    assert (facts.values["differentiation"], facts.values["rb"]) == ("well", "retained")
    source = facts.provenance["differentiation"]
    assert source.words == f"Pathology H26-1 (biopsy), 01-Mar-2026, named by Bob Baker: {REASON}"
    assert source.source_uid == report(case, "H26-1").uid
    assert [(one.fact, one.is_open) for one in facts.contests] == [("differentiation", False)]


def test_reports_without_numbers_are_told_apart(board: Board, alice: User, bob: User) -> None:
    """Two with the same name and day: the source is the one that was named."""
    case = create_case(by=alice, board=board, patient=PATIENT, fields={"question": QUESTION})
    first = add_report(case, alice, "", differentiation="poor")
    second = add_report(case, alice, "", differentiation="well")
    for chosen, value in ((first, "poor"), (second, "well")):
        chosen.refresh_from_db()
        name_deciding(by=bob, report=chosen, reason=REASON, version=chosen.version)
        facts = read(case)
        assert facts.values["differentiation"] == value
        assert facts.provenance["differentiation"].source_uid == chosen.uid


@pytest.mark.parametrize(("day", "value", "is_open"), [("2026-04-01", "negative", False), ("", None, True)])
def test_a_newer_statement_settles_what_contradicts_itself(
    case: Case, alice: User, day: str, value: str | None, is_open: bool
) -> None:
    """Of imaging nobody names a study; a newer one decides."""
    for result in ("negative", "positive"):
        fields = {"modality": "sstr", "performed_on": "2026-03-01", "result": result}
        add_part(by=alice, case=case, kind="imaging", fields=fields)
    if day:
        fields = {"modality": "sstr", "performed_on": day, "result": "negative"}
        add_part(by=alice, case=case, kind="imaging", fields=fields)
    facts = read(case)
    assert facts.values.get("sstr_imaging") == value
    contests = [one for one in facts.contests if one.fact == "sstr_imaging"]
    assert [one.is_open for one in contests] == [True] * is_open
    assert all(one.reports == () for one in contests)


# --- The action -------------------------------------------------------------------------------------


def test_naming_is_one_event_and_one_version(case: Case, bob: User) -> None:
    events, versions = AuditEvent.objects.count(), RecordVersion.objects.count()
    counted = Case.objects.get(pk=case.pk).record_version
    chosen = name(case, bob)
    (event,) = AuditEvent.objects.order_by("pk")[events:]
    assert (event.user, event.action, event.kind, event.uid) == (bob, "changed", "pathology", chosen.uid)
    assert event.detail == {"fields": ["deciding", "deciding_by", "deciding_reason"], "version": 2}
    (save,) = RecordVersion.objects.order_by("pk")[versions:]
    assert save.before == {"deciding": None, "deciding_by": "", "deciding_reason": ""}
    assert save.after == {"deciding": True, "deciding_by": "Bob Baker", "deciding_reason": REASON}
    assert Case.objects.get(pk=case.pk).record_version == counted + 1
    name(case, bob)
    assert AuditEvent.objects.count() == events + 1


def test_who_was_named_before_is_so_no_more(case: Case, bob: User, dora: User) -> None:
    name(case, bob)
    name(case, dora, "H26-2", "Read by the expert")
    assert read(case).values["differentiation"] == "poor"
    former = report(case, "H26-1")
    assert (former.deciding, former.deciding_reason, former.deciding_by) == (None, "", "")
    assert {one.uid for one in AuditEvent.objects.filter(user=dora, action="changed")} == {
        former.uid,
        report(case, "H26-2").uid,
    }


def test_naming_can_be_taken_back(case: Case, bob: User) -> None:
    chosen = name(case, bob)
    undo_last_save(by=bob, case=case, version=RecordVersion.objects.get(uid=chosen.uid, version=2))
    assert "differentiation" not in read(case).values
    assert report(case, "H26-1").deciding_by == ""
    name(case, bob)
    chosen = report(case, "H26-1")
    name_none(by=bob, report=chosen, version=chosen.version)
    assert all(one.is_open for one in read(case).contests)


def test_naming_outlives_another_edit_of_the_report(case: Case, bob: User, alice: User) -> None:
    chosen = name(case, bob)
    save_part(by=alice, part=chosen, fields={"comment": "Copy asked for"}, version=chosen.version)
    assert "named by Bob Baker" in read(case).provenance["differentiation"].words


@pytest.mark.parametrize("reason", ["", "  "])
def test_naming_needs_a_reason(case: Case, bob: User, reason: str) -> None:
    with pytest.raises(ValidationError, match="Say why this report decides"):
        name(case, bob, reason=reason)


def test_only_what_contradicts_another_is_named(case: Case, bob: User, alice: User) -> None:
    add_report(case, alice, "H25-9", sampled_on="2025-01-01", p53="missense")
    with pytest.raises(ValidationError, match="contradicts no other"):
        name(case, bob, "H25-9")


def test_what_has_been_changed_meanwhile_is_not_named(case: Case, bob: User, alice: User) -> None:
    seen = report(case, "H26-1")
    save_part(by=alice, part=report(case, "H26-1"), fields={"comment": "Addendum"}, version=1)
    with pytest.raises(StaleEdit):
        name_deciding(by=bob, report=seen, reason=REASON, version=seen.version)
    chosen = name(case, bob)
    with pytest.raises(StaleEdit):
        name_none(by=bob, report=chosen, version=chosen.version - 1)


@pytest.mark.parametrize(
    ("person", "refusal"), [("alice", PermissionDenied), ("victor", PermissionDenied), ("charlie", Http404)]
)
def test_naming_is_for_the_clinicians_of_the_board(
    case: Case, person: str, refusal: type[Exception], request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(person)
    with pytest.raises(refusal):
        name(case, by)
    with pytest.raises(refusal):
        name_none(by=by, report=report(case, "H26-1"), version=1)
    assert not case.pathology_reports.filter(deciding=True).exists()


# --- The pages --------------------------------------------------------------------------------------


@pytest.fixture
def doctor(bob: User) -> Client:
    return logged_in(bob)


def page_of(case: Case) -> str:
    return url(case, "deciding_report")


@pytest.mark.parametrize("name_of_page", ["case", "decision", "comments", "history", "follow_up"])
def test_the_case_says_on_top_that_reports_contradict_each_other(
    case: Case, doctor: Client, name_of_page: str
) -> None:
    page = text(doctor.get(url(case, name_of_page)))
    assert ON_TOP in page
    said = (
        "Rb: Retained (Pathology H26-1 (biopsy), 01-Mar-2026); Lost (Pathology H26-2 (biopsy), 01-Mar-2026)"
    )
    assert said in plain(page)
    assert f'href="{page_of(case)}">Name the deciding report' in page
    assert f'href="{url(case, "item", part="pathology", item=report(case, "H26-2").uid)}"' in page


def test_a_coordinator_reads_who_can_name_it(case: Case, alice: User) -> None:
    page = text(logged_in(alice).get(url(case, "case")))
    assert "A clinician of the board can name the deciding report." in page
    assert page_of(case) not in page
    assert logged_in(alice).get(page_of(case)).status_code == 403


def test_an_outsider_finds_no_page(case: Case, charlie: User) -> None:
    client = logged_in(charlie)
    assert client.get(page_of(case)).status_code == 404
    assert client.post(page_of(case), {"reason": REASON}).status_code == 404


def test_a_clinician_names_the_deciding_report_and_may_undo_it(case: Case, doctor: Client) -> None:
    page = plain(text(doctor.get(page_of(case))))
    assert "Pathology H26-1 (biopsy), 01-Mar-2026. Differentiation: Well differentiated; Rb: Retained" in page
    chosen = report(case, "H26-1")
    sent = form_of(doctor, page_of(case), report=f"{chosen.uid}.1", reason=REASON)
    response = doctor.post(page_of(case), sent, follow=True)
    assert response.redirect_chain == [(url(case, "item", part="pathology", item=chosen.uid), 302)]
    words = plain(text(response))
    assert "This report decides." in words
    assert f"Differentiation: Well differentiated, named by Bob Baker: {REASON}" in words
    assert ON_TOP not in words
    assert ON_TOP not in text(doctor.get(url(case, "case")))
    (address,) = undo_in(response)
    assert ON_TOP in text(doctor.post(address, follow=True))
    assert not report(case, "H26-1").deciding


def test_the_choice_can_be_changed_and_taken_back(case: Case, doctor: Client, bob: User) -> None:
    chosen = name(case, bob)
    sent = form_of(doctor, page_of(case))
    assert (sent["report"], sent["reason"]) == ([f"{chosen.uid}.2"], [REASON])
    response = doctor.post(page_of(case), {**sent, "report": "none"}, follow=True)
    assert "No report is named any more." in text(response)
    assert ON_TOP in text(response)


def test_a_wrong_form_says_what_is_missing_and_keeps_what_was_typed(case: Case, doctor: Client) -> None:
    chosen = report(case, "H26-1")
    response = doctor.post(page_of(case), {"report": f"{chosen.uid}.1", "reason": " "})
    assert response.status_code == 422
    assert "Say why this report decides." in text(response)
    assert f'value="{chosen.uid}.1" id="id_report_0" checked' in text(response)
    response = doctor.post(page_of(case), {"reason": REASON})
    assert "Choose the report that decides." in text(response)
    assert REASON in text(response)
    response = doctor.post(page_of(case), {"report": "none", "reason": REASON})
    assert "This report has been changed since" in text(response)


def test_a_report_changed_meanwhile_is_chosen_anew(case: Case, doctor: Client, alice: User) -> None:
    chosen = report(case, "H26-1")
    sent = form_of(doctor, page_of(case), report=f"{chosen.uid}.1", reason=REASON)
    save_part(by=alice, part=chosen, fields={"rb": "lost"}, version=1)
    response = doctor.post(page_of(case), sent)
    assert response.status_code == 422
    assert "This report has been changed since; look at it again, and choose anew." in text(response)
    assert not report(case, "H26-1").deciding


def test_without_a_contradiction_there_is_nothing_to_name(case: Case, doctor: Client, alice: User) -> None:
    chosen = report(case, "H26-2")
    save_part(by=alice, part=chosen, fields={"differentiation": "well", "rb": "retained"}, version=1)
    response = doctor.get(page_of(case), follow=True)
    assert "No pathology reports contradict each other." in text(response)


def test_the_history_tells_it_in_words(case: Case, doctor: Client, bob: User) -> None:
    name(case, bob)
    page = plain(text(doctor.get(url(case, "history"))))
    assert f"Why it decides Not known →, now {REASON}" in page
    assert "Named as deciding by Not known →, now Bob Baker" in page


def test_contradictions_take_no_query(
    case: Case, bob: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    name(case, bob)
    chart = Chart(bob, Case.objects.get(pk=case.pk))
    contested = chart.facts.contests
    with django_assert_num_queries(0):
        contests = contests_of(contested, chart.item_url)
    assert [line.label for line in contests.decided] == ["Differentiation"]
