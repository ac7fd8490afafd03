"""The lines of the worklist, drawn once: from one look at it to the next, nearly all of them stay the same.

Whatever a line shows is part of its key, or vouched for by the case's `record_version`.
"""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

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
    drawn = _drawn.get(key)
    if drawn is None:
        drawn = render_to_string("worklist/_line.html", {"line": line, "boards": boards})
        if len(_drawn) >= MOST:
            _drawn.clear()
        _drawn[key] = drawn
    return drawn
