"""A FHIR bundle on its way into a case: brought, looked at, and accepted fact by fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from cases.actions.access_log import log_read
from cases.actions.edits import StaleEdit
from cases.actions.import_parts import NotTold
from cases.actions.posting import close_bundle
from cases.actions.proposed import accept_proposals
from cases.choices import Right
from cases.exchange.bundles.intake import BundleRefused
from cases.forms.bundles import BundleForm
from cases.models import PostedBundle
from cases.screens.bundles import GONE, plan_of
from cases.views.chart import Chart, open_chart
from cases.views.entry import get_or_post
from config.kept_files import discard_file, file_of, keep_file, waiting

SAME_PERSON = "Tick that the bundle is of this patient, or take nothing over."


@dataclass(frozen=True, slots=True)
class BundleAtCase:
    """A bundle that a person brought, or another program posted. `address` and `discard`: its pages; `told`:
    how long it stays, in words.
    """

    name: str
    data: bytes
    address: str
    discard: str
    told: str


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
    posted = PostedBundle.objects.filter(case=chart.case, closed_at=None).defer("content")
    context = chart.page("bundles", form=form, problems=problems, waiting=kept, posted=posted)
    return render(request, "exchange/bundles.html", context, status=422 if problems else 200)


@get_or_post
def bundle(request: HttpRequest, uid: UUID, brought: UUID) -> HttpResponse:
    """What the bundle proposes beside what the record holds; posted, what was ticked is taken over."""
    chart = open_chart(request, uid, Right.ENTER)
    return taken_or_shown(request, chart, kept_bundle(chart, brought))


@get_or_post
def posted_bundle(request: HttpRequest, uid: UUID, posted: UUID) -> HttpResponse:
    """The same of one that another program has posted, for everybody who may enter."""
    chart = open_chart(request, uid, Right.ENTER)
    found = waiting_bundle(chart, posted)
    at = timezone.localtime(found.at)
    told = f"Posted by {found.name} on {at:%d-%b-%Y, %H:%M}. It waits until somebody is done with it."
    address, discard = (chart.url(name, posted=posted) for name in ("posted_bundle", "close_posted_bundle"))
    bundle = BundleAtCase(found.name, bytes(found.content or b""), address, discard, told)
    return taken_or_shown(request, chart, bundle)


@require_POST
def close_posted_bundle(request: HttpRequest, uid: UUID, posted: UUID) -> HttpResponse:
    """Somebody is done with it."""
    chart = open_chart(request, uid, Right.ENTER)
    close_bundle(by=chart.user, posted=waiting_bundle(chart, posted))
    messages.success(request, "The bundle is deleted here; what was taken over stays.")
    return redirect(chart.url("bundles"))


def waiting_bundle(chart: Chart, uid: UUID) -> PostedBundle:
    """A bundle that waits at this case."""
    found = PostedBundle.objects.filter(case=chart.case, uid=uid, closed_at=None).first()
    if found is None:
        raise Http404("No such bundle.")
    return found


def kept_bundle(chart: Chart, token: UUID) -> BundleAtCase:
    """The bundle behind a token, if it is this person's for this case and not too old."""
    kept = file_of(chart.user, purpose_of_bundle(chart), token)
    if kept is None:
        raise Http404("No such bundle.")
    told = f"Kept encrypted, for you alone, until {timezone.localtime(kept.row.until):%H:%M}."
    address, discard = (chart.url(name, brought=token) for name in ("bundle", "discard_bundle"))
    return BundleAtCase(kept.name, kept.data, address, discard, told)


def taken_or_shown(request: HttpRequest, chart: Chart, kept: BundleAtCase) -> HttpResponse:
    """Posted, what was ticked is taken over; else the page."""
    if request.method == "POST":
        return take(request, chart, kept)
    log_read(by=chart.user, case=chart.case, page="bundle")
    return show(request, chart, kept, request.GET.get("tumor", ""))


def show(
    request: HttpRequest, chart: Chart, kept: BundleAtCase, tumor: str, problems: Any = (), status: int = 200
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


def take(request: HttpRequest, chart: Chart, kept: BundleAtCase) -> HttpResponse:
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
    return redirect(f"{kept.address}?tumor={plan.tumor}")


@require_POST
def discard_bundle(request: HttpRequest, uid: UUID, brought: UUID) -> HttpResponse:
    """Delete the file here."""
    chart = open_chart(request, uid, Right.ENTER)
    discard_file(chart.user, purpose_of_bundle(chart), brought)
    messages.success(request, "The bundle is deleted here.")
    return redirect(chart.url("bundles"))
