"""Meetings for calendar programs: one as a file, a person's own at a secret address."""

import datetime
import threading
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from cases.actions.calendars import make_calendar_address, revoke_calendar_address
from cases.actions.meetings import cancel_meeting, change_meeting, create_meeting
from cases.models import AuditEvent, Board, CalendarAddress, Meeting, Membership
from config.authentication import DEMO_GROUP
from tests.cases.pages import LAB, QUESTION, SURNAME, full_case, logged_in

pytestmark = pytest.mark.django_db

PAGE, FEED = "/calendar/", "/calendar/meetings.ics"


def in_days(days: int) -> datetime.datetime:
    return timezone.now().replace(microsecond=0) + datetime.timedelta(days=days)


@pytest.fixture
def meeting(board: Board, alice: User) -> Meeting:
    return create_meeting(by=alice, board=board, starts_at=in_days(3), place="Room 4")


def feed(secret: str, client: Client | None = None) -> Any:
    return (client or Client()).get(FEED, {"key": secret})


def uids(response: Any) -> list[str]:
    return [str(event["uid"]) for event in Calendar.from_ical(response.content).walk("VEVENT")]


def test_the_feed_needs_no_log_in_and_holds_the_meetings_of_ones_boards(
    alice: User, bob: User, charlie: User, other_board: Board, meeting: Meeting
) -> None:
    create_meeting(by=alice, board=meeting.board, starts_at=in_days(-200))
    past = create_meeting(by=alice, board=meeting.board, starts_at=in_days(-20))
    Membership.objects.filter(user=charlie).update(role="coordinator")
    theirs = create_meeting(by=charlie, board=other_board, starts_at=in_days(3))
    response = feed(make_calendar_address(by=bob))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert uids(response) == [f"{past.uid}@tumor-board", f"{meeting.uid}@tumor-board"]
    assert uids(feed(make_calendar_address(by=charlie))) == [f"{theirs.uid}@tumor-board"]


def test_a_meeting_that_is_moved_or_cancelled_is_the_same_one_in_a_newer_version(
    alice: User, bob: User, meeting: Meeting
) -> None:
    secret = make_calendar_address(by=bob)
    (before,) = Calendar.from_ical(feed(secret).content).walk("VEVENT")
    moved = change_meeting(
        by=alice,
        meeting=meeting,
        starts_at=in_days(4),
        place="Room 5",
        title="Second",
        version=meeting.version,
    )
    (after,) = Calendar.from_ical(feed(secret).content).walk("VEVENT")
    assert (after["uid"], after["status"]) == (before["uid"], "CONFIRMED")
    assert after["sequence"] > before["sequence"]
    assert after.decoded("dtstart") == moved.starts_at
    assert str(after["summary"]) == "Tumor board: GI-NET board, Second"
    cancel_meeting(by=alice, meeting=moved, reason="Holiday")
    (gone,) = Calendar.from_ical(feed(secret).content).walk("VEVENT")
    assert (gone["uid"], gone["status"]) == (before["uid"], "CANCELLED")
    assert gone["sequence"] > after["sequence"]
    assert b"Holiday" not in feed(secret).content


def test_the_feed_is_kept_in_no_cache_and_sets_no_cookie(bob: User, meeting: Meeting) -> None:
    response = feed(make_calendar_address(by=bob))
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies


def test_nothing_of_a_patient_is_in_it(board: Board, alice: User, client: Client) -> None:
    case = full_case(board, alice)
    client.force_login(alice)
    file = client.get(reverse("cases:meeting_file", args=[case.board.meetings.get().uid]))
    for response in (feed(make_calendar_address(by=alice)), file):
        text = response.content.decode().replace("\r\n ", "")
        assert len(uids(response)) == 1
        assert [word for word in (SURNAME, QUESTION, LAB, "R-314159", str(case.uid)) if word in text] == []


