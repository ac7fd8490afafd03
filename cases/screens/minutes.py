"""A closed meeting as its minutes have it, with nothing of today but what the reader may still see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.dateparse import parse_datetime

from cases.choices import DecisionStatus
from cases.models import Case, Discussion, Meeting
from cases.snapshot.digest import digest


@dataclass(frozen=True, slots=True)
class MinutesLine:
    """A line of the agenda as it was. `shown`: whether the reader may still see the case."""

    said: Mapping[str, Any]
    started: datetime | None
    ended: datetime | None
    awaited_by: date | None
    shown: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody who was there, as the minutes have them."""

    said: Mapping[str, Any]
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class MeetingMinutes:
    """What a closed meeting's page shows. `said`: the minutes themselves; `intact`: they are still the ones
    that closing froze.
    """

    said: Mapping[str, Any]
    starts: datetime | None
    started: datetime | None
    closed: datetime | None
    lines: tuple[MinutesLine, ...]
    people: tuple[PersonLine, ...]
    intact: bool


def shown_minutes(meeting: Meeting, user: User) -> MeetingMinutes:
    """The minutes of a closed meeting; of a case that the person no longer sees, its place only."""
    said: Mapping[str, Any] = meeting.snapshot or {}
    listed = [line["case"] for line in said["agenda"]]
    seen = {
        str(uid) for uid in Case.objects.visible_to(user).filter(uid__in=listed).values_list("uid", flat=True)
    }
    return MeetingMinutes(
        said,
        _moment(said["starts_at"]),
        _moment(said["started_at"]),
        _moment(said["closed_at"]),
        tuple(_line(line, line["case"] in seen) for line in said["agenda"]),
        tuple(
            PersonLine(person, _moment(person["since"]), _moment(person["until"]))
            for person in said["attendance"]
        ),
        digest(said) == meeting.snapshot_digest,
    )


def still_to_sign(meeting: Meeting, user: User) -> list[Discussion]:
    """The discussions of a closed meeting whose decision was noted and is not signed."""
    drafted = meeting.discussions.on_agenda().open()  # type: ignore[attr-defined]
    mine = drafted.filter(decisions__status=DecisionStatus.DRAFT, case__in=Case.objects.visible_to(user))
    return list(mine.distinct())


def _line(said: Mapping[str, Any], shown: bool) -> MinutesLine:
    deferral = said["deferral"] or {}
    by = deferral.get("awaited_by")
    return MinutesLine(
        said,
        _moment(said["started_at"]),
        _moment(said["ended_at"]),
        date.fromisoformat(by) if by else None,
        shown,
    )


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None
