"""The parts of the record as forms: which fields, in which sections."""

from decimal import Decimal
from typing import Any

from django import forms

from cases import choices
from cases.forms.base import PartForm, Sections, form_field, quantity
from cases.forms.fields import CodeField, fact_field
from cases.models import Case, ClinicalAssessment, ImagingStudy, MolecularReport, PathologyReport, Treatment
from guidelines.vocabulary.contradictions import CONTRADICTIONS
from guidelines.vocabulary.facts import FACTS, regimens


def named(sections: Sections, *without: str) -> list[str]:
    """The columns among the fields of the sections."""
    return [name for _, names in sections for name in names if name not in without]


REFERRAL: Sections = (
    ("Question", ("question", "referrer")),
    ("Tumor", ("primary_site", "pancreas_subsite", "figo_stage", "tumor_size_cm")),
    ("Extent", ("extent", "metastatic_sites", "liver_dominant", "brain_metastasis_count")),
)


class ReferralForm(PartForm):
    """The question, who asks it, and what belongs to the tumor as a whole."""

    sections = REFERRAL
    only_with = {
        "pancreas_subsite": ("primary_site", (choices.SITE_PANCREAS,), "the pancreas"),
        "figo_stage": ("primary_site", (choices.SITE_CERVIX,), "the cervix"),
    }

    class Meta:
        model = Case
        fields = named(REFERRAL)
        formfield_callback = form_field

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


PATHOLOGY: Sections = (
    ("Report", ("specimen", "specimen_site", "sampled_on", "reported_on", "lab_number")),
    ("Grade", ("differentiation", "cell_type", "ki67", "mitotic_count")),
    ("Stains", ("synaptophysin", "chromogranin_a", "insm1", "keratin", "p53", "rb", "sstr2a", "cxcr4")),
    (
        "Components and review",
        (
            "low_grade_component",
            "non_neuroendocrine_component",
            "deep_stromal_invasion",
            "lymphovascular_invasion",
            "expert_review",
            "comment",
        ),
    ),
)


class PathologyForm(PartForm):
    """One pathology report; Ki-67 as one value or as the range reported."""

    sections = PATHOLOGY

    ki67 = fact_field("ki67")

    class Meta:
        model = PathologyReport
        fields = named(PATHOLOGY, "ki67")
        formfield_callback = form_field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.ki67_min is not None:
            self.initial["ki67"] = (self.instance.ki67_min, self.instance.ki67_max)

    def clean(self) -> dict[str, Any]:
        """Refuse a report that is older than its specimen."""
        cleaned = super().clean()
        sampled, reported = cleaned.get("sampled_on"), cleaned.get("reported_on")
        if sampled and reported and reported < sampled:
            text = "The report is dated before the specimen was taken; correct one of the two dates."
            self.add_error("reported_on", text)
        return cleaned

    def _post_clean(self) -> None:
        self.instance.ki67_min, self.instance.ki67_max = self._bounds()
        super()._post_clean()

    def _bounds(self) -> tuple[Decimal | None, Decimal | None]:
        return self.cleaned_data.get("ki67") or (None, None)

    def forget(self, name: str) -> None:
        """Ki-67 is no column; its bounds are set already."""
        if name != "ki67":
            super().forget(name)

    def values(self) -> dict[str, Any]:
        """Ki-67 as its two bounds."""
        values = super().values()
        del values["ki67"]
        low, high = self._bounds()
        return values | {"ki67_min": low, "ki67_max": high}


IMAGING: Sections = (
    ("Study", ("modality", "performed_on", "result")),
    ("Receptor imaging", ("sstr_uptake", "sstr_pattern", "sstr_fdg_discordant")),
    ("Report", ("findings",)),
)


