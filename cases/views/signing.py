"""Signing the draft: who signs, for whom, and what stands against it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cases.access import require_discussion
from cases.actions.access_log import log_read
from cases.actions.deciding import (
    StaleEdit,
    concordance_with,
    left_unsaid,
    look_at,
    sign_decision,
    unsigned_because,
)
from cases.actions.signing import reasons_needed
from cases.actions.steps import open_steps_before
from cases.choices import DecisionStatus, Right
from cases.forms.signing import SignForm
from cases.models import Decision
from cases.screens.drafted import draft_in_words
from cases.snapshot.write import seen_digest
from cases.views.chart import Chart, open_chart
from cases.views.decision import get_or_post
from cases.views.problems import take_errors
from config.reauthentication import proven_until, reauthenticate


@get_or_post
def sign(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Sign the draft: the patient's record number is given once more, and, once a sitting, the password."""
    chart = open_chart(request, uid)
    if chart.discussion is not None:
        require_discussion(chart.user, chart.discussion, Right.SIGN)
    draft = chart.decision(DecisionStatus.DRAFT)
    if draft is None:
        return redirect(chart.url("decision"))
    now = {"version": draft.version, "shown": seen_digest(look_at(chart.case))}
    proven = bool(proven_until(request))
    reasons = reasons_needed(draft)
    sent = request.POST if request.method == "POST" else None
    earlier = open_steps_before(draft)
    form = SignForm(sent, initial=now, proven=proven, reasons=reasons, steps=earlier)
    if not proven and not chart.user.has_usable_password():  # another provider says who it is
        form.fields["password"].label = "A code of your second factor"
    if form.is_bound and form.is_valid() and is_the_signer(request, form):
        data = form.cleaned_data
        try:
            sign_decision(
                by=chart.user,
                decision=draft,
                version=data["version"],
                record_number=data["record_number"],
                shown=data["shown"],
                takes_over=data.get("takes_over", ()),
                **{name: data[name] for name in reasons},
            )
        except StaleEdit:
            form = SignForm({**request.POST.dict(), **now}, proven=True, reasons=reasons, steps=earlier)
            text = "The draft or the record has changed since this page was shown; read both again below."
            form.add_error(None, text)
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, "Decision signed.")
            return redirect(chart.url("signed", decision=draft.uid))
    return show_sign(request, chart, draft, form)


def is_the_signer(request: HttpRequest, form: SignForm) -> bool:
    """Whether the signer is who they say; if not, the form says why."""
    refused = reauthenticate(request, form.cleaned_data.get("password", ""))
    if refused:
        form.add_error("password", refused)
    return not refused


def show_sign(request: HttpRequest, chart: Chart, draft: Decision, form: SignForm) -> HttpResponse:
    """What will be signed, and what stands against it."""
    log_read(by=chart.user, case=chart.case, page="decision to sign")
    seen, reasons = look_at(chart.case), reasons_needed(draft)
    context = chart.page(
        "decision",
        draft=draft,
        form=form,
        content=draft_in_words(draft, concordance_with(draft, seen)),
        against=[text for text in unsigned_because(draft, seen) if text not in reasons.values()],
        reasons=reasons,
        unsaid=left_unsaid(draft, seen),
        proven_until=proven_until(request) if "password" not in form.fields else None,
        problems=[(f"id_{name}" if name in form.fields else "", text)
                  for name, errors in form.errors.items() for text in errors],
        panel=chart.panel(),
    )  # fmt: skip
    return render(request, "decision/sign.html", context, status=422 if form.errors else 200)
