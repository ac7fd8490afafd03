"""Meetings: those of the reader's boards, new ones, and the page of each."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.access import boards_where, meeting_and_rights, rights_on
from cases.actions.access_log import log_list
from cases.actions.agenda import left_over
from cases.actions.meetings import create_series
from cases.choices import MeetingState, Right
from cases.forms.meeting import CarryForm, MeetingForm, NoteForm
from cases.forms.worklist import SearchForm
from cases.models import Case, Discussion, Meeting
from cases.screens.agenda import agenda_of, undecided
from cases.screens.meeting import there_now, time_used
from cases.screens.minutes import shown_minutes, still_to_sign
from cases.views.entry import get_or_post
from cases.views.pager import page_of
from cases.views.problems import take_errors

PAGE = 25


@require_GET
def meetings(request: HttpRequest) -> HttpResponse:
    """Meetings that run or are to come, the next one first, and past ones, the latest first."""
    user = cast(User, request.user)
    every = Meeting.objects.visible_to(user).with_counts()
    ahead = Q(starts_at__gte=timezone.now()) | Q(state=MeetingState.RUNNING)
    past = page_of(every.exclude(ahead), ("-starts_at", "-pk"), request.GET.get("before", ""), PAGE)
    context = {
        "ahead": list(every.filter(ahead).order_by("starts_at", "pk")),
        "past": past.rows,
        "older": past.next,
        "boards": user.boards.count(),
        "may_schedule": boards_where(user, Right.SCHEDULE).exists(),
    }
    return render(request, "meeting/list.html", context)


@get_or_post
def new_meeting(request: HttpRequest) -> HttpResponse:
    """A board, a day, a time and a place, once or as a series."""
    user = cast(User, request.user)
    boards = boards_where(user, Right.SCHEDULE)
    form = MeetingForm(request.POST if request.method == "POST" else None, boards=boards)
    if form.is_bound and form.is_valid():
        try:
            made = create(request, user, form)
        except ValidationError as error:
            take_errors(form, error)
        else:
            return redirect("cases:meeting", made[0].uid) if len(made) == 1 else redirect("cases:meetings")
    context = {"form": form, "boards": boards, "problems": form.problems() if form.is_bound else []}
    return render(request, "meeting/new.html", context, status=422 if form.is_bound else 200)


def create(request: HttpRequest, user: User, form: MeetingForm) -> list[Meeting]:
    """Store a valid form; a board has one meeting at a time, and an earlier entry stays as it is."""
    data = form.cleaned_data
    made = create_series(
        by=user, board=data["board"], starts=data["starts"], place=data["place"], title=data["title"]
    )
    different = [one for one in made if (one.place, one.title) != (data["place"], data["title"])]
    if different and len(made) == 1:
        place = f"in {made[0].place}" if made[0].place else "without a place"
        messages.warning(request, f"This board had a meeting at that time already, {place}: here it is.")
    elif different:
        days = ", ".join(f"{timezone.localtime(one.starts_at):%d-%b-%Y}" for one in different)
        messages.warning(request, f"This board had a meeting already on {days}; these stay as they were.")
    if len(made) > 1:
        messages.success(request, f"{len(made)} meetings are entered.")
    if any(one.is_left_open for one in made):
        messages.warning(
            request,
            "This day is over: list its cases, call the roll, start and close the meeting afterwards.",
        )
    return made


@require_GET
def meeting_page(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """The agenda in its order."""
    user = cast(User, request.user)
    found, rights = meeting_and_rights(user, meeting)
    return show_meeting(request, found, rights)


def show_meeting(
    request: HttpRequest, meeting: Meeting, rights: frozenset[str] | None = None, **refused: Any
) -> HttpResponse:
    """A meeting as it stands, or, once it is closed, as its minutes have it.

    `refused`: what could not be stored, shown again: `form` (a case for the agenda), `carry`, `note`, or
    `placed`, the id of a discussion and what was typed as its place. `shown`: what a search for the agenda
    found.
    """
    if rights is None:
        rights = rights_on(cast(User, request.user), meeting.board)
    if meeting.state == MeetingState.CLOSED:
        return show_minutes(request, meeting, rights, **refused)
    lines = agenda_of(meeting, cast(User, request.user))
    found = refused.get("shown", {}).get("offered", [])
    log_agenda(request, meeting, [*(line.case for line in lines), *found])
    present, quorum = there_now(meeting)
    may_change = meeting.is_open and Right.SCHEDULE in rights
    placed = refused.get("placed", ("", ""))
    problems = problems_of(refused, len(lines))
    context = {
        "meeting": meeting, "lines": lines, "may_change": may_change, "rights": rights,
        "find": SearchForm(), "refused": refused.get("form"),
        "decided": sum(line.signed for line in lines),
        "may_take_up": meeting.state == MeetingState.RUNNING and Right.SCRIBE in rights,
        "present": present, "quorum": quorum, "time": time_used(meeting, lines),
        "carry": carry_form(meeting, rights, refused, undecided(lines)),
        "problems": problems, "placed": placed, **refused.get("shown", {}),
    }  # fmt: skip
    return render(request, "meeting/meeting.html", context, status=422 if problems else 200)


def log_agenda(request: HttpRequest, meeting: Meeting, cases: list[Case]) -> None:
    """The agenda of a meeting was shown, or its minutes, which have their cases."""
    page = "minutes" if meeting.state == MeetingState.CLOSED else "agenda"
    log_list(by=cast(User, request.user), page=page, cases=cases, board=meeting.board, uid=meeting.uid)


def problems_of(refused: dict[str, Any], cases: int) -> list[tuple[str, str]]:
    """What is wrong with what was sent, with the id of the field it stands at."""
    problems = [
        ("id_words" if name == "form" else str(box.auto_id), str(text))
        for name in ("form", "carry", "note")
        if name in refused
        for box in refused[name]
        for text in box.errors
    ]
    if "placed" in refused:
        problems.append((f"place-{refused['placed'][0]}", f"Place: enter a whole number from 1 to {cases}."))
    return problems


def carry_form(
    meeting: Meeting, rights: frozenset[str], refused: dict[str, Any], left: list[Discussion]
) -> dict[str, Any] | None:
    """The way to carry over what the meeting leaves, where something is left and the person may; not while
    it runs."""
    under_way = meeting.state == MeetingState.RUNNING and not meeting.is_left_open
    if not left or Right.SCHEDULE not in rights or under_way:
        return None
    return {"form": refused.get("carry") or CarryForm(meeting=meeting), "left": left}


def show_minutes(
    request: HttpRequest, meeting: Meeting, rights: frozenset[str], **refused: Any
) -> HttpResponse:
    """A closed meeting, and beneath it what came after: corrections, what is to be signed or carried over."""
    user = cast(User, request.user)
    log_agenda(request, meeting, [])
    problems = problems_of(refused, 0)
    note = refused.get("note") or (NoteForm() if Right.CHAIR in rights else None)
    context = {
        "meeting": meeting, "minutes": shown_minutes(meeting, user), "rights": rights,
        "notes": meeting.notes.select_related("by"), "note": note,
        "to_sign": still_to_sign(meeting, user),
        "carry": carry_form(meeting, rights, refused, left_over(meeting)), "problems": problems,
    }  # fmt: skip
    return render(request, "meeting/closed.html", context, status=422 if problems else 200)
