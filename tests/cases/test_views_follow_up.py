"""The follow-up page: dates counted from the record, and what it says where they cannot be counted."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from cases.actions.entry import add_part, create_case
from cases.models import Board, Case
from tests.cases import pages


def localized_net(board: Board, by: User) -> Case:
    case = create_case(
        by=by,
        board=board,
        patient=pages.PATIENT,
        fields={"question": "Follow-up?", "primary_site": "rectum", "extent": "localized"},
    )
    add_part(
        by=by,
        case=case,
        kind="pathology",
        fields={
            "reported_on": datetime.date(2026, 1, 5),
            "differentiation": "well",
            "ki67": "30",
        },
    )
    add_part(by=by, case=case, kind="assessment", fields={"under_surveillance": True})
    return case


@pytest.mark.django_db
def test_dates_are_counted_from_the_end_of_curative_treatment(
    board: Board, alice: User, client: Client
) -> None:
    case = localized_net(board, alice)
    add_part(
        by=alice,
        case=case,
        kind="treatment",
        fields={
            "kind": "surgery",
            "procedure": "Resection",
            "site_treated": "primary",
            "curative_intent": True,
            "started_on": datetime.date(2026, 1, 31),
        },
    )
    client.force_login(alice)
    response = client.get(reverse("cases:follow_up", args=[case.uid]))
    plan = next(one for one in response.context["plans"] if one.recommendation.id == "surv-ct-mri-g3-net")
    assert (plan.start, plan.anchor, plan.origin) == (
        datetime.date(2026, 1, 31),
        "end of treatment",
        "Surgery (Resection)",
    )
    assert [due.earliest for due in plan.dues[:3]] == [
        datetime.date(2026, 4, 30),
        datetime.date(2026, 7, 31),
        datetime.date(2026, 10, 31),
    ]
    assert "30-Apr-2026" in response.content.decode()


@pytest.mark.django_db
def test_without_the_event_there_are_no_dates_but_a_way_to_enter_it(
    board: Board, alice: User, client: Client
) -> None:
    client.force_login(alice)
    response = client.get(reverse("cases:follow_up", args=[localized_net(board, alice).uid]))
    plan = next(one for one in response.context["plans"] if one.recommendation.id == "surv-ct-mri-g3-net")
    assert (plan.start, plan.dues, plan.next_due) == (None, (), None)
    assert "the record does not hold the end of treatment" in response.content.decode()


@pytest.mark.django_db
def test_a_case_without_any_schedule_says_so(board: Board, alice: User, client: Client) -> None:
    fields = {"question": "What now?", "primary_site": "cervix"}
    case = create_case(by=alice, board=board, patient=pages.PATIENT, fields=fields)
    client.force_login(alice)
    response = client.get(reverse("cases:follow_up", args=[case.uid]))
    assert response.context["plans"] == ()
    assert "The guideline has no schedule for this case" in response.content.decode()


@pytest.mark.django_db
def test_it_says_how_strong_each_is_and_when_it_holds(board: Board, alice: User, client: Client) -> None:
    case = localized_net(board, alice)
    client.force_login(alice)
    html = client.get(reverse("cases:follow_up", args=[case.uid])).content.decode()
    assert "<b>Recommended, majority.</b> Holds now." in html
    assert "<dt>Biopsy to confirm recurrence</dt>" in html
    assert "Holds if recurrence is suspected." in html
    assert ": yes" not in html


@pytest.mark.django_db
def test_what_is_open_comes_after_what_holds(board: Board, alice: User, client: Client) -> None:
    fields = {"question": "Follow-up?", "primary_site": "rectum"}
    case = create_case(by=alice, board=board, patient=pages.PATIENT, fields=fields)
    add_part(
        by=alice,
        case=case,
        kind="pathology",
        fields={"differentiation": "poor", "ki67": "60"},
    )
    client.force_login(alice)
    found = client.get(reverse("cases:follow_up", args=[case.uid])).context
    assert {one.recommendation.status for one in found["plans"]} == {"possible"}
    assert not any(one.recommendation.schedule for one in found["on_occasion"])