class ImagingForm(PartForm):
    """One imaging study; uptake, pattern and discordance show for the studies they belong to."""

    sections = IMAGING
    _functional = (choices.Modality.SSTR, choices.Modality.FDG_PET)
    only_with = {
        "sstr_uptake": ("modality", (choices.Modality.SSTR,), "SSTR imaging"),
        "sstr_pattern": ("modality", (choices.Modality.SSTR,), "SSTR imaging"),
        "sstr_fdg_discordant": ("modality", _functional, "SSTR imaging or FDG-PET"),
    }

    class Meta:
        model = ImagingStudy
        fields = named(IMAGING)
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


MOLECULAR: Sections = (
    ("Report", ("reported_on", "method")),
    ("Findings", ("mmr", "tmb", "ntrk_fusion", "ret_fusion", "braf_v600e", "other")),
)


class MolecularForm(PartForm):
    """One molecular report."""

    sections = MOLECULAR

    class Meta:
        model = MolecularReport
        fields = named(MOLECULAR)
        formfield_callback = form_field


TREATMENT: Sections = (
    ("Treatment", ("kind", "started_on", "ended_on", "site_treated", "curative_intent")),
    ("Surgery", ("procedure", "margin")),
    ("Radiation", ("dose_gy",)),
    ("Systemic therapy", ("line", "regimen", "regimen_text", "best_response", "stop_reason")),
    ("Remarks", ("comment",)),
)


class TreatmentForm(PartForm):
    """One course of treatment; the fields follow its kind."""

    sections = TREATMENT
    only_with = {
        "margin": ("kind", (choices.TreatmentKind.SURGERY,), "surgery"),
        "dose_gy": ("kind", (choices.TreatmentKind.RADIATION,), "radiation"),
        "line": ("kind", (choices.TreatmentKind.SYSTEMIC,), "systemic therapy"),
        "regimen": ("kind", (choices.TreatmentKind.SYSTEMIC,), "systemic therapy"),
        "regimen_text": ("kind", (choices.TreatmentKind.SYSTEMIC,), "systemic therapy"),
    }

    dose_gy = quantity("Dose", "Gy in total", 0, above=True)
    line = quantity("Line", "", 1, whole=True)
    regimen = CodeField(
        [*regimens().items(), (choices.OTHER_REGIMEN, "Another regimen, named below")], label="Regimen"
    )

    class Meta:
        model = Treatment
        fields = named(TREATMENT)
        formfield_callback = form_field

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the start."""
        cleaned = super().clean()
        started, ended = cleaned.get("started_on"), cleaned.get("ended_on")
        if started and ended and ended < started:
            self.add_error("ended_on", "The treatment ends before it starts; correct one of the two dates.")
        return cleaned


ASSESSMENT: Sections = (
    ("Patient", ("assessed_on", "ecog", "comorbidity", "symptoms", "patient_wishes")),
    (
        "Symptoms and hormones",
        (
            "cns_symptoms",
            "hormonal_syndrome",
            "carcinoid_syndrome_suspected",
            "cardiac_symptoms",
            "hiaa",
        ),
    ),
    (
        "Where the disease stands",
        (
            "newly_diagnosed",
            "disease_burden",
            "progressive",
            "refractory",
            "liver_metastases_symptomatic",
            "liver_metastases_progressive",
            "recurrence_suspected",
            "under_surveillance",
        ),
    ),
    (
        "Judgments",
        (
            "favorable_biology",
            "indolent",
            "pace_increase",
            "lesion_outgrowing",
            "disproportionately_aggressive",
            "early_stage",
            "prior_entity",
        ),
    ),
    (
        "Treatment so far",
        (
            "resected",
            "on_systemic_treatment",
            "tolerating_treatment",
            "response",
            "initial_chemotherapy_completed",
            "platinum_response_durable",
            "progressed_off_platinum",
            "prior_regimens",
        ),
    ),
    (
        "What comes next",
        (
            "treatment_line",
            "resection_planned",
            "radiation_feasible",
            "radiation_planned",
            "etoposide_feasible",
            "trial_available",
        ),
    ),
)


class AssessmentForm(PartForm):
    """What the clinician states on one day."""

    sections = ASSESSMENT

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
        fields = named(ASSESSMENT)
        formfield_callback = form_field
