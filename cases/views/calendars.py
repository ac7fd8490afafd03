"""Meetings for a calendar program: one as a file, a person's own at a secret address."""

import datetime
from collections.abc import Iterable
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from cases.access import meeting_or_404
from cases.actions.calendars import make_calendar_address, revoke_calendar_address
from cases.actions.showing import new_showing
from cases.exchange.calendars import calendar_text
from cases.models import CalendarAddress, FollowUpItem, Meeting
from cases.screens.calendars import calendar_day, calendar_meeting
from config.authentication import BoardBackend

BACK = datetime.timedelta(days=90)  # how far a feed reaches into the past
AHEAD = datetime.timedelta(days=400)  # how far it reaches ahead with follow-up
KEY = "key"  # the secret's name in the address, in the query, which no log holds


@require_GET
def my_calendar(request: HttpRequest) -> HttpResponse:
    """Whether the person has an address, since when, and the ways to make and to revoke one."""
    return show_calendar(request)


@require_POST
def make_address(request: HttpRequest) -> HttpResponse:
    """Show the new address, this once."""
    secret = make_calendar_address(by=cast(User, request.user), showing=request.POST.get("showing", ""))
    address = f"{reverse('cases:calendar_feed')}?{KEY}={secret}"
    return show_calendar(request, request.build_absolute_uri(address))


def show_calendar(request: HttpRequest, made: str = "") -> HttpResponse:
    """`made`: the address that has just been made."""
    current = CalendarAddress.objects.of(cast(User, request.user))
    context = {"current": current, "made": made, "showing": new_showing()}
    return render(request, "meeting/my_calendar.html", context)


@require_POST
def revoke_address(request: HttpRequest) -> HttpResponse:
    """From now on nothing is found there."""
    revoke_calendar_address(by=cast(User, request.user))
    messages.success(request, "The address is revoked: calendar programs find nothing there any more.")
    return redirect("cases:my_calendar")


@login_not_required
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The meetings of the boards of whom the address is, and when follow-up of their own cases is due.

    The one page without a log-in that names a board.
    """
    address = CalendarAddress.objects.found_by(request.GET.get(KEY, ""))
    if address is None or not BoardBackend().user_can_authenticate(address.user):
        raise Http404("No such calendar.")
    since = timezone.now() - BACK
    meetings = Meeting.objects.visible_to(address.user).filter(starts_at__gte=since)
    return as_file(meetings, "meetings.ics", follow_up_of(address.user))


def follow_up_of(user: User) -> Iterable[FollowUpItem]:
    """The open items of the person's own cases on their boards, of about the next year."""
    items = (
        FollowUpItem.objects.standing_on(user.boards.values("pk")).as_listed().open().filter(case__owner=user)
    )
    return items.filter(due_from__lte=timezone.localdate() + AHEAD)


@require_GET
def meeting_file(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """One meeting, to be put into a calendar by hand."""
    found = meeting_or_404(cast(User, request.user), meeting)
    return as_file([found], "meeting.ics")


def as_file(meetings: Iterable[Meeting], name: str, items: Iterable[FollowUpItem] = ()) -> HttpResponse:
    """A calendar file."""
    text = calendar_text(map(calendar_meeting, meetings), map(calendar_day, items))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
