"""What becomes of the next steps: those of the reader's boards, and each marked done with its day."""

import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.access import boards_where, require_discussion
from cases.actions.access_log import log_read
from cases.actions.steps import complete_step
from cases.choices import DecisionStatus, Right
from cases.forms.steps import DoneForm
from cases.models import NextStep
from cases.models.step import OPEN_STATES
from cases.views.chart import Chart, open_chart
from cases.views.entry import get_or_post
from cases.views.signed import signed_decision
from cases.views.step_lines import lines_of, markable_boards

MOST = 200
DONE_SHOWN = datetime.timedelta(days=30)
LIST, SIGNED = "list", "signed"  # where a step is marked done, and where its page leads back to


@require_GET
def steps(request: HttpRequest) -> HttpResponse:
    """Open steps, the most urgent first, and those done lately."""
    user = cast(User, request.user)
    every = NextStep.objects.standing_for(user)
    mine = request.GET.get("mine") == "on"
    if mine:
        every = every.filter(holder=user)
    still_open = list(
        every.filter(state__in=OPEN_STATES).order_by(F("due_now").asc(nulls_last=True), "pk")[: MOST + 1]
    )
    since = timezone.localdate() - DONE_SHOWN
    boards = markable_boards(user)
    lines = lines_of(still_open[:MOST], boards)
    context = {
        "lines": lines,
        "overdue": sum(line.overdue for line in lines),
        "left_out": MOST if len(still_open) > MOST else 0,
        "done": lines_of(every.filter(done_on__gte=since).order_by("-done_on", "-pk")[:MOST], boards),
        "mine": mine,
        "may_hand_over": boards_where(user, Right.HAND_OVER).exists(),
    }
    return render(request, "steps/steps.html", context)


@get_or_post
def step(request: HttpRequest, uid: UUID, decision: UUID, number: int) -> HttpResponse:
    """One next step, counted from 0: mark it done, or open again."""
    chart = open_chart(request, uid)
    found = step_of(chart, decision, number)
    posted = request.method == "POST"
    if posted and "reopen" in request.POST:
        return done(request, chart, found, None)
    initial = {"done_on": found.done_on or timezone.localdate()}
    form = DoneForm(request.POST if posted else None, initial=initial)
    if form.is_bound and form.is_valid():
        return done(request, chart, found, form.cleaned_data["done_on"])
    if not posted:
        log_read(by=chart.user, case=chart.case, page="next step")
    (line,) = lines_of([found])
    context = chart.page(
        "decision", line=line, form=form, back=back_in(request),
        decision=found.decision, problems=form.problems() if form.is_bound else [],
    )  # fmt: skip
    return render(request, "steps/step.html", context, status=422 if posted else 200)


def step_of(chart: Chart, decision: UUID, number: int) -> NextStep:
    """A step of the case's standing decision; 404 for any other, also for one that is superseded."""
    signed = signed_decision(chart, decision)
    found = (
        signed.next_steps.filter(order=number)
        .select_related("decision__case__board", "decision__discussion__board", "holder")
        .first()
    )
    if found is None or signed.status != DecisionStatus.SIGNED or hasattr(signed, "withdrawal"):
        raise Http404("No such step.")
    require_discussion(chart.user, signed.discussion, Right.ENTER)
    return found


def done(request: HttpRequest, chart: Chart, step: NextStep, day: datetime.date | None) -> HttpResponse:
    """Store it, and back to where it was marked."""
    complete_step(by=chart.user, step=step, done_on=day)
    messages.success(request, f"Marked done on {day:%d-%b-%Y}." if day else "The step is open again.")
    if back_in(request) == LIST:
        return redirect("cases:steps")
    return redirect(chart.url("signed", decision=step.decision.uid))


def back_in(request: HttpRequest) -> str:
    """Where the person came from, as the form or the link says."""
    said: Any = request.POST.get("back") or request.GET.get("back")
    return LIST if said == LIST else SIGNED
