"""What is followed through as lines of a table: steps, options, follow-up, with how their days stand."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from cases.actions.following import FollowedItem
from cases.models import Board, Case, DecisionOption, FollowUpItem, NextStep
from cases.screens.became import became_in_words
from cases.screens.proposing import ShownDone

STEP, OPTION, FOLLOW_UP = "step", "option", "follow_up"
NOUNS = {STEP: "Next step", OPTION: "Option", FOLLOW_UP: "Follow-up"}
PAGES = {STEP: "cases:step", OPTION: "cases:followed_option"}


@dataclass(frozen=True, slots=True)
class FollowLine:
    """One of them. `kind`: a key of `NOUNS`; `words`: how its day stands, or what became of it; `proposal`:
    what the record shows of an option; `may_mark`: whether the reader may say what became of it;
    `then`: the key of the row after it, "" for the last.
    """

    kind: str
    item: FollowedItem
    text: str
    owner: str
    due: datetime.date | None
    words: str
    overdue: bool
    may_mark: bool
    proposal: ShownDone | None = None
    then: str = ""

    @property
    def key(self) -> str:
        """Tells it from all others: "step-12"."""
        return f"{self.kind}-{self.item.pk}"

    @property
    def noun(self) -> str:
        """What it is, in words."""
        return NOUNS[self.kind]

    @property
    def case(self) -> Case:
        return self.item.case if isinstance(self.item, FollowUpItem) else self.item.decision.case

    @property
    def board(self) -> Board:
        """The one that decided; of follow-up, the case's own."""
        if isinstance(self.item, FollowUpItem):
            return self.item.case.board
        return self.item.decision.discussion.board

    @property
    def url(self) -> str:
        """Its page."""
        if isinstance(self.item, FollowUpItem):
            return reverse("cases:follow_up_item", args=[self.case.uid, self.item.uid])
        decision = self.item.decision
        return reverse(PAGES[self.kind], args=[decision.case.uid, decision.uid, self.item.order])

    @property
    def source_url(self) -> str:
        """The page of what it comes from."""
        if isinstance(self.item, FollowUpItem):
            return reverse("cases:follow_up", args=[self.case.uid])
        return reverse("cases:signed", args=[self.case.uid, self.item.decision.uid])

    @property
    def comes_from(self) -> str:
        """What it comes from, in words."""
        if isinstance(self.item, FollowUpItem):
            item = self.item
            return f"No. {item.number}, {item.every} from the {item.anchor}, {item.counted_from:%d-%b-%Y}"
        signed = self.item.decision.signed_at
        return f"Of the decision signed on {timezone.localtime(signed):%d-%b-%Y}" if signed else ""

    @property
    def statement_url(self) -> str:
        """The statement that asks for follow-up, in the edition that it was planned by; "" of others."""
        if not isinstance(self.item, FollowUpItem):
            return ""
        page = reverse("guidelines:statement", args=[self.item.statement_id])
        return f"{page}?{urlencode({'edition': self.item.edition.partition('@')[2]})}"

    @property
    def due_from(self) -> datetime.date | None:
        """The first of several days on which it is due; None where there is one day or none."""
        item = self.item
        return item.due_from if isinstance(item, FollowUpItem) and item.due_from != item.due_now else None

    @property
    def signed_for(self) -> str:
        """Whose it was when it was signed."""
        return self.item.owner_name if isinstance(self.item, NextStep) else self.owner

    @property
    def done_on(self) -> datetime.date:
        """The day proposed for marking it done."""
        return self.item.done_on or (self.proposal.day if self.proposal else timezone.localdate())


def due_in_words(due_on: datetime.date | None, today: datetime.date) -> str:
    """ "3 days overdue", "Due today", "Due in 5 days"."""
    if due_on is None:
        return "No day set"
    days = (due_on - today).days
    if days == 0:
        return "Due today"
    counted = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"Due in {counted}" if days > 0 else f"{counted} overdue"


def lines_of(
    items: Iterable[FollowedItem],
    may_mark: bool = False,
    proposals: Mapping[int, ShownDone] | None = None,
) -> list[FollowLine]:
    """The items as lines of today."""
    today = timezone.localdate()
    return [line_of(item, today, may_mark, proposals or {}) for item in items]


def line_of(
    item: FollowedItem, today: datetime.date, may_mark: bool, proposals: Mapping[int, ShownDone]
) -> FollowLine:
    """An item as it stands today."""
    late = item.is_open and item.due_now is not None and item.due_now < today
    return FollowLine(
        kind=_kind(item),
        item=item,
        text=item.title if isinstance(item, FollowUpItem) else str(item),
        owner=_owner(item),
        due=item.due_now,
        words=_in_words(item, today),
        overdue=late,
        may_mark=may_mark,
        proposal=proposals.get(item.pk) if isinstance(item, DecisionOption) else None,
    )


def _kind(item: FollowedItem) -> str:
    if isinstance(item, FollowUpItem):
        return FOLLOW_UP
    return OPTION if isinstance(item, DecisionOption) else STEP


def _owner(item: FollowedItem) -> str:
    if isinstance(item, NextStep):
        return item.holder_name
    return name_of((item if isinstance(item, FollowUpItem) else item.decision).case.owner)


def name_of(person: User) -> str:
    """A person in full, as far as the account says."""
    return person.get_full_name() or person.get_username()


def _in_words(item: FollowedItem, today: datetime.date) -> str:
    if not item.is_open:
        return became_in_words(item)
    if isinstance(item, DecisionOption) and item.due_now is not None:
        words = due_in_words(item.due_now, today)
        return words.replace("Due in", "Asked in") if item.due_now > today else "What became of it?"
    if isinstance(item, FollowUpItem) and item.due_from <= today <= (item.due_now or today):
        return "Due now"
    if isinstance(item, FollowUpItem) and today < item.due_from:
        return due_in_words(item.due_from, today)
    return due_in_words(item.due_now, today)
