"""Meetings, and days on which something is due, in iCalendar (RFC 5545), with nothing of a patient."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from icalendar import Calendar, Event

PRODUCT = "-//Tumor board//Meetings//EN"
ASK_AGAIN = datetime.timedelta(hours=1)  # how often a calendar program should fetch it anew


@dataclass(frozen=True, slots=True)
class CalendarMeeting:
    """One meeting. `starts_at` and `changed_at` know their time zone; `minutes`: how long it is planned for,
    1 or more; `version` counts its changes, so that a program takes the newest.
    """

    uid: str
    starts_at: datetime.datetime
    minutes: int
    title: str
    place: str
    changed_at: datetime.datetime
    version: int
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A whole day on which something is due. `changed_at` knows its time zone."""

    uid: str
    day: datetime.date
    title: str
    changed_at: datetime.datetime


def calendar_text(meetings: Iterable[CalendarMeeting], days: Iterable[CalendarDay] = ()) -> bytes:
    """The calendar, in UTF-8, lines folded and ended as the format wants them.

    Raises `ValueError` for a time that does not know its zone.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    for meeting in meetings:
        calendar.add_component(_event(meeting))
    for due in days:
        calendar.add_component(_day(due))
    return bytes(calendar.to_ical())


def _event(meeting: CalendarMeeting) -> Event:
    starts_at = _in_utc(meeting.starts_at)
    event = Event()
    event.add("uid", f"{meeting.uid}@tumor-board")
    event.add("dtstamp", _in_utc(meeting.changed_at))
    event.add("sequence", meeting.version)
    event.add("dtstart", starts_at)
    event.add("dtend", starts_at + datetime.timedelta(minutes=meeting.minutes))
    event.add("summary", meeting.title)
    if meeting.place:
        event.add("location", meeting.place)
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    return event


def _day(due: CalendarDay) -> Event:
    """It takes nobody's time."""
    event = Event()
    event.add("uid", f"{due.uid}@tumor-board")
    event.add("dtstamp", _in_utc(due.changed_at))
    event.add("dtstart", due.day)
    event.add("dtend", due.day + datetime.timedelta(days=1))
    event.add("summary", due.title)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _in_utc(moment: datetime.datetime) -> datetime.datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment without its time zone has no place in UTC.")
    return moment.astimezone(datetime.UTC)
