"""What this encoding is: version, digest, changes, the decisions on ambiguous places, and its proofs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from guidelines.coverage import coverage
from guidelines.loader import current
from guidelines.views.shown import shown


@require_GET
def version(request: HttpRequest) -> HttpResponse:
    """The version page."""
    guideline = current()
    readings = [
        (one, shown(found for found in guideline.statements if one.number in found.readings))
        for one in guideline.readings
    ]
    context = {
        "guideline": guideline,
        "readings": readings,
        "covered": coverage(guideline),
        "pairs": guideline.accepted_pairs,
    }
    return render(request, "guidelines/version.html", context)
