"""A FHIR bundle on its way into a case: brought, looked at, and accepted fact by fact."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cases.actions.access_log import log_read
from cases.actions.edits import StaleEdit
from cases.actions.import_parts import NotTold
from cases.actions.proposed import accept_proposals
from cases.choices import Right
from cases.exchange.bundles.intake import BundleRefused
from cases.forms.bundles import BundleForm
from cases.screens.bundles import GONE, plan_of
from cases.views.chart import Chart, open_chart
from cases.views.entry import get_or_post
from config.kept_files import OpenedFile, discard_file, file_of, keep_file, waiting

SAME_PERSON = "Tick that the bundle is of this patient, or take nothing over."


def purpose_of_bundle(chart: Chart) -> str:
    """What a kept bundle is for: this case and no other."""
    return f"bundle {chart.case.pk}"


@get_or_post
def bring_bundle(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Bring a bundle; it is kept encrypted for as long as somebody looks at it."""
    chart = open_chart(request, uid, Right.ENTER)
    form = BundleForm(request.POST, request.FILES) if request.method == "POST" else BundleForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["bundle"]
        data = file.read()
        try:
            plan_of(data, chart.record, "")
        except BundleRefused as error:
            form.add_error("bundle", str(error))
        else:
            row = keep_file(chart.user, purpose_of_bundle(chart), file.name or "", data)
            return redirect(chart.url("bundle", brought=row.token))
    if not form.is_bound:
        log_read(by=chart.user, case=chart.case, page="bundles")
    problems = form.problems() if form.is_bound else []
    kept = list(waiting(chart.user, purpose_of_bundle(chart)))
    context = chart.page("bundles", form=form, problems=problems, waiting=kept)
    return render(request, "exchange/bundles.html", context, status=422 if problems else 200)


@get_or_post
def bundle(request: HttpRequest, uid: UUID, brought: UUID) -> HttpResponse:
    """What the bundle proposes beside what the record holds; posted, what was ticked is taken over."""
    chart = open_chart(request, uid, Right.ENTER)
    kept = kept_bundle(chart, brought)
    if request.method == "POST":
        return take(request, chart, kept)
    log_read(by=chart.user, case=chart.case, page="bundle")
    return show(request, chart, kept, request.GET.get("tumor", ""))


def kept_bundle(chart: Chart, token: UUID) -> OpenedFile:
    """The bundle behind a token, if it is this person's for this case and not too old."""
    kept = file_of(chart.user, purpose_of_bundle(chart), token)
    if kept is None:
        raise Http404("No such bundle.")
    return kept


def show(
    request: HttpRequest, chart: Chart, kept: OpenedFile, tumor: str, problems: Any = (), status: int = 200
) -> HttpResponse:
    """The page; what was ticked stays ticked."""
    plan = plan_of(kept.data, chart.record, tumor)
    context = chart.page(
        "bundles",
        plan=plan,
        lines=plan.lines if plan.tumor or len(plan.reading.neoplasms) < 2 else [],
        bundle=kept,
        problems=list(problems),
        ticked=request.POST.getlist("tick"),
    )
    return render(request, "exchange/bundle.html", context, status=status)


def take(request: HttpRequest, chart: Chart, kept: OpenedFile) -> HttpResponse:
    """Take over what was ticked, through the acts by which people enter it."""
    tumor, ticks = request.POST.get("tumor", ""), request.POST.getlist("tick")
    plan = plan_of(kept.data, chart.record, tumor)
    if not ticks:
        return show(request, chart, kept, tumor, [("", "Nothing is ticked, so nothing was taken over.")], 422)
    if plan.mismatches and "same_person" not in request.POST:
        return show(request, chart, kept, tumor, [("id_same_person", SAME_PERSON)], 422)
    try:
        accepted = plan.accepted(ticks, kept.name)
        accept_proposals(by=chart.user, case=chart.case, accepted=accepted)
    except (NotTold, StaleEdit):
        return show(request, chart, kept, tumor, [("", GONE)], 409)
    except ValidationError as error:
        return show(request, chart, kept, tumor, [("", one) for one in error.messages], 422)
    number = len(ticks)
    messages.success(request, f"Taken over: {number} fact{'' if number == 1 else 's'}.")
    return redirect(f"{chart.url('bundle', brought=kept.row.token)}?tumor={plan.tumor}")


@require_POST
def discard_bundle(request: HttpRequest, uid: UUID, brought: UUID) -> HttpResponse:
    """Delete the file here."""
    chart = open_chart(request, uid, Right.ENTER)
    discard_file(chart.user, purpose_of_bundle(chart), brought)
    messages.success(request, "The bundle is deleted here.")
    return redirect(chart.url("bundles"))
