"""One option of a case: why it stands where it does, as a page or inside its row."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.actions.access_log import log_read
from cases.record import CaseRecord
from cases.views.chart import Chart, open_current
from guidelines.show.said import said


@require_GET
def option(request: HttpRequest, uid: UUID, code: str) -> HttpResponse:
    """A part of the panel for its own script, a page for everybody else."""
    chart = open_current(request, uid)
    if request.headers.get("HX-Request"):
        return fragment(request, chart, code)
    log_read(by=chart.user, case=chart.case, page="option")
    context = chart.page("option", **{"panel": chart.panel(), **chart.behind(code)})
    body = context.get("body")
    if body and body.verdict:
        context["said"] = said(chart.guideline, body.verdict.id, query=body.edition)
    return render(request, "entry/option.html", context)


def fragment(request: HttpRequest, chart: Chart, code: str, record: CaseRecord | None = None) -> HttpResponse:
    """What is put into the row, from the stored record or from one that is not saved yet."""
    response = render(request, "panel/_behind.html", chart.behind(code, record))
    response.headers["HX-Push-Url"] = "false"  # the page around stays the same
    return response
