"""The lines of the worklist and of an agenda, drawn once: from one look at it to the next, nearly all of them
stay the same.

Whatever a line shows is part of its key, or vouched for by the case's `record_version` or the discussion's
`version`. A line holds no form, whose token is another with each page.
"""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cases.screens.agenda import AgendaLine
from cases.screens.worklist import WorklistLine

register = template.Library()

MOST = 1024
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
    return _drawn_once("meeting/_agenda_line.html", key, shown)


def _drawn_once(template_name: str, key: tuple[Any, ...], context: Mapping[str, Any]) -> SafeString:
    drawn = _drawn.get(key)
    if drawn is None:
        drawn = render_to_string(template_name, dict(context))
        if len(_drawn) >= MOST:
            _drawn.clear()
        _drawn[key] = drawn
    return drawn
