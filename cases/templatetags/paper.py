"""Text on paper: what must not be torn apart at the end of a line stays together."""

import re
from pathlib import Path

from django import template
from django.conf import settings
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# A day, a number with its unit or sign, the number of a record.
TOGETHER = re.compile(
    r"\b\d{1,2}-[A-Z][a-z]{2}-\d{4}\b|\b[Rr]ecord \S{1,20}(?!\S)"
    r"|[<>≥≤≈]?\s?\b\d+(?:[.,–]\d+)?\s(?:%|mm²|mm|cm|mg|m²|Gy|GBq|ng/ml|U/l|weeks?|months?|years?|cycles?|min)(?!\w)"
)


@register.simple_tag
def sheet_of(paper: str) -> str:
    """The address, on this machine, of the sheet that lays a document out for `paper`."""
    return (Path(settings.STATICFILES_DIRS[0]) / "css" / f"print-{paper}.css").as_uri()


@register.filter
def together(text: str) -> SafeString:
    """The text, with each day and each number with its unit on one line."""
    escaped = str(conditional_escape(text))
    # nosemgrep: markup-is-escaped (what was escaped, with markup of ours around it)
    return mark_safe(TOGETHER.sub(r'<span class="together">\g<0></span>', escaped))  # noqa: S308
