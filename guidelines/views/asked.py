"""Which guideline a page shows: the one place where the pages of the guideline ask for it."""

from django.http import Http404, HttpRequest

from guidelines.knowledge.model import Guideline
from guidelines.knowledge.releases import CURRENT, NoSuchEdition, guideline_at


def asked_guideline(request: HttpRequest) -> Guideline:
    """The edition that `?edition=1.0` names, or the newest; 404 for one that there is not."""
    edition = request.GET.get("edition", "")
    try:
        return guideline_at(f"{CURRENT}@{edition}" if edition else CURRENT)
    except NoSuchEdition:
        raise Http404("No such edition.") from None
