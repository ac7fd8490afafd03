"""Who is there while a case is discussed, whether they are enough, and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cases.actions.signing import attending
from cases.models import Attendance, Discussion
from cases.quorum import quorum_of

SECONDS = 60


@dataclass(frozen=True, slots=True)
class Sitting:
    """`quorum` in words, "" where no meeting decides; `used` minutes, None before the discussion began."""

    people: tuple[Attendance, ...]
    quorum: str
    is_met: bool
    used: int | None
    planned: int


def sitting_of(discussion: Discussion, now: datetime) -> Sitting:
    """The discussion as it stands at this moment."""
    people = attending(discussion, now)
    quorum = quorum_of(discussion.board, people) if discussion.meeting else None
    used = None
    if discussion.started_at is not None:
        spent = (discussion.ended_at or now) - discussion.started_at
        used = max(0, int(spent.total_seconds())) // SECONDS
    return Sitting(
        tuple(people),
        quorum.words if quorum else "",
        quorum is None or quorum.is_met,
        used,
        discussion.minutes,
    )
