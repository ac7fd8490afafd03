"""What of a board's decisions went to other systems, waits, or was given up."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cases.access import board_or_404
from cases.actions.delivering import try_again
from cases.choices import Right
from cases.models import Delivery
from cases.models.delivery import DeliveryState

LISTED = 100


@require_GET
def deliveries(request: HttpRequest, slug: str) -> HttpResponse:
    """First what was given up, then what waits, then the newest that arrived. It names no patient."""
    board = board_or_404(cast(User, request.user), slug, Right.ADMINISTER)
    found = Delivery.objects.filter(decision__case__board=board).select_related("decision__case")
    counts = dict(found.values_list("state").annotate(Count("pk")).order_by())
    groups = [
        (
            state.label,
            counts.get(state.value, 0),
            found.filter(state=state).order_by("-created_at", "-pk")[:LISTED],
        )
        for state in (DeliveryState.GIVEN_UP, DeliveryState.WAITING, DeliveryState.DELIVERED)
    ]
    return render(request, "exchange/deliveries.html", {"board": board, "groups": groups})


@require_POST
def deliver_again(request: HttpRequest, slug: str, delivery: UUID) -> HttpResponse:
    """Let a message that was given up wait once more."""
    user = cast(User, request.user)
    board = board_or_404(user, slug, Right.ADMINISTER)
    found = Delivery.objects.filter(uid=delivery, decision__case__board=board).first()
    if found is None:
        raise Http404("No such delivery.")
    try:
        try_again(by=user, delivery=found)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "It is tried again within the next minutes.")
    return redirect("cases:deliveries", slug=slug)
