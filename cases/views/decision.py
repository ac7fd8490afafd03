"""The draft of the board's decision. Signing it, and what is signed, have pages of their own."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases.access import discussion_or_404, require_discussion
from cases.actions.access_log import log_read
from cases.actions.deciding import (
    Attendee,
    DecisionContent,
    concordance_with,
    content_of,
)
from cases.choices import DecisionStatus, Right
from cases.composed import Composed
from cases.forms.decision import ROWS, VOTES, HeadForm, names_in, with_row
from cases.forms.deferral import DeferralForm
from cases.forms.keys import DEFER_KEY, HEAD_KEYS
from cases.models import Decision, Discussion
from cases.screens.deciding import ChoiceRows
from cases.screens.key_facts import key_facts
from cases.screens.looking_back import last_time_of
from cases.screens.options import Rows
from cases.screens.panel import known
from cases.screens.sitting import sitting_of
from cases.screens.timeline import timeline_of_record
from cases.views.chart import Chart, open_current
from cases.views.drafting import NOTHING, DecisionForms, FormGroup
from cases.views.posted import posted_version
from cases.views.problems import problems_of
from cases.views.together import (
    Clashing,
    Sent,
    base_text,
    save_together,
    show_clashes,
    state_of,
    who_saved,
)
from cases.views.undiscussed import show_undiscussed
from cases.vote import agreement_of
from guidelines.answer.options import verdicts_of
from guidelines.knowledge.labels import STANCES

WATCH_SECONDS = 4  # between two looks for what somebody else saved, so that it is there within five

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
def decision_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The draft; a signed decision has a page of its own."""
    chart = open_current(request, uid)
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
    return show(request, chart, draft, shown_forms(chart, draft))


def shown_forms(chart: Chart, draft: Decision | None) -> DecisionForms:
    """The page with what is stored, before anything is typed."""
    content = content_of(draft) if draft else DecisionContent()
    return DecisionForms.shown(chart.guideline, content, people_of(chart))


def people_of(chart: Chart) -> list[Attendee] | None:
    """The person who drafts, as the first of those present; None where a roll call says who is."""
    if chart.discussion and chart.discussion.meeting:
        return None
    return [Attendee(chart.user.get_full_name() or chart.user.get_username())]


@Composed
def _people(*, board: Any) -> QuerySet[User]:
    people = User.objects.filter(memberships__board=board).only("username", "first_name", "last_name")
    return people.order_by("last_name", "first_name", "pk")


def members_of(chart: Chart) -> dict[str, User]:
    """The board's people by full name."""
    people = _people(board=chart.case.board_id)
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
    sent, attendees = Sent.of(request), content_of(draft).attendees if draft else ()
    try:
        theirs = save_together(
            by=chart.user,
            discussion=cast(Discussion, chart.discussion),
            content=forms.content(members_of(chart), attendees),
            sent=sent,
        )
    except Clashing as clashing:
        return show_clashes(request, chart, clashing, sent)
    except ValidationError as error:
        return show(request, chart, draft, forms, status=422, refused=error.messages)
    told = f"Draft saved. {who_saved(theirs, chart.user)}; both are kept." if theirs else "Draft saved."
    messages.success(request, told)
    return redirect(chart.url("sign") if "sign" in request.POST else chart.url("decision"))


def chosen_in(chart: Chart, data: QueryDict) -> dict[str, str]:
    """The verdicts on which something was chosen, by statement, with their names."""
    before, after = "on-", "-choice"
    sent = [name for name in data if name.startswith(before) and name.endswith(after) and data[name]]
    names = {statement.id: statement.label for statement in chart.guideline.statements}
    ids = [name.removeprefix(before).removesuffix(after) for name in sent]
    return {one: names[one] for one in ids if one in names}


def gone_from(chart: Chart, chosen: Mapping[str, str]) -> list[str]:
    """Sentences for the verdicts chosen on that the case, changed meanwhile, no longer has."""
    if not chosen:
        return []
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
    deferral: DeferralForm | None = None,
) -> HttpResponse:
    """The draft's page. `added`: the kind of rows that got one more; `refused`: what the action said."""
    stored = draft.options.exclude(statement_id="") if draft and status == 200 else ()
    gone = gone_from(chart, {option.statement_id: option.title for option in stored})
    problems = [("", text) for text in refused or []]
    if status == 422:
        problems += problems_of(deferral) if deferral else forms.problems()
    deferral = deferral or DeferralForm(initial={"draft": draft.version if draft else None})
    context = chart.page(
        "decision", draft=draft, gone=gone, problems=problems,
        deferral=deferral, defer_key=DEFER_KEY, watch_seconds=WATCH_SECONDS,
        typed=status != 200 or bool(added), state=state_of(chart.decisions), **shown_version(request, draft),
        relation=relation_of(chart, draft), agreement=vote_in_words(draft),
        may_decide=Right.SCRIBE in chart.decides, may_sign=Right.SIGN in chart.decides,
        **table_of(chart, forms, added),
    )  # fmt: skip
    return render(request, "decision/draft.html", context, status=status)


def relation_of(chart: Chart, draft: Decision | None) -> str:
    """How the draft as it is stored relates to the guideline as a whole."""
    if draft is None:
        return ""
    return concordance_with(draft, chart.seen).overall.words


@require_POST
def vote(request: HttpRequest, discussion: UUID) -> HttpResponse:
    """What a vote that is being typed comes to, in words; nothing until it says for and against."""
    discussion_or_404(request.user, discussion, Right.SCRIBE)
    form = HeadForm(request.POST)
    form.is_valid()
    given = [form.cleaned_data[name] for name in VOTES[:2] if form.cleaned_data.get(name) is not None]
    told = agreement_of(*given) if len(given) == len(VOTES[:2]) else ""
    return HttpResponse(told, content_type="text/plain")


def vote_in_words(draft: Decision | None) -> str:
    """What the vote that is stored comes to; "" where nobody voted."""
    if draft is None or draft.votes_for is None:
        return ""
    return agreement_of(draft.votes_for, draft.votes_against or 0)


def table_of(chart: Chart, forms: DecisionForms, added: str) -> dict[str, Any]:
    """What lies before the board: the question and the case, the options and the outcome, who is there."""
    now, discussion = timezone.now(), cast(Discussion, chart.discussion)  # else it is another page
    timeline = timeline_of_record(chart.record, chart.facts, timezone.localdate(now))
    rows = ChoiceRows(Rows(chart.guideline, chart.assessment, known(chart.facts)))
    return {
        "panel": chart.panel(),
        "address": chart.options_address,
        "facts": key_facts(chart.facts, chart.assessment),
        "timeline": timeline,
        "last_time": last_time_of(discussion, chart.record, timeline),
        "sitting": sitting_of(discussion, now),
        "groups": [
            FormGroup(group, tuple((row, forms.chosen.get(row.id, NOTHING)) for row in found), place == 0)
            for place, (group, found) in enumerate(rows.groups())
        ],
        "forms": forms,
        "folds": list(forms.folds(added)),
        "considered": list(forms.asked_once()),
        "head_keys": HEAD_KEYS,
        "members": tuple(members_of(chart)),
        "disciplines": tuple(discussion.board.disciplines),
        "interventions": names_in(chart.guideline),
    }


def shown_version(request: HttpRequest, draft: Decision | None) -> dict[str, Any]:
    """What the page's next save is based on: what its writer has seen, never more."""
    if request.method == "POST" and "base" in request.POST:
        return {"version": posted_version(request) or "", "base": request.POST["base"]}
    content = content_of(draft) if draft else DecisionContent()
    return {"version": draft.version if draft else "", "base": base_text(content)}
