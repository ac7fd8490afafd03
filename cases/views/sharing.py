"""Shared with other boards: which ones, why, and the ways to share and to stop."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cases.access import foreign
from cases.actions.access_log import log_read
from cases.actions.sharing import grant_case, revoke_grant
from cases.choices import Right
from cases.forms.sharing import GrantForm, RevokeForm
from cases.models import CaseGrant
from cases.screens.sharing import shared_with
from cases.views.chart import Chart, open_chart
from cases.views.entry import get_or_post
from cases.views.problems import take_errors


@get_or_post
def shared(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The boards that see this case; a post shares it with one more."""
    chart = open_chart(request, uid, Right.ENTER)
    if request.method != "POST":
        log_read(by=chart.user, case=chart.case, page="shared")
        return show(request, chart, GrantForm(case=chart.case))
    form = GrantForm(request.POST, case=chart.case)
    if form.is_valid():
        board, reason = form.cleaned_data["board"], form.cleaned_data["reason"]
        try:
            grant_case(by=chart.user, case=chart.case, board=board, reason=reason)
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, f"Shared with {board.name}: its members can read this case.")
            return redirect(chart.url("shared"))
    return show(request, chart, form)


@require_POST
def revoke(request: HttpRequest, uid: UUID, grant: UUID) -> HttpResponse:
    """Stop sharing with one board."""
    chart = open_chart(request, uid, Right.ENTER)
    found = chart.case.grants.select_related("case__board", "board").filter(uid=grant).first()
    if found is None:
        raise foreign(chart.user, CaseGrant, uid=grant)
    form = RevokeForm(request.POST)
    if form.is_valid():
        try:
            revoke_grant(by=chart.user, grant=found, reason=form.cleaned_data["revoke_reason"])
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, f"No longer shared with {found.board.name}.")
            return redirect(chart.url("shared"))
    return show(request, chart, GrantForm(case=chart.case), form, grant)


def show(
    request: HttpRequest,
    chart: Chart,
    form: GrantForm,
    revoking: RevokeForm | None = None,
    refused: UUID | None = None,
) -> HttpResponse:
    """The page. `refused` is the grant whose revocation lacks something."""
    standing, ended = shared_with(chart.case)
    problems = revoking.problems() if revoking else form.problems() if form.is_bound else []
    context = chart.page(
        "shared", standing=standing, ended=ended, form=form, refused=refused, revoking=revoking,
        problems=problems,
    )  # fmt: skip
    return render(request, "entry/shared.html", context, status=422 if problems else 200)
