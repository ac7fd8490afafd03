"""Which guideline a page shows: the one place where its pages ask for it, and stay with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from guidelines.knowledge.model import Guideline
from guidelines.knowledge.releases import CURRENT, NoSuchEdition, current, editions, guideline_at


@dataclass(frozen=True)
class EditionLink:
    """An edition that the page can be read in."""

    edition: str
    address: str
    is_shown: bool
    is_current: bool


def asked_guideline(request: HttpRequest) -> Guideline:
    """The edition that `?edition=1.0` names, or the newest; 404 for one that there is not."""
    edition = request.GET.get("edition", "")
    try:
        return guideline_at(f"{CURRENT}@{edition}" if edition else CURRENT)
    except NoSuchEdition:
        raise Http404("No such edition.") from None


def page(
    request: HttpRequest,
    guideline: Guideline,
    template: str,
    context: Mapping[str, Any],
    *,
    is_in: Callable[[Guideline], bool] = lambda _: True,
) -> HttpResponse:
    """The page in its edition. `is_in` says whether another edition has it too; if not, its list is linked.

    `edition` ends the addresses of other pages, `and_edition` those that ask something already; both are
    empty for the current edition.
    """
    named = "" if guideline is current() else f"edition={guideline.edition}"
    around = {
        "guideline": guideline,
        "edition": f"?{named}" if named else "",
        "and_edition": f"&{named}" if named else "",
        "editions": _links(request, guideline, is_in),
    }
    return render(request, template, {**around, **context})


def _links(
    request: HttpRequest, shown: Guideline, is_in: Callable[[Guideline], bool]
) -> tuple[EditionLink, ...]:
    found = []
    for edition in reversed(editions(shown.id)):
        other = guideline_at(f"{shown.id}@{edition}")
        path = request.path if is_in(other) else reverse("guidelines:index")
        is_current = other is current()
        address = path if is_current else f"{path}?edition={edition}"
        found.append(EditionLink(edition, address, other is shown, is_current))
    return tuple(found)
