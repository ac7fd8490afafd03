"""The projector: one discussion of a meeting on one page, the next one by a key."""

from datetime import datetime
from typing import Any, NamedTuple, cast
from uuid import UUID
from zlib import crc32

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from cases.access import discussion_and_rights, meeting_or_404
from cases.actions.access_log import log_preview, log_read
from cases.actions.leading import take_up
from cases.choices import DecisionStatus, MeetingState, Outcome, Right
from cases.clock import now
from cases.composed import Composed, beside
from cases.forms.keys import PRESENTING
from cases.models import Case, Decision, Discussion, Meeting
from cases.queries import remembered_as
from cases.screens.presented import Slide, SlideDecision, SlideTime, slide_of_minutes, slide_of_snapshot
from cases.screens.presenting import slide_of_record, standing_of, time_of
from cases.snapshot.read import read
from cases.views.entry import get_or_post
from config.middleware import leaves_session_alone

LOOK = "presentation"  # of the session: how this person's projector looks, and nothing of a patient
LOOKS = {
    "dark": ("dark", True),
    "light": ("dark", False),
    "masked": ("masked", True),
    "named": ("masked", False),
}
"""What a button of the page sends, and what of the look it sets."""


@require_GET
def present(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """The case under discussion; else the first that is open, else the first."""
    user = cast(User, request.user)
    found = meeting_or_404(user, meeting)
    listed = shown_to(user, found)
    if not listed:
        messages.info(request, "There is no case on this agenda to present.")
        return redirect("cases:meeting", meeting=found.uid)
    under_way = (one for one in listed if one.is_under_way)
    still_open = (one for one in listed if one.outcome == Outcome.OPEN)
    first = next(under_way, None) or next(still_open, listed[0])
    return redirect("cases:slide", meeting=found.uid, discussion=first.uid)


class Listed(NamedTuple):
    """What presenting needs of each discussion of an agenda."""

    uid: UUID
    outcome: str
    started_at: datetime | None
    ended_at: datetime | None
    case: int
    board: int

    @property
    def is_under_way(self) -> bool:
        return self.started_at is not None and self.ended_at is None


@Composed
def _agenda(*, meeting: Any) -> QuerySet[Discussion, Any]:
    columns = ("uid", "outcome", "started_at", "ended_at", "case", "case__board")
    return Discussion.objects.filter(meeting=meeting).order_by("place").values_list(*columns)


def shown_to(user: User, meeting: Meeting) -> list[Listed]:
    """The discussions of the agenda, in its order, of the cases that a person of the board may see: those of
    the board, and those that are shared with it.
    """
    found = [Listed(*row) for row in _agenda(meeting=meeting.pk)]
    guests = [one.case for one in found if one.board != meeting.board_id]
    if not guests:
        return found
    seen = Case.objects.visible_to(user).filter(pk__in=guests).values_list("pk", flat=True)
    hidden = {*guests} - {*seen}
    return [one for one in found if one.case not in hidden]


def opened(request: HttpRequest, meeting: UUID, uid: UUID) -> tuple[Discussion, frozenset[str]]:
    """The discussion, for who may read it and is of the board that meets, if this meeting lists it; and the
    person's rights on it.
    """
    found, rights = discussion_and_rights(request.user, uid)
    if found.meeting is None or found.meeting.uid != meeting:
        raise Http404("No such discussion.")
    return found, rights


@get_or_post
def slide(request: HttpRequest, meeting: UUID, discussion: UUID) -> HttpResponse:
    """One discussion, or how the page is to look, or the act of taking the case up."""
    user = cast(User, request.user)
    found, rights = opened(request, meeting, discussion)
    if request.method == "POST":
        act(request, user, found)
        return redirect("cases:slide", meeting=meeting, discussion=discussion)
    shown = slide_of(found, drafts=Right.SCRIBE in rights)
    log_read(by=user, case=found.case, page="presentation")
    context = {
        "slide": shown, "discussion": found, "meeting": found.meeting, "keys": PRESENTING,
        "look": request.session.get(LOOK, {}), "may_take_up": Right.SCRIBE in rights and waits(found),
        "decision": shown.decision, "time": shown.time, "frozen": shown.frozen,
        "state": state_of(found, shown.decision, shown.time), **ways_on(user, found),
    }  # fmt: skip
    return render(request, "meeting/present.html", context)


def act(request: HttpRequest, user: User, discussion: Discussion) -> None:
    """Set how the page looks, or take the case up; anything else changes nothing."""
    look = request.POST.get("look", "")
    if look in LOOKS:
        name, value = LOOKS[look]
        request.session[LOOK] = {**request.session.get(LOOK, {}), name: value}
    if "take_up" in request.POST:
        try:
            take_up(by=user, discussion=discussion)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))


