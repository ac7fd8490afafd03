"""Every fact of the guideline as a field, to be changed in thought."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from cases.forms.base import ChartForm
from cases.forms.fields import fact_field
from cases.parts import Sections
from cases.reading import BoundedNumber
from guidelines.vocabulary.facts import FACTS, Range, Value

OWNERS = {
    "pathology": "Pathology",
    "imaging": "Imaging",
    "molecular": "Molecular",
    "surgery": "Surgery",
    "oncology": "Systemic therapy",
    "clinical": "Clinical assessment",
}
STRIP = "ki67"  # the fact that is moved along a line instead of typed
RECORDED, UNKNOWN, MOVED = "recorded", "unknown", "moved"
LINE_CHOICES = [(RECORDED, "As recorded"), (MOVED, "As set on the line"), (UNKNOWN, "Not known")]


def sections() -> Sections:
    """The facts by who supplies them, in the vocabulary's order, without the one on the line."""
    return tuple(
        (title, tuple(name for name, fact in FACTS.items() if fact.owner == owner and name != STRIP))
        for owner, title in OWNERS.items()
    )


def in_field(name: str, value: Value | None) -> Any:
    """A fact's value as its field shows it."""
    return list(value) if isinstance(value, tuple) else value


def from_field(value: Any) -> Any:
    """What a field read, as the vocabulary's JSON writes it."""
    if isinstance(value, BoundedNumber):
        return value.as_json()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return None if value == "" else value


class WhatIfForm(ChartForm):
    """The facts of a case, to be changed without being saved. `recorded` are those of the stored record."""

    sections = sections()

    line_choice = forms.ChoiceField(choices=LINE_CHOICES, required=False, widget=forms.RadioSelect)
    line_from = forms.IntegerField(required=False, min_value=0, max_value=100)
    line = forms.IntegerField(required=False, min_value=0, max_value=100)

    def __init__(self, *args: Any, recorded: Mapping[str, Value], **kwargs: Any) -> None:
        self.recorded = recorded
        kwargs["auto_id"] = "what_if_%s"
        super().__init__(*args, **kwargs)
        for name in FACTS:
            if name != STRIP:
                self.fields[name] = fact_field(name)
                self.initial.setdefault(name, in_field(name, recorded.get(name)))
        self.initial.setdefault("line_choice", RECORDED)
        self.initial.setdefault("line", self._start())

    def _start(self) -> int:
        """Where the handle stands at first: at the recorded value, the middle of a range, or halfway; an end
        of a range that nobody gave is that of the line."""
        value = self.recorded.get(STRIP)
        if isinstance(value, Range):
            return round((max(value.low, 0) + min(value.high, 100)) / 2)
        return round(value) if isinstance(value, int | float) else 50

    def raw_facts(self) -> dict[str, Any]:
        """The facts as JSON writes them; what is not valid counts as recorded. Only after validation."""
        found = {}
        for name, fact in FACTS.items():
            if name in self.cleaned_data:
                found[name] = from_field(self.cleaned_data[name])
            elif name != STRIP:
                found[name] = fact.as_json(self.recorded.get(name))
        found[STRIP] = self._on_the_line()
        return found

    @property
    def line_counts_as(self) -> str:
        """Which value counts; a handle that was moved does, even where the choice was left as it was."""
        choice: str = self.cleaned_data.get("line_choice") or RECORDED
        at = self.cleaned_data.get("line")
        moved = at is not None and at != self.cleaned_data.get("line_from")
        return MOVED if moved or (choice == MOVED and at is not None) else choice

    def _on_the_line(self) -> Any:
        if self.line_counts_as == MOVED:
            return self.cleaned_data["line"]
        return None if self.line_counts_as == UNKNOWN else FACTS[STRIP].as_json(self.recorded.get(STRIP))
