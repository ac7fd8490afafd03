"""Documents of a case: as a PDF to take away, and the same on screen."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.actions.access_log import log_export, log_read
from cases.actions.printing import Printable, printable
from cases.choices import DecisionStatus
from cases.documents.handout import Handout, build_handout
from cases.documents.pdf import render_pdf
from cases.screens.identity import identity_since
from cases.screens.looking_back import last_time_of
from cases.screens.timeline import timeline_of_record
from cases.snapshot.write import name_of
from cases.views.chart import Chart, open_chart
from cases.views.signed import signed_decision


@require_safe
def handout(request: HttpRequest, uid: UUID, decision: UUID | None = None, now: bool = False) -> HttpResponse:
    """The handout as a PDF. Its file name says the day and nothing of the patient."""
    chart = open_chart(request, uid)
    shown = handout_of(chart, found_in(chart, decision, now))
    log_export(by=chart.user, case=chart.case, document="handout")
    name = f"handout-{timezone.localdate():%d-%b-%Y}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    pdf = render_pdf("documents/handout.html", {"handout": shown})
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@require_safe
def preview(request: HttpRequest, uid: UUID, decision: UUID | None = None, now: bool = False) -> HttpResponse:
    """The handout on screen."""
    chart = open_chart(request, uid)
    log_read(by=chart.user, case=chart.case, page="handout")
    signed = chart.decision(DecisionStatus.SIGNED)
    found = found_in(chart, decision, now)
    frozen = found.status != DecisionStatus.DRAFT
    context = {
        "case": chart.case,
        "handout": handout_of(chart, found),
        "since": identity_since(found.content.patient, chart.case.patient) if frozen else None,
        "pdf": request.path.removesuffix("preview/"),
        "signed": signed,
        "shows_now": now or not (signed or decision),
    }
    return render(request, "documents/preview.html", context)


def found_in(chart: Chart, decision: UUID | None, now: bool) -> Printable:
    """One signed decision, the record as it stands, or the decision in force if there is one."""
    return printable(chart.case, signed_decision(chart, decision) if decision else None, now=now)


def handout_of(chart: Chart, found: Printable) -> Handout:
    """The two sheets, printed by the person."""
    return build_handout(
        found.content,
        found.status,
        printed_at=timezone.now(),
        printed_by=name_of(chart.user),
        intact=found.intact,
        valid=found.valid,
        withdrawn=found.withdrawn,
        last_time=last_time_in(chart) if found.status == DecisionStatus.DRAFT else (),
    )


def last_time_in(chart: Chart) -> tuple[tuple[str, str], ...]:
    """What became of what was decided before the discussion that the sheets are for."""
    discussion = chart.discussion
    if discussion is None or not discussion.is_open:
        return ()
    timeline = timeline_of_record(chart.record, chart.facts, timezone.localdate())
    told = last_time_of(discussion, chart.record, timeline)
    return told.lines if told else ()
