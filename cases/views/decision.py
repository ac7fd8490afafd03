"""The board's decision: drafted and signed. What is signed has pages of its own, in `signed`."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.access import require_discussion
from cases.actions.access_log import log_read
from cases.actions.agenda import begin_urgent
from cases.actions.deciding import (
    Attendee,
    DecisionContent,
    StaleEdit,
    concordance_with,
    content_of,
    left_unsaid,
    look_at,
    save_draft,
    sign_decision,
    unsigned_because,
)
from cases.actions.signing import reasons_needed
from cases.choices import DecisionStatus, Right
from cases.forms.decision import ROWS, SignForm, with_row
from cases.models import Decision
from cases.screens.deciding import ChoiceRows
from cases.screens.drafted import draft_in_words
from cases.screens.options import Rows
from cases.screens.panel import known
from cases.snapshot.write import seen_digest
from cases.views.chart import Chart, open_chart
from cases.views.drafting import DecisionForms, FormGroup
from cases.views.posted import posted_version
from cases.views.problems import take_errors
from config.reauthentication import proven_until, reauthenticate
from guidelines.answer.options import verdicts_of
from guidelines.knowledge.labels import STANCES

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
def decision_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The draft; a signed decision has a page of its own."""
    chart = open_chart(request, uid)
    if chart.discussion is None:
        return show_undiscussed(request, chart)
    if request.method == "POST":
        require_discussion(chart.user, chart.discussion, Right.SCRIBE)
    draft = chart.decision(DecisionStatus.DRAFT)
    signed = chart.decision(DecisionStatus.SIGNED)
    if request.method == "POST":
        return save(request, chart, draft)
    log_read(by=chart.user, case=chart.case, page="decision")
    if signed and (not draft or Right.SCRIBE not in chart.decides):
        return redirect(chart.url("signed", decision=signed.uid))
    if not draft and not chart.discussion.is_open:
        return show_undiscussed(request, chart)
    content = content_of(draft) if draft else DecisionContent()
    shown = DecisionForms.shown(chart.guideline, content, verdicts_of(chart.assessment), people_of(chart))
    return show(request, chart, draft, shown)


def show_undiscussed(request: HttpRequest, chart: Chart, problems: Iterable[str] = ()) -> HttpResponse:
    """A case that waits for no discussion: what came before, and the ways to the next one."""
    context = chart.page(
        "decision",
        panel=chart.panel(),
        way=chart.way(),
        problems=[("id_reason", text) for text in problems],
        reason=request.POST.get("reason", ""),
    )
    return render(request, "decision/undiscussed.html", context, status=422 if problems else 200)


