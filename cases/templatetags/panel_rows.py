"""The parts of the panel, drawn once: while somebody types, nearly all of them stay as they were.

What is drawn is kept in the memory of this process only, for some dozen cases.
"""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cases.screens.drawn_once import drawn_once
from cases.screens.options import OptionRow, RowGroup
from cases.screens.panel import Panel

register = template.Library()


@register.simple_tag
def option_row(address: str, prefix: str, row: OptionRow) -> SafeString:
    """One option. `address`: of the pages of the case's options; `prefix`: of the row's id."""
    return _drawn_row(address, prefix, row)


@register.simple_tag
def option_group(address: str, group: RowGroup) -> SafeString:
    """A heading with its rows."""
    return _drawn_group(address, group)


@register.simple_tag
def panel_asked(panel: Panel) -> SafeString:
    """Its answer."""
    return drawn_once("panel/_asked.html", (panel.address, panel.asked), {"panel": panel})


@register.simple_tag
def panel_decisive(panel: Panel) -> SafeString:
    """What would change the answer."""
    key = (panel.address, panel.decisive, len(panel.later))
    return drawn_once("panel/_decisive.html", key, {"panel": panel})


@register.simple_tag
def panel_notes(panel: Panel) -> SafeString:
    """How many principles and trials there are."""
    key = (panel.address, len(panel.principles), len(panel.trials))
    return drawn_once("panel/_notes.html", key, {"panel": panel})


@lru_cache(maxsize=2048)
def _drawn_row(address: str, prefix: str, row: OptionRow) -> SafeString:
    return render_to_string("panel/_option.html", {"address": address, "prefix": prefix, "row": row})


@lru_cache(maxsize=256)
def _drawn_group(address: str, group: RowGroup) -> SafeString:
    return render_to_string("panel/_group.html", {"address": address, "group": group})
