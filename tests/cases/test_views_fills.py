"""Blocks answered by one act: only what is empty, named, taken back, and never saved by itself."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import QueryDict
from django.urls import reverse

from cases.actions.entry import add_part, create_case
from cases.forms import fills
from cases.forms.base import PartForm
from cases.models import AuditEvent, Board, Case, RecordVersion
from cases.queries import with_record
from cases.views.chart import PARTS, Chart
from tests.cases.pages import PATIENT, Fields, form_of, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]

FORMS = [(part.form, block) for part in PARTS.values() for block in part.form.blocks]


def page_of(case: Case, part: str) -> str:
    if part == "referral":
        return reverse("cases:case", kwargs={"uid": case.uid})
    return reverse("cases:part", kwargs={"uid": case.uid, "part": part})


def stored() -> tuple[int, int]:
    return RecordVersion.objects.count(), AuditEvent.objects.exclude(action="read").count()


def chosen(html: str) -> dict[str, list[str]]:
    fields = Fields()
    fields.feed(html)
    return fields.data


class Buttons(HTMLParser):
    """The buttons that answer a block, or take it back, unless they are hidden."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "button" and given.get("name") in (fills.FILL, fills.TAKE_BACK) and "hidden" not in given:
            self.found.append((str(given["name"]), str(given["value"])))


@pytest.mark.parametrize(("form", "block"), FORMS)
def test_every_block_stands_in_its_section_and_answers_with_what_its_boxes_allow(
    form: type[PartForm], block: fills.Fill
) -> None:
    assert set(block.fields) <= set(dict(form.sections)[block.section])
    for name, (control, answer) in block.controls(form.base_fields).items():
        field = form.base_fields[name]
        listed = field.fields[0].choices if control != name else field.choices  # type: ignore[attr-defined]
        assert answer in [str(value) for value, _ in listed]
        assert answer  # not known is no answer


def test_codes_are_used_once() -> None:
    codes = [block.code for _, block in FORMS]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("sent", "filled", "after"),
    [
        ("fill=symptoms", ("cns_symptoms", "cardiac_symptoms"), {"cns_symptoms": "no", "hiaa": None}),
        ("fill=symptoms&hormonal_syndrome=yes", ("cns_symptoms",), {"hormonal_syndrome": "yes"}),
        ("fill=nothing", (), {"cns_symptoms": None}),
        ("take_back=symptoms cns_symptoms&cns_symptoms=no", (), {"cns_symptoms": ""}),
        ("take_back=symptoms cns_symptoms&cns_symptoms=yes", (), {"cns_symptoms": "yes"}),
        ("take_back=symptoms ecog&ecog=1", (), {"ecog": "1"}),
    ],
)
def test_only_what_is_empty_is_answered(sent: str, filled: tuple[str, ...], after: dict[str, Any]) -> None:
    posted, form = QueryDict(sent, mutable=True), PARTS["assessment"].form
    found = fills.apply(posted, form.blocks, form.base_fields)
    assert set(filled) <= set(found)
    assert bool(filled) == bool(found)
    assert {name: posted.get(name) for name in after} == after


@pytest.mark.parametrize(
    ("state", "ticks", "filled"), [("", [], True), ("", ["liver"], False), ("some", [], False)]
)
def test_a_list_with_ticks_is_not_empty(state: str, ticks: list[str], filled: bool) -> None:
    posted, form = QueryDict("fill=sites", mutable=True), PARTS["referral"].form
    posted["metastatic_sites_0"] = state
    posted.setlist("metastatic_sites_1", ticks)
    assert bool(fills.apply(posted, form.blocks, form.base_fields)) == filled


def test_the_server_fills_and_shows_the_form_again_and_saves_nothing(case: Case, alice: User) -> None:
    client, page, before = logged_in(alice), page_of(case, "pathology"), stored()
    sent = form_of(client, page, sstr2a="diffuse_strong", fill="stains", comment="typed")
    response = client.post(page, sent)
    html = response.content.decode()
    assert response.status_code == 200
    assert stored() == before
    told = "Now “negative”: Synaptophysin, Chromogranin A, INSM1, Keratin. Not saved yet."
    assert told in html
    assert 'data-unsaved="from-start"' in html
    shown = chosen(html)
    assert shown["synaptophysin"] == shown["keratin"] == ["negative"]
    assert (shown["sstr2a"], shown["comment"], shown["p53"]) == (["diffuse_strong"], ["typed"], [""])
    back = dict(Buttons(html).found)[fills.TAKE_BACK]
    again = client.post(page, {**shown, "take_back": back})
    assert chosen(again.content.decode())["synaptophysin"] == [""]
    assert stored() == before
    saved = client.post(page, shown)
    assert saved.status_code == 302
    assert case.pathology_reports.get().keratin == "negative"


def test_nothing_empty_is_said(case: Case, alice: User) -> None:
    client, page = logged_in(alice), page_of(case, "referral")
    response = client.post(page, form_of(client, page, fill="sites"))
    assert "Nothing was empty, so nothing changed." in response.content.decode()


def test_no_treatment_is_offered_only_where_none_is_recorded(board: Board, case: Case, alice: User) -> None:
    client = logged_in(alice)
    other = create_case(by=alice, board=board, patient=PATIENT, fields={"question": "What now?"})
    assert "no_treatment" not in {value for _, value in Buttons(page_text(client, case)).found}
    page = page_of(other, "referral")
    response = client.post(page, form_of(client, page, fill="no_treatment"))
    assert chosen(response.content.decode())["treatment_list"] == ["complete"]
    add_part(by=alice, case=other, kind="treatment", fields={"kind": "surgery"})
    assert chosen(client.post(page, form_of(client, page, fill="no_treatment")).content.decode())[
        "treatment_list"
    ] == [""]


def test_the_treatment_page_of_a_case_without_one_leads_there(board: Board, case: Case, alice: User) -> None:
    client = logged_in(alice)
    other = create_case(by=alice, board=board, patient=PATIENT, fields={"question": "What now?"})
    link = reverse("cases:case", args=[other.uid]) + "#id_treatment_list"
    assert link in client.get(page_of(other, "treatment")).content.decode()
    assert "#id_treatment_list" not in client.get(page_of(case, "treatment")).content.decode()


def page_text(client: Any, case: Case) -> str:
    return str(client.get(page_of(case, "referral")).content.decode())


def test_what_only_other_cases_have_is_no_empty_box(case: Case, alice: User) -> None:
    client, page = logged_in(alice), page_of(case, "assessment")
    shown = chosen(client.post(page, form_of(client, page, fill="judgments")).content.decode())
    assert shown["indolent"] == ["no"]
    assert shown["early_stage"] == [""]  # localized disease alone has it


@pytest.mark.parametrize(("person", "status"), [("bob", 200), ("charlie", 404)])
def test_who_may_not_enter_fills_nothing(
    request: pytest.FixtureRequest, case: Case, alice: User, person: str, status: int
) -> None:
    page = page_of(case, "molecular")
    sent = form_of(logged_in(alice), page, fill="alterations")
    assert logged_in(request.getfixturevalue(person)).post(page, sent).status_code == status


def test_a_block_takes_no_query(case: Case, alice: User, django_assert_num_queries: Any) -> None:
    chart = Chart(alice, with_record(Case.objects.all()).get(pk=case.pk))
    form = PARTS["referral"].form(instance=chart.case)
    with django_assert_num_queries(0):
        assert fills.NO_TREATMENT not in form.offered()
