"""The algorithm as a picture."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from guidelines.knowledge.labels import STANCES
from guidelines.knowledge.releases import current
from guidelines.show.algorithm import tree_of
from guidelines.show.drawing import draw
from guidelines.show.outline import outline


@require_GET
def algorithm(request: HttpRequest) -> HttpResponse:
    """The picture, drawn from the encoded statements."""
    guideline = current()
    tree = tree_of(guideline)
    context = {
        "picture": draw(tree),
        "outline": outline(tree),
        "guideline": guideline,
        "stances": STANCES,
    }
    return render(request, "guidelines/algorithm.html", context)
