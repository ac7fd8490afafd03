"""Readiness across coming meetings: what is lacking, who owes it, who was asked; and what deferrals await."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.actions.access_log import log_list, log_read
from cases.actions.asking import note_asked
from cases.actions.indexing import readiness_of_listed
from cases.choices import Outcome, Right
from cases.forms.asking import AskedForm
from cases.forms.what_if import OWNERS
from cases.screens.awaiting import AWAITED, awaited_by, owed_lines
from cases.views.chart import Chart, open_chart
from cases.views.entry import get_or_post
from cases.views.problems import take_errors


@require_GET
def readiness(request: HttpRequest) -> HttpResponse:
    """Every listed case of coming meetings, and every deferred case."""
    user = cast(User, request.user)
    awaited = awaited_by(user)
    lines = [line for _, of_meeting in awaited.meetings for line in of_meeting]
    cases = [*(line.case for line in lines), *(line.case for line in awaited.deferred)]
    log_list(by=user, page="readiness", cases=cases)
    context = {"awaited": awaited, "today": timezone.localdate()}
    return render(request, "meeting/readiness.html", context)


@require_GET
def fact(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    """To the field where a fact is entered."""
    address = open_chart(request, uid).where(name)
    if not address:
        raise Http404("This fact has no field of its own.")
    return redirect(address)


@get_or_post
def asked(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Note that somebody was asked; the page shows what for."""
    chart = open_chart(request, uid, Right.ENTER)
    posted = request.method == "POST"
    owner = (request.POST if posted else request.GET).get("owner", AWAITED)
    wanted = wanted_of(chart, owner)
    if not wanted:
        messages.warning(request, "Nothing is lacking there any more.")
        return redirect("cases:readiness")
    form = AskedForm(request.POST if posted else None, initial={"asked_on": timezone.localdate()})
    if form.is_bound and form.is_valid():
        try:
            note_asked(by=chart.user, case=chart.case, owner=owner, wanted=wanted, **form.cleaned_data)
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, f"Noted: {form.cleaned_data['asked_of']} was asked.")
            return redirect(f"{reverse('cases:readiness')}#case-{chart.case.uid}")
    if not posted:
        log_read(by=chart.user, case=chart.case, page="asked")
    context = chart.page(
        "asked", form=form, owner=owner, wanted=wanted,
        title=OWNERS.get(owner, "What the deferral awaits"), earlier=chart.case.asked.filter(owner=owner),
        problems=form.problems() if form.is_bound else [],
    )  # fmt: skip
    return render(request, "meeting/asked.html", context, status=422 if form.is_bound else 200)


def wanted_of(chart: Chart, owner: str) -> str:
    """What the supplier owes now, in words; what the last deferral awaits; "" where nothing is lacking."""
    if owner == AWAITED:
        deferred = chart.case.discussions.filter(outcome=Outcome.DEFERRED, followed_by=None).last()
        return deferred.awaited if deferred else ""
    if owner not in OWNERS:
        raise Http404("Nobody of that kind owes anything.")
    ready = readiness_of_listed([chart.case])[chart.case.pk]
    lines = {line.owner: line.wanted for line in owed_lines(chart.case.pk, ready, {})}
    return lines.get(owner, "")
