"""What goes out to other systems, taken away by hand."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from cases.actions.access_log import log_export
from cases.documents.apart import LineIsFull, NotPrinted, print_apart, printer
from cases.exchange.fhir.document import MEDIA_TYPE, as_json, document_bundle
from cases.screens.sending import NotAsSigned, signed_paper
from cases.views.chart import open_chart
from cases.views.documents import in_line
from cases.views.signed import signed_decision


@require_safe
def fhir(request: HttpRequest, uid: UUID, decision: UUID) -> HttpResponse:
    """The signed decision as a FHIR document. Its file name says nothing of a patient."""
    chart = open_chart(request, uid)
    found = signed_decision(chart, decision)
    try:
        with printer().place():
            made = as_json(document_bundle(signed_paper(found, print_apart)))
    except LineIsFull:
        return in_line(request)
    except (NotAsSigned, NotPrinted) as error:
        messages.error(request, str(error))
        return redirect("cases:signed", uid, decision)
    log_export(by=cast(User, request.user), case=chart.case, document="fhir")
    headers = {
        "Content-Disposition": 'attachment; filename="decision.fhir.json"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(made, content_type=MEDIA_TYPE, headers=headers)
