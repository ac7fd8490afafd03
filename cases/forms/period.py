"""The time over which a board's figures are counted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases.forms.fields import DayField

LONGEST = 10 * 366  # days
EARLIEST, LATEST = 1990, 2199


class PeriodForm(forms.Form):
    """A year, or two days; nothing of both: the twelve months up to today."""

    year = forms.IntegerField(
        label="Year",
        required=False,
        min_value=EARLIEST,
        max_value=LATEST,
        error_messages={"invalid": "Enter four digits, such as 2026."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "number"}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["from"] = DayField(label="From", required=False, future=True)
        self.fields["to"] = DayField(label="To", required=False, future=True)

    def clean(self) -> dict[str, Any]:
        """Refuses half a period, one that ends before it begins, and one of more than ten years."""
        data: dict[str, Any] = self.cleaned_data
        if self.errors or data.get("year"):
            return data
        first, last = data.get("from"), data.get("to")
        if bool(first) != bool(last):
            raise ValidationError({"from" if last else "to": "Give both days, or a year."})
        if first and last and not first <= last <= first + timedelta(days=LONGEST):
            raise ValidationError({"to": "Choose a day after the first, at most ten years later."})
        return data

    @property
    def period(self) -> tuple[date, date]:
        """The first and the last day, of a valid form."""
        data = self.cleaned_data
        if data.get("year"):
            return date(data["year"], 1, 1), date(data["year"], 12, 31)
        if data.get("from"):
            return data["from"], data["to"]
        return self.today - timedelta(days=364), self.today