def test_an_address_that_is_not_known_is_no_page(bob: User, meeting: Meeting) -> None:
    secret = make_calendar_address(by=bob)
    stored = CalendarAddress.objects.get()
    for wrong in ("", "x", secret[:-1], secret + "x", stored.digest, str(stored.uid), "\u0660"):
        assert feed(wrong).status_code == 404, wrong
    assert Client().get(FEED).status_code == 404
    assert feed(secret, logged_in(bob)).status_code == 200
    assert Client().post(f"{FEED}?key={secret}").status_code == 405


def test_a_revoked_address_finds_nothing(bob: User, meeting: Meeting) -> None:
    secret = make_calendar_address(by=bob)
    revoke_calendar_address(by=bob)
    assert feed(secret).status_code == 404


def test_a_new_address_ends_the_last_one(bob: User, alice: User, meeting: Meeting) -> None:
    other = make_calendar_address(by=alice)
    first, second = make_calendar_address(by=bob), make_calendar_address(by=bob)
    assert feed(first).status_code == 404
    assert feed(second).status_code == 200
    assert feed(other).status_code == 200


def test_who_has_left_finds_nothing(bob: User, meeting: Meeting) -> None:
    secret = make_calendar_address(by=bob)
    Membership.objects.filter(user=bob).delete()
    assert uids(feed(secret)) == []
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert feed(secret).status_code == 404


def test_a_demonstration_account_has_no_feed_in_production(
    bob: User, meeting: Meeting, settings: Any
) -> None:
    bob.groups.add(Group.objects.create(name=DEMO_GROUP))
    secret = make_calendar_address(by=bob)
    assert feed(secret).status_code == 200
    settings.DEMO = False
    assert feed(secret).status_code == 404


def test_the_secret_is_stored_nowhere(bob: User) -> None:
    secret = make_calendar_address(by=bob)
    address = CalendarAddress.objects.get()
    assert len(secret) >= 40
    assert secret not in str([address.digest, *AuditEvent.objects.values_list("kind", "detail")])


def test_making_and_revoking_leave_one_event_each(bob: User) -> None:
    make_calendar_address(by=bob)
    revoke_calendar_address(by=bob)
    revoke_calendar_address(by=bob)
    events = AuditEvent.objects.filter(kind="calendar address").values_list("action", "user", "uid")
    uid = CalendarAddress.objects.get().uid
    assert list(events) == [("created", bob.pk, uid), ("removed", bob.pk, uid)]


def test_the_page_makes_shows_once_and_revokes(bob: User, meeting: Meeting) -> None:
    client = logged_in(bob)
    assert "You have no address." in client.get(PAGE).content.decode()
    made = client.post(PAGE + "new/")
    address = made.context["made"]
    assert address.startswith("http://testserver/calendar/meetings.ics?key=")
    assert f">{address}</textarea>" in made.content.decode()
    assert uids(Client().get(address)) == [f"{meeting.uid}@tumor-board"]
    later = client.get(PAGE).content.decode()
    assert "You have an address since" in later
    assert address.partition("=")[2] not in later
    assert client.post(PAGE + "revoke/").headers["Location"] == PAGE
    assert "You have no address." in client.get(PAGE).content.decode()
    assert Client().get(address).status_code == 404


def test_one_meeting_is_a_file_for_its_board_alone(alice: User, charlie: User, meeting: Meeting) -> None:
    url = reverse("cases:meeting_file", args=[meeting.uid])
    response = logged_in(alice).get(url)
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert (str(event["summary"]), str(event["location"])) == ("Tumor board: GI-NET board", "Room 4")
    assert event.decoded("dtstart") == meeting.starts_at
    assert 'filename="meeting.ics"' in response.headers["Content-Disposition"]
    assert logged_in(charlie).get(url).status_code == 404
    assert url in logged_in(alice).get(reverse("cases:meeting", args=[meeting.uid])).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_addresses_made_at_once_leave_one(bob: User) -> None:
    failed: list[Exception] = []

    def make() -> None:
        try:
            make_calendar_address(by=bob)
        except Exception as error:
            failed.append(error)
        connection.close()

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert CalendarAddress.objects.current().count() == 1
    assert CalendarAddress.objects.count() == 4
