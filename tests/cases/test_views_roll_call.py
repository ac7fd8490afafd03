"""The roll called on one page: who may, what each row says, what is refused and kept."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cases.actions.leading import close_meeting, start_meeting
from cases.actions.meetings import create_meeting
from cases.actions.roll_call import Present, call_roll
from cases.models import Attendance, AuditEvent, Board, Meeting
from tests import factories
from tests.cases.pages import form_of, logged_in

pytestmark = pytest.mark.django_db

QUERIES = 6


def address(meeting: Meeting) -> str:
    return reverse("cases:roll_call", args=[meeting.uid])


@pytest.fixture
def meeting(board: Board, alice: User, bob: User, dora: User) -> Meeting:
    board.disciplines = ["Surgery", "Pathology", "Oncology"]
    board.quorum_disciplines, board.quorum_people = ["Surgery", "Pathology"], 3
    board.save()
    moment = timezone.now().replace(second=0, microsecond=0) - datetime.timedelta(minutes=5)
    meeting = create_meeting(by=alice, board=board, starts_at=moment)
    return start_meeting(by=dora, meeting=meeting)


def row(person: User, **said: str) -> dict[str, str]:
    return {f"member-{person.pk}-{name}": value for name, value in said.items()}


def sent_for(meeting: Meeting, by: User, *rows: dict[str, str], **changes: str) -> dict[str, Any]:
    sent = form_of(logged_in(by), address(meeting), **changes)
    for one in rows:
        sent.update(one)
    return sent


def there(meeting: Meeting) -> list[tuple[str, str, str, str]]:
    called = Attendance.objects.filter(meeting=meeting, until=None)
    return sorted(called.values_list("name", "discipline", "mode", "cover_for"))


@pytest.mark.parametrize(
    ("person", "status"),
    [("alice", 302), ("bob", 302), ("dora", 302), ("victor", 403), ("charlie", 404), ("dana", 404)],
)
def test_who_may_scribe_calls_the_roll(
    request: pytest.FixtureRequest, meeting: Meeting, bob: User, person: str, status: int
) -> None:
    client = logged_in(request.getfixturevalue(person))
    response = client.post(address(meeting), row(bob, mode="room", discipline="Pathology"))
    assert response.status_code == status
    assert there(meeting) == ([("Bob Baker", "Pathology", "room", "")] if status == 302 else [])


def test_members_and_guests_are_entered_in_one_act(
    meeting: Meeting, alice: User, bob: User, dora: User, victor: User
) -> None:
    client = logged_in(alice)
    sent = sent_for(
        meeting,
        alice,
        row(bob, mode="remote", discipline="Pathology", cover_for="Prof. Ott"),
        row(dora, mode="room", discipline="Surgery"),
        {"guest-0-name": "Dr. Visitor", "guest-0-discipline": "Oncology"},
    )
    html = client.post(address(meeting), sent, follow=True).content.decode()
    assert "The roll is called. Quorum met, 3 present." in html
    assert there(meeting) == [
        ("Bob Baker", "Pathology", "remote", "Prof. Ott"),
        ("Dora Diaz", "Surgery", "room", ""),
        ("Dr. Visitor", "Oncology", "room", ""),
    ]
    assert AuditEvent.objects.filter(action="roll_call").count() == 1
    client.post(address(meeting), sent_for(meeting, alice))
    assert AuditEvent.objects.filter(action="roll_call").count() == 1, (
        "sent as it is shown, it changes nothing"
    )


def test_who_is_absent_now_has_left_and_may_come_again(meeting: Meeting, alice: User, dora: User) -> None:
    client = logged_in(alice)
    client.post(address(meeting), sent_for(meeting, alice, row(dora, mode="room")))
    client.post(address(meeting), sent_for(meeting, alice, row(dora, mode="")))
    left = Attendance.objects.get()
    assert left.until is not None
    html = " ".join(client.get(address(meeting)).content.decode().split())
    assert f"was here {timezone.localtime(left.since):%H:%M}–{timezone.localtime(left.until):%H:%M}" in html
    client.post(address(meeting), sent_for(meeting, alice, row(dora, mode="remote")))
    assert [one.until is None for one in Attendance.objects.order_by("pk")] == [False, True]


def test_the_times_of_who_has_left_are_set_right(
    meeting: Meeting, alice: User, bob: User, dora: User
) -> None:
    start = timezone.localtime(meeting.started_at).replace(hour=0, minute=0)
    for name in ("Early", "Error", "Back"):
        factories.AttendanceFactory(meeting=meeting, name=name, since=start, until=start)
    early, error, back = Attendance.objects.order_by("pk")

    def correct(**changes: str) -> Any:
        sent = form_of(logged_in(bob), address(meeting), correct="times")
        return logged_in(bob).post(address(meeting), sent | changes)

    refused = correct(**{f"stay-{early.pk}-since": "10:00", f"stay-{early.pk}-until": "9:00"})
    assert (refused.status_code, "It must not be before 10:00." in refused.content.decode()) == (422, True)
    before = AuditEvent.objects.count()
    correct(
        **{f"stay-{early.pk}-until": "0:20", f"stay-{error.pk}-absent": "on", f"stay-{back.pk}-until": ""}
    )
    assert [(one.name, one.since, one.until) for one in Attendance.objects.order_by("pk")] == [
        ("Early", start, start.replace(minute=20, second=0, microsecond=0)),
        ("Back", start, None),
    ]
    assert AuditEvent.objects.count() == before + 1
    assert correct().status_code == 302
    assert AuditEvent.objects.count() == before + 1


def test_times_are_those_of_the_meetings_day(meeting: Meeting, alice: User, bob: User, dora: User) -> None:
    start = timezone.localtime(meeting.started_at)
    since, until = start.replace(hour=0, minute=10), start.replace(hour=0, minute=40)
    sent = sent_for(
        meeting, alice, row(bob, mode="room", since="0:10", until="00.40"), row(dora, mode="room")
    )
    logged_in(alice).post(address(meeting), sent)
    bob_was = Attendance.objects.get(person=bob)
    assert (bob_was.since, bob_was.until) == (
        since.replace(second=0, microsecond=0),
        until.replace(second=0, microsecond=0),
    )
    before = Attendance.objects.get(person=dora).since
    logged_in(alice).post(address(meeting), sent_for(meeting, alice, row(dora, discipline="Surgery")))
    now = Attendance.objects.get(person=dora)
    assert (now.since, now.discipline) == (before, "Surgery"), "a time left alone stays exact"


@pytest.mark.parametrize(
    ("said", "where", "text"),
    [
        ({"mode": "room", "since": "25:00"}, "since", "Enter a time from 00:00 to 23:59"),
        ({"mode": "room", "since": "10:00", "until": "9:00"}, "until", "It must not be before 10:00."),
        ({"mode": "room", "discipline": "Astrology"}, "discipline", "Select a valid choice"),
        ({"mode": "there"}, "mode", "Select a valid choice"),
        ({"mode": "room", "cover_for": "x" * 121}, "cover_for", "at most 120 characters"),
    ],
)
def test_what_is_wrong_is_said_with_whose_row_and_kept(
    meeting: Meeting, alice: User, bob: User, said: dict[str, str], where: str, text: str
) -> None:
    response = logged_in(alice).post(address(meeting), sent_for(meeting, alice, row(bob, **said)))
    html = response.content.decode()
    assert response.status_code == 422
    assert f'href="#id_member-{bob.pk}-{where}' in html
    assert "Bob Baker, " in html
    assert text in html
    assert not Attendance.objects.exists()


def test_a_guest_needs_a_name_of_their_own(meeting: Meeting, alice: User) -> None:
    client = logged_in(alice)
    nameless = client.post(address(meeting), sent_for(meeting, alice, {"guest-1-cover_for": "Prof. Ott"}))
    assert "Say who is there, or leave the row empty." in nameless.content.decode()
    twice = {"guest-0-name": "Dr. Visitor", "guest-1-name": "dr. visitor"}
    refused = client.post(address(meeting), sent_for(meeting, alice, twice))
    assert (refused.status_code, "is named twice" in refused.content.decode()) == (422, True)
    assert not Attendance.objects.exists()


def test_what_somebody_else_called_meanwhile_is_not_lost(
    meeting: Meeting, alice: User, bob: User, dora: User
) -> None:
    sent = sent_for(meeting, alice, row(bob, mode="room"))
    call_roll(by=dora, meeting=meeting, present=[Present("Dora Diaz", person=dora)])
    response = logged_in(alice).post(address(meeting), sent)
    assert response.status_code == 409
    assert "Somebody else has called the roll" in response.content.decode()
    assert [name for name, *_ in there(meeting)] == ["Dora Diaz"]
    again = {**sent, "seen": response.context["seen"], **row(dora, mode="room")}
    assert logged_in(alice).post(address(meeting), again).status_code == 302
    assert [name for name, *_ in there(meeting)] == ["Bob Baker", "Dora Diaz"]


def test_the_discipline_is_the_one_of_the_last_meeting(
    meeting: Meeting, board: Board, alice: User, bob: User
) -> None:
    earlier = create_meeting(by=alice, board=board, starts_at=timezone.now() - datetime.timedelta(days=7))
    factories.AttendanceFactory(meeting=earlier, person=bob, name="Bob Baker", discipline="Pathology")
    sent = form_of(logged_in(alice), address(meeting))
    assert sent[f"member-{bob.pk}-discipline"] == ["Pathology"]


def test_a_meeting_entered_afterwards_had_them_from_its_start(
    board: Board, alice: User, bob: User, dora: User
) -> None:
    moment = timezone.now() - datetime.timedelta(days=3)
    past = create_meeting(by=alice, board=board, starts_at=moment)
    client = logged_in(alice)
    client.post(address(past), sent_for(past, alice, row(bob, mode="room"), row(dora, mode="room")))
    assert {one.since for one in past.attendance.all()} == {moment}
    client.post(address(past), sent_for(past, alice, row(bob, mode="")))
    assert [one.person for one in past.attendance.all()] == [dora], "a slip leaves no stay of three days"


def test_the_roll_of_a_closed_meeting_stays(meeting: Meeting, alice: User, dora: User) -> None:
    close_meeting(by=dora, meeting=meeting)
    client = logged_in(alice)
    assert client.get(address(meeting)).status_code == 403
    assert client.post(address(meeting), row(dora, mode="room")).status_code == 403


def test_cost_does_not_grow_with_the_board(
    meeting: Meeting, board: Board, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = logged_in(alice)
    for _ in range(2):
        client.get(address(meeting))
        with django_assert_num_queries(QUERIES):
            client.get(address(meeting))
        for _ in range(10):
            factories.MembershipFactory(board=board, role="clinician")
