"""Documents that take long: ordering one, how far it is, cancelling it, fetching it."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases.access import figures_or_404, meeting_or_404, order_or_404
from cases.actions.ordering import (
    SeenNoMore,
    cancel_order,
    order_figures,
    order_packet,
    take_order,
    tell_once,
)
from cases.jobs import print_order
from cases.models import DocumentOrder
from cases.models.order import OrderKind, OrderState
from cases.screens.ordered import ordered
from cases.screens.taking_out import EVENTS, TakenOut
from cases.views.documents import as_attachment, as_file
from cases.views.figures import period_form
from config.middleware import leaves_session_alone

AWAITS = "awaits_document"  # in a session: its pages ask whether a document has become ready
OVER = 286  # what htmx takes for: ask no more


@require_POST
def order_of_packet(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Order the packet of a meeting."""
    user = cast(User, request.user)
    found = meeting_or_404(user, meeting)
    return awaited(request, order_packet(by=user, meeting=found, enqueue=print_order.enqueue))


@require_POST
def order_of_figures(request: HttpRequest, slug: str) -> HttpResponse:
    """Order the figures of a board over a period."""
    user = cast(User, request.user)
    board, _ = figures_or_404(user, slug)
    form = period_form(request)
    if not form.is_valid():
        raise Http404("No such period.")
    first, last = form.period
    return awaited(
        request, order_figures(by=user, board=board, first=first, last=last, enqueue=print_order.enqueue)
    )


def awaited(request: HttpRequest, order: DocumentOrder) -> HttpResponse:
    """On to the page of the order; every page tells once it is ready."""
    request.session[AWAITS] = True
    return redirect("cases:document_order", order.uid)


@require_GET
def order_page(request: HttpRequest, order: UUID) -> HttpResponse:
    """How far it is; the file, once it is ready."""
    return render(request, "documents/order.html", context_of(request, order))


@leaves_session_alone
@require_GET
def how_far(request: HttpRequest, order: UUID) -> HttpResponse:
    """The part of that page that changes; `seen` is the state that the page shows."""
    context = context_of(request, order)
    return render(request, "documents/_order.html", context | {"seen": request.GET.get("seen", "")})


def context_of(request: HttpRequest, uid: UUID) -> dict[str, Any]:
    found = order_or_404(request.user, uid)
    return {"order": found, "ordered": ordered(found, timezone.now())}


@require_POST
def cancel(request: HttpRequest, order: UUID) -> HttpResponse:
    """End it, and back to where it was ordered."""
    found = order_or_404(request.user, order)
    if cancel_order(by=cast(User, request.user), order=found):
        messages.success(request, "The order is cancelled.")
    else:
        messages.info(request, "It was over already.")
    return redirect("cases:document_order", found.uid)


@require_GET
def file(request: HttpRequest, order: UUID) -> HttpResponse:
    """The file, for who may still see everything in it. Its name says the kind and the day of the order."""
    found = order_or_404(request.user, order)
    table = TakenOut.of_order(found.wanted) if found.kind == OrderKind.TABLE else None
    document = EVENTS[table.what] if table else ""
    try:
        made = take_order(by=cast(User, request.user), order=found, document=document)
    except SeenNoMore as error:
        messages.error(request, str(error))
        return redirect("cases:document_order", found.uid)
    if made is None:
        return redirect("cases:document_order", found.uid)
    if table is not None:
        return as_attachment(made, table)
    if found.kind == OrderKind.FIGURES:
        return as_file(made, f"figures-{found.board.slug}-{found.first:%Y-%m-%d}-{found.last:%Y-%m-%d}.pdf")
    return as_file(made, f"{found.kind}-{timezone.localtime(found.at):%d-%b-%Y}.pdf")


@leaves_session_alone
@require_POST
def notice(request: HttpRequest) -> HttpResponse:
    """What has ended since, said once, on whatever page the person is."""
    ended, more = tell_once(by=cast(User, request.user))
    told = [one for one in ended if one.state in (OrderState.READY, OrderState.FAILED)]
    context = {"orders": [ordered(one, timezone.now()) for one in told]}
    return render(request, "documents/_notice.html", context, status=200 if more else OVER)
