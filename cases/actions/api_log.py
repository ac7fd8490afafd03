"""What other programs do with a token: one event a call, which says with which token it was."""

from __future__ import annotations

from collections.abc import Collection

from cases.access import require
from cases.choices import AuditAction, Right
from cases.models import ApiToken, AuditEvent, Case


def log_call(*, token: ApiToken, call: str, cases: Collection[Case] = (), result: str = "") -> AuditEvent:
    """A program asked: with the ids of the cases it learned of, and what came of what it sent."""
    detail = {"cases": [str(case.uid) for case in cases], "token": str(token.uid)}
    return AuditEvent.objects.record(
        user=token.user,
        action=AuditAction.READ,
        board=token.board,
        kind=f"api {call}",
        detail={**detail, "result": result} if result else detail,
    )


def log_out(*, token: ApiToken, case: Case, document: str) -> AuditEvent:
    """A program took `document` of a case. Checks its person's right to read."""
    require(token.user, case.board, Right.READ, case)
    return AuditEvent.objects.record(
        user=token.user,
        action=AuditAction.EXPORTED,
        case=case,
        kind=document,
        uid=case.uid,
        detail={"token": str(token.uid)},
    )
