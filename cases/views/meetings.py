"""Meetings: those of the reader's boards, a new one, and the agenda of each."""

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases.access import boards_where, may, meeting_or_404
from cases.actions import agenda
from cases.actions.agenda import list_case, move_to
from cases.actions.meetings import create_meeting
from cases.choices import Right
from cases.forms.meeting import AgendaForm, MeetingForm
from cases.models import Discussion, Meeting
from cases.screens.agenda import agenda_of
from cases.views.entry import get_or_post
from cases.views.pager import page_of
from cases.views.problems import take_errors

PAGE = 25


@require_GET
def meetings(request: HttpRequest) -> HttpResponse:
    """Meetings to come, the next one first, and past ones, the latest first."""
    user = cast(User, request.user)
    every = Meeting.objects.visible_to(user).with_counts()
    now = timezone.now()
    past = page_of(
        every.filter(starts_at__lt=now), ("-starts_at", "-pk"), request.GET.get("before", ""), PAGE
    )
    context = {
        "ahead": list(every.filter(starts_at__gte=now).order_by("starts_at", "pk")),
        "past": past.rows,
        "older": past.next,
        "boards": user.boards.count(),
        "may_schedule": boards_where(user, Right.SCHEDULE).exists(),
    }
    return render(request, "meeting/list.html", context)


@get_or_post
def new_meeting(request: HttpRequest) -> HttpResponse:
    """A board, a day, a time and a place."""
    user = cast(User, request.user)
    boards = boards_where(user, Right.SCHEDULE)
    form = MeetingForm(request.POST if request.method == "POST" else None, boards=boards)
    if form.is_bound and form.is_valid():
        try:
            return redirect("cases:meeting", meeting=create(request, user, form).uid)
        except ValidationError as error:
            take_errors(form, error)
    context = {"form": form, "boards": boards, "problems": form.problems() if form.is_bound else []}
    return render(request, "meeting/new.html", context, status=422 if form.is_bound else 200)


def create(request: HttpRequest, user: User, form: MeetingForm) -> Meeting:
    """Store a valid form; a board has one meeting at a time, and an earlier entry stays as it is."""
    data = form.cleaned_data
    meeting = create_meeting(by=user, board=data["board"], starts_at=data["starts_at"], place=data["place"])
    if meeting.place != data["place"]:
        place = f"in {meeting.place}" if meeting.place else "without a place"
        messages.warning(request, f"This board had a meeting at that time already, {place}: here it is.")
    return meeting


@require_GET
def meeting_page(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """The agenda in its order."""
    user = cast(User, request.user)
    return show_meeting(request, meeting_or_404(user, meeting))


def show_meeting(request: HttpRequest, meeting: Meeting, form: AgendaForm | None = None) -> HttpResponse:
    """The agenda; who may schedule sees the ways to change it until the meeting is closed."""
    user = cast(User, request.user)
    lines = agenda_of(meeting, user)
    may_change = meeting.is_open and may(user, meeting.board, Right.SCHEDULE)
    if may_change and form is None:
        form = AgendaForm(meeting=meeting)
    problems = [("id_case", text) for text in form.errors.get("case", [])] if form else []
    context = {
        "meeting": meeting, "lines": lines, "over": not meeting.is_open,
        "may_change": may_change, "form": form,
        "decided": sum(line.signed for line in lines),
        "problems": problems,
    }  # fmt: skip
    return render(request, "meeting/meeting.html", context, status=422 if problems else 200)


def agenda_to_change(user: User, uid: uuid.UUID) -> Meeting:
    """The meeting, for who may schedule there; the agenda of one that is closed stays as it was."""
    meeting = meeting_or_404(user, uid, Right.SCHEDULE)
    if not meeting.is_open:
        raise PermissionDenied(f"This meeting is {meeting.get_state_display().lower()}; it stays as it was.")
    return meeting


@require_POST
def put(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Put a case last on the agenda."""
    user = cast(User, request.user)
    found = agenda_to_change(user, meeting)
    form = AgendaForm(request.POST, meeting=found)
    if form.is_valid():
        try:
            discussion = list_case(by=user, case=form.cleaned_data["case"], meeting=found)
            return back_to(request, discussion, found, f"Put on the agenda, place {discussion.place}.")
        except ValidationError as error:
            form.add_error("case", " ".join(error.messages))
    return show_meeting(request, found, form)


@require_POST
def move(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Give a case the place named; the same request again changes nothing."""
    user = cast(User, request.user)
    found = agenda_to_change(user, meeting)
    uid, _, place = request.POST.get("move", "").partition(":")
    discussion = listed(found, uid)
    if not (place.isdecimal() and len(place) < 6):
        raise Http404("No such place.")
    try:
        order = move_to(by=user, discussion=discussion, place=int(place))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("cases:meeting", meeting=found.uid)
    return back_to(request, discussion, found, f"Moved to place {order.index(discussion) + 1}.")


@require_POST
def take_off(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Take a case off the agenda; it is ready for another."""
    user = cast(User, request.user)
    found = agenda_to_change(user, meeting)
    try:
        discussion = listed(found, request.POST.get("off", ""))
    except Http404:  # sent twice: it is off already
        return redirect("cases:meeting", meeting=found.uid)
    try:
        agenda.take_off(by=user, discussion=discussion)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "Taken off the agenda; the case is ready for another meeting.")
    return redirect("cases:meeting", meeting=found.uid)


def listed(meeting: Meeting, uid: str) -> Discussion:
    """The discussion of the agenda with that id; 404 for any other."""
    for discussion in meeting.discussions.select_related("case__board", "board", "meeting"):
        if str(discussion.uid) == uid:
            return discussion
    raise Http404("No such case on this agenda.")


def back_to(request: HttpRequest, discussion: Discussion, meeting: Meeting, said: str) -> HttpResponse:
    """Back to the agenda, at the line of the case."""
    messages.success(request, said)
    address = reverse("cases:meeting", kwargs={"meeting": meeting.uid})
    return redirect(f"{address}#case-{discussion.case.uid}")
