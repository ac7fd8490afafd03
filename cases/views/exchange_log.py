"""For a board's administrator, in one place: what came in, what went out, what waits, what failed."""

from __future__ import annotations

from datetime import timedelta
from typing import cast
from uuid import UUID

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.access import board_or_404, may
from cases.choices import Right
from cases.models import Board, ListImport
from cases.screens.exchanged import BY_PROGRAMS, IN_BUNDLES, OUT, exchanged, troubles_of
from cases.views.exchange import purpose_of
from cases.views.pager import DIGITS, page_of
from config.kept_files import of_everybody, waiting
from config.models import FILE_KEPT_FOR

SIZE = 20  # lists on a page
PAGES = {"bundles": IN_BUNDLES, "out": OUT, "programs": BY_PROGRAMS}


@require_GET
def exchange_log(request: HttpRequest, slug: str) -> HttpResponse:
    """The page. It names no patient; each of its lists goes on by itself."""
    user = cast(User, request.user)
    board = board_or_404(user, slug, Right.ADMINISTER)
    reads, enters = may(user, board, Right.READ), may(user, board, Right.ENTER)
    lists = ListImport.objects.filter(board=board, undoes=None)
    lists = lists.select_related("by", "reading", "undone_by__by")
    context = {
        "board": board,
        "enters": enters,
        "troubles": troubles_of(board, kept_of(user, board) if enters else {}, FILE_KEPT_FOR, reads=reads),
        "looked_at": of_everybody(purpose_of(board)),
        "lists": page_of(lists, ["-at", "-pk"], request.GET.get("lists", ""), SIZE),
        **{
            name: exchanged(board, kinds, number_in(request.GET.get(name, "")), reads=reads)
            for name, kinds in PAGES.items()
        },
    }
    return render(request, "exchange/log.html", context)


def kept_of(user: User, board: Board) -> dict[str, UUID]:
    """The person's own lists that are still kept: id of what was taken over → token."""
    since = timezone.now() - FILE_KEPT_FOR - timedelta(minutes=1)
    if not ListImport.objects.filter(board=board, by=user, refused__gt=0, at__gt=since).exists():
        return {}  # nothing of it is kept: no file need be opened
    kept = waiting(user, purpose_of(board))
    return {one.notes["import"]: one.row.token for one in kept if "import" in one.notes}


def number_in(text: str) -> int | None:
    """A number of an address; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None
