"""What came of a case's last discussion, in one line, for all cases of an agenda at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from cases.choices import Outcome, StepState
from cases.composed import Composed
from cases.models import DecisionOption, Discussion, DiscussionMeasure
from cases.models.option import TAKEN

STATES = dict(StepState.choices)


class EndedBefore(NamedTuple):
    """A discussion whose decision stands, or that was deferred: at which `moment`, and when it was listed."""

    key: int
    case: int
    listed_at: datetime
    moment: datetime
    outcome: str
    awaited: str


@Composed
def _ended(*, cases: Any) -> QuerySet[Discussion, Any]:
    says_something = Q(outcome=Outcome.DEFERRED) | Q(measure__decision__isnull=False)
    moment = Coalesce("meeting__starts_at", "started_at", "created_at")
    ended = Discussion.objects.filter(says_something, case__in=cases).annotate(moment=moment).order_by()
    return ended.values_list("pk", "case_id", "created_at", "moment", "outcome", "awaited")


@Composed
def _options_taken(*, discussions: Any) -> QuerySet[DecisionOption, Any]:
    standing = DiscussionMeasure.objects.filter(discussion__in=discussions).values("decision")
    taken = DecisionOption.objects.filter(decision__in=standing, choice__in=TAKEN).order_by("order")
    return taken.values_list("decision__discussion_id", "title", "state")


def last_times_of(discussions: Sequence[Discussion]) -> Mapping[int, str]:
    """Discussion → "Last time 05-Mar-2026: CAPTEM (done)", or what it was deferred for; nothing of the first.
    In two queries, neither of which reads a decision: their snapshots are long.
    """
    last = _last_before(discussions)
    taken = _taken({one.key for one in last.values() if one.outcome != Outcome.DEFERRED})
    return {key: _in_words(one, taken.get(one.key, ())) for key, one in last.items()}


def _last_before(discussions: Sequence[Discussion]) -> dict[int, EndedBefore]:
    of_case: dict[int, list[EndedBefore]] = defaultdict(list)
    rows = _ended(cases={one.case_id for one in discussions})
    for one in sorted(map(EndedBefore._make, rows), key=attrgetter("moment", "listed_at", "key")):
        of_case[one.case].append(one)
    found = {
        one.pk: [each for each in of_case[one.case_id] if each.listed_at < one.created_at]
        for one in discussions
    }
    return {key: before[-1] for key, before in found.items() if before}


def _taken(discussions: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """Discussion → title and state of each option that its decision takes, as far as it stands signed."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for discussion, title, state in _options_taken(discussions=discussions):
        found[discussion].append((title, state))
    return found


def _in_words(last: EndedBefore, taken: Sequence[tuple[str, str]]) -> str:
    day = f"{timezone.localtime(last.moment):%d-%b-%Y}"
    if last.outcome == Outcome.DEFERRED:
        return f"Last time {day}: deferred; awaited: {last.awaited}"
    said = "; ".join(f"{title} ({str(STATES[state]).lower()})" for title, state in taken)
    return f"Last time {day}: {said or 'decided'}"
