"""One next step, accepted option or item of follow-up: what became of it, and what may."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from cases.access import foreign, require_discussion
from cases.actions.access_log import log_read
from cases.actions.following import FollowedItem, complete, end, last_event, postpone, take_back
from cases.actions.planning import not_needed
from cases.actions.steps import reassign_step
from cases.choices import Right, StepState
from cases.forms.base import ChartForm
from cases.forms.steps import DoneForm, HandStepForm, NotDoneForm, NotNeededForm, PostponeForm
from cases.models import Board, Decision, DecisionOption, FollowUpItem, NextStep
from cases.models.option import TAKEN
from cases.screens.follow_lines import FollowLine, lines_of, name_of
from cases.screens.follow_through import Wanted
from cases.screens.proposing import proposals_for
from cases.views.chart import Chart, open_chart
from cases.views.entry import get_or_post
from cases.views.problems import take_errors
from cases.views.signed import signed_decision

LIST, SOURCE = "list", "signed"  # where it is marked, and where its page leads back to
UNDO = "undo"  # of an address: the event to take back
GONE = (StepState.TAKEN_OVER, StepState.REPLACED)


@get_or_post
def step(request: HttpRequest, uid: UUID, decision: UUID, number: int) -> HttpResponse:
    """One next step, counted from 0."""
    chart = open_chart(request, uid)
    steps = standing_decision(chart, decision).next_steps.select_related("holder")
    return one_item(request, chart, steps.filter(order=number).first())


@get_or_post
def option(request: HttpRequest, uid: UUID, decision: UUID, number: int) -> HttpResponse:
    """One option that was taken, counted from 0 among all."""
    chart = open_chart(request, uid)
    options = standing_decision(chart, decision).options.filter(choice__in=TAKEN)
    return one_item(request, chart, options.filter(order=number).first())


@get_or_post
def follow_up_item(request: HttpRequest, uid: UUID, planned: UUID) -> HttpResponse:
    """One item of follow-up, one that a later plan has replaced too."""
    chart = open_chart(request, uid, Right.ENTER)
    items = FollowUpItem.objects.filter(case=chart.case).select_related("case__board", "case__owner")
    found = items.filter(uid=planned).first()
    if found is None:
        raise foreign(chart.user, FollowUpItem, uid=planned)
    return one_item(request, chart, found)


def standing_decision(chart: Chart, uid: UUID) -> Decision:
    """A decision of the case that stands, for who may enter there; 404 for one that is superseded."""
    signed = signed_decision(chart, uid)
    if not signed.stands:
        raise Http404("No such decision.")
    require_discussion(chart.user, signed.discussion, Right.ENTER)
    return signed


def one_item(request: HttpRequest, chart: Chart, item: FollowedItem | None) -> HttpResponse:
    """Its page, or what the pressed button says."""
    if item is None:
        raise Http404("Nothing of that number is followed.")
    (line,) = lines_of([item], may_mark=True, proposals=proposals_of(item))
    if request.method == "POST":
        return follow(request, chart, line)
    log_read(by=chart.user, case=chart.case, page=line.noun.lower())
    return show_item(request, chart, line, forms_of(line))


def proposals_of(item: FollowedItem) -> Mapping[int, Any]:
    """What the record shows of an option."""
    return proposals_for([item]) if isinstance(item, DecisionOption) else {}


def follow(request: HttpRequest, chart: Chart, line: FollowLine) -> HttpResponse:
    """Store it; or show the page again with what is to be corrected."""
    if request.GET.get(UNDO, "").isdecimal():
        return taken_back(request, chart, line, int(request.GET[UNDO][:18]))
    act = request.POST.get("act", "reopen" if "reopen" in request.POST else "done")
    if act == "reopen":
        complete(by=chart.user, item=line.item, done_on=None)
        return back(request, line, f"{line.noun}: open again.")
    forms = forms_of(line)
    if FORMS.get(act) not in forms:
        raise Http404("No such act.")
    form = forms[FORMS[act]] = type(forms[FORMS[act]])(request.POST)
    if form.is_valid():
        try:
            return back(request, line, stored(chart, line, act, form.cleaned_data, request.POST))
        except ValidationError as error:
            take_errors(form, error)
    return show_item(request, chart, line, forms, form.problems())


def stored(chart: Chart, line: FollowLine, act: str, data: Mapping[str, Any], sent: QueryDict) -> str:
    """Do it; what is said of it then."""
    item, by = line.item, chart.user
    if act == "done":
        shown = line.proposal is not None and sent.get("shown_by") == str(line.proposal.uid)
        shown_by = line.proposal.uid if line.proposal and shown else None
        complete(by=by, item=item, done_on=data["done_on"], shown_by=shown_by)
        return f"{line.noun}: marked done on {data['done_on']:%d-%b-%Y}."
    if act == "hand" and isinstance(item, NextStep):
        name = data["owner_name"].strip()
        reassign_step(by=by, step=item, owner_name=name, owner=members_of(line.board).get(name))
        return f"Handed to {name}."
    if act == "postpone":
        postpone(by=by, item=item, due_on=data["due_on"], text=data["text"])
        return f"{line.noun}: postponed to {data['due_on']:%d-%b-%Y}."
    if act == "not_needed" and isinstance(item, FollowUpItem):
        not_needed(by=by, item=item, text=data["text"])
        return "Follow-up: marked as not needed any more."
    partly = act == "partly"
    end(by=by, item=item, reason=data["reason"], text=data["text"], partly=partly)
    return f"{line.noun}: marked as {'done in part' if partly else 'not done'}."


FORMS = {
    "done": "done",
    "hand": "hand",
    "postpone": "postpone",
    "not_done": "end",
    "partly": "end",
    "not_needed": "not_needed",
}


def forms_of(line: FollowLine) -> dict[str, ChartForm]:
    """A form for each thing that may become of it."""
    forms: dict[str, ChartForm] = {
        "done": DoneForm(initial={"done_on": line.done_on}),
        "postpone": PostponeForm(),
        "end": NotDoneForm(),
    }
    if isinstance(line.item, FollowUpItem):
        return forms | {"not_needed": NotNeededForm()}
    return forms | {"hand": HandStepForm()} if isinstance(line.item, NextStep) else forms


def taken_back(request: HttpRequest, chart: Chart, line: FollowLine, event: int) -> HttpResponse:
    """Take back the last act, unless something has happened since."""
    try:
        take_back(by=chart.user, item=line.item, event=event)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(way_back(request, line))
    messages.success(request, f"{line.noun}: the last act is taken back. Both are kept.")
    return redirect(way_back(request, line))


def members_of(board: Board) -> dict[str, User]:
    """The board's people by full name."""
    return {name_of(person): person for person in board.members.all()}


