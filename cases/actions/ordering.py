"""Documents that take long: ordered by a person, made by a process of its own, fetched by the person.

What the process writes of its progress leaves no event; ordering, cancelling and fetching do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from cases.access import figures_or_404, may_follow, require
from cases.actions.access_log import log_export, log_figures
from cases.choices import AuditAction, Right
from cases.clock import now
from cases.models import AuditEvent, Board, Case, DocumentOrder, Meeting
from cases.models.audit import one_act
from cases.models.order import LIVE, STALLED, OrderKind, OrderState

Enqueue = Callable[[int], object]

KEPT = timedelta(hours=24)
ROWS_KEPT = timedelta(days=30)


class OrderIsOver(Exception):
    """Whoever ordered it has cancelled it, or it was given up: what is being made of it is for nobody."""


class SeenNoMore(Exception):
    """The file holds what the person may no longer see. Nothing was handed out."""

    def __init__(self) -> None:
        super().__init__("It holds a case that you may no longer see. Order it again.")


def order_packet(*, by: User, meeting: Meeting, enqueue: Enqueue) -> DocumentOrder:
    """The packet of a meeting. What is on its way already is not ordered twice.

    `enqueue` puts it, by its key, before the process that makes it; both are written or neither is.
    """
    require(by, meeting.board, Right.READ)
    return _order(by, enqueue, kind=OrderKind.PACKET, board=meeting.board, meeting=meeting)


def order_figures(*, by: User, board: Board, first: date, last: date, enqueue: Enqueue) -> DocumentOrder:
    """The figures of a board from the first to the last day, for who may see them; the same otherwise."""
    figures_or_404(by, board.slug)
    return _order(by, enqueue, kind=OrderKind.FIGURES, board=board, first=first, last=last)


def order_table(*, by: User, board: Board, wanted: dict[str, Any], enqueue: Enqueue) -> DocumentOrder:
    """Cases or decisions of a board as a file; `wanted` says which, and in which form."""
    require(by, board, Right.READ)
    return _order(by, enqueue, kind=OrderKind.TABLE, board=board, wanted=wanted)


def _order(by: User, enqueue: Enqueue, **of: Any) -> DocumentOrder:
    with one_act():
        User.objects.select_for_update().get(pk=by.pk)  # who orders twice at once waits here for themselves
        mine = DocumentOrder.objects.filter(by=by, state__in=LIVE, **of).defer("file")
        live = next((order for order in mine if order.is_live(now())), None)
        if live is not None:
            return live
        order = DocumentOrder(by=by, at=now(), changed_at=now(), **of)
        order.save()
        enqueue(order.pk)
        _record(by, order, AuditAction.CREATED)
    return order


def cancel_order(*, by: User, order: DocumentOrder) -> bool:
    """End an order of one's own. False where it was over already."""
    with one_act():
        mine = DocumentOrder.objects.filter(pk=order.pk, by=by, state__in=LIVE)
        ended = bool(mine.update(state=OrderState.CANCELLED, changed_at=now(), told=True))
        if ended:
            _record(by, order, AuditAction.REMOVED)
    return ended


def take_order(*, by: User, order: DocumentOrder, document: str = "") -> bytes | None:
    """The file, for who ordered it and may still see everything in it; None where it is not there any more.

    `cases.access.order_or_404` has let the person pass. Leaves an event for each case in a packet or table;
    `document` is what it says, the kind of the order unless given. Raises `SeenNoMore`.
    """
    shown = Case.objects.filter(pk__in=order.shows)
    with one_act():
        cases = list(shown.visible_to(by).select_related("board").order_by("pk"))
        if len(cases) < len(order.shows):
            raise SeenNoMore
        stored = DocumentOrder.objects.filter(
            pk=order.pk, by=by, state=OrderState.READY, expires_at__gt=now()
        )
        file = stored.values_list("file", flat=True).first()
        if file is None:
            return None
        stored.update(told=True)
        if order.first and order.last:
            log_figures(by=by, board=order.board, first=order.first, last=order.last)
        else:
            for case in cases:
                log_export(by=by, case=case, document=document or order.kind)
    return bytes(file)


def tell_once(*, by: User) -> tuple[list[DocumentOrder], bool]:
    """The person's orders that have ended without their knowing, and whether others are on their way. Of a
    board that they have left nothing is told.
    """
    untold = DocumentOrder.objects.filter(by=by, told=False).select_related("board", "meeting")
    mine = [order for order in untold.defer("file") if may_follow(by, order)]
    ended = [order for order in mine if not order.is_live(now())]
    if ended:
        DocumentOrder.objects.filter(pk__in=[order.pk for order in ended]).update(told=True)
    return ended, len(ended) < len(mine)


# --- What the process that makes them writes ----------------------------------------------------------------


def begin(pk: int) -> DocumentOrder | None:
    """Take the order up; None where it was cancelled before."""
    waiting = DocumentOrder.objects.filter(pk=pk, state=OrderState.WAITING)
    if not waiting.update(state=OrderState.RUNNING, changed_at=now()):
        return None
    return DocumentOrder.objects.select_related("by", "board", "meeting__board").get(pk=pk)


def tell(order: DocumentOrder, **how_far: int) -> None:
    """How far it is: `read`, `cases`, `pages`, `writing`. Raises `OrderIsOver`."""
    if not _running(order).update(changed_at=now(), **how_far):
        raise OrderIsOver


def finish(order: DocumentOrder, file: bytes, shows: list[int]) -> None:
    """Keep the file for a day. `shows`: the ids of the cases in it. Raises `OrderIsOver`."""
    made = {"file": file, "size": len(file), "shows": shows, "expires_at": now() + KEPT}
    if not _running(order).update(state=OrderState.READY, changed_at=now(), **made):
        raise OrderIsOver


def fail(order: DocumentOrder, words: str) -> None:
    """There will be no file; `words` for the person who ordered it."""
    _running(order).update(state=OrderState.FAILED, changed_at=now(), failure=words)


def forget_expired() -> None:
    """Remove files past their time and rows past theirs, and give up what nobody is making any more."""
    orders = DocumentOrder.objects.all()
    orders.filter(state=OrderState.READY, expires_at__lte=now()).update(state=OrderState.EXPIRED, file=None)
    orders.filter(state=OrderState.RUNNING, changed_at__lt=now() - STALLED).update(
        state=OrderState.FAILED, changed_at=now(), failure="The process that was making it has ended."
    )
    orders.filter(~Q(state__in=(*LIVE, OrderState.READY)), changed_at__lt=now() - ROWS_KEPT).delete()


def _running(order: DocumentOrder) -> QuerySet[DocumentOrder]:
    return DocumentOrder.objects.filter(pk=order.pk, state=OrderState.RUNNING)


def _record(by: User, order: DocumentOrder, action: str) -> None:
    kind = f"order: {order.kind}"
    AuditEvent.objects.record(user=by, action=action, board=order.board, kind=kind, uid=order.uid)
