"""Entering a case: the parts of the record, the live preview, comments, history."""

import uuid
from copy import copy
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.actions.access_log import log_preview, log_read
from cases.actions.entry import (
    StaleEdit,
    add_comment,
    add_part,
    save_case,
    save_part,
)
from cases.actions.undoing import undoable
from cases.actions.versions import KIND_OF, last_version
from cases.choices import Right
from cases.composed import Composed, beside
from cases.forms import copying, fills, pasting
from cases.forms.arranging import Arrangement
from cases.forms.base import PartForm
from cases.forms.conflict import Choices
from cases.forms.parts import PathologyForm
from cases.models import FollowUpItem
from cases.models.base import Stamped
from cases.screens.asking import arrangement_of
from cases.screens.follow_lines import lines_of
from cases.screens.looking_back import last_time_of
from cases.screens.timeline import timeline_of_record
from cases.views.chart import (
    PARTS,
    REFERRAL,
    Chart,
    PartPage,
    entry_line,
    open_chart,
    open_current,
    open_remembered,
)
from cases.views.options import fragment
from cases.views.problems import naming, take_errors

MOST_AHEAD = 3  # items of follow-up that stand on the case's first page

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
def case_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A case, at its referral."""
    chart = opened(request, uid)
    return edit(request, chart, REFERRAL, chart.case)


@get_or_post
def part_page(request: HttpRequest, uid: UUID, part: str) -> HttpResponse:
    """A part of the record: its newest entry, or an empty form."""
    chart = opened(request, uid)
    items = chart.items(PARTS[part])
    return edit(request, chart, PARTS[part], items[0] if items else chart.blank(PARTS[part]))


@get_or_post
def item_page(request: HttpRequest, uid: UUID, part: str, item: UUID) -> HttpResponse:
    """One entry of a part, an older one perhaps."""
    chart = opened(request, uid)
    return edit(request, chart, PARTS[part], cast(Stamped, chart.item(PARTS[part], item)))


def opened(request: HttpRequest, uid: UUID) -> Chart:
    """The case to be read, from memory while it does not change; or as it is stored, to be written."""
    return open_chart(request, uid, Right.ENTER) if request.method == "POST" else open_current(request, uid)


@get_or_post
def new_item(request: HttpRequest, uid: UUID, part: str) -> HttpResponse:
    """A form for one more entry: empty, or begun with what an earlier one says."""
    chart = open_chart(request, uid, Right.ENTER)
    page = PARTS[part]
    shown, source = chart.blank(page, request.GET.get("modality", "")), source_of(request, chart, page)
    return edit(request, chart, page, copying.copied(source, shown, page.form) if source else shown)


def source_of(request: HttpRequest, chart: Chart, part: PartPage) -> Stamped | None:
    """The stored entry that the address names as the start of a new one; 404 for one of another case."""
    return chart.item(part, request.GET.get("copy")) if part is not REFERRAL else None


def edit(request: HttpRequest, chart: Chart, part: PartPage, shown: Stamped) -> HttpResponse:
    """Show an entry, or save what was posted: redirect when saved, 422 when something is to be corrected."""
    if request.method != "POST":
        log_read(by=chart.user, case=chart.case, page=part.slug)
        return show(request, chart, part, part.form(instance=shown))
    if issubclass(part.form, PathologyForm) and pasting.is_asked(request.POST):
        return show(request, chart, part, with_proposals(request, chart, part.form))
    if fills.is_asked(request.POST):
        item = posted_item(request, chart, part)
        form = part.form.filled_in(request.POST, item, arranged(chart, part.form(instance=item)))
        return show(request, chart, part, form)
    form = part.form(request.POST, instance=posted_item(request, chart, part))
    if form.instance.pk is None and form.is_untouched:
        messages.info(request, "Nothing was entered, so nothing was saved.")
        return redirect(next_address(request, chart, part) or request.get_full_path())
    if not form.is_valid():
        return show(request, chart, part, form, status=422)
    return save(request, chart, part, form)


def posted_item(request: HttpRequest, chart: Chart, part: PartPage) -> Stamped:
    """The entry a form is about, by the id it carries; a new one keeps the id that its form chose.

    So a form that is sent twice meets the entry it made the first time.
    """
    if part is REFERRAL:
        return copy(chart.case)
    try:
        chosen = UUID(request.POST.get("item", ""))
    except ValueError:
        chosen = uuid.uuid4()
    for item in chart.items(part):
        if item.uid == chosen:
            return copy(item)  # the form writes into it, and the page around still shows what is stored
    blank = chart.blank(part, request.GET.get("modality", ""))
    blank.uid = chosen
    return blank


def save(request: HttpRequest, chart: Chart, part: PartPage, form: PartForm) -> HttpResponse:
    """Store a valid form by its action."""
    values, choices = form.values(), Choices(request.POST)
    if choices.made and form.instance.pk:
        stored = type(form.instance)._base_manager.get(pk=form.instance.pk)
        missing, values = choices.apply(form, stored, values)
        if missing:
            return conflict(request, chart, part, form, stored, missing=missing)
    shown = form.instance.version if form.instance.pk else 0
    try:
        saved = store(chart, part, form, values)
    except StaleEdit as stale:
        return conflict(request, chart, part, form, stale.stored)
    except ValidationError as error:
        take_errors(form, error)
        return show(request, chart, part, form, status=422)
    messages.success(request, f"{part.title} saved.", extra_tags=undo_address(chart, saved, shown))
    here = chart.url("case") if part is REFERRAL else chart.url("item", part=part.slug, item=saved.uid)
    return redirect(next_address(request, chart, part) or here)


def next_address(request: HttpRequest, chart: Chart, part: PartPage) -> str:
    """Where the person wants to go on once this is saved: another entry, the next part, a part by its name,
    or "" for nowhere.
    """
    then, slugs = request.POST.get("then", ""), list(PARTS)
    if then == "another" and part is not REFERRAL:
        return chart.url("new_item", part=part.slug)
    if then in PARTS:
        return chart.part_url(PARTS[then])
    place = slugs.index(part.slug) + 1
    if then == "next" and place < len(slugs):
        return chart.part_url(PARTS[slugs[place]])
    return ""


def store(chart: Chart, part: PartPage, form: PartForm, values: dict[str, Any]) -> Stamped:
    """Call the action: a new entry, or a change based on the version shown."""
    version = form.cleaned_data.get("version") or 0
    if part is REFERRAL:
        return save_case(by=chart.user, case=chart.case, fields=values, version=version)
    if form.instance.pk is None:
        return add_part(by=chart.user, case=chart.case, kind=part.slug, fields=values, uid=form.instance.uid)
    return save_part(by=chart.user, part=form.instance, fields=values, version=version)


def undo_address(chart: Chart, saved: Stamped, shown: int) -> str:
    """Where the person takes back what they just saved; "" where it changed nothing in version `shown`."""
    save = last_version(KIND_OF[type(saved)], saved.uid)
    if save is None or save.by != chart.user or save.version == shown or not undoable(save):
        return ""
    return chart.url("undo", version=save.pk)


def show(
    request: HttpRequest, chart: Chart, part: PartPage, form: PartForm, status: int = 200
) -> HttpResponse:
    """The page of a part: older entries, the form, the panel."""
    source = source_of(request, chart, part)
    if source:
        copying.mark(form, source)
    unsaved = chart.record.with_part(form.valid_part()) if form.is_bound or source else None
    entries = [] if part is REFERRAL else [entry_line(item) for item in chart.items(part)]
    form.arrange(arranged(chart, form))
    context = chart.page(
        part.slug,
        part=part,
        form=form,
        item=form.instance,
        entries=entries,
        source=next((entry for entry in entries if entry["item"] is source), None),
        problems=form.problems(),
        panel=chart.panel(unsaved),
        preview_url=chart.url("preview", part=part.slug),
        pasted_url=chart.url("pasted"),
        may_enter=Right.ENTER in chart.rights,
        others=[other for other in PARTS.values() if other is not part],
        **({**chart.way(), **ahead_and_before(chart)} if part is REFERRAL else {}),
    )
    return render(request, "entry/part.html", context, status=status)


@Composed
def _items_ahead(*, case: Any) -> QuerySet[FollowUpItem]:
    return FollowUpItem.objects.filter(case=case).open().order_by("due_now", "pk")[:MOST_AHEAD]


def ahead_and_before(chart: Chart) -> dict[str, Any]:
    """The next items of follow-up; and what was decided last time, where the next discussion is to come."""
    items = beside(_items_ahead(case=chart.case.pk), case=chart.case)
    before = None
    if chart.listed:
        timeline = timeline_of_record(chart.record, chart.facts, timezone.localdate())
        before = last_time_of(chart.listed, chart.record, timeline)
    return {"ahead": lines_of(items), "last_time": before}


def arranged(chart: Chart, form: PartForm) -> Arrangement:
    """How a form is laid out for the case as it is stored."""
    return arrangement_of(form, chart.facts, chart.assessment, chart.guideline)


def conflict(
    request: HttpRequest,
    chart: Chart,
    part: PartPage,
    form: PartForm,
    stored: Stamped | None,
    missing: list[str] | None = None,
) -> HttpResponse:
    """Both versions, field by field, for the second person to choose from; nothing has been stored."""
    context = chart.page(part.slug, part=part, **Choices(request.POST).page(form, stored, missing or []))
    return render(request, "entry/conflict.html", context, status=409)


def was_posted(request: HttpRequest, field: str) -> bool:
    """Whether a field is in the post: a preview leaves out free text, which then is not missing."""
    name = field.removeprefix("id_")
    return any(posted == name or posted.startswith(f"{name}_") for posted in request.POST)


@require_POST
def preview(request: HttpRequest, uid: UUID, part: str) -> HttpResponse:
    """The panel, or one `row` of it opened, as it would be if the form were saved now.

    Writes nothing; takes whatever is valid.
    """
    chart = open_remembered(request, uid, Right.ENTER)
    log_preview(by=chart.user, case=chart.case, page=part)
    form = PARTS[part].form(request.POST, instance=posted_item(request, chart, PARTS[part]))
    form.is_valid()
    left_out = [text for field, text in form.problems() if was_posted(request, field)]
    record = chart.record.with_part(form.valid_part())
    if "row" in request.POST:
        return fragment(request, chart, request.POST["row"], record)
    context = {"panel": chart.panel(record, left_out), "echoed": form.echoed()}
    return render(request, "entry/_preview.html", context)


def with_proposals(request: HttpRequest, chart: Chart, form: type[PathologyForm]) -> PathologyForm:
    """The report as it was sent, with what a button took from its pasted text, and what else that says."""
    item = posted_item(request, chart, PARTS["pathology"])
    shown = form(pasting.with_taken(request.POST, form), instance=item)
    shown.propose()
    return shown


@require_POST
def pasted(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What a pasted report says, each proposal for its box. Writes nothing, and nothing of it to a log."""
    chart = open_chart(request, uid, Right.ENTER)
    log_preview(by=chart.user, case=chart.case, page="pathology")
    form = with_proposals(request, chart, PathologyForm)
    return render(request, "entry/_pasted_preview.html", {"form": form, "case": chart.case})


@require_POST
def comment(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Add a remark under the case."""
    chart = open_chart(request, uid, Right.COMMENT)
    text = request.POST.get("text", "").strip()
    try:
        add_comment(by=chart.user, case=chart.case, text=text)
    except ValidationError as error:
        return show_comments(request, chart, text, error.messages)
    return redirect(chart.url("comments"))


@require_GET
def comments(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What clinicians remarked on the case, oldest first."""
    chart = open_chart(request, uid)
    log_read(by=chart.user, case=chart.case, page="comments")
    return show_comments(request, chart)


def show_comments(
    request: HttpRequest, chart: Chart, text: str = "", refused: list[str] | None = None
) -> HttpResponse:
    """The remarks, and the box for one more."""
    context = chart.page(
        "comments",
        comments=chart.case.comments.select_related("created_by"),
        text=text,
        problems=[("id_text", naming("Comment", message)) for message in refused or []],
        may_comment=Right.COMMENT in chart.rights,
    )
    return render(request, "entry/comments.html", context, status=422 if refused else 200)
