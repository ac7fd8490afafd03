"""The meetings of the demonstration boards: the past ones are held, with the clock set to their days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from cases.actions.agenda import Listing, carry_over, list_case
from cases.actions.boards import choose_guideline
from cases.actions.deciding import supersede_decision
from cases.actions.following import complete
from cases.actions.leading import Deferral, close_meeting, defer, start_meeting, take_up
from cases.actions.meetings import create_meeting
from cases.actions.roll_call import Present, call_roll
from cases.choices import AttendanceMode
from cases.clock import clock_at
from cases.demo.deciding import draft, sign
from cases.models import Board, Case, Decision, Discussion, Meeting
from guidelines.vocabulary.yamlfile import read_yaml

MEETINGS = Path(__file__).parent / "meetings.yaml"
TUESDAY = 1
AT = time(16)
PLACE = "Seminar room 2"
PREPARED = timedelta(days=5)  # before a meeting its cases are listed
ENTERED = timedelta(days=4)  # before that they are entered


@dataclass(frozen=True)
class Boards:
    """What the meetings are made from: boards by short name, cases by their id in the files, people by their
    username, and who coordinates and leads each board; `today` is the day of loading.
    """

    boards: Mapping[str, Board]
    cases: Mapping[str, Case]
    people: Mapping[str, User]
    coordinators: Mapping[str, User]
    chairs: Mapping[str, User]
    administrators: Mapping[str, User]
    today: date


def coming(today: date) -> date:
    """The next Tuesday, not today."""
    return today + timedelta(days=(TUESDAY - today.weekday() - 1) % 7 + 1)


def entered_at(today: date) -> dict[str, datetime]:
    """When the cases of the past meetings were entered, by their id in the files: before they were listed."""
    entered: dict[str, datetime] = {}
    for data in read_yaml(MEETINGS)["meetings"]:
        if "name" not in data:
            moment = starts_at(today, data["days"]) - PREPARED - ENTERED
            for entry in data["agenda"]:
                entered.setdefault(entry["case"], moment)
    return entered


def starts_at(today: date, days: int) -> datetime:
    """When a meeting begins that is so many days after the next one."""
    return timezone.make_aware(datetime.combine(coming(today) + timedelta(days=days), AT))


def hold(setting: Boards) -> dict[str, Meeting]:
    """Make every meeting, and hold those that are over; the named ones are returned, still to come."""
    file = read_yaml(MEETINGS)
    named: dict[str, Meeting] = {}
    last: dict[str, Meeting] = {}
    for data in file["meetings"]:
        begins = starts_at(setting.today, data["days"])
        board = setting.boards[data["board"]]
        if "name" in data:
            named[data["name"]] = _plan(setting, board, data, begins)
            continue
        with clock_at(begins - PREPARED):
            address = data.get("guideline", "")
            choose_guideline(by=setting.administrators[board.slug], board=board, address=address)
            board.refresh_from_db()
            meeting = _plan(setting, board, data, begins, last.get(board.slug))
        last[board.slug] = _held(setting, meeting, data["agenda"], file["attendance"][board.slug])
    return named


def _plan(
    setting: Boards, board: Board, data: Mapping[str, Any], begins: datetime, before: Meeting | None = None
) -> Meeting:
    """A meeting with its agenda; what the one before did not reach is carried over first."""
    by = setting.coordinators[board.slug]
    meeting = create_meeting(by=by, board=board, starts_at=begins, place=PLACE)
    if before is not None:
        carry_over(by=by, meeting=before, to=meeting)
    for entry in data.get("agenda", ()):
        said = Listing(
            reason=entry.get("reason", ""), presenter=entry["presenter"], minutes=entry.get("minutes")
        )
        list_case(by=by, case=setting.cases[entry["case"]], meeting=meeting, listing=said)
    return meeting


def _held(
    setting: Boards,
    meeting: Meeting,
    agenda: list[Mapping[str, Any]],
    attendance: list[Mapping[str, str]],
) -> Meeting:
    """The meeting from its roll call to its end, a case after the other."""
    chair = setting.chairs[meeting.board.slug]
    clock = meeting.starts_at
    with clock_at(clock):
        start_meeting(by=chair, meeting=meeting)
        call_roll(by=chair, meeting=meeting, present=list(_present(setting, attendance)))
    for entry in agenda:
        discussion = Discussion.objects.get(meeting=meeting, case=setting.cases[entry["case"]])
        if "decision" in entry or "deferral" in entry:
            clock = _discussed(setting, chair, discussion, entry, clock)
    with clock_at(clock):
        closed = close_meeting(by=chair, meeting=meeting)
    for entry in agenda:
        _afterwards(setting, chair, closed, entry)
    return closed


def _present(setting: Boards, attendance: list[Mapping[str, str]]) -> Iterator[Present]:
    for one in attendance:
        person = setting.people[one["person"]] if "person" in one else None
        yield Present(
            name=person.get_full_name() if person else one["name"],
            discipline=one.get("discipline", ""),
            person=person,
            mode=one.get("mode", AttendanceMode.ROOM),
        )


def _discussed(
    setting: Boards, chair: User, discussion: Discussion, entry: Mapping[str, Any], begins: datetime
) -> datetime:
    """Take the case up, decide or defer it; returns when that was done."""
    with clock_at(begins):
        take_up(by=chair, discussion=discussion)
    ends = begins + timedelta(minutes=entry["minutes"])
    day = timezone.localdate(ends)
    with clock_at(ends):
        if "deferral" in entry:
            said = entry["deferral"]
            awaited_by = day + timedelta(days=said["awaited_in"])
            deferral = Deferral(said["reason"], said["awaited"], said["awaited_from"], awaited_by)
            defer(by=chair, discussion=discussion, deferral=deferral)
        else:
            made = draft(chair, discussion, entry["decision"], day, setting.people)
            sign(chair, made)
    return ends


def _afterwards(setting: Boards, chair: User, meeting: Meeting, entry: Mapping[str, Any]) -> None:
    """What came of a decision: corrected some days later, steps done."""
    for decision in Decision.objects.filter(
        discussion__meeting=meeting, case=setting.cases[entry["case"]], status="signed"
    ):
        if "correction" in entry:
            said = entry["correction"]
            with clock_at(meeting.starts_at + timedelta(days=said["after"])):
                supersede_decision(by=chair, decision=decision, reason=said["why"])
                day = timezone.localdate(meeting.starts_at)
                sign(chair, draft(chair, decision.discussion, said["decision"], day, setting.people))
            continue
        for step, told in zip(decision.next_steps.all(), entry["decision"]["next_steps"], strict=True):
            if "done_in" in told:
                done_on = timezone.localdate(meeting.starts_at) + timedelta(days=told["done_in"])
                with clock_at(meeting.starts_at + timedelta(days=told["done_in"])):
                    complete(by=chair, item=step, done_on=done_on)
