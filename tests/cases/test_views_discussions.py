"""Every discussion of a case on one page: by whom, how it ended, what was decided."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cases.actions.agenda import begin_urgent, list_case
from cases.actions.leading import Deferral, close_meeting, defer, start_meeting
from cases.actions.meetings import create_meeting
from cases.models import Board, Case, Discussion, Meeting
from tests import factories
from tests.cases.pages import full_case, logged_in, sign

pytestmark = pytest.mark.django_db


def address(case: Case) -> str:
    return reverse("cases:discussions", args=[case.uid])


def text(user: User, case: Case) -> str:
    return " ".join(logged_in(user).get(address(case)).content.decode().split())


def at(days: int) -> datetime.datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0) + datetime.timedelta(days=days)


@pytest.fixture
def case(board: Board, alice: User, dora: User) -> Case:
    """Deferred a week ago, decided yesterday, taken up again between meetings."""
    case = factories.CaseFactory(board=board, created_by=alice, stage="ready")
    for days in (-7, -1):
        meeting = create_meeting(by=alice, board=board, starts_at=at(days))
        discussion = list_case(by=alice, case=case, meeting=meeting)
        start_meeting(by=dora, meeting=meeting, at=meeting.starts_at)
        if days == -7:
            until = datetime.date(2027, 1, 5)
            defer(by=dora, discussion=discussion, deferral=Deferral("imaging", "PET", "Radiology", until))
        close_meeting(by=dora, meeting=meeting)
    return case


def test_they_stand_the_latest_first_with_how_they_ended(case: Case, alice: User, victor: User) -> None:
    begin_urgent(by=alice, case=case, reason="Bleeding")
    html = text(victor, case)
    lines = logged_in(victor).get(address(case)).context["lines"]
    assert [line.discussion.outcome for line in lines] == ["open", "not_reached", "deferred"]
    assert "Between meetings" in html
    assert ": Bleeding" in html
    assert "Awaited: PET" in html
    assert ", from Radiology" in html
    assert "05-Jan-2027" in html
    for meeting in Meeting.objects.all():
        assert reverse("cases:meeting", args=[meeting.uid]) in html


def test_a_signed_decision_is_linked(board: Board, alice: User, dora: User) -> None:
    case = full_case(board, alice)
    decision = sign(case, dora)
    html = text(alice, case)
    assert f'href="{reverse("cases:signed", args=[case.uid, decision.uid])}">Signed</a>' in html
    assert "None</span>" not in html


def test_a_meeting_of_another_board_is_named_and_not_linked(
    case: Case, alice: User, charlie: User, third_board: Board
) -> None:
    factories.MembershipFactory(user=charlie, board=third_board, role="chair")
    factories.GrantFactory(case=case, board=third_board)
    meeting = create_meeting(by=charlie, board=third_board, starts_at=at(3))
    list_case(by=charlie, case=case, meeting=meeting)
    assert "Liver board" in text(alice, case)
    assert reverse("cases:meeting", args=[meeting.uid]) not in text(alice, case)
    assert reverse("cases:meeting", args=[meeting.uid]) in text(charlie, case)
    own = Meeting.objects.filter(board=case.board).first()
    assert own is not None
    assert reverse("cases:meeting", args=[own.uid]) not in text(charlie, case)


@pytest.mark.parametrize(("person", "status"), [("victor", 200), ("charlie", 404), ("dana", 404)])
def test_who_reads_the_case_reads_them(
    request: pytest.FixtureRequest, case: Case, person: str, status: int
) -> None:
    assert logged_in(request.getfixturevalue(person)).get(address(case)).status_code == status


def test_a_case_without_any_offers_to_list_it(board: Board, alice: User, bob: User) -> None:
    case = factories.CaseFactory(board=board)
    assert "List it for a meeting" in text(alice, case)
    assert "has not been listed" in text(bob, case)
    assert "List it for a meeting" not in text(bob, case)


def test_cost_does_not_grow_with_discussions(
    case: Case, alice: User, dora: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = logged_in(alice)
    client.get(address(case))
    with django_assert_max_num_queries(100) as few:
        client.get(address(case))
    for days in (-2, -3, -4):
        meeting = create_meeting(by=alice, board=case.board, starts_at=at(days))
        list_case(by=alice, case=case, meeting=meeting)
        close_meeting(by=dora, meeting=start_meeting(by=dora, meeting=meeting))
    assert Discussion.objects.count() == 5
    with django_assert_max_num_queries(len(few)):
        client.get(address(case))
