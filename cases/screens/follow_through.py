"""The list that a coordinator works down: what was decided and has no end yet."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cases.access import rights_of
from cases.actions.following import FollowedItem
from cases.choices import Right
from cases.models import Board, DecisionOption, FollowUpItem, Membership, NextStep
from cases.models.followed import DueOrLast, IsOpen
from cases.models.step import UNHELD
from cases.queries import rows_of
from cases.screens.follow_lines import FOLLOW_UP, NOUNS, OPTION, STEP, name_of

SORTED_BY = "sorted_by"
MINE = "mine"
CODED, CODE_DIGITS = "~", 12
NOBODY = "Nobody named"
OVERDUE, DONE = "overdue", "done"
WHEN = {OVERDUE: "Overdue", DONE: "Done in the last 30 days"}
DONE_SHOWN = datetime.timedelta(days=30)

# Of each kind: the paths to its owner and to its board.
OWNER = {STEP: "holder", OPTION: "decision__case__owner", FOLLOW_UP: "case__owner"}
BOARD = {STEP: "decision__discussion__board", OPTION: "decision__discussion__board", FOLLOW_UP: "case__board"}
Everything = Mapping[str, QuerySet[Any]]
"""What is followed, by kind."""

LISTED: Everything = {
    STEP: NextStep.objects.as_listed(),
    OPTION: DecisionOption.objects.as_listed(),
    FOLLOW_UP: FollowUpItem.objects.as_listed(),
}
"""With what the list shows: to be read by the keys of what was found for a person, and never without."""

# What the list needs of the people on a board, and of the board.
OF_MEMBERS = (
    "role", "further_roles", "may_sign", "board__name", "board__slug",
    "user__first_name", "user__last_name", "user__username",
)  # fmt: skip

AHEAD = datetime.timedelta(days=90)
"""How long before it is due an item of follow-up stands in the list."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; "" for everything. `owner`: "mine", a person's account name, or a code of
    `Reader.named`; `board`: its slug; `kind`: a key of `NOUNS`; `when`: a key of `WHEN`.
    """

    owner: str = ""
    board: str = ""
    kind: str = ""
    when: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> Wanted:
        """From an address; what it may not hold counts as nothing."""
        kind, when = str(asked.get("kind", "")), str(asked.get("when", ""))
        owner = MINE if asked.get("mine") == "on" else str(asked.get("owner", ""))
        return cls(
            owner=owner,
            board=str(asked.get("board", "")),
            kind=kind if kind in NOUNS else "",
            when=when if when in WHEN else "",
        )

    @property
    def asked(self) -> dict[str, str]:
        """As the address has it."""
        names = ("owner", "board", "kind", "when")
        return {name: value for name in names if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the list: the boards of theirs, those on which they mark, and the people on them. `named`:
    who holds steps without an account, by a code that names nobody: an address shows it. `everything`: what
    is followed there.
    """

    user: User
    boards: tuple[Board, ...]
    marks_on: frozenset[int]
    hands_over: bool
    people: tuple[tuple[str, str], ...]
    named: tuple[tuple[str, str], ...]
    everything: Everything


def reader_of(user: User) -> Reader:
    """In two queries, whatever the number of boards."""
    listed = Membership.objects.filter(board__memberships__user=user).select_related("user", "board")
    named = listed.only(*OF_MEMBERS).order_by("board__name", "user__last_name", "user__first_name", "pk")
    members = list(named)
    mine = [one for one in members if one.user_id == user.pk]
    everything = all_on([one.board_id for one in mine])
    return Reader(
        user,
        tuple(one.board for one in mine),
        frozenset(one.board_id for one in mine if Right.ENTER in rights_of(one)),
        any(Right.HAND_OVER in rights_of(one) for one in mine),
        tuple({one.user.get_username(): name_of(one.user) for one in members if one.user != user}.items()),
        tuple((code_of(name), name or NOBODY) for name in _named(everything[STEP])),
        everything,
    )


