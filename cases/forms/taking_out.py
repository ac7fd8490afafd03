"""What of a board's cases goes out as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from cases.forms.base import ChartForm
from cases.forms.fields import DayField

MOST_NUMBERS = 1000


class TakeOutForm(ChartForm):
    """What, of which cases, with which columns. `case_columns`: part → its columns, each with its label;
    `usual`: those of them that are ticked at first.
    """

    heading = "h2"
    sections = (
        ("What", ("what", "format")),
        ("Of which cases", ("only_open", "first", "last", "numbers")),
    )

    what = forms.ChoiceField(label="Take out", initial="cases", widget=forms.RadioSelect)
    format = forms.ChoiceField(
        label="Table as",
        choices=[("xlsx", "XLSX"), ("csv", "CSV")],
        initial="xlsx",
        required=False,
        widget=forms.RadioSelect,
    )
    only_open = forms.BooleanField(label="Leave closed cases out", required=False)
    first = DayField(label="From", required=False, help_text="The day a case was entered, a decision signed.")
    last = DayField(label="To", required=False)
    numbers = forms.CharField(
        label="Record numbers",
        required=False,
        max_length=64 * MOST_NUMBERS,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text="One a line; empty: every case.",
    )
    case_columns = forms.MultipleChoiceField(
        label="Columns of cases",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    decision_columns = forms.MultipleChoiceField(
        label="Columns of decisions",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        whats: Mapping[str, str],
        case_columns: Mapping[str, Mapping[str, str]],
        usual: Sequence[str],
        decision_columns: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parts = case_columns
        choices = {
            "what": list(whats.items()),
            "case_columns": [column for columns in case_columns.values() for column in columns.items()],
            "decision_columns": list(decision_columns.items()),
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        self.fields["case_columns"].initial = list(usual)
        self.fields["decision_columns"].initial = list(decision_columns)

    def clean_numbers(self) -> list[str]:
        """The record numbers, each once."""
        lines = (line.strip() for line in self.cleaned_data["numbers"].splitlines())
        found = list(dict.fromkeys(line for line in lines if line))
        if len(found) > MOST_NUMBERS:
            raise forms.ValidationError(f"Allowed: up to {MOST_NUMBERS:,} record numbers.")
        return found

    def clean(self) -> dict[str, Any]:
        """A table has columns; a period does not end before it begins."""
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", f"Allowed: {first:%d-%b-%Y} or later.")
        of_table = {"cases": "case_columns", "decisions": "decision_columns"}.get(data.get("what", ""))
        if of_table and not data.get(of_table):
            self.add_error(of_table, "Choose at least one column.")
        return data

    def groups(self) -> list[tuple[str, list[Any]]]:
        """The boxes of the columns of cases by the part they belong to."""
        boxes = {one.data["value"]: one.data for one in self["case_columns"].subwidgets}
        return [(label, [boxes[path] for path in columns]) for label, columns in self.parts.items()]

    @property
    def columns(self) -> tuple[str, ...]:
        """Those chosen, of what is taken out; none of case files."""
        name = {"cases": "case_columns", "decisions": "decision_columns"}.get(self.cleaned_data["what"])
        return tuple(self.cleaned_data[name]) if name else ()
