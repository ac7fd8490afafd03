"""What becomes of the next steps: those of the reader's boards, and each marked done with its day."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.access import boards_where, require_discussion
from cases.actions.access_log import log_read
from cases.actions.steps import complete_step, end_step, postpone_step, reassign_step
from cases.choices import DecisionStatus, Right
from cases.forms.base import ChartForm
from cases.forms.steps import DoneForm, HandStepForm, NotDoneForm, PostponeForm
from cases.models import Board, NextStep
from cases.models.step import OPEN_STATES
from cases.views.chart import Chart, open_chart
from cases.views.entry import get_or_post
from cases.views.problems import take_errors
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
    """One next step, counted from 0: what became of it, and what may."""
    chart = open_chart(request, uid)
    found = step_of(chart, decision, number)
    if request.method == "POST":
        return follow(request, chart, found)
    log_read(by=chart.user, case=chart.case, page="next step")
    return show_step(request, chart, found, forms_of(found))


def follow(request: HttpRequest, chart: Chart, step: NextStep) -> HttpResponse:
    """Store what the pressed button says; or show the page again with what is to be corrected."""
    act = request.POST.get("act", "reopen" if "reopen" in request.POST else "done")
    forms = forms_of(step)
    if act == "reopen":
        complete_step(by=chart.user, step=step, done_on=None)
        return back(request, chart, step, "The step is open again.")
    if act not in FORMS:
        raise Http404("No such act.")
    form = forms[FORMS[act]] = type(forms[FORMS[act]])(request.POST)
    if form.is_valid():
        try:
            return back(request, chart, step, stored(chart, step, act, form.cleaned_data))
        except ValidationError as error:
            take_errors(form, error)
    return show_step(request, chart, step, forms, form.problems())


def stored(chart: Chart, step: NextStep, act: str, data: Mapping[str, Any]) -> str:
    """Do it; what is said of it then."""
    if act == "done":
        complete_step(by=chart.user, step=step, done_on=data["done_on"])
        return f"Marked done on {data['done_on']:%d-%b-%Y}."
    if act == "hand":
        member = members_of(step.decision.discussion.board).get(data["owner_name"].strip())
        reassign_step(by=chart.user, step=step, owner_name=data["owner_name"], owner=member)
        return f"Handed to {data['owner_name'].strip()}."
    if act == "postpone":
        postpone_step(by=chart.user, step=step, due_on=data["due_on"], text=data["text"])
        return f"Postponed to {data['due_on']:%d-%b-%Y}."
    partly = act == "partly"
    end_step(by=chart.user, step=step, reason=data["reason"], text=data["text"], partly=partly)
    return "Marked as done in part." if partly else "Marked as not done."


FORMS = {"done": "done", "hand": "hand", "postpone": "postpone", "not_done": "end", "partly": "end"}


def forms_of(step: NextStep) -> dict[str, ChartForm]:
    """A form for each thing that may become of a step."""
    return {
        "done": DoneForm(initial={"done_on": step.done_on or timezone.localdate()}),
        "hand": HandStepForm(),
        "postpone": PostponeForm(),
        "end": NotDoneForm(),
    }


def members_of(board: Board) -> dict[str, User]:
    """The board's people by full name."""
    return {person.get_full_name() or person.get_username(): person for person in board.members.all()}


def show_step(
    request: HttpRequest,
    chart: Chart,
    step: NextStep,
    forms: Mapping[str, ChartForm],
    problems: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """The step, its events, and the forms."""
    (line,) = lines_of([step])
    context = chart.page(
        "decision", line=line, forms=forms, back=back_in(request), decision=step.decision, problems=problems,
        events=step.events.select_related("by"), members=members_of(step.decision.discussion.board),
    )  # fmt: skip
    return render(request, "steps/step.html", context, status=422 if problems else 200)


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


def back(request: HttpRequest, chart: Chart, step: NextStep, said: str) -> HttpResponse:
    """Back to where it was marked."""
    messages.success(request, said)
    if back_in(request) == LIST:
        return redirect("cases:steps")
    return redirect(chart.url("signed", decision=step.decision.uid))


def back_in(request: HttpRequest) -> str:
    """Where the person came from, as the form or the link says."""
    said: Any = request.POST.get("back") or request.GET.get("back")
    return LIST if said == LIST else SIGNED