@require_POST
def urgent(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Begin a discussion that cannot wait for a meeting."""
    chart = open_chart(request, uid)
    try:
        begin_urgent(by=chart.user, case=chart.case, reason=request.POST.get("reason", ""))
    except ValidationError as error:
        return show_undiscussed(request, chart, error.messages)
    return redirect(chart.url("decision"))


def people_of(chart: Chart) -> list[Attendee]:
    """The person who drafts, as the first of those present."""
    return [Attendee(chart.user.get_full_name() or chart.user.get_username())]


def members_of(chart: Chart) -> dict[str, User]:
    """The board's people by full name."""
    people = User.objects.filter(memberships__board=chart.case.board).order_by(
        "last_name", "first_name", "pk"
    )
    return {person.get_full_name() or person.get_username(): person for person in people}


def save(request: HttpRequest, chart: Chart, draft: Decision | None) -> HttpResponse:
    """Store the draft; or show it again, with one more row or with what is to be corrected."""
    table = verdicts_of(chart.assessment)
    added = request.POST.get("add", "")
    if added in ROWS:
        longer = DecisionForms.posted(chart.guideline, with_row(request.POST, added), table)
        return show(request, chart, draft, longer, added=added)
    forms = DecisionForms.posted(chart.guideline, request.POST, table)
    gone = gone_from(chart, chosen_in(chart, request.POST))
    if not forms.is_valid() or gone:
        return show(request, chart, draft, forms, status=422, refused=gone)
    try:
        save_draft(
            by=chart.user,
            discussion=chart.discussion,  # type: ignore[arg-type]  # the page has one
            content=forms.content(members_of(chart)),
            version=posted_version(request),
        )
    except StaleEdit as stale:
        return show(request, chart, draft, forms, status=409, stale=stale.stored)
    except ValidationError as error:
        return show(request, chart, draft, forms, status=422, refused=error.messages)
    messages.success(request, "Draft saved.")
    return redirect(chart.url("sign") if "sign" in request.POST else chart.url("decision"))


def chosen_in(chart: Chart, data: QueryDict) -> dict[str, str]:
    """The verdicts on which something was chosen, by statement, with their names."""
    before, after = "on-", "-choice"
    names = {statement.id: statement.label for statement in chart.guideline.statements}
    sent = [name for name in data if name.startswith(before) and name.endswith(after) and data[name]]
    ids = [name.removeprefix(before).removesuffix(after) for name in sent]
    return {one: names[one] for one in ids if one in names}


def gone_from(chart: Chart, chosen: Mapping[str, str]) -> list[str]:
    """Sentences for the verdicts chosen on that the case, changed meanwhile, no longer has."""
    options = verdicts_of(chart.assessment)
    standing = {option.id for option in options}
    verdicts = {option.intervention: STANCES[option.stance] for option in options}
    spoken_of = {statement.id: statement.intervention for statement in chart.guideline.statements}
    return [
        f"{title}: {_now(verdicts.get(spoken_of.get(one, '')))}; the choice made before is not kept."
        for one, title in chosen.items()
        if one not in standing
    ]


def _now(verdict: str | None) -> str:
    return (
        f"the verdict is now “{verdict}”" if verdict else "the guideline says nothing of it for this case now"
    )


def show(
    request: HttpRequest,
    chart: Chart,
    draft: Decision | None,
    forms: DecisionForms,
    *,
    status: int = 200,
    added: str = "",
    refused: list[str] | None = None,
    stale: Any = None,
) -> HttpResponse:
    """The draft's page. `stale`: the draft that somebody else has stored meanwhile."""
    by_id = {form.verdict.id: form for form in forms.options}
    groups = [
        FormGroup(group, tuple((row, by_id[row.option.id]) for row in rows))
        for group, rows in choices_of(chart).groups()
    ]
    stored = draft.options.exclude(statement_id="") if draft and status == 200 else ()
    gone = gone_from(chart, {option.statement_id: option.title for option in stored})
    problems = [("", text) for text in refused or []] + (forms.problems() if status == 422 else [])
    context = chart.page(
        "decision", draft=draft, forms=forms, panel=chart.panel(), groups=groups, problems=problems,
        stale=stale, added=added, members=members_of(chart), typed=status != 200 or bool(added),
        may_decide=Right.SCRIBE in chart.decides, may_sign=Right.SIGN in chart.decides,
        version=version_of(request, draft, stale), gone=gone,
    )  # fmt: skip
    return render(request, "decision/draft.html", context, status=status)


def choices_of(chart: Chart) -> ChoiceRows:
    """What there is to choose on."""
    return ChoiceRows(Rows(chart.guideline, chart.assessment, known(chart.facts)))


def version_of(request: HttpRequest, draft: Decision | None, stale: Decision | None) -> int | str:
    """The version that the page's next save is based on: what its writer has seen, never more."""
    if stale is not None:
        return stale.version
    if request.method == "POST":
        return posted_version(request) or ""
    return draft.version if draft else ""


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
    form = SignForm(sent, initial=now, proven=proven, reasons=reasons)
    if form.is_bound and form.is_valid() and is_the_signer(request, form):
        data = form.cleaned_data
        try:
            sign_decision(
                by=chart.user,
                decision=draft,
                version=data["version"],
                record_number=data["record_number"],
                shown=data["shown"],
                **{name: data[name] for name in reasons},
            )
        except StaleEdit:
            form = SignForm({**request.POST.dict(), **now}, proven=True, reasons=reasons)
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
