"""Signed decisions: shown from their snapshots and nothing else, superseded."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cases.access import part_or_404, require_discussion, rights_on_discussion
from cases.actions.access_log import log_read
from cases.actions.deciding import supersede_decision, withdraw_decision
from cases.actions.printing import withdrawal_in_words
from cases.choices import Right
from cases.forms.signing import SupersedeForm, WithdrawForm
from cases.models import Case, Decision, Discussion, Letter
from cases.models.option import TAKEN
from cases.screens.decided import frozen_in_words
from cases.screens.follow_lines import FollowLine, lines_of
from cases.screens.identity import identity_since
from cases.screens.proposing import proposals_for
from cases.screens.signed import signed_answer
from cases.snapshot.digest import is_intact
from cases.snapshot.read import read
from cases.views.chart import Chart, open_chart
from cases.views.problems import problems_of, take_errors


@require_GET
def signed(request: HttpRequest, uid: UUID, decision: UUID) -> HttpResponse:
    """A signed decision."""
    chart = open_chart(request, uid)
    found = signed_decision(chart, decision)
    log_read(by=chart.user, case=chart.case, page="signed decision")
    return show_signed(request, chart, found)


def signed_decision(chart: Chart, uid: UUID) -> Decision:
    """A decision of this case that has been signed; 404 for anything else."""
    found = part_or_404(chart.user, Decision, uid)
    if found.case_id != chart.case.pk or not found.is_signed:
        raise Http404("No such decision.")
    return found


def show_signed(
    request: HttpRequest,
    chart: Chart,
    decision: Decision,
    form: SupersedeForm | None = None,
    withdrawing: WithdrawForm | None = None,
) -> HttpResponse:
    """What was frozen, with what became of it since, and the ways on."""
    problems = [*(problems_of(form) if form else ()), *(problems_of(withdrawing) if withdrawing else ())]
    frozen = read(decision.snapshot or {})
    context = chart.page(
        "decision",
        marked=False,
        decision=decision,
        frozen=frozen,
        content=frozen_in_words(frozen),
        answer=signed_answer(frozen),
        form=form or SupersedeForm(),
        withdrawing=withdrawing or WithdrawForm(),
        intact=is_intact(decision),
        since=identity_since(frozen.patient, chart.case.patient),
        followed=followed_of(chart, decision),
        others=others_than(decision),
        withdrawal=withdrawal_of(decision),
        may_decide=Right.SCRIBE in rights_on_discussion(chart.user, decision.discussion),
        may_sign=Right.SIGN in rights_on_discussion(chart.user, decision.discussion),
        may_write=may_write(chart, decision),
        letters=Letter.objects.filter(decision=decision).select_related("by"),
        problems=problems,
        meeting=chart.meeting_of(decision.discussion),
        next=next_on_agenda(chart, decision.discussion),
    )
    return render(request, "decision/signed.html", context, status=422 if problems else 200)


def may_write(chart: Chart, decision: Decision) -> bool:
    """Whether the person may write letters of it: of a decision that stands, who drafts decisions."""
    return decision.stands and Right.SCRIBE in rights_on_discussion(chart.user, decision.discussion)


def next_on_agenda(chart: Chart, discussion: Discussion) -> Discussion | None:
    """The case to decide next at the same meeting, of those the person may see: the next open one, else the
    first that was left open.
    """
    meeting = chart.meeting_of(discussion)
    if meeting is None:
        return None
    seen = Case.objects.visible_to(chart.user)
    listed = meeting.discussions.open().filter(case__in=seen).select_related("case")  # type: ignore[attr-defined]
    left = sorted(listed, key=lambda one: (one.place < discussion.place, one.place))
    return next(iter(left), None)


def others_than(decision: Decision) -> list[Decision]:
    """The case's other signed decisions, each with whether it was entered in error."""
    found = Decision.objects.filter(case=decision.case_id).exclude(pk=decision.pk)
    return [one for one in found.select_related("withdrawal").defer("snapshot") if one.is_signed]


def withdrawal_of(decision: Decision) -> str:
    """Why it was entered in error, by whom and when; "" where it stands."""
    found = getattr(decision, "withdrawal", None)
    return withdrawal_in_words(found) if found else ""


def followed_of(chart: Chart, decision: Decision) -> list[FollowLine]:
    """What became of the options taken and of the next steps; of a decision that still stands they are marked
    here.
    """
    enters = Right.ENTER in rights_on_discussion(chart.user, decision.discussion)
    stands = decision.stands and enters
    related = ("decision__case__owner", "decision__case__board", "decision__discussion__board")
    options = decision.options.filter(choice__in=TAKEN).select_related(*related).prefetch_related("events")
    steps = decision.next_steps.select_related(*related).prefetch_related("events")
    proposals = proposals_for(list(options)) if stands else {}
    return [*lines_of(options, stands, proposals), *lines_of(steps, stands)]


@require_POST
def supersede(request: HttpRequest, uid: UUID, decision: UUID) -> HttpResponse:
    """Open a draft that takes a signed decision's place once it is signed itself."""
    chart = open_chart(request, uid)
    found = signed_decision(chart, decision)
    require_discussion(chart.user, found.discussion, Right.SCRIBE)
    form = SupersedeForm(request.POST)
    if not form.is_valid():
        return show_signed(request, chart, found, form)
    try:
        supersede_decision(by=chart.user, decision=found, reason=form.cleaned_data["reason"])
    except ValidationError as error:
        take_errors(form, error)
        return show_signed(request, chart, found, form)
    return redirect(chart.url("decision"))


@require_POST
def withdraw(request: HttpRequest, uid: UUID, decision: UUID) -> HttpResponse:
    """Mark a signed decision as entered in error; it stays as it was signed, with the stamp."""
    chart = open_chart(request, uid)
    found = signed_decision(chart, decision)
    require_discussion(chart.user, found.discussion, Right.SIGN)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            withdraw_decision(by=chart.user, decision=found, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, "Marked as entered in error.")
            return redirect(chart.url("signed", decision=found.uid))
    return show_signed(request, chart, found, withdrawing=form)
