"""The follow-up page of a case: what is planned, and the guideline's schedules it may be planned from."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases.actions.access_log import log_read
from cases.actions.planning import plan_follow_up
from cases.choices import Right, StepState
from cases.course.appointments import LEAD
from cases.models import FollowUpItem
from cases.schedules import follow_up_of
from cases.screens.follow_lines import FollowLine, lines_of
from cases.views.chart import PARTS, Chart, open_chart


@require_GET
def follow_up(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What is planned; the schedules that apply or may apply, with their dates; what is done on occasion."""
    chart = open_chart(request, uid)
    log_read(by=chart.user, case=chart.case, page="follow-up")
    found = follow_up_of(chart.guideline, chart.assessment, chart.facts, timezone.localdate())
    items = items_of(chart)
    may_enter = Right.ENTER in chart.rights
    planned = {(item.statement_id, item.counted_from) for item in items}
    countable = [plan for plan in found.plans if plan.start and plan.applies]
    context = chart.page(
        "follow-up",
        plans=found.plans,
        on_occasion=found.on_occasion,
        treatment_url=chart.part_url(PARTS["treatment"]),
        lines=lines_planned([item for item in items if item.state != StepState.REPLACED], may_enter),
        linked=may_enter,
        replaced=sum(item.state == StepState.REPLACED for item in items),
        may_plan=may_enter and any((one.recommendation.id, one.start) not in planned for one in countable),
    )
    return render(request, "entry/follow_up.html", context)


def lines_planned(items: list[FollowUpItem], may_enter: bool) -> list[FollowLine]:
    """Marked here are those that an examination of today can end."""
    soon = timezone.localdate() + LEAD
    return [
        replace(line, may_mark=may_enter and item.due_from <= soon)
        for item, line in zip(items, lines_of(items), strict=True)
    ]


def items_of(chart: Chart) -> list[FollowUpItem]:
    """Everything that was ever planned for the case, in order of time."""
    items = FollowUpItem.objects.filter(case=chart.case)
    return list(items.select_related("case__board", "case__owner").prefetch_related("events"))


@require_POST
def plan(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Plan the schedules that apply."""
    chart = open_chart(request, uid, Right.ENTER)
    try:
        made = plan_follow_up(by=chart.user, case=chart.case)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        appointments = f"{len(made)} appointment{'' if len(made) == 1 else 's'}"
        messages.success(request, f"Follow-up: {appointments} planned.")
    return redirect(chart.url("follow_up"))
