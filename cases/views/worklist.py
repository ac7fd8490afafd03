"""The worklist: every case a person may see, one line each."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cases.actions.access_log import log_list
from cases.forms.worklist import ChosenCases, SearchForm, WorklistFilter, matching
from cases.models import Case
from cases.models.case import CaseQuerySet
from cases.reading import several_readings
from cases.screens.worklist import lines_of
from cases.views.pager import ListPage, composed_page_of

PAGE = 25
SEARCH = "worklist search"  # the session's key: a name never stands in an address


@require_GET
def worklist(request: HttpRequest) -> HttpResponse:
    """One page of cases, narrowed by the filters in the address and the search in the session."""
    user = cast(User, request.user)
    filters = WorklistFilter(request.GET, user=user)
    words = request.session.get(SEARCH, "")
    page = found(user, *filters.chosen, words, request.GET.get("after", ""))
    log_list(by=user, page="worklist", cases=page.rows)
    return render(request, "worklist/worklist.html", context_of(filters, words, page))


def found(user: User, chosen: ChosenCases, values: dict[str, Any], words: str, after: str) -> ListPage[Case]:
    """What is chosen and holds the words, those changed last first."""

    def known() -> CaseQuerySet:
        return Case.objects.visible_to(user)

    among = matching(chosen.among(known(), **values), words) if words else None
    asked, order = {"user": user.pk, **values}, ("-updated_at", "-pk")
    return composed_page_of(chosen, asked, order, after, PAGE, known, among)


def context_of(filters: WorklistFilter, words: str, page: ListPage[Case]) -> dict[str, Any]:
    """What the template shows."""
    return {
        "filters": filters,
        "boards": len(filters.boards),
        "search": SearchForm(initial={"words": words}),
        "words": words,
        "unclear": several_readings(words),
        "lines": lines_of(page.rows, filters.boards),
        "next": page.next,
        "later": page.is_later,
    }


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Remember the words in the session and show the worklist; no words end the search."""
    form = SearchForm(request.POST)
    if form.is_valid():
        request.session[SEARCH] = form.cleaned_data["words"]
        return redirect("cases:worklist")
    return render(request, "worklist/search.html", {"search": form}, status=422)
