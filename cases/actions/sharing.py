"""Sharing a case with another board, and taking that back."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from cases.access import require
from cases.actions.agenda import lock_meetings_to_come, take_off_unheld
from cases.actions.edits import lock
from cases.actions.locks import retried
from cases.choices import AuditAction, Right
from cases.clock import now
from cases.models import AuditEvent, Board, Case, CaseGrant
from cases.models.audit import one_act


def grant_case(*, by: User, case: Case, board: Board, reason: str) -> CaseGrant:
    """Let another board read this one case and comment on it. Granted twice, the first grant stands."""
    require(by, case.board, Right.ENTER, case)
    if board.pk == case.board_id:
        raise ValidationError({"board": ["The case is this board's own."]})
    with one_act():
        lock(case)
        known = case.grants.current().filter(board=board).first()
        if known is not None:
            return known
        grant = CaseGrant(case=case, board=board, reason=_in_words("reason", reason), granted_by=by)
        grant.full_clean()
        grant.save()
        _audit(by, AuditAction.GRANTED, grant)
    return grant


@retried
def revoke_grant(*, by: User, grant: CaseGrant, reason: str) -> CaseGrant:
    """The board sees the case no longer, and has it off its meetings to come. Revoked twice, the first
    revocation stands.
    """
    require(by, grant.case.board, Right.ENTER, grant.case)
    with one_act():
        lock_meetings_to_come(grant.case, grant.board)
        lock(grant.case)
        stored = CaseGrant.objects.select_for_update().get(pk=grant.pk)
        if stored.revoked_at is not None:
            return stored
        stored.revoke_reason = _in_words("revoke_reason", reason)
        stored.revoked_by, stored.revoked_at = by, now()
        stored.full_clean()
        stored.save(update_fields=CaseGrant.REVOCATION)
        _audit(by, AuditAction.REVOKED, stored)
        take_off_unheld(by=by, case=grant.case, board=stored.board)
    return stored


def _in_words(field: str, reason: str) -> str:
    if "\0" in reason:
        raise ValidationError({field: ["Reason: this text contains a character that cannot be stored."]})
    if not reason.strip():
        raise ValidationError({field: ["Reason: say it in words, up to 300 characters."]})
    return reason.strip()


def _audit(by: User, action: str, grant: CaseGrant) -> None:
    AuditEvent.objects.record(
        user=by,
        action=action,
        case=grant.case,
        kind="grant",
        uid=grant.uid,
        detail={"to_board": grant.board.slug},
    )
