"""Everybody of a board as rows of its roll call, and the guests who are there."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db.models import OuterRef, Subquery

from cases.models import Attendance, Meeting


@dataclass(frozen=True, slots=True)
class RollRow:
    """A member of the board. `there`: since when and how, None for who is not there; `before`: earlier stays
    at this meeting; `usually`: the discipline at their last meeting, "" before the first.
    """

    person: User
    there: Attendance | None
    usually: str
    before: list[Attendance] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.person.get_full_name() or self.person.get_username()


def roll_of(meeting: Meeting) -> tuple[list[RollRow], list[Attendance], list[Attendance]]:
    """The members with an account that is open, by name; the guests who are there now; who has left."""
    called = list(meeting.attendance.all())
    there = {one.person_id: one for one in called if one.until is None}
    last = Attendance.objects.filter(meeting__board=meeting.board, person=OuterRef("pk")).exclude(
        discipline=""
    )
    members = User.objects.filter(memberships__board=meeting.board, is_active=True)
    members = members.annotate(usually=Subquery(last.order_by("-since", "-pk").values("discipline")[:1]))
    rows = [
        RollRow(
            person,
            there.get(person.pk),
            person.usually or "",
            [one for one in called if one.until is not None and one.person_id == person.pk],
        )
        for person in members.order_by("last_name", "first_name", "username")
    ]
    guests = [one for one in called if one.until is None and one.person_id is None]
    return rows, guests, [one for one in called if one.until is not None]
