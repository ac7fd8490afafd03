"""A meeting on its way: moved or cancelled, started, each case taken up, closed, corrected afterwards."""

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from cases.access import meeting_or_404
from cases.actions import leading
from cases.actions.access_log import log_list
from cases.actions.agenda import carry_over, left_over
from cases.actions.edits import StaleEdit
from cases.actions.meetings import cancel_meeting, change_meeting
from cases.choices import MeetingState, Right
from cases.forms.meeting import CancelForm, CarryForm, ChangeMeetingForm, CloseForm, NoteForm
from cases.models import Meeting
from cases.screens.agenda import agenda_of
from cases.screens.meeting import there_now, what_closes
from cases.views.arranging import listed
from cases.views.entry import get_or_post
from cases.views.meetings import show_meeting
from cases.views.problems import take_errors


def open_one(user: User, uid: uuid.UUID, right: str) -> Meeting:
    """The meeting, for who holds the right there, as long as it is neither closed nor cancelled."""
    meeting = meeting_or_404(user, uid, right)
    if not meeting.is_open:
        raise PermissionDenied(f"This meeting is {meeting.get_state_display().lower()}; it stays as it was.")
    return meeting


@require_POST
def start(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Begin now; one of a day that is over began at its hour."""
    user = cast(User, request.user)
    found = open_one(user, meeting, Right.CHAIR)
    if found.state == MeetingState.PLANNED and not found.may_start:
        messages.error(request, "A meeting is started on its day; move it if it takes place today.")
        return redirect("cases:meeting", meeting=found.uid)
    leading.start_meeting(by=user, meeting=found, at=found.starts_at if found.is_left_open else None)
    messages.success(request, "The meeting is started.")
    return redirect("cases:meeting", meeting=found.uid)


@require_POST
def take_up(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Begin to discuss a case, at its decision."""
    user = cast(User, request.user)
    found = meeting_or_404(user, meeting, Right.SCRIBE)
    discussion = listed(found, request.POST.get("discussion", ""))
    try:
        leading.take_up(by=user, discussion=discussion)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("cases:meeting", meeting=found.uid)
    return redirect("cases:decision", uid=discussion.case.uid)


@get_or_post
def close(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """What closing freezes and what it leaves, then the act itself, for what was read."""
    user = cast(User, request.user)
    found = meeting_or_404(user, meeting, Right.CHAIR)
    if found.state != MeetingState.RUNNING:
        if found.state == MeetingState.PLANNED:
            messages.error(request, "Only a meeting that runs can be closed; start it first.")
        return redirect("cases:meeting", meeting=found.uid)
    lines = agenda_of(found, user)
    left = what_closes(lines)
    form = CloseForm(request.POST if request.method == "POST" else None, meeting=found)
    status = 200
    if form.is_bound and form.is_valid():
        if form.cleaned_data["seen"] == left.seen:
            leading.close_meeting(by=user, meeting=found, at=form.cleaned_data["at"])
            messages.success(request, "The meeting is closed; these are its minutes.")
            return redirect("cases:meeting", meeting=found.uid)
        form.add_error(
            None, "The agenda has changed since this page was shown; read again what is not reached."
        )
        status = 409
    log_list(by=user, page="closing", cases=[line.case for line in lines], board=found.board, uid=found.uid)
    present, quorum = there_now(found)
    context = {
        "meeting": found, "left": left, "form": form, "present": present, "quorum": quorum,
        "problems": form.problems() if form.is_bound else [],
    }  # fmt: skip
    return render(
        request, "meeting/close.html", context, status=422 if form.errors and status == 200 else status
    )


@get_or_post
def cancel(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Cancel with a reason; cases that are listed are carried over first."""
    user = cast(User, request.user)
    found = open_one(user, meeting, Right.SCHEDULE)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            cancel_meeting(by=user, meeting=found, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, "The meeting is cancelled.")
            return redirect("cases:meeting", meeting=found.uid)
    context = {
        "meeting": found, "form": form, "listed": found.discussions.count(),
        "problems": form.problems() if form.is_bound else [],
    }  # fmt: skip
    return render(request, "meeting/cancel.html", context, status=422 if form.is_bound else 200)


@get_or_post
def change(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Move or rename; what somebody else has changed meanwhile is shown beside what was typed."""
    user = cast(User, request.user)
    found = open_one(user, meeting, Right.SCHEDULE)
    starts = timezone.localtime(found.starts_at)
    initial = {
        "day": starts.date(), "time": starts.time(), "title": found.title, "place": found.place,
        "version": found.version,
    }  # fmt: skip
    form = ChangeMeetingForm(request.POST if request.method == "POST" else None, initial=initial)
    status, stored = 422 if form.is_bound else 200, None
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        wanted = {name: data[name] for name in ("starts_at", "title", "place", "version")}
        try:
            change_meeting(by=user, meeting=found, **wanted)
        except StaleEdit as stale:
            status, stored = 409, cast(Meeting, stale.stored)
            form = ChangeMeetingForm({**request.POST.dict(), "version": str(stored.version)})
        except ValidationError as error:
            form.add_error("time", " ".join(error.messages))
        else:
            messages.success(request, "The meeting is changed.")
            return redirect("cases:meeting", meeting=found.uid)
    problems = form.problems() if form.is_bound else []
    context = {"meeting": found, "form": form, "stored": stored, "problems": problems}
    return render(request, "meeting/change.html", context, status=status)


@require_POST
def carry(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Carry what the meeting leaves undecided over to a coming one, in one act."""
    user = cast(User, request.user)
    found = meeting_or_404(user, meeting, Right.SCHEDULE)
    if not left_over(found):
        messages.error(request, "This meeting leaves no case to carry over.")
        return redirect("cases:meeting", meeting=found.uid)
    form = CarryForm(request.POST, meeting=found)
    if form.is_valid():
        to = form.cleaned_data["to"]
        try:
            number = len(carry_over(by=user, meeting=found, to=to))
        except ValidationError as error:
            form.add_error("to", " ".join(error.messages))
        else:
            messages.success(
                request, f"{number} case{'' if number == 1 else 's'} carried over to this meeting."
            )
            return redirect("cases:meeting", meeting=to.uid)
    return show_meeting(request, found, carry=form)


@require_POST
def note(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Correct a closed meeting beneath its minutes."""
    user = cast(User, request.user)
    found = meeting_or_404(user, meeting, Right.CHAIR)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            leading.add_note(by=user, meeting=found, text=form.cleaned_data["text"])
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, "The correction stands beneath the minutes.")
            return redirect("cases:meeting", meeting=found.uid)
    if found.state != MeetingState.CLOSED:
        messages.error(request, "Only a closed meeting is corrected by a note; change this one itself.")
        return redirect("cases:meeting", meeting=found.uid)
    return show_meeting(request, found, note=form)
