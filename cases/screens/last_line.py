"""What came of a case's last discussion, in one line, for all cases of an agenda at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import FilteredRelation, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from cases.choices import Outcome, StepState
from cases.composed import Composed
from cases.models import Discussion
from cases.models.option import TAKEN

STATES = dict(StepState.choices)


class EndedBefore(NamedTuple):
    """A discussion whose decision stands, or that was deferred: at which `moment`, and when it was listed.
    With one of the options that it takes, or none.
    """

    key: int
    case: int
    listed_at: datetime
    moment: datetime
    outcome: str
    awaited: str
    title: str | None
    state: str | None


@Composed
def _ended(*, cases: Any) -> QuerySet[Discussion, Any]:
    says_something = Q(outcome=Outcome.DEFERRED) | Q(measure__decision__isnull=False)
    moment = Coalesce("meeting__starts_at", "started_at", "created_at")
    ended = Discussion.objects.filter(says_something, case__in=cases).annotate(moment=moment)
    options = "measure__decision__options"
    taken = FilteredRelation(options, condition=Q(**{f"{options}__choice__in": TAKEN}))
    rows = ended.annotate(taken=taken).order_by("taken__order")
    of_discussion = ("pk", "case_id", "created_at", "moment", "outcome", "awaited")
    return rows.values_list(*of_discussion, "taken__title", "taken__state")


def last_times_of(discussions: Sequence[Discussion]) -> Mapping[int, str]:
    """Discussion → "Last time 05-Mar-2026: CAPTEM (done)", or what it was deferred for; nothing of the first.
    In one query, which reads of a decision nothing but its options: its snapshot is long.
    """
    of_case: dict[int, list[EndedBefore]] = defaultdict(list)
    rows = _ended(cases={one.case_id for one in discussions})
    for row in map(EndedBefore._make, rows):
        of_case[row.case].append(row)
    last = {one.pk: _last_before(one, of_case[one.case_id]) for one in discussions}
    return {key: _in_words(found) for key, found in last.items() if found}


def _last_before(discussion: Discussion, ended: Sequence[EndedBefore]) -> list[EndedBefore]:
    """The last of these that was listed before: a row for each of its options, in their order."""
    before = [one for one in ended if one.listed_at < discussion.created_at]
    last = max(before, key=attrgetter("moment", "listed_at", "key"), default=None)
    return [one for one in before if last is not None and one.key == last.key]


def _in_words(last: Sequence[EndedBefore]) -> str:
    day = f"{timezone.localtime(last[0].moment):%d-%b-%Y}"
    if last[0].outcome == Outcome.DEFERRED:
        return f"Last time {day}: deferred; awaited: {last[0].awaited}"
    taken = [f"{one.title} ({str(STATES[one.state]).lower()})" for one in last if one.title and one.state]
    return f"Last time {day}: {'; '.join(taken) or 'decided'}"
