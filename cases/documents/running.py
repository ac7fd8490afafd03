"""Heads and feet that a page has of its own, without laying that page out twice.

WeasyPrint lays a page out once more if its heads and feet have changed since the time before, and takes a
page that had no time before for one that has lost them: each first sheet of a packet was laid out twice,
which took a fifth of the packet's time.
"""

from __future__ import annotations

from typing import Any

from weasyprint.layout import page

_made = page.make_page


def lay_out_once() -> None:
    """From here on, in this process."""
    page.make_page = _with_none_before


def _with_none_before(context: Any, root: Any, kind: Any, resume_at: Any, number: int, state: Any) -> Any:
    """The page, before whose first time there was nothing on it."""
    for elements in context.running_elements.values():
        elements.setdefault(number, [])
    return _made(context, root, kind, resume_at, number, state)
