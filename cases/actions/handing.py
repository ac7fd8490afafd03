"""Handing the open cases and steps of somebody who leaves to another member of the board."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.contrib.auth.models import User

from cases.access import require
from cases.actions.edits import store_edit
from cases.actions.entry import check_owner, keep_changed
from cases.actions.steps import reassign_step
from cases.choices import CaseStatus, DecisionStatus, Right
from cases.models import Board, Case, NextStep
from cases.models.audit import one_act
from cases.models.followed import OPEN_STATES


def hand_over_steps(*, by: User, board: Board, holder: User, to: User, steps: Collection[int]) -> int:
    """Make `to` do those of `steps`, by their ids, that are open and `holder`'s on this board; how many.

    Each leaves its event; all or none are stored. A signed decision keeps the owners it was signed with.
    """
    require(by, board, Right.HAND_OVER)
    with one_act():
        check_owner(board, {"owner": to})
        theirs = NextStep.objects.filter(
            decision__discussion__board=board,
            decision__status=DecisionStatus.SIGNED,
            decision__withdrawal=None,
            state__in=OPEN_STATES,
            holder=holder,
            pk__in=steps,
        )
        handed = list(theirs.select_related("decision__discussion__board").order_by("pk"))
        for step in handed:
            name = to.get_full_name() or to.get_username()
            reassign_step(by=by, step=step, owner=to, owner_name=name)
    return len(handed)


def hand_over_cases(*, by: User, board: Board, owner: User, to: User, cases: Collection[UUID]) -> int:
    """Make `to` the owner of those of `cases` that are open and `owner`'s on this board; how many that were.

    Each is a save of its case, with its version and its event; all or none are stored. `ValidationError`
    where `to` may not enter cases on the board.
    """
    require(by, board, Right.HAND_OVER)
    with one_act():
        check_owner(board, {"owner": to})
        handed = 0
        theirs = Case.objects.filter(board=board, owner=owner, uid__in=cases).exclude(
            status=CaseStatus.CLOSED
        )
        for case in theirs.select_for_update(of=("self",)).order_by("pk"):
            stored, before = store_edit(case, {"owner": to}, case.version, by)
            if before:
                keep_changed(by, stored, stored, before)
                handed += 1
    return handed
