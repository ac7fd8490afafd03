"""Where a case stands: its status, and its place on a meeting's agenda."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cases.access import meeting_or_404, person_where
from cases.actions.agenda import list_case, take_off
from cases.actions.edits import StaleEdit
from cases.actions.entry import save_case
from cases.actions.status import set_status
from cases.choices import Right
from cases.views.arranging import to_listing
from cases.views.chart import open_chart


@require_POST
def schedule(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put the case on a meeting's agenda, or off it where no meeting is chosen."""
    chart = open_chart(request, uid, Right.SCHEDULE)
    chosen = request.POST.get("meeting", "")
    try:
        if chosen:
            meeting = meeting_or_404(chart.user, chosen, Right.SCHEDULE)
            list_case(by=chart.user, case=chart.case, meeting=meeting)
        elif chart.discussion is not None:
            take_off(by=chart.user, discussion=chart.discussion)
    except ValidationError as error:
        if chosen and "unready_reason" in getattr(error, "error_dict", {}):
            return to_listing(request, chart.case, meeting, error)
        messages.error(request, " ".join(error.messages))
    return redirect(chart.url("case"))


@require_POST
def status(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Move the case to another status."""
    chart = open_chart(request, uid, Right.ENTER)
    try:
        set_status(by=chart.user, case=chart.case, status=request.POST.get("status", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(chart.url("case"))


@require_POST
def owner(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hand the case over to another member of its board who may enter cases."""
    chart = open_chart(request, uid, Right.ENTER)
    chosen = person_where(chart.case.board, Right.ENTER, request.POST.get("owner", ""))
    if chosen is None:
        messages.error(request, "Choose a member of this board who may enter cases.")
        return redirect(chart.url("case"))
    try:
        save_case(by=chart.user, case=chart.case, fields={"owner": chosen}, version=chart.case.version)
    except StaleEdit:
        messages.error(request, "Somebody changed the case meanwhile; look at it and hand it over again.")
    else:
        messages.success(request, f"{chosen.get_full_name() or chosen.get_username()} owns this case now.")
    return redirect(chart.url("case"))
