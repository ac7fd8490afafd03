"""An earlier entry as the start of a new one: what is taken over, what is marked; nothing is stored."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from cases.actions.entry import add_part
from cases.forms.base import PartForm
from cases.forms.copying import ANEW, CHECK, NOT_COPIED, OWN, is_own
from cases.models import AuditEvent, Board, Case, RecordVersion
from cases.reading import PartialDate
from cases.views.chart import PARTS
from tests.cases.pages import Fields, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]

REPEATED = {part.slug: part.form for part in PARTS.values() if part.field and part.slug != "assessment"}


@pytest.fixture
def case(case: Case, alice: User) -> Case:
    fields = {
        "name": "NSE",
        "value": "31",
        "unit": "ng/ml",
        "upper_limit": "17",
        "measured_on": PartialDate(2026, 3),
    }
    add_part(by=alice, case=case, kind="marker", fields=fields)
    return case


def copy_of(case: Case, part: str) -> str:
    item = {"pathology": case.pathology_reports, "marker": case.markers}[part].get(**NAMED.get(part, {}))
    return reverse("cases:new_item", kwargs={"uid": case.uid, "part": part}) + f"?copy={item.uid}"


NAMED = {"marker": {"name": "NSE"}}


def shown(html: str) -> dict[str, list[str]]:
    fields = Fields()
    fields.feed(html)
    return fields.data


def marked(html: str) -> dict[str, str]:
    """Field → what its mark says."""
    boxes = re.split(r'data-field="', html)[1:]
    found = {box.partition('"')[0]: re.search(r'class="to-check">([^<]*)<', box) for box in boxes}
    return {name: mark[1] for name, mark in found.items() if mark}


@pytest.mark.parametrize("form", REPEATED.values())
def test_every_date_stays_with_its_report(form: type[PartForm]) -> None:
    dates = [name for name in form.base_fields if name.endswith("_on")]
    assert dates
    assert all(is_own(name, form.base_fields[name]) for name in dates)


def test_every_field_that_is_named_exists() -> None:
    known = {name for form in REPEATED.values() for name in form.base_fields}
    assert known >= ANEW | OWN


def test_a_report_begins_the_next_one_without_its_date_and_number(case: Case, alice: User) -> None:
    client, page = logged_in(alice), copy_of(case, "pathology")
    before = RecordVersion.objects.count(), AuditEvent.objects.exclude(action="read").count()
    html = client.get(page).content.decode()
    sent = shown(html)
    assert (sent["differentiation"], sent["ki67"], sent["specimen_site"]) == (["well"], ["45"], ["liver"])
    assert (sent["reported_on"], sent["lab_number"]) == ([""], [""])
    marks = marked(html)
    assert marks["reported_on"] == marks["lab_number"] == NOT_COPIED
    assert marks["ki67"] == marks["specimen"] == marks["differentiation"] == CHECK
    assert "p53" not in marks
    assert "Begun with the pathology report of 05-Nov-2026" in " ".join(html.split())
    assert 'data-unsaved="from-start"' in html
    assert (RecordVersion.objects.count(), AuditEvent.objects.exclude(action="read").count()) == before
    assert case.pathology_reports.get().uid.hex not in sent["item"][0].replace("-", "")
    assert client.post(page, sent).status_code == 302
    assert case.pathology_reports.count() == 2
    assert case.pathology_reports.filter(reported_on=None, ki67="45", lab_number="").count() == 1


def test_the_value_of_a_marker_is_not_the_next_ones(case: Case, alice: User) -> None:
    html = logged_in(alice).get(copy_of(case, "marker")).content.decode()
    sent = shown(html)
    assert (sent["name"], sent["unit"], sent["upper_limit"]) == (["NSE"], ["ng/ml"], ["17"])
    assert (sent["value"], sent["measured_on"]) == ([""], [""])
    assert marked(html) == {"value": NOT_COPIED, "measured_on": NOT_COPIED}


def test_marks_stay_while_something_is_to_be_corrected(case: Case, alice: User) -> None:
    client, page = logged_in(alice), copy_of(case, "pathology")
    sent: dict[str, Any] = {**shown(client.get(page).content.decode()), "reported_on": "3/5/2026"}
    response = client.post(page, sent)
    assert response.status_code == 422
    assert marked(response.content.decode())["ki67"] == CHECK
    assert case.pathology_reports.count() == 1


def test_the_way_there_stands_on_the_part(case: Case, alice: User, dora: User) -> None:
    page = reverse("cases:part", kwargs={"uid": case.uid, "part": "pathology"})
    link = f'href="{copy_of(case, "pathology")}"'
    new = reverse("cases:new_item", kwargs={"uid": case.uid, "part": "pathology"})
    assert link in logged_in(alice).get(page).content.decode()
    assert link in logged_in(alice).get(new).content.decode()
    assert "?copy=" not in logged_in(alice).get(copy_of(case, "pathology")).content.decode()
    dora.memberships.update(role="viewer")
    assert "?copy=" not in logged_in(dora).get(page).content.decode()


def test_an_entry_of_another_case_begins_nothing(
    case: Case, board: Board, alice: User, charlie: User
) -> None:
    assert logged_in(charlie).get(copy_of(case, "pathology")).status_code == 404
    stranger = case.markers.first()
    assert stranger is not None
    new = reverse("cases:new_item", kwargs={"uid": case.uid, "part": "pathology"})
    for wrong in (stranger.uid, "no-id"):
        assert logged_in(alice).get(f"{new}?copy={wrong}").status_code == 404
