"""The boxes of a form of the record, drawn once: nearly all are empty or hold one of a few codes.

Whatever a box shows is part of its key. Words that somebody wrote are not kept.
"""

from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cases.forms.base import PartForm
from cases.forms.fields import ListField

register = template.Library()

MOST = 2048
# In the memory of this process only.
_drawn: dict[tuple[Any, ...], SafeString] = {}


@register.simple_tag
def box(field: BoundField) -> SafeString:
    """A box with its label, help and messages."""
    value = field.value()
    is_of_few = not value or isinstance(field.field, forms.ChoiceField | ListField)
    if not is_of_few or not isinstance(field.form, PartForm) or field.errors or _offers(field):
        return _draw(field)
    said = (field.label, field.help_text, getattr(field.field, "mark", ""), getattr(field.field, "echo", ""))
    attributes = tuple(field.field.widget.attrs.items())
    key = (type(field.form), field.auto_id, field.html_name, repr(value), *said, attributes)
    drawn = _drawn.get(key)
    if drawn is None:
        drawn = _draw(field)
        if len(_drawn) >= MOST:
            _drawn.clear()
        _drawn[key] = drawn
    return drawn


def _offers(field: BoundField) -> bool:
    """Whether a pasted report proposes something for it."""
    return bool(getattr(field.field, "proposals", ()))


def _draw(field: BoundField) -> SafeString:
    return render_to_string("components/_box.html", {"field": field})
