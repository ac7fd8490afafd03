"""Scribe and chair at one draft: each sees the other's saves, and nothing of either is overwritten."""

import json
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from cases.access import discussion_or_404
from cases.actions.deciding import DecisionContent, StaleEdit, content_of, save_draft
from cases.actions.merging import Clash, Marks, marks_of, merged
from cases.choices import DecisionStatus, Right
from cases.models import Decision, Discussion
from cases.screens.clashes import KEEP, clash_rows
from cases.snapshot.write import name_of
from cases.views.chart import Chart
from cases.views.posted import posted_version
from config.middleware import leaves_session_alone

ATTEMPTS = 3
WRITTEN_ANEW = ("csrfmiddlewaretoken", "seen")
LONGEST_MARKS = 50_000  # characters


class Clashing(Exception):
    """Both changed the same thing; nothing was written."""

    def __init__(self, stored: Decision, clashes: tuple[Clash, ...]) -> None:
        self.stored, self.clashes = stored, clashes
        super().__init__("Two people changed the same.")


@dataclass(frozen=True)
class Sent:
    """What a save brings along: the version and the marks of what was shown, and what was chosen of clashes
    with the draft of version `seen`.
    """

    version: int | None
    base: Marks
    kept: dict[str, str]
    seen: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Sent":
        """From the form."""
        kept = {
            name.removeprefix(KEEP): str(value)
            for name, value in request.POST.items()
            if name.startswith(KEEP)
        }
        return cls(
            posted_version(request), base_of(request.POST.get("base", "")), kept, request.POST.get("seen", "")
        )


def base_of(text: str) -> Marks:
    """The marks that a page brought back; none where it brought something else."""
    try:
        found = json.loads(text[:LONGEST_MARKS])
    except ValueError:
        return {}
    return {str(name): str(mark) for name, mark in found.items()} if isinstance(found, dict) else {}


def base_text(content: DecisionContent) -> str:
    """The marks of what a page shows, for it to bring back."""
    return json.dumps(marks_of(content), separators=(",", ":"))


def save_together(
    *, by: User, discussion: Discussion, content: DecisionContent, sent: Sent
) -> Decision | None:
    """Store the draft. Where somebody saved meanwhile, both are merged, and theirs is returned.

    Raises `Clashing` for what both changed and nobody chose between.
    """
    version = sent.version
    theirs: Decision | None = None
    for _ in range(ATTEMPTS):
        try:
            save_draft(by=by, discussion=discussion, content=content, version=version)
        except StaleEdit as stale:
            theirs = cast(Decision, stale.stored)  # a draft that is gone is no stale one, but a new one
            kept = sent.kept if sent.seen == str(theirs.version) else {}
            merge = merged(sent.base, content, content_of(theirs), kept)
            if merge.clashes:
                raise Clashing(theirs, merge.clashes) from stale
            content, version = merge.content, theirs.version
        else:
            return theirs
    raise Clashing(cast(Decision, theirs), ())  # somebody else was quicker every time


def who_saved(stored: Decision, user: User) -> str:
    """ "Bob Baker saved at 16:42"; one's own other window is called that."""
    at = f"{timezone.localtime(stored.updated_at):%H:%M}"
    if stored.updated_by_id == user.pk:
        return f"You saved this in another tab or window at {at}"
    return f"{name_of(stored.updated_by)} saved at {at}"


def show_clashes(request: HttpRequest, chart: Chart, clashing: Clashing, sent: Sent) -> HttpResponse:
    """Both versions of what clashes, and everything that was sent, to send once more."""
    kept = sent.kept if sent.seen == str(clashing.stored.version) else {}
    rows = clash_rows(clashing.clashes, chart.guideline, kept)
    context = chart.page(
        "decision",
        marked=False,
        rows=rows,
        who=who_saved(clashing.stored, chart.user),
        seen=clashing.stored.version,
        kept=[
            (name, text)
            for name, texts in request.POST.lists()
            for text in texts
            if name not in WRITTEN_ANEW and not name.startswith(KEEP)
        ],
        problems=[(f"id_{row.name}", f"{row.label}: choose one version") for row in rows if row.missing],
    )
    return render(request, "decision/conflict.html", context, status=409)


def state_of(decisions: list[Decision]) -> str:
    """What an open page compares: which decision is the current one, and its version."""
    current = current_of(decisions)
    return f"{current.pk}-{current.version}" if current else ""


def current_of(decisions: list[Decision]) -> Decision | None:
    """The draft, else the signed decision."""
    for status in (DecisionStatus.DRAFT, DecisionStatus.SIGNED):
        for one in decisions:
            if one.status == status:
                return one
    return None


@require_POST
@leaves_session_alone
def saved_meanwhile(request: HttpRequest, discussion: UUID) -> HttpResponse:
    """What an open page asks every few seconds: a line if something was saved since, else nothing."""
    found = discussion_or_404(request.user, discussion, Right.SCRIBE)
    decisions = list(found.decisions.select_related("updated_by", "signed_by").defer("snapshot"))
    state = state_of(decisions)
    if state == request.POST.get("seen", ""):
        return HttpResponse(status=204)
    current = current_of(decisions)
    told = "The draft was discarded"
    if current and current.is_draft:
        told = who_saved(current, cast(User, request.user))  # somebody is logged in
    elif current and current.signed_by:
        told = f"{name_of(current.signed_by)} signed this decision"
    context = {"told": told, "state": state, "draft": bool(current and current.is_draft)}
    return render(request, "decision/_meanwhile.html", context)
