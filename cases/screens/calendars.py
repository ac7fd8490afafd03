"""Meetings in the words of a calendar."""

from cases.choices import MeetingState
from cases.exchange.calendars import CalendarMeeting
from cases.models import Meeting

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
