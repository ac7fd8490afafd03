"""A case listed with what is said of it: who may, what is kept, and the board's minimum of facts."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cases.actions.agenda import Listing, carry_over, change_listing, list_case
from cases.actions.entry import create_case
from cases.actions.leading import close_meeting, start_meeting
from cases.actions.meetings import create_meeting
from cases.models import Board, Case, Discussion, Meeting
from tests import factories
from tests.cases.pages import PATIENT, REFERRAL, form_of, logged_in

pytestmark = pytest.mark.django_db

QUERIES = 30


def soon(days: int) -> datetime.datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0) + datetime.timedelta(days=days)


@pytest.fixture
def meeting(board: Board, alice: User) -> Meeting:
    return create_meeting(by=alice, board=board, starts_at=soon(3), place="Room 7")


@pytest.fixture
def case(board: Board, alice: User) -> Case:
    return create_case(by=alice, board=board, patient=PATIENT, fields={**REFERRAL, "asks": ["captem"]})


def address(case: Case, meeting: Meeting | None = None) -> str:
    query = f"?meeting={meeting.uid}" if meeting else ""
    return reverse("cases:listing", args=[case.uid]) + query


SAID: dict[str, Any] = {
    "question": "Second look?",
    "asks": "Capecitabine/temozolomide (CAPTEM)",
    "reason": "progression",
    "presenter": "Dr. Baker",
    "track": "protocol",
    "minutes": "4",
}


@pytest.mark.parametrize(
    ("person", "status"), [("alice", 200), ("dora", 200), ("bob", 403), ("victor", 403), ("charlie", 404)]
)
def test_who_schedules_lists(request: pytest.FixtureRequest, case: Case, person: str, status: int) -> None:
    client = logged_in(request.getfixturevalue(person))
    assert client.get(address(case)).status_code == status
    assert client.post(address(case), SAID).status_code == (422 if status == 200 else status)


def test_a_meeting_that_the_past_left_open_is_offered_last_and_says_so(
    alice: User, board: Board, case: Case, meeting: Meeting
) -> None:
    left_open, today = (factories.MeetingFactory(board=board, starts_at=soon(days)) for days in (-20, 0))
    offered = [today, meeting, left_open]
    assert list(Meeting.objects.taking_cases()) == offered
    for page in (address(case), reverse("cases:case", args=[case.uid])):
        html = logged_in(alice).get(page).content.decode()
        places = [html.index(f'<option value="{one.uid}"') for one in offered]
        assert places == sorted(places), page
    assert "Past, not started" in html


def test_the_form_begins_with_what_the_case_says_and_keeps_what_is_said(
    alice: User, board: Board, case: Case, meeting: Meeting
) -> None:
    client = logged_in(alice)
    sent = form_of(client, address(case, meeting))
    assert (sent["meeting"], sent["question"], sent["track"], sent["minutes"]) == (
        [str(meeting.uid)],
        ["Is the zebrafish question answered?"],
        ["full"],
        ["6"],
    )
    assert "CAPTEM" in sent["asks"][0]
    response = client.post(address(case), {**sent, **SAID, "asks": sent["asks"][0]})
    assert response.headers["Location"].endswith(f"#case-{case.uid}")
    found = Discussion.objects.get()
    assert (found.question, found.asks, found.reason, found.presenter, found.track, found.minutes) == (
        "Second look?",
        ["captem"],
        "progression",
        "Dr. Baker",
        "protocol",
        4,
    )
    case.refresh_from_db()
    assert case.question == "Is the zebrafish question answered?", "the case keeps its own question"
    html = " ".join(client.get(reverse("cases:meeting", args=[meeting.uid])).content.decode().split())
    assert "Progression · By protocol, not discussed · presented by Dr. Baker" in html


def test_what_is_said_is_changed_and_a_stale_change_is_refused_with_both(
    alice: User, dora: User, case: Case, meeting: Meeting
) -> None:
    discussion = list_case(by=alice, case=case, meeting=meeting)
    client = logged_in(alice)
    sent = form_of(client, address(case), presenter="Mine")
    change_listing(
        by=dora,
        discussion=discussion,
        listing=Listing(presenter="Theirs", minutes=9),
        version=discussion.version,
    )
    response = client.post(address(case), sent)
    html = " ".join(response.content.decode().split())
    assert response.status_code == 409
    assert "9 min, presented by Theirs" in html
    assert 'value="Mine"' in html
    discussion.refresh_from_db()
    assert discussion.presenter == "Theirs"
    client.post(address(case), {**sent, "version": str(discussion.version)})
    discussion.refresh_from_db()
    assert (discussion.presenter, discussion.place) == ("Mine", 1)


def test_another_meeting_moves_the_case_with_what_is_said(
    alice: User, board: Board, case: Case, meeting: Meeting
) -> None:
    list_case(by=alice, case=case, meeting=meeting, listing=Listing(presenter="Dr. Baker"))
    later = create_meeting(by=alice, board=board, starts_at=soon(10))
    client = logged_in(alice)
    sent = form_of(client, address(case), meeting=str(later.uid))
    client.post(address(case), sent)
    found = Discussion.objects.get()
    assert (found.meeting, found.presenter) == (later, "Dr. Baker")


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"meeting": ""}, "meeting", "required"),
        ({"question": " "}, "question", "required"),
        ({"asks": "zebrafish"}, "asks", "is no drug, procedure or test"),
        ({"minutes": "0"}, "minutes", "from 1 to 240 min"),
        ({"track": "none"}, "track", "valid choice"),
        ({"presenter": "x" * 121}, "presenter", "at most 120"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    alice: User, case: Case, meeting: Meeting, changes: dict[str, str], field: str, said: str
) -> None:
    sent = form_of(logged_in(alice), address(case, meeting), **changes)
    response = logged_in(alice).post(address(case), sent)
    assert response.status_code == 422
    assert said in " ".join(response.context["form"].errors[field])
    assert not Discussion.objects.exists()


def test_a_case_shared_with_a_board_is_listed_for_that_boards_meetings(
    alice: User, case: Case, third_board: Board, dana: User, charlie: User
) -> None:
    factories.MembershipFactory(user=charlie, board=third_board, role="chair")
    meeting = create_meeting(by=charlie, board=third_board, starts_at=soon(3))
    assert logged_in(charlie).get(address(case)).status_code == 404
    factories.GrantFactory(case=case, board=third_board)
    assert logged_in(dana).get(address(case)).status_code == 403
    sent = form_of(logged_in(charlie), address(case), meeting=str(meeting.uid))
    assert logged_in(charlie).post(address(case), sent).status_code == 302
    assert Discussion.objects.get().board == third_board


# --- The board's minimum --------------------------------------------------------------------------------


@pytest.fixture
def strict(board: Board) -> Board:
    board.least_ready = 95
    board.save()
    return board


def test_below_the_boards_minimum_a_case_is_listed_with_a_reason_only(
    alice: User, strict: Board, case: Case, meeting: Meeting
) -> None:
    with pytest.raises(ValidationError) as refused:
        list_case(by=alice, case=case, meeting=meeting)
    assert list(refused.value.error_dict) == ["unready_reason"]
    case.refresh_from_db()
    assert (Discussion.objects.count(), case.status) == (0, "draft")
    found = list_case(by=alice, case=case, meeting=meeting, listing=Listing(unready_reason="Jaundiced"))
    assert found.unready_reason == "Jaundiced"


def test_without_a_reason_the_pages_ask_for_it(
    alice: User, strict: Board, case: Case, meeting: Meeting
) -> None:
    client = logged_in(alice)
    for name, args, sent in (
        ("put_on_agenda", [meeting.uid], {"case": str(case.uid)}),
        ("schedule", [case.uid], {"meeting": str(meeting.uid)}),
    ):
        response = client.post(reverse(f"cases:{name}", args=args), sent)
        assert response.headers["Location"] == f"{address(case, meeting)}#id_unready_reason"
        assert "asks for at least 95 %" in client.get(response.headers["Location"]).content.decode()
    sent = form_of(client, address(case, meeting))
    refused = client.post(address(case), sent)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["unready_reason"])
    client.post(address(case), {**sent, "unready_reason": "Jaundiced"})
    html = client.get(reverse("cases:meeting", args=[meeting.uid])).content.decode()
    assert "Listed nevertheless: Jaundiced" in html


def test_what_was_not_reached_is_carried_over_whatever_is_missing(
    alice: User, dora: User, board: Board, case: Case, meeting: Meeting
) -> None:
    list_case(by=alice, case=case, meeting=meeting)
    Board.objects.update(least_ready=95)
    close_meeting(by=dora, meeting=start_meeting(by=dora, meeting=meeting))
    later = create_meeting(by=alice, board=board, starts_at=soon(10))
    (again,) = carry_over(by=alice, meeting=meeting, to=later)
    assert again.unready_reason == "It was listed before and not reached"


def test_cost(
    alice: User, case: Case, meeting: Meeting, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = logged_in(alice)
    client.get(address(case, meeting))
    with django_assert_max_num_queries(QUERIES):
        client.get(address(case, meeting))
