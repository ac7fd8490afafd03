"""The parts of the record as forms: what a form knows of its fields besides what declares them."""

from typing import Any

from django import forms

from cases import choices, parts
from cases.casefile.codes import COMPONENT_TYPES
from cases.casefile.regimens import REGIMENS
from cases.forms import fills, pasting
from cases.forms.base import PartForm, form_field, quantity
from cases.forms.fields import AsksField, CodeField, LineField, PairsField
from cases.guideline import guideline_of
from cases.models import (
    Case,
    ClinicalAssessment,
    ImagingStudy,
    MolecularReport,
    PathologyReport,
    SerumMarker,
    Treatment,
)
from cases.reading.pasted import LONGEST_TEXT
from guidelines.vocabulary.contradictions import CONTRADICTIONS
from guidelines.vocabulary.facts import FACTS


class ReferralForm(PartForm):
    """The question, who asks it, and what belongs to the tumor as a whole."""

    sections = parts.REFERRAL.sections
    blocks = (fills.SITES, fills.NO_TREATMENT)
    only_with = {
        "pancreas_subsite": ("primary_site", (choices.SITE_PANCREAS,), "the pancreas"),
        "figo_stage": ("primary_site", (choices.SITE_CERVIX,), "the cervix"),
    }

    class Meta:
        model = Case
        fields = parts.REFERRAL.columns
        formfield_callback = form_field

    asks = AsksField({})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        interventions = guideline_of(self.instance.board).interventions
        self.interventions = tuple(one.label for one in interventions.values())
        self.fields["asks"] = AsksField(
            {code: one.label for code, one in interventions.items()},
            label="What is asked about",
            help_text="Drugs, procedures or tests that the answer begins with, separated by semicolons.",
        )

    def offered(self) -> tuple[fills.Fill, ...]:
        """That there was no treatment is offered while the record has none."""
        if self.instance.pk and self.instance.treatments.all():
            return tuple(one for one in self.blocks if one is not fills.NO_TREATMENT)
        return self.blocks

    def clean(self) -> dict[str, Any]:
        """Refuse what the vocabulary says cannot both hold, at the field to correct."""
        cleaned = super().clean()
        stated = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in cleaned.items()
            if name in FACTS and value not in ("", None)
        }
        for rule in CONTRADICTIONS:
            told_above = rule.fact in self.only_with and self.only_with[rule.fact][0] == rule.other
            if not told_above and rule.found_in(stated):
                self.add_error(rule.fact, rule.for_people)
        return cleaned


class PathologyForm(PartForm):
    """One pathology report; counts as they are written. `proposed`: what its pasted text says."""

    proposed: pasting.PastedText | None = None

    sections = parts.PATHOLOGY.sections
    blocks = (fills.STAINS, fills.COMPONENTS)

    pasted = LineField(
        label="Text of the report",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
        help_text="Paste it here: it fills nothing by itself, and is kept with the report.",
    )
    other_stains = PairsField(
        ("name", "result"),
        label="Other stains",
        help_text="Each with its result: CDX2+, TTF-1: focal",
    )
    components = PairsField(
        ("type", "percent"),
        COMPONENT_TYPES,
        label="Components",
        help_text=f"Each with its part: NEC 80 %; NET G2 20 %. Known: {', '.join(COMPONENT_TYPES.values())}.",
    )

    class Meta:
        model = PathologyReport
        fields = [*parts.PATHOLOGY.columns, pasting.FIELD]
        formfield_callback = form_field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pasting.make_room(self)

    def propose(self) -> None:
        """Show what the pasted text says, each proposal at its box."""
        self.proposed = pasting.read_pasted(self)
        pasting.propose(self, self.proposed)


class ImagingForm(PartForm):
    """One imaging study; uptake, pattern and discordance show for the studies they belong to."""

    sections = parts.IMAGING.sections
    blocks = (fills.SEEN,)
    _functional = (choices.Modality.SSTR, choices.Modality.FDG_PET)
    only_with = {
        "sstr_uptake": ("modality", (choices.Modality.SSTR,), "SSTR imaging"),
        "sstr_pattern": ("modality", (choices.Modality.SSTR,), "SSTR imaging"),
        "sstr_fdg_discordant": ("modality", _functional, "SSTR imaging or FDG-PET"),
    }

    class Meta:
        model = ImagingStudy
        fields = parts.IMAGING.columns
        formfield_callback = form_field

    def clean(self) -> dict[str, Any]:
        """Refuse findings of a study that was not done."""
        cleaned = super().clean()
        if cleaned.get("result") == choices.ImagingResult.NOT_DONE:
            for name in ("sstr_uptake", "sstr_pattern", "sstr_fdg_discordant"):
                if cleaned.get(name) not in (None, ""):
                    text = "A study that was not done shows nothing; empty this, or correct the result."
                    self.add_error(name, text)
        return cleaned


class MolecularForm(PartForm):
    """One molecular report."""

    sections = parts.MOLECULAR.sections
    blocks = (fills.ALTERATIONS,)

    class Meta:
        model = MolecularReport
        fields = parts.MOLECULAR.columns
        formfield_callback = form_field


class MarkerForm(PartForm):
    """One measurement in serum or urine."""

    sections = parts.MARKERS.sections

    class Meta:
        model = SerumMarker
        fields = parts.MARKERS.columns
        formfield_callback = form_field


class TreatmentForm(PartForm):
    """One operation or course; the fields follow its kind."""

    sections = parts.TREATMENTS.sections
    _drugs = ("kind", choices.WITH_DRUGS, "systemic therapy")
    only_with = {
        "margin": ("kind", choices.OPERATIONS, "an operation"),
        "dose_gy": ("kind", choices.WITH_RADIATION, "radiation"),
        "line": _drugs,
        "regimen": _drugs,
        "regimen_text": _drugs,
        "cycles": _drugs,
    }

    dose_gy = quantity("Dose", "Gy in total", 0, above=True)
    line = quantity("Line", "", 1, whole=True)
    regimen = CodeField([(code, one.label) for code, one in REGIMENS.items()], label="Regimen")

    class Meta:
        model = Treatment
        fields = parts.TREATMENTS.columns
        formfield_callback = form_field


class AssessmentForm(PartForm):
    """What the clinician states on one day."""

    sections = parts.ASSESSMENTS.sections
    blocks = (fills.SYMPTOMS, fills.JUDGMENTS)

    ecog = forms.TypedChoiceField(
        label="ECOG",
        choices=[(str(level), str(level)) for level in range(5)] + [("", "Not known")],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text="Performance status: 0 fully active … 4 bedridden.",
    )

    class Meta:
        model = ClinicalAssessment
        fields = parts.ASSESSMENTS.columns
        formfield_callback = form_field
