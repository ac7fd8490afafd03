"""Which of several reports decides, and why."""

from collections.abc import Iterable
from typing import Any

from django import forms

from cases.forms.base import ChartForm

NONE = "none"


class NamingForm(ChartForm):
    """One of the reports that contradict each other, or none, and the reason.

    `reports`: for each what the form sends, which holds its version, and what it says; `may_be_none`: one has
    been named, which can be taken back.
    """

    sections = (("", ("report", "reason")),)

    report = forms.ChoiceField(
        label="Report",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the report that decides.",
            "invalid_choice": "This report has been changed since; look at it again, and choose anew.",
        },
    )
    reason = forms.CharField(
        label="Why it decides",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
        help_text="Stands wherever the report is given as the source.",
    )

    def __init__(
        self, *args: Any, reports: Iterable[tuple[str, str]], may_be_none: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        none = [(NONE, "None: it counts as not known")] if may_be_none else []
        self.fields["report"].choices = [*reports, *none]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A report that decides needs the reason."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("report") not in (None, NONE) and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Say why this report decides.")
        return cleaned
