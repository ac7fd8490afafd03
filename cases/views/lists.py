"""One list on its way in: how it is read, what it would do, and taking it over."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from cases.access import board_or_404
from cases.actions.access_log import log_list
from cases.actions.importing import ImportOutdated, keep_reading
from cases.choices import Right
from cases.exchange.lists.files import ENCODINGS, SEPARATORS, ListFile
from cases.exchange.lists.mapping import ListMapping, MappingInvalid, read_mapping
from cases.exchange.lists.rows import ReadList
from cases.exchange.lists.workbooks import Unfit
from cases.forms.lists import ColumnShown, ReadingForm
from cases.models import Board, ListReading
from cases.screens.list_reading import FIELD_LABELS, answered, columns_shown, mapping_said
from cases.screens.lists import (
    ListPlan,
    finished,
    import_list,
    list_of,
    new_name,
    opened,
    plan,
    readings_of,
    source_of,
)
from cases.screens.taking_out import FILE_TYPES
from cases.views.entry import get_or_post
from cases.views.exchange import purpose_of, reading_at
from cases.views.progress import shown_as_it_comes
from config.kept_files import OpenedFile, discard_file, file_of, note

LONG = 400  # rows from which a page says how far it is
MOST_LINES = 200  # of one kind in sight


class OpenList:
    """A kept list of the person's with the way it is read."""

    def __init__(self, request: HttpRequest, slug: str, token: UUID) -> None:
        self.user = cast(User, request.user)
        self.board: Board = board_or_404(self.user, slug, Right.ENTER)
        kept = file_of(self.user, purpose_of(self.board), token)
        if kept is None:
            raise Http404("No such list.")
        self.kept: OpenedFile = kept
        self.reading: ListReading | None = reading_at(self.board, kept.notes.get("reading"))
        self.mapping = ListMapping.model_validate(self.reading.content) if self.reading else ListMapping()
        self.faults: tuple[str, ...] = ()
        self.file: ListFile
        self.read: ReadList
        try:
            self._open(self.mapping)
        except (MappingInvalid, Unfit) as error:
            self.faults = error.faults if isinstance(error, MappingInvalid) else (str(error),)
            self._open(ListMapping(columns={}))

    def _open(self, mapping: ListMapping) -> None:
        self.file = opened(self.kept.data, mapping)
        self.read = list_of(self.board, self.file, mapping)

    def form(self, data: Any = None) -> ReadingForm:
        """How it is read."""
        read, is_csv = self.read, self.read.format == "csv"
        columns: list[ColumnShown] = columns_shown(read, ListMapping() if self.faults else self.mapping)
        return ReadingForm(
            data,
            sheets=read.sheets,
            encodings=ENCODINGS if is_csv else {},
            separators=SEPARATORS if is_csv else {},
            columns=columns,
            questions=read.questions,
            answered=answered(self.mapping, read),
            initial={
                "name": self.reading.name if self.reading else new_name(readings_of(self.board)),
                "sheet": read.sheet,
                "header_row": read.header_row,
                "encoding": self.mapping.encoding,
                "separator": self.mapping.separator,
                "question": self.mapping.question,
            },
        )

    def context(self, form: ReadingForm, problems: list[tuple[str, str]] | None = None) -> dict[str, Any]:
        """What the page is drawn with."""
        return {
            "board": self.board, "list": self.kept, "read": self.read, "form": form, "fields": FIELD_LABELS,
            "reading": self.reading, "faults": self.faults, "problems": problems or [],
            "is_open": bool(problems or self.faults or self.read.questions or self.read.lacks_key),
        }  # fmt: skip

    @property
    def is_long(self) -> bool:
        """Whether to say how far it is."""
        return len(self.read.body) > LONG


@get_or_post
def list_page(request: HttpRequest, slug: str, token: UUID) -> HttpResponseBase:
    """How the list is read, and what it would do."""
    found = OpenList(request, slug, token)
    if request.method == "POST":
        return store_reading(request, found)

    if found.read.lacks_key:
        return render(request, "exchange/list.html", {**found.context(found.form()), "here": ""})

    def say(planned: ListPlan) -> str:
        if shown := planned.stored_shown:
            log_list(by=found.user, page="list", cases=shown, board=found.board)
        return render_to_string("exchange/_plan.html", plan_context(found, planned), request)

    work = plan(found.board, found.user, found.read)
    context = found.context(found.form())
    return shown_as_it_comes(request, "exchange/list.html", context, work, say, is_long=found.is_long)


