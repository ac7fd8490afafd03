"""A board's cases and decisions as a file: at once, or ordered where they are many."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases.access import board_or_404, may
from cases.actions.access_log import log_export
from cases.actions.ordering import order_table
from cases.choices import Right
from cases.forms.taking_out import TakeOutForm
from cases.jobs import print_order
from cases.models import Board, Case
from cases.models.audit import one_act
from cases.screens.taking_out import (
    CHOICES,
    EVENTS,
    LONG,
    TakenOut,
    cases_chosen,
    decisions_of,
    made,
)
from cases.views.documents import as_attachment
from cases.views.entry import get_or_post
from cases.views.orders import awaited
from cases.views.problems import problems_of


@get_or_post
def take_out(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose; posted, the file, or the order of one that takes long. Each case in it gets its event."""
    user = cast(User, request.user)
    board = board_or_404(user, slug)
    form = TakeOutForm(request.POST if request.method == "POST" else None, **CHOICES)
    if request.method != "POST" or not form.is_valid():
        return show_form(request, board, form)
    wanted = wanted_of(board, form)
    if wanted is None:
        return show_form(request, board, form)
    if len(wanted.rows) > LONG:
        order = order_table(by=user, board=board, wanted=wanted.as_order(), enqueue=print_order.enqueue)
        return awaited(request, order)
    with one_act():
        file, shown = made(board, wanted)
        for case in Case.objects.filter(pk__in=shown).select_related("board").order_by("pk"):
            log_export(by=user, case=case, document=EVENTS[wanted.what])
    return as_attachment(file, wanted)


def show_form(request: HttpRequest, board: Board, form: TakeOutForm) -> HttpResponse:
    """The page."""
    problems = problems_of(form)
    context = {
        "board": board, "form": form, "problems": problems, "most": LONG,
        "enters": may(request.user, board, Right.ENTER),
    }  # fmt: skip
    return render(request, "exchange/out.html", context, status=422 if problems else 200)


def wanted_of(board: Board, form: TakeOutForm) -> TakenOut | None:
    """What the form says; None where that is nothing, which then stands at its box."""
    said = form.cleaned_data
    what, first, last, numbers = said["what"], said["first"], said["last"], said["numbers"]
    is_of_decisions = what == "decisions"
    entered = (None, None) if is_of_decisions else (first, last)
    cases, missing = cases_chosen(
        board, only_open=said["only_open"], first=entered[0], last=entered[1], numbers=numbers
    )
    if missing:
        form.add_error("numbers", f"No such case: {', '.join(missing)}.")
        return None
    all_of_them = is_of_decisions and not numbers and not said["only_open"]
    rows = decisions_of(board, None if all_of_them else cases, first, last) if is_of_decisions else cases
    if not rows:
        form.add_error(None, f"There is no such {'decision' if is_of_decisions else 'case'}.")
        return None
    form_of_file = "jsonl" if what == "files" else said["format"] or "xlsx"
    return TakenOut(what, form_of_file, form.columns, tuple(rows))
