"""What a board decides for all its cases."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from cases.access import require
from cases.actions.indexing import keep_index
from cases.choices import AuditAction, Right
from cases.guideline import check_address
from cases.models import AuditEvent, Board


def choose_guideline(*, by: User, board: Board, address: str) -> Board:
    """The guideline that answers for the board's cases from now on; "" is the newest edition of the current.

    What was signed stays as it was signed. Raises `ValidationError` for an address without a guideline.
    """
    require(by, board, Right.ADMINISTER)
    check_address(address)
    with transaction.atomic():
        stored = Board.objects.select_for_update().get(pk=board.pk)
        if stored.guideline == address:
            return stored
        stored.guideline = address
        stored.full_clean()
        stored.save(update_fields=["guideline"])
        for case in stored.cases.all():
            keep_index(case)
        AuditEvent.objects.record(
            user=by,
            action=AuditAction.CHANGED,
            board=stored,
            kind="board",
            detail={"fields": ["guideline"], "guideline": address},
        )
    return stored
