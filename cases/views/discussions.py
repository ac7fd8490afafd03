"""Every discussion of a case: when, by which board, how it ended, what was decided."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.actions.access_log import log_read
from cases.screens.discussed import discussed
from cases.views.chart import open_chart


@require_GET
def discussions(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The discussions of a case, the latest first."""
    chart = open_chart(request, uid)
    log_read(by=chart.user, case=chart.case, page="discussions")
    context = chart.page("discussions", lines=discussed(chart.case, chart.user))
    return render(request, "entry/discussions.html", context)
