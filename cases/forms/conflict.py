"""Two people changed the same part: both versions, and a choice for each field that differs."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from cases.forms.base import PartForm
from cases.forms.fields import AsksField, ListField, PairsField, WordsField
from cases.models.base import Stamped
from guidelines.vocabulary.facts import FACTS

PREFIX = "keep-"
MINE, STORED = "mine", "stored"


class Choices:
    """What was chosen on the page that shows both versions; `made` is false for an ordinary save."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.made = "resolving" in data

    def of(self, field: str) -> str:
        """ "mine", "stored" or "" for a field that still needs a choice."""
        chosen = self.data.get(PREFIX + field, "")
        return chosen if chosen in (MINE, STORED) else ""

    def apply(
        self, form: PartForm, stored: Stamped, values: Mapping[str, Any]
    ) -> tuple[list[str], dict[str, Any]]:
        """The fields that still need a choice, and the values to store where each has one."""
        differing = differing_fields(stored, values)
        missing = [field for field in differing if not self.of(field)]
        merged = {
            name: getattr(stored, name) if self.of(name) == STORED else value
            for name, value in values.items()
        }
        return missing, merged

    def page(self, form: PartForm, stored: Stamped | None, missing: list[str]) -> dict[str, Any]:
        """What the page shows: both versions in words, and everything that was typed, to send once more."""
        values = form.values()
        fields = differing_fields(stored, values) if stored else []
        kept = [(name, text) for name, texts in self.data.lists() for text in texts if not left_out(name)]
        return {
            "stored": stored,
            "rows": [self._row(form, stored, values, field, field in missing) for field in fields if stored],
            "kept": kept,
            "problems": [
                (f"id_{PREFIX}{name}", f"{form.fields[name].label}: choose one version") for name in missing
            ],
        }

    def _row(
        self, form: PartForm, stored: Stamped, values: Mapping[str, Any], field: str, missing: bool
    ) -> dict[str, Any]:
        return {
            "field": field,
            "name": PREFIX + field,
            "label": form.fields[field].label,
            "mine": in_words(form, field, values[field]),
            "stored": in_words(form, field, getattr(stored, field)),
            "chosen": self.of(field),
            "missing": missing,
        }


def left_out(name: str) -> bool:
    """Fields that the page writes anew."""
    return name in ("csrfmiddlewaretoken", "version", "resolving") or name.startswith(PREFIX)


def differing_fields(stored: Stamped, values: Mapping[str, Any]) -> list[str]:
    """The form's fields whose values are not the stored ones."""
    return [name for name, value in values.items() if getattr(stored, name) != value]


def as_fact(value: Any) -> Any:
    """A column's value as the guideline counts: lists are tuples, decimals are plain numbers."""
    if isinstance(value, Decimal):
        return float(value)
    return tuple(value) if isinstance(value, list) else value


def in_words(form: PartForm, field: str, value: Any) -> str:
    """A value as the page shows it."""
    if value in (None, ""):
        return "Not known"
    box = form.fields[field]
    if isinstance(box, WordsField):
        return f"{value} {box.unit}".strip() if value[-1:].isdigit() else str(value)
    if isinstance(box, PairsField | AsksField):
        return str(box.prepare_value(value)) or "None"
    if isinstance(box, ListField):
        named = dict(box.listed)
        return ", ".join(named.get(code, code) for code in value) or "None"
    if field in FACTS:
        return FACTS[field].show(as_fact(value))
    labels = dict(getattr(box, "choices", []))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return f"{value:%d-%b-%Y}" if hasattr(value, "strftime") else str(labels.get(str(value), value))
