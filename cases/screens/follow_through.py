"""The list that a coordinator works down: what was decided and has no end yet."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, Min, OuterRef, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cases.access import rights_of
from cases.actions.following import FollowedItem
from cases.choices import Right
from cases.composed import Composed
from cases.models import Board, DecisionOption, FollowUpItem, Membership, NextStep
from cases.models.followed import DueOrLast, IsOpen
from cases.models.step import UNHELD
from cases.screens.follow_lines import FOLLOW_UP, NOUNS, OPTION, STEP, name_of

SORTED_BY = "sorted_by"
MINE = "mine"
CODED, CODE_DIGITS = "~", 12
OPEN, OVERDUE, DONE = STATES = "open", "overdue", "done"
ACCOUNT, NAME = "account", "name"
WHEN = {OVERDUE: "Overdue", DONE: "Done in the last 30 days"}
DONE_SHOWN = datetime.timedelta(days=30)

# Of each kind: the paths to its owner and to its board.
OWNER = {STEP: "holder", OPTION: "decision__case__owner", FOLLOW_UP: "case__owner"}
BOARD = {STEP: "decision__discussion__board", OPTION: "decision__discussion__board", FOLLOW_UP: "case__board"}
MODELS: Mapping[str, Any] = {STEP: NextStep, OPTION: DecisionOption, FOLLOW_UP: FollowUpItem}

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
    who holds steps without an account, "" for nobody, by a code that names nobody: an address shows it.
    """

    user: User
    boards: tuple[Board, ...]
    marks_on: frozenset[int]
    hands_over: bool
    people: tuple[tuple[str, str], ...]
    named: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FollowedList:
    """What is followed, of one kind and as far as it is wanted: called with the values, its queryset.

    `state`: one of `STATES`, or "" for all of it, ended or not; `held_by`: whether it is narrowed to an
    `ACCOUNT` or to a `NAME`, "" for neither; `of_board`: whether to one board.
    """

    kind: str
    state: str = ""
    held_by: str = ""
    of_board: bool = False

    def __call__(
        self,
        *,
        boards: Any,
        soon: Any,
        today: Any = None,
        since: Any = None,
        owner: Any = "",
        board: Any = "",
    ) -> QuerySet[Any]:
        rows = MODELS[self.kind].objects.standing_on(boards)
        if self.kind == FOLLOW_UP:
            rows = rows.filter(due_from__lte=soon)
        if self.held_by == NAME:
            rows = rows.filter(holder=None, holder_name=owner)
        elif self.held_by:
            rows = rows.filter(**{f"{OWNER[self.kind]}__username": owner})
        if self.of_board:
            rows = rows.filter(**{f"{BOARD[self.kind]}__slug": board})
        if self.state == DONE:
            # To look them up one by one, the last one first, ends with the last that is shown. Joined with
            # decisions they were all read, and put in order then.
            wanted = Exists(rows.order_by().filter(pk=OuterRef("pk")))
            return MODELS[self.kind].objects.filter(wanted, done_on__gte=since)
        rows = rows.annotate(**{SORTED_BY: DueOrLast("due_now")})
        if self.state:
            rows = rows.filter(IsOpen("state"))
        return rows.filter(due_now__lt=today) if self.state == OVERDUE else rows


Lists = Mapping[str, FollowedList]
EVERYTHING: Lists = {kind: FollowedList(kind) for kind in NOUNS}


@Composed
def _members(*, user: Any) -> QuerySet[Membership]:
    listed = Membership.objects.filter(board__memberships__user=user).select_related("user", "board")
    return listed.only(*OF_MEMBERS).order_by("board__name", "user__last_name", "user__first_name", "pk")


