"""Handing the open cases of somebody who leaves to another member of the board."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from cases.access import require
from cases.actions.edits import store_edit
from cases.actions.entry import check_owner, keep_changed
from cases.choices import CaseStatus, Right
from cases.models import Board, Case


def hand_over_cases(*, by: User, board: Board, owner: User, to: User, cases: Collection[UUID]) -> int:
    """Make `to` the owner of those of `cases` that are open and `owner`'s on this board; how many that were.

    Each is a save of its case, with its version and its event; all or none are stored. `ValidationError`
    where `to` may not enter cases on the board.
    """
    require(by, board, Right.HAND_OVER)
    with transaction.atomic():
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
