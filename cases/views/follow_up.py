"""The follow-up page of a case."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.actions.access_log import log_read
from cases.screens.follow_up import follow_up_of
from cases.views.chart import PARTS, open_chart


@require_GET
def follow_up(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The schedules that apply or may apply, with their dates, and what is done on occasion."""
    chart = open_chart(request, uid)
    log_read(by=chart.user, case=chart.case, page="follow-up")
    found = follow_up_of(chart.guideline, chart.assessment, chart.facts, timezone.localdate())
    context = chart.page(
        "follow-up",
        plans=found.plans,
        on_occasion=found.on_occasion,
        treatment_url=chart.part_url(PARTS["treatment"]),
    )
    return render(request, "entry/follow_up.html", context)
