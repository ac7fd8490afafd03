"""People order; a process of its own makes it: `manage.py print_orders` takes one job after the other.

A packet's queries, its templates and its layout all happen there; a page that orders it writes two rows.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.utils import timezone
from django_tasks import task

from cases.access import figures_or_404, may
from cases.actions import ordering
from cases.actions.ordering import KEPT, OrderIsOver
from cases.choices import Right
from cases.documents.apart import SECONDS_ORDERED, NotPrinted, print_apart
from cases.figures.shown import shown_to
from cases.models import Case, Discussion, DocumentOrder
from cases.models.order import OrderKind
from cases.queries import with_record
from cases.screens.figures import figures_on_paper, report_for, sight_of
from cases.screens.printed import KINDS, Printing, packet_of
from cases.screens.taking_out import TakenOut, made
from cases.snapshot.write import name_of

TELL_EVERY = 1.0  # seconds; each telling is a write

logger = logging.getLogger(__name__)


@task()
def print_order(pk: int) -> None:
    """Make what was ordered. Whatever goes wrong, whoever ordered it is told, and the record is as it was."""
    order = ordering.begin(pk)
    if order is None:
        return
    try:
        file, shows = _table(order) if order.kind == OrderKind.TABLE else _document(order)
        ordering.finish(order, file, shows)
    except OrderIsOver:
        return
    except Http404:
        ordering.fail(order, "You may not see this any more.")
    except NotPrinted as error:
        ordering.fail(order, str(error))
    except Exception:
        logger.exception("Order %s was not made", pk)
        ordering.fail(
            order, "It could not be made. Order it again; if that fails too, tell who runs the site."
        )
    else:
        forget.using(run_after=timezone.now() + KEPT).enqueue()


@task()
def forget() -> None:
    """Remove the files whose time is over."""
    ordering.forget_expired()


def _document(order: DocumentOrder) -> tuple[bytes, list[int]]:
    content, shows = content_of(order)
    context = {"kind": KINDS[order.kind], "paper": order.board.paper, **content}
    return print_apart("documents/paper.html", context, SECONDS_ORDERED, HowFar(order, "pages")), shows


def _table(order: DocumentOrder) -> tuple[bytes, list[int]]:
    if not may(order.by, order.board, Right.READ):
        raise Http404
    wanted = TakenOut.of_order(order.wanted)
    ordering.tell(order, cases=len(wanted.rows))
    return made(order.board, wanted, HowFar(order, "read"))


class HowFar:
    """Writes a growing number to the order, now and then; after it, at 0, that the file is being written.

    Raises `OrderIsOver` once it was cancelled.
    """

    def __init__(self, order: DocumentOrder, name: str) -> None:
        self._order, self._name, self._most, self._next = order, name, 0, 0.0

    def __call__(self, number: int) -> None:
        self._most = max(self._most, number)
        if not number:
            ordering.tell(self._order, **{self._name: self._most}, writing=True)
        elif time.monotonic() >= self._next:
            ordering.tell(self._order, **{self._name: self._most})
            self._next = time.monotonic() + TELL_EVERY


def content_of(order: DocumentOrder) -> tuple[Mapping[str, Any], list[int]]:
    """What the template takes, as the person who ordered it may see it now, and the ids of the cases shown.

    Raises `Http404` if nothing of it is theirs to see any more.
    """
    printing = Printing(timezone.now(), name_of(order.by))
    return _figures(order, printing) if order.kind == OrderKind.FIGURES else _packet(order, printing)


def _packet(order: DocumentOrder, printing: Printing) -> tuple[Mapping[str, Any], list[int]]:
    meeting = order.meeting
    if meeting is None or not may(order.by, order.board, Right.READ):
        raise Http404
    listed = meeting.discussions.values("case")
    cases = list(with_record(Case.objects.visible_to(order.by).filter(pk__in=listed)))
    ordering.tell(order, cases=len(cases))
    packet = packet_of(meeting, cases, printing, HowFar(order, "read"))
    ordering.tell(order, read=len(cases))
    return {"packet": packet}, [case.pk for case in cases]


def _figures(order: DocumentOrder, printing: Printing) -> tuple[Mapping[str, Any], list[int]]:
    board, reads = figures_or_404(order.by, order.board.slug)
    if order.first is None or order.last is None:
        raise Http404
    report = report_for(board, order.first, order.last, timezone.localdate())
    groups = shown_to(report, sight_of(order.by, board, reads=reads))
    counted = Case.objects.visible_to(order.by).filter(
        pk__in=Discussion.objects.filter(board=board).values("case")
    )
    shows = list(counted.values_list("pk", flat=True)) if reads else []
    return figures_on_paper(board, report, groups, printing), shows
