"""The algorithm as a picture."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from guidelines.knowledge.labels import STANCES
from guidelines.show.algorithm import tree_of
from guidelines.show.drawing import draw
from guidelines.show.outline import outline
from guidelines.views.asked import asked_guideline, page


@require_GET
def algorithm(request: HttpRequest) -> HttpResponse:
    """The picture, drawn from the encoded statements."""
    guideline = asked_guideline(request)
    tree = tree_of(guideline)
    context = {
        "picture": draw(tree),
        "outline": outline(tree),
        "guideline": guideline,
        "stances": STANCES,
    }
    return page(request, guideline, "guidelines/algorithm.html", context)
