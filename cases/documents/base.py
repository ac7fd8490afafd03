"""The sheet that knows HTML's elements before ours says more: WeasyPrint's, without what we have nothing of.

WeasyPrint's own has five kinds of notes and the mark of a list for every element, and all sixteen margins
of every page; a style of each is made whether there is such a thing or not. Without them a handout, the same
byte for byte, takes a twentieth less.
"""

from __future__ import annotations

import re
from functools import cache

from weasyprint import CSS, HTML
from weasyprint.html import UA

HEADING = re.compile(r"^/\* ([\w ,]+) \*/$", re.MULTILINE)
# Our sheet describes each margin that it uses. The styles of counters have been read with the whole sheet.
LEFT_OUT = ("Notes", "Form fields", "Pages", "Counters")


class PaperHTML(HTML):
    """A document of ours."""

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [base_sheet()]


@cache
def base_sheet() -> CSS:
    """WeasyPrint's sheet without the parts that no document of ours needs; marks are for items of lists.

    Raises `KeyError` if it has no such parts any more.
    """
    _, *told = HEADING.split(UA)
    parts = dict(zip(told[::2], told[1::2], strict=True))
    for name in LEFT_OUT:
        del parts[name]
    return CSS(string="".join(parts.values()).replace("\n::marker", "\nli::marker"))
