"""Reads and exports of a case leave an event each. Denials are recorded by `cases.access` itself."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import User

from cases.access import require
from cases.choices import AuditAction, Right
from cases.models import AuditEvent, Board, Case


def log_read(*, by: User, case: Case, page: str) -> AuditEvent:
    """Somebody opened `page` ("case", "history", …) of the case."""
    return AuditEvent.objects.record(user=by, action=AuditAction.READ, case=case, kind=page, uid=case.uid)


def log_export(*, by: User, case: Case, document: str) -> AuditEvent:
    """Somebody took `document` ("handout", …) out of the system. Checks the right to read."""
    require(by, case.board, Right.READ, case)
    return AuditEvent.objects.record(
        user=by, action=AuditAction.EXPORTED, case=case, kind=document, uid=case.uid
    )


def log_figures(*, by: User, board: Board, first: date, last: date) -> AuditEvent:
    """Somebody took the figures of a board over a period out of the system, as a file."""
    period = {"first": first.isoformat(), "last": last.isoformat()}
    return AuditEvent.objects.record(
        user=by, action=AuditAction.EXPORTED, board=board, kind="figures", detail=period
    )


def log_command_export(*, case: Case, document: str) -> AuditEvent:
    """Somebody on the server itself took `document` out by a command; there is no user to name."""
    return AuditEvent.objects.record(
        user=None,
        action=AuditAction.EXPORTED,
        case=case,
        kind=document,
        uid=case.uid,
        detail={"by": "command"},
    )
