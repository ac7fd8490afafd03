"""A FHIR bundle that somebody brings to a case."""

from __future__ import annotations

from django import forms

from cases.forms.base import ChartForm

NEEDED = "Bundle: choose a FHIR R4 bundle in JSON of at most 4 MB."


class BundleForm(ChartForm):
    """One file."""

    heading = "h2"

    bundle = forms.FileField(
        label="Bundle",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".json,application/fhir+json", "class": "form-control"}),
        help_text="A FHIR R4 bundle in JSON, of this patient alone, up to 4 MB.",
        error_messages={"required": NEEDED, "invalid": NEEDED},
    )
