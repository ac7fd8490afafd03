"""Pieces of a page drawn once: from one look at it to the next, nearly all of them stay the same.

Whatever a piece shows is part of its key, or vouched for by a version in it. The token of a form, another
with each page, is put in afterwards.
"""

import secrets
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from django.template.loader import get_template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

MOST = 1024
# In place of a token: chance, so that no text that somebody typed can be it.
HELD = secrets.token_hex(16)
HELD_FIELD = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', HELD)
# To look a template up takes a quarter of the time of drawing a line by it.
_template = cache(get_template)
# In the memory of this process only.
_drawn: dict[tuple[Any, ...], SafeString] = {}


def drawn_once(template_name: str, key: tuple[Any, ...], context: Mapping[str, Any]) -> SafeString:
    """The template with this context, by what of it the template shows. `token_field` stands in its forms."""
    key = (template_name, *key)
    drawn = _drawn.get(key)
    if drawn is None:
        shown = {**context, "token_field": HELD_FIELD}
        drawn = cast(SafeString, _template(template_name).render(shown))
        if len(_drawn) >= MOST:
            _drawn.clear()
        _drawn[key] = drawn
    return drawn


def with_token(context: Mapping[str, Any], drawn: SafeString) -> SafeString:
    """The same with the page's own token in its forms."""
    # nosemgrep: markup-is-escaped (both are escaped)
    return mark_safe(drawn.replace(HELD, escape(context["csrf_token"])))  # noqa: S308
