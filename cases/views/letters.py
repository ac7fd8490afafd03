"""Letters of a signed decision: a first text to edit, and the act of issuing it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html

from cases.access import require_discussion
from cases.actions.access_log import log_read
from cases.actions.letters import issue_letter
from cases.choices import LetterKind, Right
from cases.documents.letter import first_text
from cases.forms.letter import LetterForm
from cases.snapshot.read import read
from cases.views.chart import open_chart
from cases.views.entry import get_or_post
from cases.views.problems import take_errors
from cases.views.signed import signed_decision


@get_or_post
def letter(request: HttpRequest, uid: UUID, decision: UUID, addressee: str) -> HttpResponse:
    """The text to edit, then the letter as it is sent; a decision that no longer stands gets none."""
    chart = open_chart(request, uid)
    found = signed_decision(chart, decision)
    require_discussion(chart.user, found.discussion, Right.SCRIBE)
    if not found.stands:
        raise PermissionDenied("This decision is no longer valid; write about the one that is.")
    kind = LetterKind(addressee)
    given = {"text": first_text(read(found.snapshot or {}), kind, found.discussion.board.contact)}
    form = LetterForm(request.POST if request.method == "POST" else None, initial=given)
    if form.is_bound and form.is_valid():
        try:
            made = issue_letter(by=chart.user, decision=found, kind=kind, text=form.cleaned_data["text"])
        except ValidationError as error:
            take_errors(form, error)
        else:
            said = format_html("{} issued; print it below.", kind.label)
            messages.success(request, said)
            return redirect(f"{chart.url('signed', decision=found.uid)}#letter-{made.uid}")
    log_read(by=chart.user, case=chart.case, page="letter")
    context = chart.page(
        "decision",
        marked=False,
        decision=found,
        kind=kind,
        form=form,
        problems=form.problems() if form.is_bound else [],
    )
    return render(request, "decision/letter.html", context, status=422 if form.is_bound else 200)
