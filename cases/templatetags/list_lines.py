"""The lines of the worklist, of an agenda and of what is followed through, drawn once: from one look at it to
the next, nearly all of them stay the same.

Whatever a line shows is part of its key, or vouched for by the case's `record_version` or the discussion's
`version`. The token of a form, another with each page, is put in afterwards.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from cases.screens.agenda import AgendaLine
from cases.screens.follow_lines import FollowLine
from cases.screens.worklist import WorklistLine

register = template.Library()

MOST = 1024
# In place of a token: chance, so that no text that somebody typed can be it.
HELD = secrets.token_hex(16)
HELD_FIELD = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', HELD)
# In the memory of this process only.
_drawn: dict[tuple[Any, ...], SafeString] = {}


@register.simple_tag
def worklist_line(line: WorklistLine, boards: int) -> SafeString:
    """A case in the worklist. `boards`: how many the reader has."""
    case: Any = line.case  # as annotated by `cases.queries.for_worklist`
    stands = (case.uid, case.record_version, case.status, case.meets_at, case.signed)
    said = (line.entity, line.site, line.ready, line.next, line.owner, line.initials, line.shared_by)
    key = (*stands, *said, case.board.name, boards)
    return _drawn_once("worklist/_line.html", key, {"line": line, "boards": boards})


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
    return _with_token(context, _drawn_once("meeting/_agenda_line.html", key, shown))


@register.simple_tag(takes_context=True)
def open_line(context: Mapping[str, Any], line: FollowLine) -> SafeString:
    """What has no end yet, with the ways to mark it."""
    shown = {
        "filter": context["filter"],
        "reasons": context["reasons"],
        "boards": len(context["reader"].boards),
    }
    key = (line.then, shown["filter"], shown["boards"])
    drawn = _drawn_once("steps/_line.html", (*_said(line), *key), {**shown, "line": line})
    return _with_token(context, drawn)


@register.simple_tag(takes_context=True)
def followed_line(context: Mapping[str, Any], line: FollowLine) -> SafeString:
    """What became of something, or that it is open."""
    shown = {name: context.get(name) for name in ("back", "with_case", "linked")}
    key = (*_said(line), *shown.values())
    return _with_token(context, _drawn_once("steps/_row.html", key, {**shown, "line": line}))


def _said(line: FollowLine) -> tuple[Any, ...]:
    """All that the rows of either table show of it; the rest of an item stays as it was signed or planned."""
    case, item = line.case, line.item
    stands = (line.key, item.state, item.done_on, case.uid, case.record_version, line.board.name)
    said = (line.text, line.owner, line.due, line.due_from, line.words, line.overdue)
    return (*stands, *said, line.may_mark, line.proposal, line.done_on)


def _with_token(context: Mapping[str, Any], drawn: SafeString) -> SafeString:
    # nosemgrep: markup-is-escaped (both are escaped)
    return mark_safe(drawn.replace(HELD, escape(context["csrf_token"])))  # noqa: S308


def _drawn_once(template_name: str, key: tuple[Any, ...], context: Mapping[str, Any]) -> SafeString:
    key = (template_name, *key)
    drawn = _drawn.get(key)
    if drawn is None:
        drawn = render_to_string(template_name, {**context, "token_field": HELD_FIELD})
        if len(_drawn) >= MOST:
            _drawn.clear()
        _drawn[key] = drawn
    return drawn
