"""Every discussion of a case, the latest first: when, by whom, how it ended, and its decisions."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models.functions import Coalesce

from cases.choices import DecisionStatus
from cases.models import Case, Decision, Discussion, Meeting


@dataclass(frozen=True, slots=True)
class DiscussedLine:
    """One discussion. `to_meeting`: whether the reader may see its meeting; `decisions`: the latest first."""

    discussion: Discussion
    to_meeting: bool
    elsewhere: bool
    decisions: tuple[DecisionLine, ...]


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision with what became of it, in words."""

    decision: Decision
    words: str

    @property
    def is_frozen(self) -> bool:
        """Whether it has a page of its own, as signed."""
        return self.decision.status != DecisionStatus.DRAFT


def discussed(case: Case, user: User) -> list[DiscussedLine]:
    """The discussions by the case's own board and by those that it was shared with."""
    listed = case.discussions.select_related("meeting", "board").prefetch_related("decisions__withdrawal")
    moment = Coalesce("meeting__starts_at", "started_at", "created_at")
    ordered = listed.order_by(moment.desc(), "-created_at", "-pk")
    mine = set(Meeting.objects.visible_to(user).filter(discussions__case=case).values_list("pk", flat=True))
    return [
        DiscussedLine(
            one,
            one.meeting_id in mine,
            one.board_id != case.board_id,
            tuple(DecisionLine(decision, _words(decision)) for decision in [*one.decisions.all()][::-1]),
        )
        for one in ordered
    ]


def _words(decision: Decision) -> str:
    if hasattr(decision, "withdrawal"):
        return "Withdrawn"
    return str(decision.get_status_display())
