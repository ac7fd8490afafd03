"""The list of keys: a page of its own, and what "?" opens on every other page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.forms.keys import ACTS, ANSWERING, CALLING, DECIDING, FOLLOWING, PLACES, PRESENTING, PageKey
from cases.views.chart import PARTS


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """Every key with what it does; the list alone where a page asks for it with htmx's header."""
    titles = [*(part.title for part in PARTS.values()), "Decision"]
    places = [PageKey(key, title) for key, title in zip(PLACES, titles, strict=True)]
    groups = [
        ("Go to a part of the case", places),
        ("In a form", [*ACTS.values(), *ANSWERING]),
        ("On the decision screen", DECIDING),
        ("In a row of the roll call", CALLING.values()),
        ("On the projector", PRESENTING.values()),
        ("In Follow-through", FOLLOWING.values()),
    ]
    alone = "HX-Request" in request.headers
    return render(request, "keys/_keys.html" if alone else "keys/keys.html", {"groups": groups})
