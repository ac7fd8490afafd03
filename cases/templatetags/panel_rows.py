"""The rows of the panel, drawn once: while somebody types, nearly all of them stay as they were.

What is drawn is kept in the memory of this process only, for some dozen cases.
"""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cases.screens.options import OptionRow, RowGroup

register = template.Library()


@register.simple_tag
def option_row(address: str, prefix: str, row: OptionRow) -> SafeString:
    """One option. `address`: of the pages of the case's options; `prefix`: of the row's id."""
    return _drawn_row(address, prefix, row)


@register.simple_tag
def option_group(address: str, group: RowGroup) -> SafeString:
    """A heading with its rows."""
    return _drawn_group(address, group)


@lru_cache(maxsize=2048)
def _drawn_row(address: str, prefix: str, row: OptionRow) -> SafeString:
    return render_to_string("panel/_option.html", {"address": address, "prefix": prefix, "row": row})


@lru_cache(maxsize=256)
def _drawn_group(address: str, group: RowGroup) -> SafeString:
    return render_to_string("panel/_group.html", {"address": address, "group": group})
