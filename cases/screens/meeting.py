"""What stands beside a meeting's agenda: who is there, whether they are enough, how the time goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from cases.choices import Outcome
from cases.models import Attendance, Meeting
from cases.queries import attendance_of
from cases.quorum import Quorum, quorum_of
from cases.screens.agenda import AgendaLine

MINUTE = 60  # seconds


@dataclass(frozen=True, slots=True)
class TimeUsed:
    """Minutes. `used` since the meeting was started, None before; `until`: when the last case is to end."""

    planned: int
    used: int | None
    until: datetime

    @property
    def is_over(self) -> bool:
        """Whether more is used than was planned."""
        return self.used is not None and self.used > self.planned


@dataclass(frozen=True, slots=True)
class WhatCloses:
    """How closing leaves the cases of an agenda. `signable`: with a draft that can still be signed."""

    decided: tuple[AgendaLine, ...]
    signable: tuple[AgendaLine, ...]
    deferred: tuple[AgendaLine, ...]
    not_reached: tuple[AgendaLine, ...]

    @property
    def seen(self) -> str:
        """What the person has read, to tell whether it is still so."""
        return " ".join(f"{line.discussion.uid}:{line.discussion.version}" for line in self.not_reached)


def there_now(meeting: Meeting) -> tuple[list[Attendance], Quorum]:
    """Who has come and not left, in the order of the board's disciplines, and what that is for the quorum."""
    order = {name: place for place, name in enumerate(meeting.board.disciplines)}
    present = [one for one in attendance_of(meeting=meeting.pk) if one.until is None]
    present.sort(key=lambda one: (order.get(one.discipline, len(order)), one.since, one.pk))
    return present, quorum_of(meeting.board, present)


def time_used(meeting: Meeting, lines: Sequence[AgendaLine]) -> TimeUsed | None:
    """None for an empty agenda."""
    if not lines:
        return None
    used = None
    if meeting.started_at is not None and not meeting.is_left_open:
        used = int((timezone.now() - meeting.started_at).total_seconds()) // MINUTE
    return TimeUsed(sum(line.discussion.minutes for line in lines), used, lines[-1].ends)


def what_closes(lines: Sequence[AgendaLine]) -> WhatCloses:
    """What closing the meeting now would make of its cases."""
    still_open = [line for line in lines if line.discussion.is_open]
    drafted = [line for line in still_open if line.drafted]
    return WhatCloses(
        decided=tuple(line for line in lines if line.signed),
        signable=tuple(drafted),
        deferred=tuple(line for line in lines if line.discussion.outcome == Outcome.DEFERRED),
        not_reached=tuple(line for line in still_open if line not in drafted),
    )
