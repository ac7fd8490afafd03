"""The parts of the record as forms: which fields, in which sections."""

from typing import Any

from django import forms

from cases import choices
from cases.casefile.codes import COMPONENT_TYPES
from cases.casefile.regimens import REGIMENS
from cases.forms import fills, pasting
from cases.forms.base import PartForm, Sections, form_field, quantity
from cases.forms.fields import AsksField, CodeField, PairsField
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


def named(sections: Sections, *without: str) -> list[str]:
    """The columns among the fields of the sections."""
    return [name for _, names in sections for name in names if name not in without]


REFERRAL: Sections = (
    ("Question", ("question", "asks", "referrer")),
    ("Tumor", ("primary_site", "pancreas_subsite", "figo_stage", "tumor_size", "diagnosed_on")),
    ("Extent", ("extent", "metastatic_sites", "liver_dominant", "brain_metastasis_count", "resectability")),
    ("Treatment so far", ("treatment_list",)),
)


class ReferralForm(PartForm):
    """The question, who asks it, and what belongs to the tumor as a whole."""

    sections = REFERRAL
    blocks = (fills.SITES, fills.NO_TREATMENT)
    only_with = {
        "pancreas_subsite": ("primary_site", (choices.SITE_PANCREAS,), "the pancreas"),
        "figo_stage": ("primary_site", (choices.SITE_CERVIX,), "the cervix"),
    }

    class Meta:
        model = Case
        fields = named(REFERRAL)
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


PATHOLOGY: Sections = (
    (
        "Report",
        ("specimen", "specimen_site", "lesion", "sampled_on", "reported_on", "lab_number", "reviews"),
    ),
    (
        "Grade",
        (
            "differentiation",
            "cell_type",
            "reported_grade",
            "ki67",
            "ki67_method",
            "ki67_cells",
            "mitoses",
            "hpf_field_mm2",
        ),
    ),
    (
        "Stains",
        (
            "synaptophysin",
            "chromogranin_a",
            "insm1",
            "keratin",
            "p53",
            "rb",
            "sstr2a",
            "cxcr4",
            "other_stains",
        ),
    ),
    (
        "Components and review",
        (
            "components",
            "low_grade_component",
            "non_neuroendocrine_component",
            "deep_stromal_invasion",
            "lymphovascular_invasion",
            "expert_review",
            "comment",
        ),
    ),
    (
        "Stage",
        ("stage_t", "stage_n", "stage_m", "stage_edition", "nodes_examined", "nodes_positive"),
    ),
)


class PathologyForm(PartForm):
    """One pathology report; counts as they are written. `proposed`: what its pasted text says."""

    proposed: pasting.PastedText | None = None

    sections = PATHOLOGY
    blocks = (fills.STAINS, fills.COMPONENTS)

    pasted = forms.CharField(
        label="Text of the report",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
        help_text="Paste it here: it fills nothing by itself, and is kept with the report.",
    )
    other_stains = PairsField(
        ("name", "result"),
        label="Other stains",
        help_text="Each with its result: CDX2: positive; TTF-1: focal",
    )
    components = PairsField(
        ("type", "percent"),
        COMPONENT_TYPES,
        label="Components",
        help_text=f"Each with its part: NEC 80 %; NET G2 20 %. Known: {', '.join(COMPONENT_TYPES.values())}.",
    )

    class Meta:
        model = PathologyReport
        fields = [*named(PATHOLOGY), pasting.FIELD]
        formfield_callback = form_field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pasting.make_room(self)

    def propose(self) -> None:
        """Show what the pasted text says, each proposal at its box."""
        self.proposed = pasting.read_pasted(self)
        pasting.propose(self, self.proposed)


IMAGING: Sections = (
    ("Study", ("modality", "performed_on", "result")),
    ("Receptor imaging", ("sstr_uptake", "sstr_pattern", "sstr_fdg_discordant")),
    ("What it shows", ("course", "sites", "lesions", "liver_lesions", "largest")),
    ("Report", ("findings",)),
)


class ImagingForm(PartForm):
    """One imaging study; uptake, pattern and discordance show for the studies they belong to."""

    sections = IMAGING
    blocks = (fills.SEEN,)
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
    ("Findings", ("mmr", "msi", "tmb_per_mb", "tmb", "ntrk_fusion", "ret_fusion", "braf_v600e", "other")),
)


class MolecularForm(PartForm):
    """One molecular report."""

    sections = MOLECULAR
    blocks = (fills.ALTERATIONS,)

    class Meta:
        model = MolecularReport
        fields = named(MOLECULAR)
        formfield_callback = form_field


MARKER: Sections = (("Marker", ("name", "value", "unit", "upper_limit", "measured_on")),)


class MarkerForm(PartForm):
    """One measurement in serum or urine."""

    sections = MARKER

    class Meta:
        model = SerumMarker
        fields = named(MARKER)
        formfield_callback = form_field


TREATMENT: Sections = (
    (
        "Treatment",
        ("kind", "setting", "started_on", "ended_on", "site_treated", "sites", "curative_intent"),
    ),
    ("Operation", ("procedure", "margin")),
    ("Radiation", ("dose_gy",)),
    ("Systemic therapy", ("line", "regimen", "regimen_text", "cycles")),
    ("What came of it", ("best_response", "progressed_on", "stop_reason", "toxicity", "comment")),
)


class TreatmentForm(PartForm):
    """One operation or course; the fields follow its kind."""

    sections = TREATMENT
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
        fields = named(TREATMENT)
        formfield_callback = form_field


ASSESSMENT: Sections = (
    ("Patient", ("assessed_on", "ecog", "comorbidity", "symptoms", "patient_wishes", "comment")),
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
        fields = named(ASSESSMENT)
        formfield_callback = form_field
