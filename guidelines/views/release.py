"""What this encoding is: version, digest, changes, the decisions on ambiguous places, and its proofs."""

from functools import cache
from threading import Lock

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from guidelines.knowledge.model import Guideline
from guidelines.show.coverage import coverage
from guidelines.verification import Report, verify
from guidelines.views.asked import asked_guideline, page
from guidelines.views.shown import shown


@require_GET
def version(request: HttpRequest) -> HttpResponse:
    """The version page."""
    guideline = asked_guideline(request)
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
    return page(request, guideline, "guidelines/version.html", context)


@require_GET
def verification(request: HttpRequest) -> HttpResponse:
    """The verification report: a page, or a part of the version page. Proving takes some seconds, once."""
    guideline = asked_guideline(request)
    with _one_at_a_time:
        context = {"report": report_once(guideline), "guideline": guideline}
    part = request.headers.get("HX-Request")
    return render(request, f"guidelines/{'_report' if part else 'verification'}.html", context)


_one_at_a_time = Lock()


@cache
def report_once(guideline: Guideline) -> Report:
    """The report on an edition, worked out once for each process."""
    return verify(guideline)
