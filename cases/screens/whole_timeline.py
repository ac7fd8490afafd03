"""The timeline of a case with what its boards did: discussions, what was agreed, planned follow-up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from cases.actions.following import FollowedItem, standing_events
from cases.choices import DecisionStatus, Outcome, StepState
from cases.facts import RecordFacts
from cases.models import Case, Decision, DecisionOption, Discussion, FollowUpItem
from cases.models.option import TAKEN
from cases.reading import PartialDate
from cases.record import CaseRecord
from cases.screens.became import became_in_words
from cases.screens.follow_lines import FollowLine, line_of
from cases.screens.timeline import timeline_of_record
from cases.timeline.model import AGREED, DISCUSSION, FOLLOW_UP, Timeline, TimelineEvent, in_order

LONGEST_QUESTION = 160  # characters


def whole_timeline(record: CaseRecord, facts: RecordFacts, today: date) -> Timeline:
    """The record's timeline, and what is agreed and planned, with what became of it."""
    told = timeline_of_record(record, facts, today)
    case = record.case
    events = [*told.events, *_discussions(case), *_agreed(case, today), *_follow_up(case, today)]
    return replace(told, events=in_order(events))


def _discussions(case: Case) -> Iterator[TimelineEvent]:
    """Each on the day of its meeting, an urgent one on its own."""
    for one in case.discussions.select_related("meeting", "board"):
        outcome = _outcome(one)
        board = f" ({one.board})" if one.board_id != case.board_id else ""
        awaited = f"; awaited: {one.awaited}" if one.awaited else ""
        met = one.meeting.starts_at if one.meeting else one.started_at or one.created_at
        yield TimelineEvent(
            kind=DISCUSSION,
            uid=str(one.uid),
            title=Truncator(one.question).chars(LONGEST_QUESTION),
            detail=f"{outcome}{board}{awaited}",
            words=f"{outcome}{board}",
            start=_day(met),
            url=reverse("cases:discussions", args=[case.uid]),
        )


def _outcome(discussion: Discussion) -> str:
    """How it ended, in words; of a deferral, why."""
    if discussion.outcome == Outcome.OPEN:
        return "Listed" if discussion.meeting else "Urgent, not decided yet"
    words = str(discussion.get_outcome_display())
    why = discussion.get_deferral_reason_display()
    return f"{words}: {why}" if why else words


def _agreed(case: Case, today: date) -> Iterator[TimelineEvent]:
    """The options taken and the next steps of the decisions that stand."""
    standing = Decision.objects.filter(case=case, status=DecisionStatus.SIGNED, withdrawal=None)
    taken = DecisionOption.objects.filter(choice__in=TAKEN)
    decisions = standing.defer("snapshot").prefetch_related(
        Prefetch("options", queryset=taken.prefetch_related("events")), "next_steps__events"
    )
    for decision in decisions:
        decision.case = case
        items: list[FollowedItem] = [*decision.options.all(), *decision.next_steps.all()]
        for item in items:
            yield _followed(line_of(item, today, may_mark=False, proposals={}), AGREED)


def _follow_up(case: Case, today: date) -> Iterator[TimelineEvent]:
    """What is planned, without what a later plan has replaced."""
    for item in FollowUpItem.objects.filter(case=case).current().prefetch_related("events"):
        item.case = case
        yield _followed(line_of(item, today, may_mark=False, proposals={}), FOLLOW_UP)


def _followed(line: FollowLine, kind: str) -> TimelineEvent:
    """What is open on the days on which it is due, all else on the day on which that became of it."""
    item = line.item
    ends = (
        PartialDate.of(item.due_now or item.due_to)
        if isinstance(item, FollowUpItem) and item.is_open
        else None
    )
    said = f"{line.text}: {line.words}" if line.overdue else line.text
    if not item.is_open and item.state != StepState.DONE:
        said = f"{line.text}: {became_in_words(item)}"
    return TimelineEvent(
        kind=kind,
        uid=line.key,
        title=line.text,
        detail="; ".join(filter(None, (line.words, line.owner if kind == AGREED else ""))),
        words=said,
        start=_began(item),
        end=ends,
        is_course=ends is not None,
        mark="open" if item.is_open else "done" if item.state == StepState.DONE else "left",
        url=line.url,
    )


def _began(item: FollowedItem) -> PartialDate | None:
    """The day on which it was done, or not; of what is open, the first on which it is due, else that of the
    signature.
    """
    if not item.is_open:
        last = next(reversed(standing_events(item.events.all())), None)
        on = item.done_on or (last and (last.on or timezone.localdate(last.at)))
        return PartialDate.of(on) if on else None
    if isinstance(item, FollowUpItem):
        return PartialDate.of(item.due_from)
    return PartialDate.of(item.due_now) if item.due_now else _day(item.decision.signed_at)


def _day(moment: datetime | None) -> PartialDate | None:
    return PartialDate.of(timezone.localdate(moment)) if moment else None