def code_of(name: str) -> str:
    """For an address, in place of a name that somebody wrote; no account can be called so."""
    return f"{CODED}{salted_hmac('owner of a step', name).hexdigest()[:CODE_DIGITS]}"


def _named(steps: QuerySet[Any]) -> Iterable[str]:
    """Who holds what is open, without an account; "" where there is such a step of nobody's.

    Of each name that stands in the index it is asked whether one of `steps` has it: to look through all of
    3,000 open steps took a fifth of the list's time.
    """
    of_each = NextStep.objects.filter(UNHELD).order_by().values("holder_name")
    having_it = steps.filter(UNHELD, holder_name=OuterRef("holder_name"))
    names = NextStep.objects.filter(
        Exists(having_it), pk__in=of_each.annotate(first=Min("pk")).values("first")
    )
    return names.order_by("holder_name").values_list("holder_name", flat=True)


def all_on(boards: Collection[int]) -> Everything:
    """Everything that is followed on these boards, of each kind, ended or not."""
    soon = timezone.localdate() + AHEAD
    everything: Everything = {
        STEP: NextStep.objects.standing_on(boards),
        OPTION: DecisionOption.objects.standing_on(boards),
        FOLLOW_UP: FollowUpItem.objects.standing_on(boards).filter(due_from__lte=soon),
    }
    return {kind: rows.annotate(**{SORTED_BY: DueOrLast("due_now")}) for kind, rows in everything.items()}


def open_of(reader: Reader, wanted: Wanted) -> Everything:
    """What has no end yet and is wanted, of each kind."""
    chosen = _wanted(reader, wanted)
    open_ones = {kind: rows.filter(IsOpen("state")) for kind, rows in chosen.items()}
    if wanted.when != OVERDUE:
        return open_ones
    return {kind: rows.filter(due_now__lt=timezone.localdate()) for kind, rows in open_ones.items()}


def done_lately(reader: Reader, wanted: Wanted, most: int) -> list[FollowedItem]:
    """What is wanted and was done in the last 30 days, the last first; `most` of it."""
    since, lists = timezone.localdate() - DONE_SHOWN, _wanted(reader, wanted)
    found = [
        (day, key, kind)
        for kind, rows in lists.items()
        for day, key in rows.filter(done_on__gte=since)
        .order_by("-done_on", "-pk")
        .values_list("done_on", "pk")[:most]
    ]
    keys = [(kind, key) for _, key, kind in sorted(found, reverse=True)[:most]]
    # Only of follow-up is it said what it was done by.
    return listed(keys, {**LISTED, FOLLOW_UP: LISTED[FOLLOW_UP].prefetch_related("events")})


def listed(keys: Sequence[tuple[str, int]], lists: Everything = LISTED) -> list[FollowedItem]:
    """What these keys name, in their order."""
    rows = rows_of(lists, keys)
    return [rows[key] for key in keys if key in rows]


def _wanted(reader: Reader, wanted: Wanted) -> Everything:
    kinds = [wanted.kind] if wanted.kind else list(reader.everything)
    if wanted.owner.startswith(CODED):
        kinds = [kind for kind in kinds if kind == STEP]
    return {kind: reader.everything[kind].filter(_narrowed(kind, reader, wanted)) for kind in kinds}


def _narrowed(kind: str, reader: Reader, wanted: Wanted) -> Q:
    narrowed = Q()
    if wanted.owner.startswith(CODED):
        names = [name for code, name in reader.named if code == wanted.owner]
        narrowed &= Q(holder=None, holder_name__in=["" if name == NOBODY else name for name in names])
    elif wanted.owner:
        name = reader.user.get_username() if wanted.owner == MINE else wanted.owner
        narrowed &= Q(**{f"{OWNER[kind]}__username": name})
    if wanted.board:
        narrowed &= Q(**{f"{BOARD[kind]}__slug": wanted.board})
    return narrowed
