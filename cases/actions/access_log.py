"""Reads and exports leave an event each: a page of a case one on the case, a list one with its cases' ids.

What comes with every keystroke leaves one for each form and minute. Denials: `cases.access` records them.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import InternalError, OperationalError

from cases import anchors
from cases.access import require
from cases.choices import AuditAction, Right
from cases.clock import now
from cases.models import AuditEvent, Board, Case

MOST_PREVIEWED = 10_000
MINUTE = 60  # seconds
# Person, case, page: when it was last read, as far as this process knows. So few previews ask the database.
_previewed: dict[tuple[int, int, str], float] = {}


def log_read(*, by: User, case: Case, page: str) -> AuditEvent | None:
    """Somebody opened `page` ("case", "history", …) of the case."""
    event = _noted(user=by, case=case, kind=page, uid=case.uid)
    _remember(by, case, page, event)
    return event


def _remember(by: User, case: Case, page: str, event: AuditEvent | None) -> None:
    """When the page was last read; now, where the event stands outside of the database."""
    if len(_previewed) >= MOST_PREVIEWED:
        _previewed.clear()
    age = (now() - event.at).total_seconds() if event else 0.0
    _previewed[by.pk, case.pk, page] = time.monotonic() - age


def log_list(
    *,
    by: User,
    page: str,
    cases: Iterable[Case],
    board: Board | None = None,
    uid: UUID | None = None,
) -> AuditEvent | None:
    """Somebody was shown several cases at once: `page` ("worklist", "agenda", …), with the board and the id
    of the meeting where it is of one.
    """
    shown = sorted({case.pk for case in cases})
    return _noted(user=by, board=board, kind=page, uid=uid, detail={"cases": shown})


def _noted(*, user: User, once_in: timedelta | None = None, **event: Any) -> AuditEvent | None:
    """The event of a read, or the one that there is of the same read within `once_in`; where the database
    takes none, a line outside of it, and the page is still shown.

    Raises `OSError` where that cannot be written either: then nobody reads.
    """
    try:
        if once_in is not None:
            return AuditEvent.objects.record_once(within=once_in, user=user, action=AuditAction.READ, **event)
        return AuditEvent.objects.record(user=user, action=AuditAction.READ, **event)
    except (OperationalError, InternalError):
        case, board = event.get("case"), event.get("board")
        anchors.note_outside(
            {
                "user": user.pk,
                "kind": event["kind"],
                "case": case.pk if case else None,
                "board": board.pk if board else None,
                **event.get("detail", {}),
            }
        )
        return None


def log_preview(*, by: User, case: Case, page: str) -> None:
    """The same for a page that asks again and again: one event in a minute, whichever processes answer."""
    if time.monotonic() - _previewed.get((by.pk, case.pk, page), -MINUTE) < MINUTE:
        return
    event = _noted(user=by, once_in=timedelta(seconds=MINUTE), case=case, kind=page, uid=case.uid)
    _remember(by, case, page, event)


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
