"""Deferring a case from the decision screen, with or without its draft, and taking that back."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from cases.actions.leading import close_meeting, start_meeting
from cases.models import AuditEvent, Case, Decision, Discussion
from tests.cases.pages import form_of, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]

GIVEN = {
    "defer-reason": "pathology",
    "defer-awaited": "Ki-67 of the liver biopsy",
    "defer-awaited_from": "Bob Baker",
    "defer-awaited_by": "05-Dec-2026",
}


@pytest.fixture(scope="module")
def in_days() -> int:
    return -1


@pytest.fixture
def case(case: Case, bob: User) -> Case:
    return case


def url(case: Case, name: str) -> str:
    return reverse(f"cases:{name}", kwargs={"uid": case.uid})


def defer(client: Client, case: Case, **changes: Any) -> Any:
    page = url(case, "decision")
    form = form_of(client, page, action=url(case, "defer"))
    return client.post(url(case, "defer"), {**form, **GIVEN, **changes})


def draft(client: Client, case: Case, **changes: Any) -> None:
    page = url(case, "decision")
    assert client.post(page, form_of(client, page, intent="palliative", **changes)).status_code == 302


def test_a_case_is_deferred_with_what_is_awaited(case: Case, dora: User) -> None:
    chair = logged_in(dora)
    assert defer(chair, case).status_code == 302
    found = Discussion.objects.get()
    assert (found.outcome, found.deferral_reason, found.awaited) == (
        "deferred",
        "pathology",
        GIVEN["defer-awaited"],
    )
    assert (found.awaited_from, found.awaited_by) == ("Bob Baker", datetime.date(2026, 12, 5))
    html = chair.get(url(case, "decision")).content.decode()
    assert "Pathology is missing or to be reviewed" in html
    assert "Ki-67 of the liver biopsy, from Bob Baker" in html


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"defer-reason": ""}, "Choose why the case is deferred: Pathology is missing"),
        ({"defer-awaited": " "}, "Say what is awaited."),
        ({"defer-awaited_by": "soon"}, "Enter a date such as 05-Mar-2026"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_kept(
    case: Case, dora: User, changes: dict[str, str], told: str
) -> None:
    response = defer(logged_in(dora), case, **changes)
    html = response.content.decode()
    assert response.status_code == 422
    assert told in html
    assert "<title>Error:" in html
    assert 'value="Bob Baker"' in html
    assert Discussion.objects.get().is_open


def test_a_draft_goes_with_it_in_one_act_that_says_so(case: Case, dora: User) -> None:
    chair = logged_in(dora)
    draft(chair, case)
    html = chair.get(url(case, "decision")).content.decode()
    assert "Discard the draft and defer" in html
    assert "The draft that Dora Diaz saved on" in html
    assert defer(chair, case).status_code == 302
    assert not Decision.objects.exists()
    assert Discussion.objects.get().outcome == "deferred"
    told = list(
        AuditEvent.objects.filter(action__in=["discarded", "discussed"]).values_list("action", flat=True)
    )
    assert sorted(told) == ["discarded", "discussed"]


def test_a_draft_that_somebody_changed_is_not_discarded_unread(case: Case, dora: User, bob: User) -> None:
    chair = logged_in(dora)
    draft(chair, case)
    form = form_of(chair, url(case, "decision"), action=url(case, "defer"))
    draft(logged_in(bob), case, rationale="Theirs")
    response = chair.post(url(case, "defer"), {**form, **GIVEN})
    assert response.status_code == 422
    assert "Somebody changed the draft meanwhile" in response.content.decode()
    assert Decision.objects.get().rationale == "Theirs"
    assert Discussion.objects.get().is_open


def test_a_deferral_is_taken_back_until_the_meeting_is_closed(case: Case, dora: User) -> None:
    chair = logged_in(dora)
    defer(chair, case)
    assert "Take the deferral back" in chair.get(url(case, "decision")).content.decode()
    assert chair.post(url(case, "take_back")).status_code == 302
    assert Discussion.objects.get().is_open
    defer(chair, case)
    meeting = start_meeting(by=dora, meeting=case.discussions.get().meeting)
    assert "No open case is left on the agenda." in chair.get(url(case, "decision")).content.decode()
    close_meeting(by=dora, meeting=meeting)
    assert "Take the deferral back" not in chair.get(url(case, "decision")).content.decode()
    answer = chair.post(url(case, "take_back"), follow=True)
    assert "Only a deferral of a meeting that is not closed" in answer.content.decode()


@pytest.mark.parametrize(("person", "status"), [("victor", 403), ("charlie", 404)])
def test_who_may_not_write_does_not_defer(
    request: pytest.FixtureRequest, case: Case, dora: User, person: str, status: int
) -> None:
    client = logged_in(request.getfixturevalue(person))
    assert client.post(url(case, "defer"), GIVEN).status_code == status
    assert client.post(url(case, "take_back")).status_code == status
    assert Discussion.objects.get().is_open
