"""A discussion that ends without a decision for now, and the way back to it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cases.access import require_discussion
from cases.actions.edits import StaleEdit
from cases.actions.leading import Deferral, reopen
from cases.actions.leading import defer as defer_discussion
from cases.choices import DecisionStatus, Right
from cases.forms.deferral import DeferralForm
from cases.views.chart import open_current
from cases.views.decision import show, shown_forms
from cases.views.problems import take_errors


@require_POST
def defer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Defer the case; a draft goes with it, as it was shown."""
    chart = open_current(request, uid)
    if chart.discussion is None:
        return redirect(chart.url("decision"))
    require_discussion(chart.user, chart.discussion, Right.SCRIBE)
    draft, form = chart.decision(DecisionStatus.DRAFT), DeferralForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        deferral = Deferral(data["reason"], data["awaited"], data["awaited_from"], data["awaited_by"])
        try:
            defer_discussion(
                by=chart.user, discussion=chart.discussion, deferral=deferral, discard=data["draft"]
            )
        except StaleEdit:
            form.add_error(None, "Somebody changed the draft meanwhile; read it before you discard it.")
            form.data = {**request.POST.dict(), form.add_prefix("draft"): str(draft.version if draft else "")}
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, "Deferred. The case comes back to the readiness list by itself.")
            return redirect(chart.url("decision"))
    return show(request, chart, draft, shown_forms(chart, draft), status=422, deferral=form)


@require_POST
def take_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Open a deferred discussion again while its meeting is not closed."""
    chart = open_current(request, uid)
    if chart.discussion is not None:
        try:
            reopen(by=chart.user, discussion=chart.discussion)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect(chart.url("decision"))
