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
from cases.actions.scheduling import create_meeting, put_on_agenda, reorder, take_off_agenda
from cases.choices import Right
from cases.forms.meeting import AgendaForm, MeetingForm
from cases.models import Case, Meeting
from cases.queries import for_worklist
from cases.screens.worklist import lines_of
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
    """The agenda; who may schedule sees the ways to change it until the day is over."""
    user = cast(User, request.user)
    cases = for_worklist(user).filter(meeting=meeting).order_by("position")
    lines = lines_of(list(cases))
    over = is_over(meeting)
    may_change = not over and may(user, meeting.board, Right.SCHEDULE)
    if may_change and form is None:
        form = AgendaForm(meeting=meeting)
    problems = [("id_case", text) for text in form.errors.get("case", [])] if form else []
    context = {
        "meeting": meeting, "lines": lines, "over": over, "may_change": may_change, "form": form,
        "decided": sum(bool(line.case.signed) for line in lines),  # type: ignore[attr-defined]  # annotated
        "problems": problems,
    }  # fmt: skip
    return render(request, "meeting/meeting.html", context, status=422 if problems else 200)


def is_over(meeting: Meeting) -> bool:
    """Whether its day has passed; until then an agenda may be changed, during the meeting too."""
    return timezone.localdate(meeting.starts_at) < timezone.localdate()


def agenda_to_change(user: User, uid: uuid.UUID) -> Meeting:
    """The meeting, for who may schedule there; the agenda of one that is over stays as it was."""
    meeting = meeting_or_404(user, uid, Right.SCHEDULE)
    if is_over(meeting):
        raise PermissionDenied("This meeting is over; its agenda stays as it was.")
    return meeting


@require_POST
def put(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Put a case last on the agenda."""
    user = cast(User, request.user)
    found = agenda_to_change(user, meeting)
    form = AgendaForm(request.POST, meeting=found)
    if form.is_valid():
        try:
            case = put_on_agenda(by=user, case=form.cleaned_data["case"], meeting=found)
            return back_to(request, case, found, f"Put on the agenda, place {case.position}.")
        except ValidationError as error:
            form.add_error("case", " ".join(error.messages))
    return show_meeting(request, found, form)


@require_POST
def move(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Give a case the place named; the same request again changes nothing."""
    user = cast(User, request.user)
    found = agenda_to_change(user, meeting)
    uid, _, place = request.POST.get("move", "").partition(":")
    case = listed(found, uid)
    others = list(found.cases.exclude(pk=case.pk).order_by("position").values_list("uid", flat=True))
    index = min(max(int(place), 1), len(others) + 1) - 1 if place.isdecimal() and len(place) < 6 else None
    if index is None:
        raise Http404("No such place.")
    try:
        reorder(by=user, meeting=found, order=[*others[:index], case.uid, *others[index:]])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("cases:meeting", meeting=found.uid)
    return back_to(request, case, found, f"Moved to place {index + 1}.")


@require_POST
def take_off(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Take a case off the agenda; it is ready for another."""
    user = cast(User, request.user)
    found = agenda_to_change(user, meeting)
    try:
        case = listed(found, request.POST.get("off", ""))
    except Http404:  # sent twice: it is off already
        return redirect("cases:meeting", meeting=found.uid)
    take_off_agenda(by=user, case=case)
    messages.success(request, "Taken off the agenda; the case is ready for another meeting.")
    return redirect("cases:meeting", meeting=found.uid)


def listed(meeting: Meeting, uid: str) -> Case:
    """The case of the agenda with that id; 404 for any other."""
    for case in meeting.cases.select_related("board"):
        if str(case.uid) == uid:
            return case
    raise Http404("No such case on this agenda.")


def back_to(request: HttpRequest, case: Case, meeting: Meeting, said: str) -> HttpResponse:
    """Back to the agenda, at the line of the case."""
    messages.success(request, said)
    return redirect(f"{reverse('cases:meeting', kwargs={'meeting': meeting.uid})}#case-{case.uid}")
