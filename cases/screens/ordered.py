"""How far an ordered document is, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.template.defaultfilters import filesizeformat

from cases.documents.words import day_of, in_line, joined, moment
from cases.models import DocumentOrder
from cases.models.order import LIVE, OrderKind, OrderState

NOBODY_PRINTS = timedelta(seconds=30)  # a process that makes orders looks twice a second
SHEETS, AROUND = 2, 4  # pages of a case at most, and of cover, roll call and index; for a bar, not a promise


@dataclass(frozen=True, slots=True)
class OrderBar:
    """A stage of the making. `done` of `of` is what a bar shows; `of` is 0 where nobody knows how much."""

    title: str
    said: str
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Ordered:
    """`state` is that of the order, or failed where whoever was making it has ended; `said` the state in a
    sentence; `stages` stand while it is being made.
    """

    order: DocumentOrder
    title: str
    state: str
    said: str
    stages: tuple[OrderBar, ...]
    is_live: bool

    @property
    def is_ready(self) -> bool:
        return self.state == OrderState.READY


def ordered(order: DocumentOrder, now: datetime) -> Ordered:
    """The order as its page shows it."""
    state = OrderState.FAILED if order.is_stalled(now) else OrderState(order.state)
    if order.state == OrderState.READY and order.expires_at is not None and order.expires_at <= now:
        state = OrderState.EXPIRED
    return Ordered(
        order=order,
        title=_title(order),
        state=state,
        said=_said(order, state, now),
        stages=tuple(_stages(order)) if state == OrderState.RUNNING else (),
        is_live=state in LIVE,
    )


def _title(order: DocumentOrder) -> str:
    if order.meeting is not None:
        return joined("Packet", in_line(order.board.name), moment(order.meeting.starts_at), by=" · ")
    if order.kind == OrderKind.TABLE:
        what = "Decisions" if order.wanted["what"] == "decisions" else "Cases"
        return joined(what, in_line(order.board.name), by=" · ")
    period = f"{day_of(order.first)} to {day_of(order.last)}"
    return joined("Figures", in_line(order.board.name), period, by=" · ")


def _said(order: DocumentOrder, state: str, now: datetime) -> str:
    if state == OrderState.WAITING:
        return _waiting(order, now)
    if state == OrderState.RUNNING:
        return "It is being made. You can leave this page: wherever you are, you are told once it is ready."
    if state == OrderState.READY and order.expires_at is not None:
        until, size = moment(order.expires_at), filesizeformat(order.size).replace("\xa0", " ")
        return f"It is ready: {size}. It can be fetched until {until}; after that, order it again."
    if state == OrderState.FAILED:
        return order.failure or "The process that was making it has ended. Order it again."
    if state == OrderState.EXPIRED:
        return "Its file was kept for a day and is gone. Order it again."
    return "It was cancelled."


def _waiting(order: DocumentOrder, now: datetime) -> str:
    live = DocumentOrder.objects.filter(state__in=LIVE, at__lt=order.at).defer("file")
    before = sum(one.is_live(now) for one in live)
    if before:
        return f"It is in line: {before} {'is' if before == 1 else 'are'} made before it."
    if now - order.at > NOBODY_PRINTS:
        return "It waits, and nobody is making documents: tell who runs the site to start print_orders."
    return "It is in line, and the next."


def _stages(order: DocumentOrder) -> Iterator[OrderBar]:
    if order.kind == OrderKind.TABLE:
        yield OrderBar("Rows read", f"{order.read} of {order.cases}", order.read, order.cases)
        return
    most = SHEETS * order.cases + AROUND if order.kind == OrderKind.PACKET else 0
    if order.cases:
        yield OrderBar("Cases read", f"{order.read} of {order.cases}", order.read, order.cases)
    if order.writing:
        yield OrderBar("Pages laid out", str(order.pages), 1, 1)
        yield OrderBar("The file is written", "", 0, 0)
    elif order.pages or not most:
        yield OrderBar("Pages laid out", f"{order.pages} so far", min(order.pages, max(most - 1, 0)), most)
