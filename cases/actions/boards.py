"""What a board decides for all its cases and meetings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

from cases.access import require
from cases.actions.indexing import keep_index
from cases.choices import AuditAction, Right
from cases.guideline import check_address
from cases.models import AuditEvent, Board
from cases.models.audit import one_act

SETTINGS = (
    "disciplines", "quorum_disciplines", "quorum_people", "cut_off_hours", "minutes_per_case", "least_ready",
    "hpf_field_mm2", "current_for_days", "guideline", "paper", "contact",
    "shows_figures",
)  # fmt: skip
# Of these, what the guideline's answer to the board's cases depends on.
ANSWERED_BY = frozenset({"hpf_field_mm2", "current_for_days", "guideline"})


class BoardChanged(Exception):
    """Somebody else changed the same settings since the form was shown. Nothing was written."""

    def __init__(self, stored: Board, names: tuple[str, ...]) -> None:
        self.stored, self.names = stored, names
        super().__init__("Somebody else has changed these settings since you opened them.")


def settings_of(board: Board) -> dict[str, Any]:
    """What a board has set for itself, by the names of its columns."""
    return {name: getattr(board, name) for name in SETTINGS}


def change_board(*, by: User, board: Board, wanted: Mapping[str, Any], shown: Mapping[str, Any]) -> Board:
    """Store what differs between `wanted` and `shown`, the settings as the form showed them.

    What somebody else changed meanwhile stays, unless both changed the same setting to different values: then
    `BoardChanged`. What was signed stays as it was signed. Raises `ValidationError`.
    """
    require(by, board, Right.ADMINISTER)
    meant = {name: wanted[name] for name in SETTINGS if name in wanted and wanted[name] != shown[name]}
    if "guideline" in meant:
        check_address(meant["guideline"])
    with one_act():
        stored = Board.objects.select_for_update().get(pk=board.pk)
        changed = {name: value for name, value in meant.items() if getattr(stored, name) != value}
        if not changed:
            return stored
        both = tuple(name for name in changed if getattr(stored, name) != shown[name])
        if both:
            raise BoardChanged(stored, both)
        for name, value in changed.items():
            setattr(stored, name, value)
        stored.full_clean()
        stored.save(update_fields=list(changed))
        if ANSWERED_BY & changed.keys():
            for case in stored.cases.all():
                keep_index(case)
        guideline = {"guideline": stored.guideline} if "guideline" in changed else {}
        AuditEvent.objects.record(
            user=by,
            action=AuditAction.CHANGED,
            board=stored,
            kind="board",
            detail={"fields": sorted(changed), **guideline},
        )
    return stored


def choose_guideline(*, by: User, board: Board, address: str) -> Board:
    """The guideline that answers for the board's cases from now on; "" is the newest edition of the current.

    Raises `ValidationError` for an address without a guideline.
    """
    require(by, board, Right.ADMINISTER)
    now = {"guideline": Board.objects.get(pk=board.pk).guideline}
    return change_board(by=by, board=board, wanted={"guideline": address}, shown=now)
