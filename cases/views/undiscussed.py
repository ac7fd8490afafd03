"""A case that waits for no discussion: what came before, and the ways to the next one."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cases.actions.agenda import begin_urgent
from cases.choices import MeetingState, Outcome, Right
from cases.views.chart import Chart, open_chart
from cases.views.signed import next_on_agenda


def show_undiscussed(request: HttpRequest, chart: Chart, problems: Iterable[str] = ()) -> HttpResponse:
    """A case that waits for no discussion: what came before, and the ways to the next one."""
    last = chart.discussion
    sits_on = last is not None and last.meeting is not None and last.meeting.state == MeetingState.RUNNING
    context = chart.page(
        "decision",
        sits_on=sits_on and Right.SCRIBE in chart.decides,
        next=next_on_agenda(chart, last) if last is not None and sits_on else None,
        panel=chart.panel(),
        way=chart.way(),
        problems=[("id_reason", text) for text in problems],
        reason=request.POST.get("reason", ""),
        takes_back=takes_back(chart),
    )
    return render(request, "decision/undiscussed.html", context, status=422 if problems else 200)


def takes_back(chart: Chart) -> bool:
    """Whether the person may take the deferral back: its meeting is not closed, no discussion follows."""
    last = chart.discussion
    if last is None or last.outcome != Outcome.DEFERRED or Right.SCRIBE not in chart.decides:
        return False
    return (last.meeting is None or last.meeting.is_open) and not last.followed_by.exists()


@require_POST
def urgent(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Begin a discussion that cannot wait for a meeting."""
    chart = open_chart(request, uid)
    try:
        begin_urgent(by=chart.user, case=chart.case, reason=request.POST.get("reason", ""))
    except ValidationError as error:
        return show_undiscussed(request, chart, error.messages)
    return redirect(chart.url("decision"))
