"""Which of several reports that contradict each other decides."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cases.actions.access_log import log_read
from cases.actions.edits import StaleEdit
from cases.actions.naming import name_deciding, name_none
from cases.choices import Right
from cases.forms.naming import NONE, NamingForm
from cases.models import PathologyReport
from cases.screens.contests import nameable, named_one
from cases.views.chart import PARTS, Chart, open_chart
from cases.views.entry import get_or_post, undo_address
from cases.views.problems import take_errors

PATHOLOGY = PARTS["pathology"]


@get_or_post
def deciding_report(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Name the report that decides, or take that back."""
    chart = open_chart(request, uid, Right.JUDGE)
    listed = nameable(chart.facts.contests)
    reports = {f"{report.uid}.{report.version}": report for report, _ in listed}
    if not reports:
        messages.info(request, "No pathology reports contradict each other.")
        return redirect(chart.part_url(PATHOLOGY))
    named = named_one(chart.facts.contests)
    form = NamingForm(
        request.POST if request.method == "POST" else None,
        reports=[(code, says) for code, (_, says) in zip(reports, listed, strict=True)],
        may_be_none=named is not None,
        initial={"report": f"{named.uid}.{named.version}", "reason": named.deciding_reason} if named else {},
    )
    if request.method != "POST":
        log_read(by=chart.user, case=chart.case, page="deciding report")
    elif form.is_valid():
        code = form.cleaned_data["report"]
        report = named if code == NONE else reports[code]
        if report is not None and decide(request, chart, form, report, takes_back=code == NONE):
            return redirect(chart.url("item", part=PATHOLOGY.slug, item=report.uid))
    context = chart.page(
        PATHOLOGY.slug, form=form, problems=form.problems(), panel=chart.panel(), contests=()
    )
    return render(request, "entry/deciding.html", context, status=422 if form.errors else 200)


def decide(
    request: HttpRequest, chart: Chart, form: NamingForm, report: PathologyReport, *, takes_back: bool
) -> bool:
    """Call the action and say what it did; what it refuses stands in the form."""
    try:
        if takes_back:
            saved = name_none(by=chart.user, report=report, version=report.version)
        else:
            reason = form.cleaned_data["reason"]
            saved = name_deciding(by=chart.user, report=report, reason=reason, version=report.version)
    except (StaleEdit, ValidationError) as refused:
        take_errors(form, refused if isinstance(refused, ValidationError) else ValidationError(str(refused)))
        return False
    text = "No report is named any more." if takes_back else "This report decides."
    messages.success(request, text, extra_tags=undo_address(chart, saved, report.version))
    return True