def plan_context(found: OpenList, planned: ListPlan) -> dict[str, Any]:
    """What the plan is drawn with: the first lines of each kind."""
    counts = planned.counts
    refused = [
        (line, one)
        for line in planned.lines("refused", most=MOST_LINES)
        for one in line.faults
        if not one.fault.waits
    ]
    return {
        "board": found.board, "list": found.kept, "counts": counts, "read": found.read, "most": MOST_LINES,
        "refused": refused, "waiting": planned.waiting, "ticks": any(one.tick for _, one in refused),
        "changes": list(planned.lines("change", most=MOST_LINES)),
        "unchanged": [line for line in planned.lines("unchanged") if line.kept][:MOST_LINES],
        "created": list(planned.lines("create", most=MOST_LINES)),
        "to_take": counts["create"] + counts["change"],
    }  # fmt: skip


def store_reading(request: HttpRequest, found: OpenList) -> HttpResponse:
    """Keep how the list is read as the newest version under its name, and show the plan again."""
    form = found.form(request.POST)
    problems = form.problems() if not form.is_valid() else []
    if not problems:
        try:
            raw, unknown = mapping_said(found.mapping, found.read, form)
            problems = [(form[name].id_for_label, text) for name, text in unknown]
            mapping = read_mapping(raw)
            list_of(found.board, opened(found.kept.data, mapping), mapping)
        except (MappingInvalid, Unfit) as error:
            faults = error.faults if isinstance(error, MappingInvalid) else (str(error),)
            problems += [("", fault) for fault in faults]
    if problems:
        context = found.context(form, problems)
        return render(request, "exchange/list.html", {**context, "here": ""}, status=422)
    name, content = form.cleaned_data["name"].strip(), mapping.model_dump(mode="json")
    reading = keep_reading(by=found.user, board=found.board, name=name, content=content)
    note(found.kept.row, {**found.kept.notes, "reading": reading.pk})
    return redirect("cases:list", slug=found.board.slug, token=found.kept.row.token)


@require_POST
def take_list(request: HttpRequest, slug: str, token: UUID) -> HttpResponseBase:
    """Take over what is planned, with what was ticked."""
    found = OpenList(request, slug, token)
    if found.faults:
        return redirect("cases:list", slug=slug, token=token)
    ticks = frozenset(request.POST.getlist("tick"))
    source = source_of(found.kept.name, found.kept.data, found.reading)

    def work() -> Any:
        planned = yield from plan(found.board, found.user, found.read, ticks=ticks)
        try:
            made = yield from import_list(found.board, found.user, planned, source)
            if made is not None:
                note(found.kept.row, {**found.kept.notes, "import": str(made.uid)})
            return made, ""
        except ImportOutdated as error:
            return None, f"{error} Nothing was taken over; look at the list again."

    if not found.is_long:
        made, fault = finished(work())
        if fault:
            messages.error(request, fault)
        elif made is None:
            messages.info(request, "There was nothing to take over.")
        else:
            messages.success(request, f"Taken over: {made.created} new, {made.changed} changed.")
        return redirect("cases:list", slug=slug, token=token)

    def say(done: Any) -> str:
        context = {"board": found.board, "list": found.kept, "made": done[0], "fault": done[1]}
        return render_to_string("exchange/_taken.html", context, request)

    context = {"board": found.board, "list": found.kept}
    return shown_as_it_comes(request, "exchange/taking.html", context, work(), say, is_long=True)


@require_GET
def refused_rows(request: HttpRequest, slug: str, token: UUID) -> HttpResponse:
    """The rows that are refused, with their reasons, in the form the list came."""
    found = OpenList(request, slug, token)
    planned: ListPlan = finished(plan(found.board, found.user, found.read))
    response = HttpResponse(planned.refused(), content_type=FILE_TYPES[found.read.format])
    response["Content-Disposition"] = f'attachment; filename="refused.{found.read.format}"'
    return response


@require_POST
def discard_list(request: HttpRequest, slug: str, token: UUID) -> HttpResponse:
    """Delete the kept file."""
    user = cast(User, request.user)
    board = board_or_404(user, slug, Right.ENTER)
    discard_file(user, purpose_of(board), token)
    messages.success(request, "The list is deleted here; what was taken over stays.")
    return redirect("cases:exchange", slug=slug)
