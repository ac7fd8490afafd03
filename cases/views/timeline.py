"""The case as one timeline: of the record as it is, or as it was when a decision was signed."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.actions.access_log import log_read
from cases.screens.whole_timeline import whole_timeline
from cases.snapshot.read import read
from cases.snapshot.timeline import timeline_of_snapshot
from cases.timeline.drawing import NARROW, draw_timeline
from cases.timeline.model import Timeline
from cases.views.chart import Chart, open_chart
from cases.views.signed import signed_decision


@require_GET
def timeline(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Reports, treatments, and what the boards did, in order of time, as it is known today."""
    chart = open_chart(request, uid)
    log_read(by=chart.user, case=chart.case, page="timeline")
    whole = whole_timeline(chart.record, chart.facts, timezone.localdate())
    return show_timeline(request, chart, whole, None)


@require_GET
def signed_timeline(request: HttpRequest, uid: UUID, decision: UUID) -> HttpResponse:
    """The same from the snapshot of a signed decision."""
    chart = open_chart(request, uid)
    found = signed_decision(chart, decision)
    log_read(by=chart.user, case=chart.case, page="timeline of a signed decision")
    return show_timeline(request, chart, timeline_of_snapshot(read(found.snapshot or {})), found.uid)


def show_timeline(request: HttpRequest, chart: Chart, found: Timeline, signed: UUID | None) -> HttpResponse:
    """The picture for a wide and for a narrow page, and the table. `signed`: the decision that froze it."""
    decisions = [one for one in chart.case.decisions.all() if one.is_signed]
    context = chart.page(
        "timeline",
        marked=False,
        timeline=found,
        wide=draw_timeline(found),
        narrow=draw_timeline(found, NARROW),
        signed=next((one for one in decisions if one.uid == signed), None),
        others=[one for one in decisions if one.uid != signed],
    )
    return render(request, "entry/timeline.html", context)
