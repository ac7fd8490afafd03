"""What was decided when the case was last discussed, what became of it, and what the record has new since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from cases.actions.signing import LEFT
from cases.choices import DECIDED_OUTCOMES, DecisionStatus, Outcome
from cases.composed import Composed
from cases.models import Decision, Discussion
from cases.record import FIELD_OF, CaseRecord
from cases.screens.became import became_in_words
from cases.screens.last_time import BecameLine, DecidedBefore, LastTime, NewEntry
from cases.snapshot.awaited import awaited_in_words
from cases.timeline.model import DECISION, Timeline


def last_time_of(discussion: Discussion, record: CaseRecord, timeline: Timeline) -> LastTime | None:
    """What a board is told first of a case that it, or another one, has discussed before; else None.

    `record` and `timeline` are the case's of today.
    """
    earlier = [one for one in _before(discussion) if _says_something(one)]
    if not earlier:
        return None
    last = earlier[-1]
    decision = next((found for one in reversed(earlier) if (found := _signed(one))), None)
    since = _looked_at(last)
    return LastTime(
        deferred=_deferred(last) if last.outcome == Outcome.DEFERRED else "",
        decided=_decided(decision, discussion) if decision else None,
        new=tuple(_new(record, timeline, since)),
    )


@Composed
def _ended(*, case: Any, listed_before: Any) -> QuerySet[Discussion, int]:
    outcomes = (*DECIDED_OUTCOMES, Outcome.DEFERRED)
    ended = Discussion.objects.filter(case=case, created_at__lt=listed_before, outcome__in=outcomes)
    return ended.order_by().values_list("pk", flat=True)


def _before(discussion: Discussion) -> list[Discussion]:
    """The discussions of the case that were listed before this one and have ended, the last one last."""
    ended = _ended(case=discussion.case_id, listed_before=discussion.created_at)
    if not ended:  # as for most: to ask for everything costs more
        return []
    signed = Decision.objects.filter(status=DecisionStatus.SIGNED).select_related("withdrawal")
    kept = signed.defer("snapshot").prefetch_related("options__events", "conditions", "next_steps__events")
    moment = Coalesce("meeting__starts_at", "started_at", "created_at")
    earlier = Discussion.objects.filter(pk__in=ended)
    listed = earlier.select_related("board", "meeting").prefetch_related(Prefetch("decisions", queryset=kept))
    return list(listed.order_by(moment, "created_at", "pk"))


def _signed(discussion: Discussion) -> Decision | None:
    """Its decision that stands."""
    return next((one for one in discussion.decisions.all() if not hasattr(one, "withdrawal")), None)


def _says_something(discussion: Discussion) -> bool:
    return discussion.outcome == Outcome.DEFERRED or _signed(discussion) is not None


def _looked_at(discussion: Discussion) -> datetime:
    """When the board had the record before it."""
    decision = _signed(discussion)
    if decision is not None and decision.signed_at is not None:
        return decision.signed_at
    return discussion.ended_at or discussion.updated_at


def _deferred(discussion: Discussion) -> str:
    on = f"Deferred {_day(_looked_at(discussion)):%d-%b-%Y}: {discussion.get_deferral_reason_display()}"
    awaited = awaited_in_words(discussion.awaited, discussion.awaited_from, None)
    return f"{on}; awaited: {awaited}"


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _decided(decision: Decision, now: Discussion) -> DecidedBefore:
    of = decision.discussion
    taken = tuple(
        BecameLine(one.title, became_in_words(one), is_open=one.is_open)
        for one in decision.options.all()
        if one.choice not in LEFT
    )
    met = of.meeting.starts_at if of.meeting else decision.signed_at
    return DecidedBefore(
        on=_day(met or decision.updated_at),
        board=of.board.name if of.board_id != now.board_id else "",
        intent=decision.get_intent_display() if decision.intent else "",
        taken=taken,
        rationale="" if taken else decision.rationale,
        conditions=tuple(one.sentence for one in decision.conditions.all()),
        steps=tuple(
            BecameLine(one.text, became_in_words(one), is_open=one.is_open)
            for one in decision.next_steps.all()
        ),
        url=reverse("cases:signed", args=[now.case.uid, decision.uid]),
    )


def _new(record: CaseRecord, timeline: Timeline, since: datetime) -> Iterator[NewEntry]:
    """In order of time, those without a date last."""
    parts = {str(part.uid): part for kind in FIELD_OF.values() for part in getattr(record, kind)}
    for event in timeline.events:
        part = parts.get(event.uid)
        if event.kind == DECISION or part is None or part.updated_at <= since:
            continue
        how = "new" if part.created_at > since else "changed"
        yield NewEntry(how, event.noun, event.when, ": ".join(filter(None, (event.title, event.detail))))
