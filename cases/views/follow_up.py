"""The follow-up of a case in dates: the guideline's schedules, counted from the treatments of the record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.actions.access_log import log_read
from cases.facts import end_of_curative_treatment, start_of_present_treatment
from cases.views.chart import PARTS, Chart, open_chart
from guidelines.answer.parts import Recommendation
from guidelines.answer.schedules import Due, plan


@dataclass(frozen=True)
class Plan:
    """One schedule for this case. Without `start` there are no dates: the record lacks the event to count
    from.
    """

    recommendation: Recommendation
    anchor: str
    start: date | None
    origin: str
    dues: tuple[Due, ...]
    next_due: Due | None


@require_GET
def follow_up(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The schedules that apply or may apply, with their dates."""
    chart = open_chart(request, uid)
    log_read(by=chart.user, case=chart.case, page="follow-up")
    plans = tuple(_plans(chart, timezone.localdate()))
    context = chart.page("follow-up", plans=plans, treatment_url=chart.part_url(PARTS["treatment"]))
    return render(request, "entry/follow_up.html", context)


def _plans(chart: Chart, today: date) -> Iterator[Plan]:
    schedules = {one.id: one.schedule for one in chart.guideline.statements if one.schedule is not None}
    for recommendation in chart.assessment.recommendations:
        schedule = schedules.get(recommendation.id)
        if schedule is None:
            continue
        count_from = end_of_curative_treatment if schedule.since else start_of_present_treatment
        found = count_from(chart.record.treatments, today)
        dues = plan(schedule, found[0]) if found else ()
        ahead = next((due for due in dues if due.latest >= today), None)
        origin = found[1].get_kind_display() if found else ""
        yield Plan(recommendation, schedule.anchor, found[0] if found else None, origin, dues, ahead)
