"""Which cases another edition of the guideline would answer otherwise: open ones, and those decided lately.

Both editions are asked the record of today. What was signed stays as it was signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from cases.actions.indexing import rows_of_listed
from cases.choices import CaseStatus, DecisionStatus
from cases.guideline import guideline_of
from cases.models import Board, Case, Decision
from cases.models.case import CaseQuerySet
from cases.queries import for_recall, with_next_meeting
from cases.readiness import asked_of
from guidelines.answer.recall import DifferingVerdict, differing_verdicts
from guidelines.knowledge.model import Guideline
from guidelines.knowledge.releases import editions, guideline_at

DECIDED_WITHIN = 180  # days since the signature
AT_ONCE = 200  # cases read together


@dataclass(frozen=True, slots=True)
class RecalledCase:
    """A case with the verdicts that differ, what its question is about first."""

    case: Case
    verdicts: tuple[DifferingVerdict, ...]

    @property
    def asked(self) -> tuple[DifferingVerdict, ...]:
        """On what the question is about."""
        return tuple(one for one in self.verdicts if one.asked)

    @property
    def others(self) -> tuple[DifferingVerdict, ...]:
        """On everything else."""
        return tuple(one for one in self.verdicts if not one.asked)


def to_recall(boards: Iterable[Board], now: datetime | None = None) -> CaseQuerySet:
    """The boards' own cases that are open or were decided within `DECIDED_WITHIN` days, without patients who
    have died; annotated with `meets_at` (`with_next_meeting`) and `signed_at`, the last that stands.
    """
    since = (now or timezone.now()) - timedelta(days=DECIDED_WITHIN)
    standing = Decision.objects.filter(case=OuterRef("pk"), status=DecisionStatus.SIGNED, withdrawal=None)
    alive = Q(patient__deceased=False) | Q(patient__deceased=None)  # not known is no death
    cases = with_next_meeting(Case.objects.filter(alive, board__in=boards), now).annotate(
        signed_at=Subquery(standing.order_by("-signed_at").values("signed_at")[:1])
    )
    settled = Q(status__in=(CaseStatus.DECIDED, CaseStatus.CLOSED))
    chosen: CaseQuerySet = cases.filter(~settled | Q(signed_at__gte=since))
    return chosen


def recalled(cases: Iterable[Case], before: Guideline, after: Guideline) -> Iterator[RecalledCase]:
    """Those of the cases, read by `for_recall`, whose verdicts differ between the editions. Facts that do not
    hold today are read anew.
    """
    listed = list(cases)
    rows = rows_of_listed(listed)
    for case in listed:
        asked = asked_of(rows[case.pk])
        verdicts = differing_verdicts(before, after, asked.facts, done=asked.done, asks=asked.asks)
        if verdicts:
            yield RecalledCase(case, verdicts)


def narrowed(
    lines: Iterable[RecalledCase], *, about: str = "", turned: bool = False
) -> Iterator[RecalledCase]:
    """Those with a verdict on the intervention `about`, which the question asks, and with one that turns, as
    far as either is wanted; without their other verdicts.
    """
    for line in lines:
        kept = tuple(
            one
            for one in line.verdicts
            if (one.turns or not turned) and (not about or (one.asked and one.intervention == about))
        )
        if kept:
            yield RecalledCase(line.case, kept)


def recalled_in_pieces(
    boards: Iterable[Board], before: str, after: str
) -> Iterator[tuple[int, int, list[RecalledCase]]]:
    """Every case to recall, between the editions at two addresses, in pieces of `AT_ONCE`: how many were
    looked at so far, of how many, and those of the piece that differ. Each takes the same number of queries.
    """
    was, now = guideline_at(before), guideline_at(after)
    ids = list(to_recall(boards).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        piece = ids[start : start + AT_ONCE]
        cases = for_recall(Case.objects.filter(pk__in=piece)).order_by("pk")
        yield start + len(piece), len(ids), list(recalled(cases, was, now))


def pair_for(board: Board) -> tuple[str, str]:
    """The editions that a board compares first: its own and the newest; of one that has the newest, the one
    before it. The same edition twice where there is but one.
    """
    own = guideline_of(board)
    there = editions(own.id)
    newest = there[-1]
    before = own.edition if own.edition != newest else there[max(len(there) - 2, 0)]
    return f"{own.id}@{before}", f"{own.id}@{newest}"
