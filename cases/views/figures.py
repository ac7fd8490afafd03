"""The figures of a board over a period: the page, the same as a file, and the cases behind a number."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.access import board_or_404, figures_or_404
from cases.actions.access_log import log_figures, log_list
from cases.figures.shown import shown_to
from cases.forms.period import PeriodForm
from cases.screens.figures import (
    HEADINGS,
    cases_behind,
    drawn,
    lines_of,
    report_for,
    rows_of,
    sight_of,
)
from guidelines.show.exports import csv_of

MOST = 200  # cases in one list


@require_GET
def figures(request: HttpRequest, slug: str) -> HttpResponse:
    """Every figure with its definition, its picture and its table."""
    user = cast(User, request.user)
    board, reads = figures_or_404(user, slug)
    form = period_form(request)
    context = {"board": board, "form": form, "reads": reads, "years": years()}
    if not form.is_valid():
        return render(request, "board/figures.html", context, status=422)
    first, last = form.period
    report = report_for(board, first, last, timezone.localdate())
    context |= {
        "form": PeriodForm(initial={"from": first, "to": last}, today=timezone.localdate()),
        "report": report,
        "groups": drawn(shown_to(report, sight_of(user, board, reads=reads))),
        "address": address_of(form),
    }
    return render(request, "board/figures.html", context)


@require_GET
def figures_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The same numbers as CSV."""
    user = cast(User, request.user)
    board, reads = figures_or_404(user, slug)
    form = period_form(request)
    if not form.is_valid():
        return render(
            request, "board/figures.html", {"board": board, "form": form, "years": years()}, status=422
        )
    first, last = form.period
    report = report_for(board, first, last, timezone.localdate())
    groups = shown_to(report, sight_of(user, board, reads=reads))
    log_figures(by=user, board=board, first=first, last=last)
    response = HttpResponse(csv_of(HEADINGS, rows_of(groups)), content_type="text/csv; charset=utf-8")
    name = f"figures-{board.slug}-{first:%Y-%m-%d}-{last:%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
def figure_cases(request: HttpRequest, slug: str) -> HttpResponse:
    """The cases behind one number, for who may read the board's cases."""
    user = cast(User, request.user)
    board = board_or_404(user, slug)
    form = period_form(request)
    if not form.is_valid():
        raise Http404("No such period.")
    first, last = form.period
    found = cases_behind(
        user,
        report_for(board, first, last, timezone.localdate()),
        request.GET.get("figure", "outcomes"),
        request.GET.get("line", ""),
    )
    if found is None:
        raise Http404("No such figure.")
    title, cases = found
    log_list(by=user, page="figures", cases=cases[:MOST], board=board)
    context: dict[str, Any] = {
        "board": board, "title": title, "lines": lines_of(cases[:MOST], board), "number": len(cases),
        "first": first, "last": last, "address": address_of(form),
    }  # fmt: skip
    return render(request, "board/figure_cases.html", context)


def period_form(request: HttpRequest) -> PeriodForm:
    """The period in the address, or in what was sent."""
    sent = request.POST if request.method == "POST" else request.GET
    return PeriodForm(sent, today=timezone.localdate())


def years() -> list[int]:
    """Those that the page offers: this one and the one before."""
    this = timezone.localdate().year
    return [this, this - 1]


def address_of(form: PeriodForm) -> str:
    """The period as a query string."""
    first, last = form.period
    return urlencode({"from": f"{first:%d-%b-%Y}", "to": f"{last:%d-%b-%Y}"})
