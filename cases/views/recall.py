"""What another edition of the guideline would change for a board's cases."""

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.access import board_or_404
from cases.choices import Right
from cases.forms.recall import EditionsForm
from cases.guideline import guideline_of
from cases.models import Case
from cases.queries import with_record
from cases.screens.recall import DECIDED_WITHIN, pair_for, recalled, to_recall
from cases.views.pager import page_of
from guidelines.knowledge.releases import guideline_at

PAGE = 25  # cases looked at for one page


@require_GET
def guideline_change(request: HttpRequest, slug: str) -> HttpResponse:
    """The board's open and recently decided cases that two editions answer otherwise, page by page."""
    board = board_or_404(cast(User, request.user), slug, Right.SCHEDULE)
    chosen = dict(zip(("before", "after"), pair_for(board), strict=True))
    form = EditionsForm({**chosen, **request.GET.dict()}, guideline=guideline_of(board))
    context = {"board": board, "form": form, "decided_within": DECIDED_WITHIN}
    if not form.is_valid():
        return render(request, "board/guideline_change.html", context, status=422)
    before, after = (guideline_at(form.cleaned_data[name]) for name in ("before", "after"))
    cases = to_recall([board])
    page = page_of(
        with_record(cases),
        ("-updated_at", "-pk"),
        request.GET.get("case", ""),
        PAGE,
        Case.objects.filter(board=board),
    )
    context |= {
        "before": before,
        "after": after,
        "page": page,
        "lines": list(recalled(page.rows, before, after)),
        "number": cases.count(),
    }
    return render(request, "board/guideline_change.html", context)
