"""The board's decision: drafted and signed. What is signed has pages of its own, in `signed`."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.actions.access_log import log_read
from cases.actions.deciding import (
    Attendee,
    DecisionContent,
    StaleEdit,
    content_of,
    look_at,
    save_draft,
    sign_decision,
    unsigned_because,
)
from cases.choices import DecisionStatus, Right
from cases.forms.decision import ROWS, SignForm, with_row
from cases.models import Decision
from cases.screens.drafted import draft_in_words
from cases.snapshot.write import seen_digest
from cases.views.chart import Chart, open_chart
from cases.views.drafting import DecisionForms
from cases.views.panel import topics_of
from cases.views.posted import posted_version
from cases.views.problems import take_errors
from guidelines.answer.parts import Recommendation
from guidelines.knowledge.labels import TREATMENT_TOPICS

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
def decision_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The draft; a signed decision has a page of its own."""
    chart = open_chart(request, uid, Right.DECIDE if request.method == "POST" else Right.READ)
    draft = decision_in(chart, DecisionStatus.DRAFT)
    signed = decision_in(chart, DecisionStatus.SIGNED)
    if request.method == "POST":
        return save(request, chart, draft)
    log_read(by=chart.user, case=chart.case, page="decision")
    if signed and (not draft or Right.DECIDE not in chart.rights):
        return redirect(chart.url("signed", decision=signed.uid))
    content = content_of(draft) if draft else DecisionContent()
    shown = DecisionForms.shown(content, on_the_table(chart, content), people_of(chart))
    return show(request, chart, draft, shown)


def decision_in(chart: Chart, status: str) -> Decision | None:
    """The case's decision of that status; there is one at most of a draft and of a signed one."""
    return chart.case.decisions.filter(status=status).select_related("updated_by", "supersedes").first()


def on_the_table(chart: Chart, content: DecisionContent | None = None) -> list[Recommendation]:
    """What applies, and what is possible among treatments or chosen already."""
    chosen = {option.statement_id for option in content.options} if content else set()
    return [
        rec
        for topic in topics_of(chart.assessment.recommendations)
        for rec in (row.rec for row in (*topic.settled, *topic.possible))
        if rec.status == "applies" or rec.topic in TREATMENT_TOPICS or rec.id in chosen
    ]


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
    table = on_the_table(chart, content_of(draft) if draft else None)
    added = request.POST.get("add", "")
    if added in ROWS:
        return show(
            request, chart, draft, DecisionForms.posted(with_row(request.POST, added), table), added=added
        )
    forms = DecisionForms.posted(request.POST, table)
    gone = gone_from(chart, table, chosen_in(request.POST))
    if not forms.is_valid() or gone:
        return show(request, chart, draft, forms, status=422, refused=gone)
    try:
        save_draft(
            by=chart.user,
            case=chart.case,
            content=forms.content(members_of(chart)),
            version=posted_version(request),
        )
    except StaleEdit as stale:
        return show(request, chart, draft, forms, status=409, stale=stale.stored)
    except ValidationError as error:
        return show(request, chart, draft, forms, status=422, refused=error.messages)
    messages.success(request, "Draft saved.")
    return redirect(chart.url("sign") if "sign" in request.POST else chart.url("decision"))


def chosen_in(data: QueryDict) -> list[str]:
    """The statements on which something was chosen."""
    before, after = "on-", "-choice"
    named = [name for name in data if name.startswith(before) and name.endswith(after) and data[name]]
    return [name.removeprefix(before).removesuffix(after) for name in named]


def gone_from(chart: Chart, table: list[Recommendation], chosen: Iterable[str]) -> list[str]:
    """Sentences for the statements chosen that the case, changed meanwhile, no longer has."""
    standing = {rec.id for rec in table}
    labels = {each.id: each.label for each in chart.guideline.statements}
    return [
        f"{labels[one]}: this statement no longer stands on the case; your choice on it is not kept."
        for one in chosen
        if one in labels and one not in standing
    ]


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
    by_id = {form.rec.id: form for form in forms.statements}
    topics = [
        (topic, [by_id[row.rec.id] for row in topic.settled], [by_id[row.rec.id] for row in topic.possible])
        for topic in topics_of(cast(Recommendation, form.rec) for form in forms.statements)
    ]
    stored = content_of(draft) if draft and status == 200 else DecisionContent()
    gone = gone_from(chart, on_the_table(chart, stored), [option.statement_id for option in stored.options])
    problems = [("", text) for text in refused or []] + (forms.problems() if status == 422 else [])
    context = chart.page(
        "decision", draft=draft, forms=forms, topics=topics, problems=problems, stale=stale, added=added,
        members=members_of(chart), panel=chart.panel(), typed=status != 200 or bool(added),
        may_decide=Right.DECIDE in chart.rights, may_sign=Right.SIGN in chart.rights,
        version=version_of(request, draft, stale), gone=gone,
    )  # fmt: skip
    return render(request, "decision/draft.html", context, status=status)


def version_of(request: HttpRequest, draft: Decision | None, stale: Decision | None) -> int | str:
    """The version that the page's next save is based on: what its writer has seen, never more."""
    if stale is not None:
        return stale.version
    if request.method == "POST":
        return posted_version(request) or ""
    return draft.version if draft else ""


@get_or_post
def sign(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Sign the draft: the signer's password and the patient's record number are given once more."""
    chart = open_chart(request, uid, Right.SIGN)
    draft = decision_in(chart, DecisionStatus.DRAFT)
    if draft is None:
        return redirect(chart.url("decision"))
    now = {"version": draft.version, "shown": seen_digest(look_at(chart.case))}
    form = SignForm(request.POST if request.method == "POST" else None, initial=now)
    if form.is_bound and form.is_valid() and knows_password(request, form, chart.user):
        data = form.cleaned_data
        try:
            sign_decision(
                by=chart.user,
                decision=draft,
                version=data["version"],
                record_number=data["record_number"],
                shown=data["shown"],
            )
        except StaleEdit:
            form = SignForm({**request.POST.dict(), **now, "password": ""})
            text = "The draft or the record has changed since this page was shown; read both again below."
            form.add_error(None, text)
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, "Decision signed.")
            return redirect(chart.url("signed", decision=draft.uid))
    return show_sign(request, chart, draft, form)


def knows_password(request: HttpRequest, form: SignForm, user: User) -> bool:
    """Whether the signer is who they say; wrong passwords count towards the lock-out, as at the log-in."""
    if authenticate(request, username=user.get_username(), password=form.cleaned_data["password"]) == user:
        return True
    form.add_error("password", "This is not your password.")
    return False


def show_sign(request: HttpRequest, chart: Chart, draft: Decision, form: SignForm) -> HttpResponse:
    """What will be signed, and what stands against it."""
    context = chart.page(
        "decision",
        draft=draft,
        form=form,
        content=draft_in_words(draft),
        against=unsigned_because(draft, look_at(chart.case)),
        problems=[(f"id_{name}" if name in form.fields else "", text)
                  for name, errors in form.errors.items() for text in errors],
        panel=chart.panel(),
    )  # fmt: skip
    return render(request, "decision/sign.html", context, status=422 if form.errors else 200)
