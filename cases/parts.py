"""The parts of the record, each declared once: what it is called, what it is dated by, what its form asks.

A fact of the vocabulary that stands in a section here has by that alone its column, its key of the case file,
its box, its line in history and print, and its place among the facts of the case. Adding one takes its entry
in the vocabulary, its name in a section, and a migration. Only what is entered or settled in a way of its own
(a count in words, a grade) has a column, a key or a rule besides.
"""

from __future__ import annotations

from dataclasses import dataclass

from guidelines.vocabulary.facts import FACTS, Fact

Sections = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class DeclaredPart:
    """A part. `kind`: its short name in audit events and saved versions; `address`: in addresses; `file_key`:
    in case files and `CaseRecord`; `dates`: columns, of which the first that is known says how old it is;
    `sections`: of its form, each a title and its columns; `many`: whether a case has several.
    """

    kind: str
    address: str
    file_key: str
    title: str
    noun: str
    dates: tuple[str, ...]
    sections: Sections
    many: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """What its form asks, in order."""
        return tuple(name for _, names in self.sections for name in names)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Those of them that are facts of the vocabulary."""
        return tuple(FACTS[name] for name in self.columns if name in FACTS)

    @property
    def fact_names(self) -> tuple[str, ...]:
        """The names of its facts."""
        return tuple(fact.name for fact in self.facts)


IDENTITY = ("record_number", "surname", "given_names", "birth_date", "sex")

PATIENT = DeclaredPart(
    kind="patient",
    address="patient",
    file_key="patient",
    title="Patient",
    noun="patient",
    dates=(),
    many=False,
    sections=(("Patient", IDENTITY), ("Death", ("deceased", "deceased_on"))),
)
REFERRAL = DeclaredPart(
    kind="case",
    address="referral",
    file_key="case",
    title="Referral",
    noun="referral",
    dates=(),
    many=False,
    sections=(
        ("Question", ("question", "asks", "referrer")),
        ("Tumor", ("primary_site", "pancreas_subsite", "figo_stage", "tumor_size", "diagnosed_on")),
        (
            "Extent",
            ("extent", "metastatic_sites", "liver_dominant", "brain_metastasis_count", "resectability"),
        ),
        ("Treatment so far", ("treatment_list",)),
    ),
)
PATHOLOGY = DeclaredPart(
    kind="pathology",
    address="pathology",
    file_key="pathology",
    title="Pathology",
    noun="pathology report",
    dates=("reported_on", "sampled_on"),
    sections=(
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
        ("Stage", ("stage_t", "stage_n", "stage_m", "stage_edition", "nodes_examined", "nodes_positive")),
    ),
)
IMAGING = DeclaredPart(
    kind="imaging",
    address="imaging",
    file_key="imaging",
    title="Imaging",
    noun="imaging study",
    dates=("performed_on",),
    sections=(
        ("Study", ("modality", "performed_on", "result")),
        ("Receptor imaging", ("sstr_uptake", "sstr_pattern", "sstr_fdg_discordant")),
        ("What it shows", ("course", "sites", "lesions", "liver_lesions", "largest")),
        ("Report", ("findings",)),
    ),
)
MOLECULAR = DeclaredPart(
    kind="molecular",
    address="molecular",
    file_key="molecular",
    title="Molecular",
    noun="molecular report",
    dates=("reported_on",),
    sections=(
        ("Report", ("reported_on", "method")),
        (
            "Findings",
            ("mmr", "msi", "tmb_per_mb", "tmb", "ntrk_fusion", "ret_fusion", "braf_v600e", "other"),
        ),
    ),
)
MARKERS = DeclaredPart(
    kind="marker",
    address="marker",
    file_key="markers",
    title="Markers",
    noun="marker",
    dates=("measured_on",),
    sections=(("Marker", ("name", "value", "unit", "upper_limit", "measured_on")),),
)
TREATMENTS = DeclaredPart(
    kind="treatment",
    address="treatment",
    file_key="treatments",
    title="Treatment",
    noun="treatment",
    dates=("started_on", "ended_on"),
    sections=(
        (
            "Treatment",
            ("kind", "setting", "started_on", "ended_on", "site_treated", "sites", "curative_intent"),
        ),
        ("Operation", ("procedure", "margin")),
        ("Radiation", ("dose_gy",)),
        ("Systemic therapy", ("line", "regimen", "regimen_text", "cycles")),
        ("What came of it", ("best_response", "progressed_on", "stop_reason", "toxicity", "comment")),
    ),
)
ASSESSMENTS = DeclaredPart(
    kind="assessment",
    address="assessment",
    file_key="assessments",
    title="Assessment",
    noun="clinical assessment",
    dates=("assessed_on",),
    sections=(
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
    ),
)

PARTS = (PATIENT, REFERRAL, PATHOLOGY, IMAGING, MOLECULAR, MARKERS, TREATMENTS, ASSESSMENTS)
REPEATED = tuple(part for part in PARTS if part.many)
