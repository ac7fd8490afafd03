"""An entry as the start of the next one: what may be the same again, and what has to be looked at.

Dates and laboratory numbers belong to one report and are never taken over. What was measured, sampled
or judged is taken over with a mark that asks to check it. Nothing is stored until the form is saved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from cases.forms.fields import BoundsField, DayField, ListField, NumberField, PartialDayField, WordsField
from cases.models.base import Stamped

if TYPE_CHECKING:
    from cases.forms.base import PartForm

OWN = frozenset({"lab_number", "reviews", "value", "pasted", "version"})
"""What one report says of itself: its numbers, and the one value that a marker is."""

ANEW = frozenset(
    {
        "specimen",
        "specimen_site",
        "lesion",
        "differentiation",
        "stage_t",
        "stage_n",
        "stage_m",
        "result",
        "course",
        "findings",
        "sstr_uptake",
        "best_response",
        "stop_reason",
        "toxicity",
        "comment",
        "other",
    }
)
"""What is sampled, judged or written anew each time, besides numbers and lists."""

NOT_COPIED, CHECK = "Not copied", "Copied: check"


def is_own(name: str, field: forms.Field) -> bool:
    """Whether a field is left empty in the copy."""
    return name in OWN or isinstance(field, DayField | PartialDayField)


def is_checked(name: str, field: forms.Field) -> bool:
    """Whether what was taken over has to be checked."""
    measured = isinstance(field, BoundsField | ListField | NumberField | WordsField)
    return name in ANEW or (measured and name != "upper_limit")


def copied(source: Stamped, into: Stamped, form: type[PartForm]) -> Stamped:
    """A new entry with what may be the same again as in `source`."""
    for name, field in form.base_fields.items():
        if not is_own(name, field):
            setattr(into, name, getattr(source, name))
    return into


def mark(form: PartForm, source: Stamped) -> None:
    """Say at each field of the copy what has to be done with it."""
    empty = form.instance.__class__()
    for name, field in form.fields.items():
        if name == "version" or getattr(source, name) == getattr(empty, name):
            continue
        if is_own(name, field):
            field.mark = NOT_COPIED  # type: ignore[attr-defined]
        elif is_checked(name, field):
            field.mark = CHECK  # type: ignore[attr-defined]
