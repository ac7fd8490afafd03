"""What a person says of a case by hand: draft, ready, closed. The rest follows from its discussions."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from cases.access import require
from cases.actions.locks import lock_cases, retried
from cases.choices import STATUS_MOVES, AuditAction, CaseStatus, Right
from cases.models import AuditEvent, Case
from cases.models.audit import one_act
from cases.standing import refresh_status


@retried
def set_status(*, by: User, case: Case, status: str) -> Case:
    """Move the case by hand; `STATUS_MOVES` says from where to where. To where it is already does nothing.

    A case that is closed stays on the agendas it is on, marked as closed.
    """
    require(by, case.board, Right.ENTER, case)
    with one_act():
        (stored,) = lock_cases([case])
        if stored.status == status:
            return stored
        allowed = STATUS_MOVES[stored.status]
        if status not in allowed:
            words = ", ".join(CaseStatus(move).label for move in allowed)
            message = f"A case that is {stored.get_status_display().lower()} can become: {words}."
            raise ValidationError({"status": [message]})
        before, stored.stage = stored.status, status
        stored.save(update_fields=["stage"])
        refresh_status(stored)
        AuditEvent.objects.record(
            user=by,
            action=AuditAction.STATUS,
            case=stored,
            kind="case",
            uid=stored.uid,
            detail={"before": before, "after": stored.status},
        )
    return stored
