"""What this encoding is: version, digest, changes, the decisions on ambiguous places, and its proofs."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from guidelines.knowledge.model import Guideline
from guidelines.show.coverage import coverage
from guidelines.verification import checks_of
from guidelines.verification.kept import KeptReport, kept
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
        "kept": _kept(guideline),
        "proven_by": COMMAND,
    }
    return page(request, guideline, "guidelines/version.html", context)


@require_GET
def verification(request: HttpRequest) -> HttpResponse:
    """The report that `verify_guideline` has kept of this encoding, with its age; or how to have one made."""
    guideline = asked_guideline(request)
    found = _kept(guideline)
    made = {check.name for check in found.report.checks} if found else set()
    context = {
        "kept": found,
        "left_out": [name for name in checks_of(guideline) if name not in made],
        "proven_by": COMMAND,
    }
    return page(request, guideline, "guidelines/verification.html", context)


COMMAND = "python manage.py verify_guideline --guideline"


def _kept(guideline: Guideline) -> KeptReport | None:
    return kept(settings.GUIDELINE_REPORTS, guideline)
