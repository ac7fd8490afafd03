"""Documents: each as a PDF to take away, and the same on screen."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.access import meeting_or_404
from cases.actions.access_log import log_export, log_read
from cases.choices import DecisionStatus
from cases.documents.apart import LineIsFull, NotPrinted, print_apart, printer
from cases.documents.fonts import unprintable_noticed
from cases.models import Case, Decision, Letter, Meeting
from cases.queries import with_record
from cases.screens.identity import IdentitySince, identity_since
from cases.screens.looking_back import last_time_of
from cases.screens.printed import (
    KINDS,
    DocumentKind,
    NothingToPrint,
    Printing,
    letter_of,
    papers_of,
    sheets_of,
)
from cases.screens.taking_out import FILE_TYPES, TakenOut
from cases.screens.timeline import timeline_of_record
from cases.snapshot.read import read
from cases.snapshot.write import name_of
from cases.views.chart import Chart, open_chart, open_current
from cases.views.signed import signed_decision
from config.giving_way import giving_way

AGAIN = 2  # seconds until a page that waits asks again


@require_safe
def document(request: HttpRequest, kind: str, uid: UUID) -> HttpResponse:
    """The document as a PDF. Its file name says what it is and the day, and nothing of a patient.

    What takes long is ordered (`cases.views.orders`), from the page that shows it.
    """
    found = KINDS[kind]
    if found.ordered:
        return redirect("cases:document_preview", kind, meeting_or_404(request.user, uid).uid)
    try:
        with printer().place(), giving_way() as others_first:
            context, cases = made_for(request, found, uid)
            others_first()
            pdf = print_apart("documents/paper.html", {"kind": found, **context})
            others_first()
    except NothingToPrint as error:
        messages.error(request, str(error))
        return redirect("cases:meeting", meeting=uid)
    except LineIsFull:
        return in_line(request)
    except NotPrinted as error:
        messages.error(request, str(error))
        return redirect("cases:document_preview", kind, uid)
    for case in cases:
        log_export(by=cast(User, request.user), case=case, document=kind)
    return as_file(pdf, f"{kind}-{timezone.localdate():%d-%b-%Y}.pdf")


def as_file(pdf: bytes, name: str) -> HttpResponse:
    """A PDF to take away."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def as_attachment(file: bytes, wanted: TakenOut) -> HttpResponse:
    """The file to take away; its name says the kind and the day."""
    kind, _, suffix = wanted.file_name.partition(".")
    name = f"{kind}-{timezone.localdate():%d-%b-%Y}.{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(file, content_type=FILE_TYPES[wanted.format], headers=headers)


def in_line(request: HttpRequest) -> HttpResponse:
    """The page on which somebody waits whose document cannot be made yet: it asks again by itself."""
    response = render(request, "documents/waiting.html", status=503)
    response.headers["Refresh"] = response.headers["Retry-After"] = str(AGAIN)
    return response


@require_safe
def preview(request: HttpRequest, kind: str, uid: UUID) -> HttpResponse:
    """The document on screen."""
    found = KINDS[kind]
    try:
        with unprintable_noticed() as odd:
            context, cases = made_for(request, found, uid)
    except NothingToPrint as error:
        messages.error(request, str(error))
        return redirect("cases:meeting", meeting=uid)
    for case in cases:
        log_read(by=cast(User, request.user), case=case, page=kind)
    return render(request, "documents/preview.html", {"kind": found, "uid": uid, "odd": odd, **context})


def made_for(request: HttpRequest, kind: DocumentKind, uid: UUID) -> tuple[Mapping[str, Any], list[Case]]:
    """What the template takes, and the cases whose patients stand in it."""
    printing = Printing(timezone.now(), name_of(cast(User, request.user)))
    if kind.about == "meeting":
        return made_of_meeting(request, kind, meeting_or_404(request.user, uid), printing)
    if kind.about == "letter":
        return made_of_letter(request, uid, printing)
    return made_of_case(request, kind, uid, printing)


def made_of_letter(
    request: HttpRequest, uid: UUID, printing: Printing
) -> tuple[Mapping[str, Any], list[Case]]:
    letter = (
        # nosemgrep: a-view-asks-the-door (its case's is asked below)
        Letter.objects.select_related("decision__case", "decision__withdrawal", "by").filter(uid=uid).first()
    )
    if letter is None:
        open_chart(request, uid)  # of nothing as of somebody else's
        raise Http404("No such letter.")
    chart = open_chart(request, letter.decision.case.uid)
    paper = chart.case.board.paper
    return {"letter": letter_of(letter, printing), "case": chart.case, "paper": paper}, [chart.case]


def made_of_meeting(
    request: HttpRequest, kind: DocumentKind, meeting: Meeting, printing: Printing
) -> tuple[Mapping[str, Any], list[Case]]:
    """Of the cases that the person may see."""
    listed = meeting.discussions.values("case")
    cases = list(with_record(Case.objects.visible_to(cast(User, request.user)).filter(pk__in=listed)))
    papers = papers_of(kind, meeting, cases, printing)
    return {"meeting": meeting, "paper": meeting.board.paper, **papers}, cases


def made_of_case(
    request: HttpRequest, kind: DocumentKind, uid: UUID, printing: Printing
) -> tuple[Mapping[str, Any], list[Case]]:
    """`uid` is a case's, or that of one of its signed decisions."""
    # nosemgrep: a-view-asks-the-door (of its case, in the next line)
    case_of = Decision.objects.filter(uid=uid).values_list("case__uid", flat=True).first()
    chart = open_current(request, case_of or uid)
    decision = signed_decision(chart, uid) if case_of else None
    printing = Printing(printing.at, printing.by, last_time_in(chart))
    handout = sheets_of(kind, chart.case, decision, printing, lambda: chart.seen)
    frozen = handout.status not in (DecisionStatus.DRAFT, "deferred")
    context = {
        "handout": handout,
        "case": chart.case,
        "paper": chart.case.board.paper,
        "since": since_signing(chart, decision) if frozen else None,
        "signed": chart.decision(DecisionStatus.SIGNED),
    }
    return context, [chart.case]


def since_signing(chart: Chart, decision: Decision | None) -> IdentitySince | None:
    """Who the patient is by now, where that is not what was signed."""
    signed = decision or chart.decision(DecisionStatus.SIGNED)
    return identity_since(read(signed.snapshot or {}).patient, chart.case.patient) if signed else None


def last_time_in(chart: Chart) -> tuple[tuple[str, str], ...]:
    """What became of what was decided before the discussion that the sheets are for."""
    discussion = chart.discussion
    if discussion is None or not discussion.is_open:
        return ()
    timeline = timeline_of_record(chart.record, chart.facts, timezone.localdate())
    told = last_time_of(discussion, chart.record, timeline)
    return told.lines if told else ()
