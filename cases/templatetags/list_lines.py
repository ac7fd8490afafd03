"""The lines of the worklist, of an agenda and of what is followed through, and filters, each drawn once."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from cases.forms.worklist import WorklistFilter
from cases.screens.agenda import AgendaLine
from cases.screens.drawn_once import drawn_once, with_token
from cases.screens.follow_lines import FollowLine
from cases.screens.follow_through import Reader
from cases.screens.worklist import WorklistLine

register = template.Library()


@register.simple_tag
def worklist_filters(filters: WorklistFilter) -> SafeString:
    """The filters above it, as they are set: their boxes took a seventh of the page's time."""
    key = (*filters.boards.items(), *(field.value() for field in filters))
    return drawn_once("worklist/_filters.html", key, {"filters": filters})


@register.simple_tag
def worklist_line(line: WorklistLine, boards: int) -> SafeString:
    """A case in the worklist. `boards`: how many the reader has."""
    case = line.case
    stands = (case.uid, case.record_version, case.status, line.meets_at, line.place, line.signed)
    said = (line.entity, line.site, line.ready, line.next, line.owner, line.initials, line.shared_by)
    key = (*stands, *said, case.board.name, boards)
    return drawn_once("worklist/_line.html", key, {"line": line, "boards": boards})


@register.simple_tag(takes_context=True)
def agenda_line(context: Mapping[str, Any], line: AgendaLine, number: int) -> SafeString:
    """The `number`th line of an open meeting's agenda, with the buttons that the reader may use."""
    case, discussion, placed = line.case, line.discussion, context["placed"]
    stands = (case.uid, case.record_version, case.status, discussion.uid, discussion.version)
    said = (line.entity, line.site, line.ready, line.next, line.expected, line.signed, line.since)
    when = (line.last_time, discussion.place, discussion.outcome, discussion.started_at, discussion.ended_at)
    shown = {
        "line": line,
        "number": number,
        "last": number == len(context["lines"]),
        "meeting": context["meeting"],
        "may_change": context["may_change"],
        "may_take_up": context["may_take_up"],
        "refused": placed[1] if placed[0] == str(discussion.uid) else None,
    }
    key = (*stands, *said, *when, *(shown[name] for name in shown if name not in ("line", "meeting")))
    return with_token(context, drawn_once("meeting/_agenda_line.html", key, shown))


@register.simple_tag(takes_context=True)
def follow_through_filters(context: Mapping[str, Any]) -> SafeString:
    """The filters above what is followed through, as they are set."""
    shown = {name: context[name] for name in ("reader", "wanted", "kinds", "whens")}
    reader: Reader = context["reader"]
    boards = tuple((board.slug, board.name) for board in reader.boards)
    return drawn_once("steps/_filters.html", (context["wanted"], boards, reader.people, reader.named), shown)


@register.simple_tag(takes_context=True)
def open_line(context: Mapping[str, Any], line: FollowLine) -> SafeString:
    """What has no end yet, with the ways to mark it."""
    shown = {
        "filter": context["filter"],
        "reasons": context["reasons"],
        "boards": len(context["reader"].boards),
    }
    key = (line.then, shown["filter"], shown["boards"])
    drawn = drawn_once("steps/_line.html", (*_said(line), *key), {**shown, "line": line})
    return with_token(context, drawn)


@register.simple_tag(takes_context=True)
def followed_line(context: Mapping[str, Any], line: FollowLine) -> SafeString:
    """What became of something, or that it is open."""
    shown = {name: context.get(name) for name in ("back", "with_case", "linked")}
    key = (*_said(line), *shown.values())
    return with_token(context, drawn_once("steps/_row.html", key, {**shown, "line": line}))


def _said(line: FollowLine) -> tuple[Any, ...]:
    """All that the rows of either table show of it; the rest of an item stays as it was signed or planned."""
    case, item = line.case, line.item
    stands = (line.key, item.state, item.done_on, case.uid, case.record_version, line.board.name)
    said = (line.text, line.owner, line.due, line.due_from, line.words, line.overdue)
    return (*stands, *said, line.may_mark, line.proposal, line.done_on)
