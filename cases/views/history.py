"""What was done with a case, and taking the last save of a part of it back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from cases.access import foreign
from cases.actions.access_log import log_read
from cases.actions.undoing import UndoRefused, undo_last_save
from cases.choices import Right
from cases.models import RecordVersion
from cases.models.base import Stamped
from cases.screens.history import history_of
from cases.views.chart import PARTS, Chart, open_chart
from cases.views.entry import get_or_post

LONGEST_KEY = 18  # digits
TITLES = {"case": "Referral", "patient": "Patient", **{slug: part.title for slug, part in PARTS.items()}}


@require_GET
def history(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Who did what with this case, and when, newest first; on a page of their own who read it."""
    chart = open_chart(request, uid)
    log_read(by=chart.user, case=chart.case, page="history")
    reads, before = "reads" in request.GET, request.GET.get("before", "")
    found = history_of(
        chart.case,
        reads=reads,
        before=int(before) if before.isdecimal() and len(before) <= LONGEST_KEY else None,
        may_undo=Right.ENTER in chart.rights,
    )
    context = chart.page("history", history=found, reads=reads)
    return render(request, "entry/history.html", context)


@get_or_post
def undo(request: HttpRequest, uid: UUID, version: int) -> HttpResponse:
    """Take a save back; where it can be no more, say why. Reached by a link, it leads to the history."""
    chart = open_chart(request, uid, Right.ENTER if request.method == "POST" else Right.READ)
    if request.method != "POST":
        return redirect(chart.url("history"))
    save = RecordVersion.objects.about(chart.case).filter(pk=version).first()
    if save is None:
        raise foreign(chart.user, RecordVersion, pk=version)
    try:
        part = undo_last_save(by=chart.user, case=chart.case, version=save)
    except UndoRefused as refused:
        messages.error(request, f"Nothing was undone. {refused}")
        return redirect(chart.url("history"))
    messages.success(request, f"{TITLES[save.kind]}: the last save is undone. The history keeps both.")
    return redirect(chart.url("history") if "history" in request.POST else place_of(chart, save, part))


def place_of(chart: Chart, save: RecordVersion, part: Stamped | None) -> str:
    """The page of what an undo has left."""
    if save.kind not in PARTS:
        return chart.url("patient" if save.kind == "patient" else "case")
    if part is None:
        return chart.url("part", part=save.kind)
    return chart.url("item", part=save.kind, item=part.uid)
