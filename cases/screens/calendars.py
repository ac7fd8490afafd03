"""Meetings and follow-up in the words of a calendar."""

from cases.choices import MeetingState
from cases.exchange.calendars import CalendarDay, CalendarMeeting
from cases.models import FollowUpItem, Meeting

MINUTES = 60  # a meeting's length, which the record does not hold


def calendar_meeting(meeting: Meeting) -> CalendarMeeting:
    """What a calendar may know of it: when, where, which board, and whether it takes place."""
    return CalendarMeeting(
        uid=str(meeting.uid),
        starts_at=meeting.starts_at,
        minutes=MINUTES,
        title=", ".join(filter(None, (f"Tumor board: {meeting.board.name}", meeting.title))),
        place=meeting.place,
        changed_at=meeting.updated_at,
        version=meeting.version,
        is_cancelled=meeting.state == MeetingState.CANCELLED,
    )


def calendar_day(item: FollowUpItem) -> CalendarDay:
    """What a calendar may know of an item of follow-up: on which board something is due, and until when; not
    whose it is, nor what is to be examined.
    """
    postponed = item.due_now if item.due_now != item.due_to else None
    is_range = item.due_from != item.due_to and not postponed
    until = f", until {item.due_to:%d-%b-%Y}" if is_range else ""
    return CalendarDay(
        uid=str(item.uid),
        day=postponed or item.due_from,
        title=f"Follow-up item due{until}, {item.case.board.name}",
        changed_at=item.planned_at,
    )
