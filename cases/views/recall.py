"""What another edition of the guideline would change for a board's cases."""

from collections.abc import Sequence
from time import monotonic
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.access import board_or_404
from cases.actions.access_log import log_list
from cases.choices import Right
from cases.forms.recall import EditionsForm
from cases.guideline import guideline_of
from cases.models import Board, Case
from cases.queries import for_recall
from cases.screens.recall import DECIDED_WITHIN, RecalledCase, narrowed, pair_for, recalled, to_recall
from cases.views.pager import page_of
from guidelines.knowledge.model import Guideline
from guidelines.knowledge.releases import guideline_at

AT_ONCE = 25  # cases looked at together, and lines that are enough for a page
LONGEST = 1.0  # seconds after which a page says how far it is, and goes on at a press
LONGEST_NUMBER = 7  # digits


@require_GET
def guideline_change(request: HttpRequest, slug: str) -> HttpResponse:
    """The board's open and recently decided cases that two editions answer otherwise, as many as are found in
    a second, and from there on by the next page.
    """
    board = board_or_404(cast(User, request.user), slug, Right.SCHEDULE)
    chosen = dict(zip(("before", "after"), pair_for(board), strict=True))
    form = EditionsForm({**chosen, **request.GET.dict()}, guideline=guideline_of(board))
    context: dict[str, Any] = {"board": board, "form": form, "decided_within": DECIDED_WITHIN}
    if not form.is_valid():
        return render(request, "board/guideline_change.html", context, status=422)
    editions = [guideline_at(form.cleaned_data[name]) for name in ("before", "after")]
    context |= dict(zip(("before", "after"), editions, strict=True))
    context |= found_in_time(request, board, form, editions)
    shown = [line.case for line in context["lines"]]
    log_list(by=cast(User, request.user), page="guideline change", cases=shown, board=board)
    return render(request, "board/guideline_change.html", context)


def found_in_time(
    request: HttpRequest, board: Board, form: EditionsForm, editions: Sequence[Guideline]
) -> dict[str, Any]:
    """`lines` found from where the address says; `looked_at` so far of `number` cases; the address of the
    `rest`, "" where that was all.
    """
    began, cases = monotonic(), to_recall([board])
    lines: list[RecalledCase] = []
    number, seen, after = (
        cases.count(),
        whole_number(request.GET.get("seen", "")),
        request.GET.get("case", ""),
    )
    data = form.cleaned_data
    while True:
        page = page_of(
            for_recall(cases),
            ("-updated_at", "-pk"),
            after,
            AT_ONCE,
            lambda: Case.objects.filter(board=board),
        )
        seen = (seen if page.is_later else 0) + len(page.rows)
        found = recalled(page.rows, *editions)
        lines += narrowed(found, about=data["about"], turned=data["turned"])
        if page.next is None or len(lines) >= AT_ONCE or monotonic() - began > LONGEST:
            break
        after = str(page.next)
    chosen = {name: value for name, value in data.items() if value}
    return {
        "lines": lines,
        "looked_at": min(seen, number),
        "number": number,
        "is_later": "case" in request.GET,
        "first": urlencode(chosen),
        "rest": urlencode({**chosen, "case": page.next, "seen": seen}) if page.next else "",
    }


def whole_number(text: str) -> int:
    """What an address says how many were looked at; 0 for nonsense."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0
