"""What a timeline holds: events with the dates known of them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from cases.reading import PartialDate

DISCUSSION, DECISION, AGREED = "discussion", "decision", "agreed"
TREATMENTS, FOLLOW_UP = "treatments", "follow_up"

# Kinds of events, as entries of the record are named, in the order of the picture's lanes: the lane's
# heading, and what one event of it is called.
LANES: dict[str, tuple[str, str]] = {
    DISCUSSION: ("Discussions", "Discussion"),
    DECISION: ("Decisions", "Decision"),
    AGREED: ("What was agreed", "Agreed"),
    "pathology": ("Pathology", "Pathology"),
    "imaging": ("Imaging", "Imaging"),
    "molecular": ("Molecular", "Molecular"),
    "markers": ("Markers", "Marker"),
    TREATMENTS: ("Treatment", "Treatment"),
    FOLLOW_UP: ("Follow-up", "Follow-up"),
}


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One report, treatment, discussion or decision, or what was agreed or planned.

    `kind`: a key of `LANES`. `title` and `detail` stand in the table, `words` in the picture. `start`: its
    date, or the start of a course; None if nobody gave one. A course (`is_course`) lasts until `end`; without
    one it is open, or, if it `is_over`, its end is not known. `mark`: what became of something agreed or
    planned: open, done or left (not done, not needed any more, taken over), "" of all else; an open course is
    planned for some day from `start` to `end`. `url`: its page, "" where there is none.
    """

    kind: str
    uid: str
    title: str
    detail: str
    words: str
    start: PartialDate | None
    end: PartialDate | None = None
    is_course: bool = False
    is_over: bool = False
    mark: str = ""
    url: str = ""

    @property
    def noun(self) -> str:
        """What it is, in a word."""
        return LANES[self.kind][1]

    @property
    def is_planned(self) -> bool:
        """Whether it is due some day of a stretch of time."""
        return self.is_course and self.mark == "open"

    @property
    def when(self) -> str:
        """ "05-Mar-2026", "Mar 2024 to 2025", "since Mar 2024, no end stated"; "not dated"."""
        if self.start and self.end:
            return f"{self.start} to {self.end}"
        if self.end:
            return f"until {self.end}, start not known"
        if self.start is None:
            return "not dated"
        if not self.is_course:
            return str(self.start)
        return f"from {self.start}, end not known" if self.is_over else f"since {self.start}, no end stated"

    @property
    def first(self) -> datetime.date | None:
        """The earliest day it may have begun, as far as that is known; None if it is not dated."""
        known = self.start or self.end
        return known.first if known else None

    @property
    def last(self) -> datetime.date | None:
        """The latest day that is known of it; None if it is not dated."""
        known = self.end or self.start
        return known.last if known else None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The events in order of time, those without a date last. `until`: the day an open course reaches;
    `until_words` names it: Today, Died, Signed.
    """

    events: tuple[TimelineEvent, ...]
    until: datetime.date
    until_words: str

    @property
    def dated(self) -> tuple[TimelineEvent, ...]:
        """What can be drawn."""
        return tuple(event for event in self.events if event.first)

    @property
    def undated(self) -> int:
        """How many events have no date."""
        return len(self.events) - len(self.dated)


def in_order(events: list[TimelineEvent]) -> tuple[TimelineEvent, ...]:
    """The oldest first, what is not dated last."""
    return tuple(
        sorted(events, key=lambda event: (event.first or datetime.date.max, event.last or event.first))
    )
