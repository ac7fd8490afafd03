"""What is taken away: an entry made in error, a draft. First a page that shows what would go."""

from collections.abc import Iterator
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cases.access import require_discussion
from cases.actions.access_log import log_read
from cases.actions.deciding import discard_draft
from cases.actions.edits import StaleEdit
from cases.actions.entry import Part as PartOfRecord
from cases.actions.entry import remove_part
from cases.choices import DecisionStatus, Right
from cases.filing import EMPTY_SAYS_NOTHING
from cases.forms.base import PartForm
from cases.forms.conflict import in_words
from cases.models.base import Stamped
from cases.screens.drafted import draft_in_words
from cases.views.chart import PARTS, Chart, entry_line, open_chart
from cases.views.entry import get_or_post, undo_address
from cases.views.posted import posted_version


@get_or_post
def remove(request: HttpRequest, uid: UUID, part: str, item: UUID) -> HttpResponse:
    """Take out an entry that was made in error; the history keeps what it said."""
    chart = open_chart(request, uid, Right.ENTER)
    if request.method == "POST":
        return take_out(request, chart, part, item)
    found = cast(Stamped, chart.item(PARTS[part], item))
    log_read(by=chart.user, case=chart.case, page=f"{part}, to be removed")
    content = list(stated(PARTS[part].form(instance=found), found))
    context = chart.page(
        part, part=PARTS[part], item=found, entry=entry_line(found), content=content, panel=chart.panel()
    )
    return render(request, "entry/remove.html", context)


def take_out(request: HttpRequest, chart: Chart, part: str, item: UUID) -> HttpResponse:
    """Remove the entry as it was shown; one that is gone already, by a second click perhaps, is no error."""
    try:
        found = cast(PartOfRecord, chart.item(PARTS[part], item))
        remove_part(by=chart.user, part=found, version=posted_version(request) or 0)
    except StaleEdit:
        text = "Somebody changed this entry meanwhile; look at it again before you remove it."
        messages.error(request, text)
        return redirect(chart.url("item", part=part, item=item))
    except Http404:
        messages.info(request, "There is no such entry any more.")
    else:
        text = "Entry removed. The history keeps what it said."
        messages.success(request, text, extra_tags=undo_address(chart, found, found.version))
    return redirect(chart.url("part", part=part))


def stated(form: PartForm, item: Stamped) -> Iterator[tuple[str, str]]:
    """Label and value of every field that says something; what is not known is left out."""
    for name in (name for _, names in form.sections for name in names):
        value = getattr(item, name)
        if value not in (None, "") and not (value == [] and name in EMPTY_SAYS_NOTHING):
            yield str(form.fields[name].label), in_words(form, name, value)


@get_or_post
def discard(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Throw the draft away; a signed decision cannot be."""
    chart = open_chart(request, uid)
    if chart.discussion is not None:
        require_discussion(chart.user, chart.discussion, Right.SCRIBE)
    draft = chart.decision(DecisionStatus.DRAFT)
    if draft is None:
        return redirect(chart.url("decision"))
    if request.method == "POST":
        try:
            discard_draft(by=chart.user, decision=draft, version=posted_version(request) or 0)
            messages.success(request, "Draft discarded.")
        except StaleEdit:
            messages.error(request, "Somebody changed the draft meanwhile; read it before you discard it.")
        return redirect(chart.url("decision"))
    log_read(by=chart.user, case=chart.case, page="draft, to be discarded")
    context = chart.page("decision", draft=draft, content=draft_in_words(draft), panel=chart.panel())
    return render(request, "decision/discard.html", context)
