"""Who the patient is, and the start of a case."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from cases.forms.base import ChartForm, Column, PartForm, form_field
from cases.models import Board, Case, Patient
from cases.parts import IDENTITY, PATIENT


class PatientForm(PartForm):
    """Identity; corrected here, seen everywhere. `same_person` is asked where everything changes at once."""

    sections = PATIENT.sections

    same_person = forms.BooleanField(label="This is still the same person", required=False)

    class Meta:
        model = Patient
        fields = PATIENT.columns
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

    @property
    def asks_again(self) -> bool:
        """Whether the tick is shown: once it was missed, or set."""
        return self.is_bound and bool(self["same_person"].errors or self["same_person"].value())

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name != "same_person"}


class IdentityForm(ChartForm):
    """A patient by their identity. A known record number means the patient it belongs to.

    `go_on` is ticked where the page has shown who else might be meant; its value says who was shown.
    """

    record_number, surname, given_names, birth_date, sex = (
        form_field(cast(Column, Patient._meta.get_field(name))) for name in IDENTITY
    )
    go_on = forms.CharField(required=False, widget=forms.HiddenInput)

    def identity(self) -> dict[str, Any]:
        """The patient's columns and values."""
        return {name: self.cleaned_data[name] for name in IDENTITY}


class NewCaseForm(IdentityForm):
    """The patient, the board and its question."""

    heading = "h2"
    sections = (
        ("Patient", IDENTITY),
        ("Question", ("board", "question", "referrer")),
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
        if not self.is_bound:
            self.fields["record_number"].widget.attrs["autofocus"] = True


class MoveForm(IdentityForm):
    """Whose case it is instead, and why; `version` is the case's as it was shown."""

    sections = (("The patient it belongs to", IDENTITY), ("Why", ("reason",)))

    reason = forms.CharField(
        label="Reason",
        max_length=300,
        help_text="It stands among the comments of the case.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "line"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
