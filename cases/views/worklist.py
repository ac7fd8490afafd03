"""The worklist: every case a person may see, one line each."""

from typing import Any, cast
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cases.forms.worklist import SearchForm, WorklistFilter, matching
from cases.models import Case
from cases.queries import for_worklist
from cases.reading import several_readings
from cases.screens.worklist import lines_of

PAGE = 25
SEARCH = "worklist search"  # the session's key: a name never stands in an address


def after(cases: QuerySet[Case], last: Case) -> QuerySet[Case]:
    """The cases that follow `last`, newest change first."""
    older = Q(updated_at__lt=last.updated_at) | Q(updated_at=last.updated_at, pk__lt=last.pk)
    return cases.filter(older)


def start_of(request: HttpRequest, cases: QuerySet[Case]) -> Case | None:
    """The case after which the page begins; an address that names none begins at the top."""
    try:
        return cases.filter(uid=UUID(request.GET.get("after", ""))).first()
    except ValueError:
        return None


@require_GET
def worklist(request: HttpRequest) -> HttpResponse:
    """One page of cases, narrowed by the filters in the address and the search in the session."""
    user = cast(User, request.user)
    filters = WorklistFilter(request.GET, user=user)
    words = request.session.get(SEARCH, "")
    visible = for_worklist(user)
    cases = matching(filters.narrow(visible), words).order_by("-updated_at", "-pk")
    last = start_of(request, Case.objects.visible_to(user))
    page = list((after(cases, last) if last else cases)[: PAGE + 1])
    return render(request, "worklist/worklist.html", context_of(filters, words, page, bool(last)))


def context_of(filters: WorklistFilter, words: str, page: list[Case], later: bool) -> dict[str, Any]:
    """What the template shows; one case more than a page means that there is a next page."""
    return {
        "filters": filters,
        "boards": filters.boards,
        "search": SearchForm(initial={"words": words}),
        "words": words,
        "unclear": several_readings(words),
        "lines": lines_of(page[:PAGE]),
        "next": page[PAGE - 1].uid if len(page) > PAGE else None,
        "later": later,
    }


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Remember the words in the session and show the worklist; no words end the search."""
    form = SearchForm(request.POST)
    if form.is_valid():
        request.session[SEARCH] = form.cleaned_data["words"]
        return redirect("cases:worklist")
    return render(request, "worklist/search.html", {"search": form}, status=422)