def reader_of(user: User) -> Reader:
    """In two queries, whatever the number of boards."""
    members = _members(user=user.pk)
    mine = [one for one in members if one.user_id == user.pk]
    names = _names(boards=[one.board_id for one in mine], soon=_soon())
    return Reader(
        user,
        tuple(one.board for one in mine),
        frozenset(one.board_id for one in mine if Right.ENTER in rights_of(one)),
        any(Right.HAND_OVER in rights_of(one) for one in mine),
        tuple({one.user.get_username(): name_of(one.user) for one in members if one.user != user}.items()),
        tuple((code_of(name), name) for name in names),
    )


def code_of(name: str) -> str:
    """For an address, in place of a name that somebody wrote; no account can be called so."""
    return f"{CODED}{salted_hmac('owner of a step', name).hexdigest()[:CODE_DIGITS]}"


@Composed
def _names(*, boards: Any, soon: Any) -> QuerySet[NextStep, str]:
    """Who holds what is open, without an account; "" where there is such a step of nobody's.

    Of each name that stands in the index it is asked whether a step on the boards has it: to look through all
    of 3,000 open steps took a fifth of the list's time.
    """
    steps = EVERYTHING[STEP](boards=boards, soon=soon)
    of_each = NextStep.objects.filter(UNHELD).order_by().values("holder_name")
    having_it = steps.filter(UNHELD, holder_name=OuterRef("holder_name"))
    names = NextStep.objects.filter(
        Exists(having_it), pk__in=of_each.annotate(first=Min("pk")).values("first")
    )
    return names.order_by("holder_name").values_list("holder_name", flat=True)


def _soon() -> datetime.date:
    return timezone.localdate() + AHEAD


def lists_of(reader: Reader, wanted: Wanted, state: str) -> tuple[Lists, dict[str, Any]]:
    """What is wanted, of each kind, and the values that the lists are made with."""
    kinds, held_by, owner = [wanted.kind] if wanted.kind else list(NOUNS), "", wanted.owner
    if owner.startswith(CODED):
        named = [name for code, name in reader.named if code == owner]
        kinds, held_by = [kind for kind in kinds if kind == STEP and named], NAME
        owner = named[0] if named else ""
    elif owner:
        held_by, owner = ACCOUNT, reader.user.get_username() if owner == MINE else owner
    today = timezone.localdate()
    values = {
        "boards": [board.pk for board in reader.boards], "soon": _soon(), "today": today,
        "since": today - DONE_SHOWN, "owner": owner, "board": wanted.board,
    }  # fmt: skip
    return {kind: FollowedList(kind, state, held_by, bool(wanted.board)) for kind in kinds}, values


@Composed
def _last_done(rows: FollowedList, most: int, **values: Any) -> QuerySet[Any]:
    return rows(**values).order_by("-done_on", "-pk").values_list("done_on", "pk")[:most]


def done_lately(reader: Reader, wanted: Wanted, most: int) -> list[FollowedItem]:
    """What is wanted and was done in the last 30 days, the last first; `most` of it."""
    lists, values = lists_of(reader, wanted, DONE)
    found = [
        (day, key, kind) for kind, rows in lists.items() for day, key in _last_done(rows, most, **values)
    ]
    return listed([(kind, key) for _, key, kind in sorted(found, reverse=True)[:most]], done=True)


@Composed
def _rows(kind: str, done: bool, *, keys: Any) -> QuerySet[Any]:
    """With what the list shows: by the keys of what was found for a person, and never without."""
    rows = MODELS[kind].objects.as_listed().filter(pk__in=keys).order_by()
    # Only of follow-up is it said what it was done by.
    return rows.prefetch_related("events") if done and kind == FOLLOW_UP else rows


def listed(keys: Sequence[tuple[str, int]], *, done: bool = False) -> list[FollowedItem]:
    """What these keys name, in their order, but for what has left its list this moment. `done`: with what is
    said of something done."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for kind, key in keys:
        kinds[kind].append(key)
    rows = {(kind, row.pk): row for kind, wanted in kinds.items() for row in _rows(kind, done, keys=wanted)}
    return [rows[key] for key in keys if key in rows]