@leaves_session_alone
@require_GET
def standing(request: HttpRequest, meeting: UUID, discussion: UUID) -> HttpResponse:
    """How the decision and the time stand, for a page that asks again and again; 204 if as it has `seen`."""
    found, rights = opened(request, meeting, discussion)
    decisions, seen = decisions_of(found), request.GET.get("seen", "")
    frozen = frozen_slide(found, decisions)
    if frozen is not None:
        decision, time = frozen.decision, frozen.time
    else:
        decision = standing_of(found, decisions, drafts=Right.SCRIBE in rights)
        time = time_of(found, now())
    state = state_of(found, decision, time)
    if state == seen:
        return HttpResponse(status=204)
    log_preview(by=cast(User, request.user), case=found.case, page="presentation")
    context = {
        "discussion": found, "meeting": found.meeting, "decision": decision, "time": time, "state": state,
        "frozen": frozen.frozen if frozen else "", "swapped": True,
        "told": state.split("-")[:2] != seen.split("-")[:2],
    }  # fmt: skip
    return render(request, "meeting/_present_standing.html", context)


def state_of(discussion: Discussion, decision: SlideDecision, time: SlideTime) -> str:
    """What tells one state of decision and time from another; numbers, and nothing of a patient."""
    parts = (decision.code, decision.version, discussion.version, time.used, crc32(time.quorum.encode()))
    return "-".join(str(part) for part in parts)


@Composed
def _decisions(*, discussion: Any) -> QuerySet[Decision]:
    known = Decision.objects.filter(discussion=discussion).exclude(status=DecisionStatus.SUPERSEDED)
    return known.select_related("withdrawal").order_by("pk")


def decisions_of(discussion: Discussion) -> list[Decision]:
    """The draft and the signed decision, as far as there are."""
    return beside(_decisions(discussion=discussion.pk), discussion=discussion)


def slide_of(discussion: Discussion, *, drafts: bool) -> Slide:
    """What was frozen, where something was; else the record and the answer of now. `drafts`: with drafts."""
    decisions = decisions_of(discussion)
    frozen = frozen_slide(discussion, decisions)
    if frozen is not None:
        return frozen
    return slide_of_record(
        discussion,
        remembered_as(discussion.case),
        standing=standing_of(discussion, decisions, drafts=drafts),
        now=now(),
    )


def frozen_slide(discussion: Discussion, decisions: list[Decision]) -> Slide | None:
    """What a signature froze, else what closing the meeting did; None while the discussion goes on."""
    signed = next((one for one in decisions if one.status == DecisionStatus.SIGNED), None)
    if signed is not None:
        withdrawal = getattr(signed, "withdrawal", None)
        return slide_of_snapshot(
            read(signed.snapshot or {}),
            planned=discussion.minutes,
            withdrawn=withdrawal.reason if withdrawal else "",
        )
    meeting = cast(Meeting, discussion.meeting)
    return closed_slide(meeting, discussion) if meeting.state == MeetingState.CLOSED else None


def closed_slide(meeting: Meeting, discussion: Discussion) -> Slide:
    """From the minutes; a discussion that they do not know has nothing to show."""
    found = slide_of_minutes(meeting.snapshot or {}, str(discussion.uid))
    if found is None:
        raise Http404("No such discussion.")
    return found


def waits(discussion: Discussion) -> bool:
    """Whether the case can be taken up now."""
    under_way = discussion.started_at is not None and discussion.ended_at is None
    running = cast(Meeting, discussion.meeting).state == MeetingState.RUNNING
    return discussion.is_open and running and not under_way


def ways_on(user: User, discussion: Discussion) -> dict[str, Any]:
    """The discussions before and after this one, and where it stands among those that the person may see."""
    listed = [one.uid for one in shown_to(user, cast(Meeting, discussion.meeting))]
    place = listed.index(discussion.uid)
    return {
        "place": place + 1, "count": len(listed),
        "before": listed[place - 1] if place else None,
        "after": listed[place + 1] if place + 1 < len(listed) else None,
    }  # fmt: skip
