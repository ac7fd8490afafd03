"""What stands around the lines of an agenda, each drawn once: its addresses and boxes took an eighth of the
page's time.
"""

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

from cases.screens.drawn_once import drawn_once, with_token

register = template.Library()


@register.simple_tag(takes_context=True)
def meeting_controls(context: Mapping[str, Any]) -> SafeString:
    """What the reader may do with an open meeting."""
    meeting, rights, lines = context["meeting"], context["rights"], bool(context["lines"])
    key = (meeting.uid, meeting.state, meeting.may_start, meeting.is_left_open, rights, lines)
    shown = {"meeting": meeting, "rights": rights, "lines": lines}
    return with_token(context, drawn_once("meeting/_controls.html", key, shown))


@register.simple_tag(takes_context=True)
def search_for_agenda(context: Mapping[str, Any]) -> SafeString:
    """The search for one more case."""
    meeting, find, refused = context["meeting"], context["find"], context.get("refused")
    key = (meeting.uid, *_said(find["words"]), *(_said(refused["case"]) if refused else ()))
    shown = {"meeting": meeting, "find": find, "refused": refused}
    return with_token(context, drawn_once("meeting/_put_on.html", key, shown))


@register.simple_tag(takes_context=True)
def carry_over(context: Mapping[str, Any]) -> SafeString:
    """The way to carry over what the meeting leaves."""
    meeting, carry = context["meeting"], context["carry"]
    left, form = len(carry["left"]), carry["form"]
    choices = tuple((str(value), label) for value, label in form.fields["to"].choices)
    key = (meeting.uid, meeting.is_open, meeting.is_left_open, left, choices, *_said(form["to"]))
    shown = {"meeting": meeting, "carry": carry}
    return with_token(context, drawn_once("meeting/_carry.html", key, shown))


def _said(field: BoundField) -> tuple[str, str]:
    """What stands in a box, and what is wrong with it."""
    return str(field.value()), str(field.errors)
