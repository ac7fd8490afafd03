"""Meetings as iCalendar: what a calendar program reads back."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from cases.exchange.calendars import CalendarMeeting, calendar_text

NOON = datetime.datetime(2026, 12, 1, 12, tzinfo=datetime.UTC)


def meeting(**more: Any) -> CalendarMeeting:
    given_ = {
        "uid": "6f1f2c1e-0000-4000-8000-000000000001",
        "starts_at": NOON,
        "minutes": 90,
        "title": "Tumor board: GI-NET board",
        "place": "Room 4",
        "changed_at": NOON - datetime.timedelta(days=3),
        "version": 2,
    }
    return CalendarMeeting(**given_ | more)


def read(*meetings: CalendarMeeting) -> list[Any]:
    return list(Calendar.from_ical(calendar_text(meetings)).walk("VEVENT"))


def test_a_meeting_is_written_in_full() -> None:
    assert calendar_text([meeting()]).decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tumor board//Meetings//EN",
        "METHOD:PUBLISH",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "BEGIN:VEVENT",
        "SUMMARY:Tumor board: GI-NET board",
        "DTSTART:20261201T120000Z",
        "DTEND:20261201T133000Z",
        "DTSTAMP:20261128T120000Z",
        "UID:6f1f2c1e-0000-4000-8000-000000000001@tumor-board",
        "SEQUENCE:2",
        "CLASS:PRIVATE",
        "LOCATION:Room 4",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_a_time_in_any_zone_is_the_same_moment_in_utc() -> None:
    berlin = NOON.astimezone(ZoneInfo("Europe/Berlin"))
    (event,) = read(meeting(starts_at=berlin))
    assert event.decoded("dtstart") == NOON
    assert b"TZID" not in calendar_text([meeting(starts_at=berlin)])


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        calendar_text([meeting(starts_at=NOON.replace(tzinfo=None))])


def test_a_cancelled_meeting_says_so() -> None:
    (event,) = read(meeting(is_cancelled=True))
    assert event["status"] == "CANCELLED"


def test_a_meeting_without_a_place_has_none() -> None:
    (event,) = read(meeting(place=""))
    assert "location" not in event


def test_no_meeting_is_an_empty_calendar() -> None:
    assert read() == []
    assert calendar_text([]).startswith(b"BEGIN:VCALENDAR")


# What a form of ours stores: printable, and no line breaks.
TYPED = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=200).map(str.strip)


@given(title=TYPED.filter(bool), place=TYPED)
def test_whatever_is_typed_comes_back_and_adds_no_line_of_its_own(title: str, place: str) -> None:
    (event,) = read(meeting(title=title, place=place))
    assert str(event["summary"]) == title
    assert str(event.get("location", "")) == place
    lines = calendar_text([meeting(title=title, place=place)]).split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert sum(line.startswith((b"UID", b"BEGIN:VEVENT", b"ATTENDEE")) for line in lines) == 2
