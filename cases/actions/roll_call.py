"""Who is at a meeting: everybody called once, with discipline, cover, and the times of coming and going."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from cases.access import require
from cases.actions.edits import StaleEdit
from cases.actions.locks import retried
from cases.actions.meetings import audit, open_meeting
from cases.choices import AttendanceMode, AuditAction, Right
from cases.clock import now
from cases.models import Attendance, Meeting
from cases.models.audit import one_act
from cases.queries import attendance_of


@dataclass(frozen=True)
class Present:
    """Somebody at the meeting; `person` is None for a guest."""

    name: str
    discipline: str = ""
    person: User | None = None
    mode: str = AttendanceMode.ROOM
    cover_for: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Stay:
    """A stay as it was: `until` None is somebody who has not left. `was_there` False: it never was."""

    uid: UUID
    since: datetime
    until: datetime | None
    was_there: bool = True


@retried
def call_roll(
    *, by: User, meeting: Meeting, present: Iterable[Present], seen: Collection[UUID] | None = None
) -> list[Attendance]:
    """Everybody who is there now, in one act: newcomers come, who is no longer named has left.

    Somebody named again stays since they came; their discipline, cover and mode are as given now. Of a
    meeting that is entered afterwards, who is no longer named was not there. `seen`: the entries of those who
    were there as the page was shown; raises `StaleEdit` if they are others now.
    """
    require(by, meeting.board, Right.SCRIBE)
    with one_act():
        stored = open_meeting(meeting)
        moment, named = now(), list(present)
        there = {_who(one.person_id, one.name): one for one in stored.attendance.filter(until=None)}
        if seen is not None and set(seen) != {one.uid for one in there.values()}:
            raise StaleEdit(stored, {})
        problems = _faults_of(stored, named)
        if problems:
            raise ValidationError(problems)
        changed = 0
        for one in named:
            found = there.pop(_who(one.person.pk if one.person else None, one.name), None)
            changed += _store(stored, found, one, moment)
        for gone in there.values():
            if stored.is_left_open:
                gone.delete()
                continue
            gone.until = max(moment, gone.since)
            gone.save(update_fields=["until"])
        if changed or there:
            audit(by, stored, AuditAction.ROLL_CALL, present=len(named))
        return list(stored.attendance.all())


@retried
def correct_stays(*, by: User, meeting: Meeting, stays: Iterable[Stay]) -> int:
    """Set right when somebody came and left, until the meeting is closed; how many stays were changed. One
    that is gone meanwhile, or that cannot be, is a `ValidationError`.
    """
    require(by, meeting.board, Right.SCRIBE)
    with one_act():
        stored = open_meeting(meeting)
        known = {one.uid: one for one in stored.attendance.all()}
        changed = 0
        for stay in stays:
            found = known.get(stay.uid)
            if found is None:
                raise ValidationError("Somebody else has taken out one of these stays; look at them again.")
            changed += _corrected(found, stay)
        if changed:
            audit(by, stored, AuditAction.ROLL_CALL, corrected=changed)
        return changed


def _corrected(found: Attendance, stay: Stay) -> bool:
    if not stay.was_there:
        found.delete()
        return True
    if (found.since, found.until) == (stay.since, stay.until):
        return False
    found.since, found.until = stay.since, stay.until
    found.full_clean()
    found.save(update_fields=["since", "until"])
    return True


def _who(person: int | None, name: str) -> tuple[int | None, str]:
    return (person, "" if person else name.casefold())


def _faults_of(meeting: Meeting, named: list[Present]) -> list[str]:
    faults = []
    members = set(meeting.board.members.values_list("pk", flat=True))
    seen = set()
    for one in named:
        who = _who(one.person.pk if one.person else None, one.name)
        if not one.name.strip():
            faults.append("Name: say who was there.")
        elif who in seen:
            faults.append(f"{one.name} is named twice.")
        if one.person is not None and one.person.pk not in members:
            faults.append(f"{one.name} is no member of this board; enter them as a guest.")
        seen.add(who)
    return faults


def _store(meeting: Meeting, found: Attendance | None, one: Present, moment: datetime) -> bool:
    attendance = found or Attendance(
        meeting=meeting,
        person=one.person,
        since=one.since or _came(meeting, moment),
    )
    given: dict[str, Any] = {
        "name": one.name.strip(),
        "discipline": one.discipline,
        "mode": one.mode,
        "cover_for": one.cover_for.strip(),
        "until": one.until,
    }
    if one.since is not None:
        given["since"] = one.since
    if found is not None and all(getattr(found, name) == value for name, value in given.items()):
        return False
    for name, value in given.items():
        setattr(attendance, name, value)
    attendance.full_clean()
    attendance.save()
    return True


def _came(meeting: Meeting, moment: datetime) -> datetime:
    """Since when somebody is there who is named at `moment`, where no time is given."""
    if meeting.is_left_open:
        return meeting.started_at or meeting.starts_at
    return moment if meeting.started_at is not None else max(meeting.starts_at, moment)


def present_at(meeting: Meeting, since: datetime, until: datetime) -> list[Attendance]:
    """Who was there at some moment of that time, in the order of coming."""
    return [one for one in attendance_of(meeting=meeting.pk) if one.was_there(since, until)]