def show_item(
    request: HttpRequest,
    chart: Chart,
    line: FollowLine,
    forms: Mapping[str, ChartForm],
    problems: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """The item, its events, and the forms."""
    last = last_event(line.item)
    tab = "follow-up" if isinstance(line.item, FollowUpItem) else "decision"
    context = chart.page(
        tab, line=line, forms=forms, problems=problems, gone=line.item.state in GONE,
        back=back_in(request), filter=filter_in(request), then=then_in(request), way=way_back(request, line),
        undo=undo_url(request, line) if last and line.item.state not in GONE else "",
        events=line.item.events.select_related("by"), members=members_of(line.board),
    )  # fmt: skip
    return render(request, "steps/step.html", context, status=422 if problems else 200)


def back(request: HttpRequest, line: FollowLine, said: str) -> HttpResponse:
    """Back to where it was marked, with the way to take it back."""
    messages.success(request, said, extra_tags=undo_url(request, line))
    return redirect(way_back(request, line))


def undo_url(request: HttpRequest, line: FollowLine) -> str:
    """Where the last act is taken back, to return to the same page."""
    last = last_event(line.item)
    asked = {"back": back_in(request), "filter": filter_in(request), "then": line.key}
    return f"{line.url}?{urlencode({UNDO: last.pk, **asked})}" if last else ""


def way_back(request: HttpRequest, line: FollowLine) -> str:
    """The list as it was narrowed, at the next row; or the page of what the item comes from."""
    if back_in(request) != LIST:
        return line.source_url
    asked = QueryDict(filter_in(request))
    after = {"after": asked["after"]} if "after" in asked else {}
    query = urlencode(Wanted.of(asked.dict()).asked | after)
    then = then_in(request)
    return reverse("cases:steps") + (f"?{query}" if query else "") + (f"#{then}" if then else "")


def back_in(request: HttpRequest) -> str:
    """Where the person came from, as the form or the link says."""
    return LIST if said_in(request, "back") == LIST else SOURCE


def filter_in(request: HttpRequest) -> str:
    """How the list was narrowed."""
    return said_in(request, "filter")[:300]


def then_in(request: HttpRequest) -> str:
    """The row that the list goes on with: letters, digits and "-"."""
    return "".join(sign for sign in said_in(request, "then")[:40] if sign.isalnum() or sign in "-_")


def said_in(request: HttpRequest, name: str) -> str:
    """A word of the form, else of the address."""
    return str(request.POST.get(name) or request.GET.get(name) or "")
