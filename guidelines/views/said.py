"""The guideline's own part of an opened row, for pages that show a case: nothing of the case is in it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from guidelines.knowledge.releases import NoSuchEdition, current, guideline_at
from guidelines.show.said import said

FOR_EVER = "private, max-age=31536000, immutable"


@require_GET
def said_of(request: HttpRequest, address: str, statement_id: str) -> HttpResponse:
    """A statement's evidence, strength and source; asked with the edition's digest, for browsers to keep."""
    try:
        guideline = guideline_at(address)
        query = "" if guideline is current() else f"?edition={guideline.edition}"
        shown = said(guideline, statement_id, query=query)
    except (NoSuchEdition, KeyError):
        raise Http404("No such statement.") from None
    response = render(request, "guidelines/_said.html", {"said": shown})
    if request.GET.get("digest") == guideline.digest:
        response.headers["Cache-Control"] = FOR_EVER
    return response
