"""The agenda of a meeting: a case found for it, put on it, given another place, taken off."""

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cases.access import meeting_or_404
from cases.actions import agenda
from cases.actions.access_log import log_list
from cases.actions.agenda import list_case, move_to
from cases.choices import CaseStatus, Right
from cases.forms.meeting import AgendaForm
from cases.forms.worklist import SearchForm, matching
from cases.models import Case, Discussion, Meeting
from cases.queries import may_be_listed, with_next_meeting
from cases.views.meetings import show_meeting
from config.middleware import htmx_of

LONGEST_PLACE = 5  # digits
MOST_OFFERED = 10  # cases that a search for the agenda shows


def agenda_to_change(user: User, uid: uuid.UUID) -> Meeting:
    """The meeting, for who may schedule there; the agenda of one that is closed stays as it was."""
    meeting = meeting_or_404(user, uid, Right.SCHEDULE)
    if not meeting.is_open:
        raise PermissionDenied(f"This meeting is {meeting.get_state_display().lower()}; it stays as it was.")
    return meeting


@require_POST
def find(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Cases for the agenda that hold the words; without words those that are ready, longest waiting first."""
    user = cast(User, request.user)
    found = agenda_to_change(user, meeting)
    form = SearchForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    cases = with_next_meeting(may_be_listed(found)).select_related("patient")
    if words:
        cases = matching(cases, words).order_by("patient__surname", "patient__given_names", "pk")
    else:
        cases = cases.filter(status=CaseStatus.READY).order_by("updated_at", "pk")
    offered = list(cases[: MOST_OFFERED + 1])
    shown = {
        "find": form, "searched": True,
        "offered": offered[:MOST_OFFERED], "more_offered": len(offered) > MOST_OFFERED,
    }  # fmt: skip
    if htmx_of(request):
        log_list(by=user, page="search", cases=offered, board=found.board, uid=found.uid)
        return render(request, "meeting/_offered.html", {"meeting": found, **shown})
    return show_meeting(request, found, shown=shown)


@require_POST
def put(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Put a case last on the agenda."""
    user = cast(User, request.user)
    found = agenda_to_change(user, meeting)
    form = AgendaForm(request.POST, meeting=found)
    if form.is_valid():
        try:
            discussion = list_case(by=user, case=form.cleaned_data["case"], meeting=found)
            messages.success(request, f"Put on the agenda, place {discussion.place}.")
            return redirect(f"{reverse('cases:meeting', args=[found.uid])}#id_words")  # for the next one
        except ValidationError as error:
            if "unready_reason" in getattr(error, "error_dict", {}):
                return to_listing(request, form.cleaned_data["case"], found, error)
            form.add_error("case", " ".join(error.messages))
    return show_meeting(request, found, form=form)


@require_POST
def move(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Give a case the place named, by a button (`move`) or typed; the same request again changes nothing."""
    user = cast(User, request.user)
    found = agenda_to_change(user, meeting)
    uid, _, place = request.POST.get("move", "").partition(":")
    typed = "discussion" in request.POST
    if typed:
        uid, place = request.POST["discussion"], request.POST.get("place", "").strip()
    discussion = listed(found, uid)
    if not (place.isascii() and place.isdecimal() and len(place) <= LONGEST_PLACE and int(place)):
        if typed:
            return show_meeting(request, found, placed=(uid, place))
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


def to_listing(request: HttpRequest, case: Case, meeting: Meeting, error: ValidationError) -> HttpResponse:
    """To the page where the reason can be given why the case is listed nevertheless."""
    messages.warning(request, " ".join(error.messages))
    address = reverse("cases:listing", kwargs={"uid": case.uid})
    return redirect(f"{address}?meeting={meeting.uid}#id_unready_reason")


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
