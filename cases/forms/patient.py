"""Who the patient is, and the start of a case."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from cases.forms.base import ChartForm, Column, PartForm, form_field
from cases.models import Board, Case, Patient


class PatientForm(PartForm):
    """Identity; corrected here, seen everywhere."""

    sections = (
        ("Patient", ("record_number", "surname", "given_names", "birth_date", "sex")),
        ("Death", ("deceased", "deceased_on")),
    )

    class Meta:
        model = Patient
        fields = ("record_number", "surname", "given_names", "birth_date", "sex", "deceased", "deceased_on")
        formfield_callback = form_field

    def clean(self) -> dict[str, Any]:
        """Refuse a date of death that does not fit."""
        cleaned = super().clean()
        died, born = cleaned.get("deceased_on"), cleaned.get("birth_date")
        if died and not cleaned.get("deceased"):
            self.add_error("deceased", "There is a date of death; choose “Yes”, or empty the date.")
        if died and born and died < born:
            self.add_error("deceased_on", "The date of death lies before the date of birth.")
        return cleaned


class NewCaseForm(ChartForm):
    """The patient, the board and its question. A known record number means the patient it belongs to."""

    heading = "h2"
    sections = (
        ("Patient", ("record_number", "surname", "given_names", "birth_date", "sex")),
        ("Question", ("board", "question", "referrer")),
    )

    record_number, surname, given_names, birth_date, sex = (
        form_field(cast(Column, Patient._meta.get_field(name)))
        for name in ("record_number", "surname", "given_names", "birth_date", "sex")
    )
    question, referrer = (
        form_field(cast(Column, Case._meta.get_field(name))) for name in ("question", "referrer")
    )
    case = forms.UUIDField(
        widget=forms.HiddenInput
    )  # chosen with the empty form, so that sending twice makes one case
    board = forms.ModelChoiceField(
        Board.objects.none(), label="Board", to_field_name="slug", empty_label=None
    )

    def __init__(self, *args: Any, boards: QuerySet[Board], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = boards  # type: ignore[attr-defined]

    def identity(self) -> dict[str, Any]:
        """The patient's columns and values."""
        return {
            name: self.cleaned_data[name]
            for name in ("record_number", "surname", "given_names", "birth_date", "sex")
        }
