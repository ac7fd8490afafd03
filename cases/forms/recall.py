"""Which two editions of a guideline are compared."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from guidelines.knowledge.model import Guideline
from guidelines.knowledge.releases import editions


class EditionsForm(forms.Form):
    """Two editions of one guideline, by their addresses; and which of the differences are shown.

    `about`: only cases whose question is about this intervention, and of them what is said on it. `turned`:
    only where the direction of a verdict is another.
    """

    before = forms.ChoiceField(label="From edition")
    after = forms.ChoiceField(label="To edition")
    about = forms.ChoiceField(label="Question about", required=False)
    turned = forms.BooleanField(label="Only where the direction changes", required=False)

    def __init__(self, *args: Any, guideline: Guideline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = {f"{guideline.id}@{edition}": edition for edition in editions(guideline.id)}
        known = sorted((one.label, code) for code, one in guideline.interventions.items())
        anything = [("", "Anything"), *((code, label) for label, code in known)]
        self.fields["about"].choices = anything  # type: ignore[attr-defined]
        for field in (self.fields["before"], self.fields["after"]):
            field.choices = list(there.items())  # type: ignore[attr-defined]
            message = f"{field.label}: there is no such edition; allowed: {', '.join(there)}."
            field.error_messages["invalid_choice"] = message

    def clean(self) -> dict[str, Any]:
        """Refuses an edition against itself."""
        data: dict[str, Any] = self.cleaned_data
        if data.get("before") and data.get("before") == data.get("after"):
            raise ValidationError({"after": "To edition: choose another edition than the first."})
        return data
