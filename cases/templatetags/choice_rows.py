"""The rows of the decision screen, drawn once: nearly all are as they were when it was last opened."""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cases.forms.decision import REASONS, TAKEN_UP
from cases.screens.deciding import ChoiceRow
from cases.timeline.drawing import NARROW, draw_timeline
from cases.timeline.model import Timeline

register = template.Library()

# The first letter of each is its key.
VERBS = {"accepted": "Accept", "rejected": "Reject", "deferred": "Defer"}
BUTTONS = tuple((one.value, VERBS[one.value][:1], VERBS[one.value][1:]) for one in TAKEN_UP)


@register.simple_tag
def choice_row(address: str, row: ChoiceRow, chosen: object) -> SafeString:
    """An option with what stands at it (`drafting.Chosen`). `address`: of the pages of the case's options."""
    return _drawn(address, row, chosen)


@register.inclusion_tag("decision/_reason.html")
def reason_of(prefix: str, code: str = "", text: str = "") -> dict[str, object]:
    """The boxes for the reason of a choice; `prefix` of their names."""
    return {"prefix": prefix, "code": code, "text": text, "reasons": REASONS}


@register.simple_tag
def boxes_of(fields: Iterable[BoundField], nth: int = 1) -> SafeString:
    """The boxes of a line under their labels. `nth`: of the lines of its kind, for who cannot see them."""
    listed = tuple(fields)
    if any(field.errors or field.value() not in (None, "") for field in listed):
        return render_to_string("decision/_boxes.html", {"fields": listed, "nth": nth})
    return _empty(_Line(tuple(field.html_name for field in listed), listed, nth))


class _Line:
    """An empty line; two of the same names are drawn alike."""

    def __init__(self, names: tuple[str, ...], fields: tuple[BoundField, ...], nth: int) -> None:
        self.names, self.fields, self.nth = names, fields, nth

    def __hash__(self) -> int:
        return hash(self.names)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Line) and other.names == self.names


@lru_cache(maxsize=256)
def _empty(line: _Line) -> SafeString:
    return render_to_string("decision/_boxes.html", {"fields": line.fields, "nth": line.nth})


@register.simple_tag
def name_list(list_id: str, names: tuple[str, ...]) -> SafeString:
    """What a box with this list offers."""
    return _drawn_list(list_id, names)


@lru_cache(maxsize=32)
def _drawn_list(list_id: str, names: tuple[str, ...]) -> SafeString:
    return render_to_string("decision/_names.html", {"list_id": list_id, "names": names})


@register.simple_tag
def small_timeline(timeline: Timeline) -> SafeString:
    """The timeline as a picture for a column; nothing where nothing is dated."""
    return _drawn_timeline(timeline)


@lru_cache(maxsize=64)
def _drawn_timeline(timeline: Timeline) -> SafeString:
    picture = draw_timeline(timeline, NARROW)
    return render_to_string("timeline/_picture.html", {"picture": picture}) if picture else SafeString("")


@lru_cache(maxsize=1024)
def _drawn(address: str, row: ChoiceRow, chosen: object) -> SafeString:
    relation = dict(row.relations).get(getattr(chosen, "choice", ""), "")
    context = {"address": address, "row": row, "chosen": chosen, "buttons": BUTTONS, "relation": relation}
    return render_to_string("decision/_option.html", context)
