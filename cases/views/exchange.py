"""What a board takes in from elsewhere: what came, what waits, what was refused, and taking it back."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cases.access import board_or_404
from cases.actions.import_undo import undo_import
from cases.actions.undoing import UndoRefused
from cases.choices import Right
from cases.exchange.lists.papers import template
from cases.exchange.lists.workbooks import Unfit
from cases.forms.lists import UploadForm
from cases.models import Board, ListImport, ListReading, PostedBundle
from cases.screens.lists import readings_of, try_to_read
from cases.screens.taking_out import FILE_TYPES
from config.kept_files import keep_file, note, waiting

LISTED = 50  # imports on the page


def purpose_of(board: Board) -> str:
    """What a kept list is for."""
    return f"list for {board.slug}"


@require_GET
def exchange(request: HttpRequest, slug: str) -> HttpResponse:
    """Lists: bring one, see what came of those before."""
    board = board_or_404(cast(User, request.user), slug, Right.ENTER)
    return show_exchange(request, board, UploadForm(names=list(readings_of(board))))


def show_exchange(request: HttpRequest, board: Board, form: UploadForm, status: int = 200) -> HttpResponse:
    """The page."""
    user = cast(User, request.user)
    imports = (
        ListImport.objects.filter(board=board, undoes=None)
        .select_related("by", "reading", "undone_by__by")
        .order_by("-at", "-pk")[:LISTED]
    )
    posted = PostedBundle.objects.filter(case__board=board, closed_at=None).defer("content")
    posted = posted.select_related("case")[:LISTED]
    context = {
        "board": board, "form": form, "enters": True, "posted": posted, "imports": imports,
        "waiting": list(waiting(user, purpose_of(board))),
        "problems": form.problems() if form.is_bound else [],
    }  # fmt: skip
    return render(request, "exchange/exchange.html", context, status=status)


@require_POST
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep a list for as long as somebody looks at it; a file that is none is refused at once."""
    user = cast(User, request.user)
    board = board_or_404(user, slug, Right.ENTER)
    form = UploadForm(request.POST, request.FILES, names=list(readings_of(board)))
    if not form.is_valid():
        return show_exchange(request, board, form, 422)
    file = form.cleaned_data["list"]
    data = file.read()
    try:
        reading = try_to_read(board, data, form.cleaned_data["reading"])
    except Unfit as error:
        form.add_error("list", str(error))
        return show_exchange(request, board, form, 422)
    row = keep_file(user, purpose_of(board), file.name or "", data)
    if reading is not None:
        note(row, {"reading": reading.pk})
    return redirect("cases:list", slug=slug, token=row.token)


@require_GET
def list_template(request: HttpRequest, slug: str) -> HttpResponse:
    """An empty list whose columns map by themselves."""
    board_or_404(cast(User, request.user), slug, Right.ENTER)
    response = HttpResponse(template(), content_type=FILE_TYPES["xlsx"])
    response["Content-Disposition"] = 'attachment; filename="cases-template.xlsx"'
    return response


@require_POST
def undo_list(request: HttpRequest, slug: str, taken: UUID) -> HttpResponse:
    """Take back a whole list."""
    user = cast(User, request.user)
    board = board_or_404(user, slug, Right.ENTER)
    found = ListImport.objects.filter(board=board, uid=taken, undoes=None).first()
    if found is None:
        raise Http404("No such list.")
    try:
        undo_import(by=user, list_import=found)
    except UndoRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The list is taken back.")
    return redirect("cases:exchange", slug=slug)


def reading_at(board: Board, key: object) -> ListReading | None:
    """A way to read lists of the board, by its id."""
    return ListReading.objects.filter(board=board, pk=key).first() if isinstance(key, int) else None
