"""Which two editions of a guideline are compared."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from guidelines.knowledge.model import Guideline
from guidelines.knowledge.releases import editions


class EditionsForm(forms.Form):
    """Two editions of one guideline, by their addresses."""

    before = forms.ChoiceField(label="From edition")
    after = forms.ChoiceField(label="To edition")

    def __init__(self, *args: Any, guideline: Guideline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = {f"{guideline.id}@{edition}": edition for edition in editions(guideline.id)}
        for field in self.fields.values():
            field.choices = list(there.items())  # type: ignore[attr-defined]
            message = f"{field.label}: there is no such edition; allowed: {', '.join(there)}."
            field.error_messages["invalid_choice"] = message

    def clean(self) -> dict[str, Any]:
        """Refuses an edition against itself."""
        data: dict[str, Any] = self.cleaned_data
        if data.get("before") and data.get("before") == data.get("after"):
            raise ValidationError({"after": "To edition: choose another edition than the first."})
        return data
