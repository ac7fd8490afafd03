"""What each part of a case file holds: its keys, with their readers and codes. The one place.

Reading a file, forms, import and export go by it. The facts of a part are declared in `cases.parts`; a key
that is no fact, or a fact that is read in a way of its own, is a line here and a field of the shape.
"""

from collections.abc import Mapping

from cases import parts
from cases.casefile import codes
from cases.casefile.keys import (
    Key,
    PartDeclaration,
    asked_codes,
    choices_of,
    code,
    code_set,
    fact_key,
    facts_of,
    ki67_of,
    mitoses_of,
    name_of_person,
    number_of_record,
    past,
    phrase,
    plainly,
    size_of,
    text,
    whole,
    yes_no,
)
from cases.casefile.lists import component_list, stage_object, stain_list
from cases.casefile.regimens import REGIMENS
from cases.casefile.shape import (
    AssessmentPart,
    CasePart,
    ImagingPart,
    MarkerPart,
    MolecularPart,
    PathologyPart,
    PatientPart,
    TreatmentPart,
)
from cases.casefile.values import DOSE, TMB, read_amount, read_level, read_limit, read_single
from cases.reading import read_field_area, read_reported_grade, read_size
from guidelines.vocabulary.facts import FACTS

COMPONENT_FACTS = ("low_grade_component", "non_neuroendocrine_component")
# What a clinician can state: everything but what only a pathologist sees.
CLINICIANS_FACTS = tuple(
    name for name, fact in FACTS.items() if fact.owner != "pathology" or name == "prior_entity"
)

PATIENT = PartDeclaration(
    "patient",
    PatientPart,
    (
        number_of_record("record_number"),
        name_of_person("surname"),
        name_of_person("given_names"),
        code("sex", codes.SEXES),
        past("birth_date"),
        yes_no("deceased"),
        past("deceased_on"),
    ),
    many=False,
)
CASE = PartDeclaration(
    "case",
    CasePart,
    (
        phrase("key"),
        phrase("board"),
        text("question"),
        Key("asks", asked_codes),
        *facts_of(parts.REFERRAL),
        Key("tumor_size", size_of("tumor_size_cm"), fact="tumor_size_cm"),
        past("diagnosed_on"),
        code("treatment_list", codes.TREATMENT_LISTS),
        text("resectability"),
    ),
    many=False,
)
PATHOLOGY = PartDeclaration(
    "pathology",
    PathologyPart,
    (
        past("reported_on"),
        past("sampled_on"),
        number_of_record("lab_number"),
        number_of_record("reviews"),
        code("specimen", codes.SPECIMENS),
        phrase("specimen_site"),
        code("lesion", codes.LESIONS),
        *facts_of(parts.PATHOLOGY, "reported_grade", "ki67"),
        Key("reported_grade", plainly(read_reported_grade), choices_of("reported_grade"), "reported_grade"),
        Key("ki67", ki67_of, fact="ki67"),
        phrase("ki67_method"),
        whole("ki67_cells", 0, 1_000_000),
        Key("hpf_field_mm2", plainly(read_field_area)),  # before the mitoses, which are converted with it
        Key("mitoses", mitoses_of, fact="mitotic_count"),
        Key("other_stains", lambda written, _around, _beside, spot: stain_list(written, spot)),
        yes_no("expert_review"),
        Key("components", lambda written, _around, _beside, spot: component_list(written, spot)),
        whole("nodes_examined", 0, 999),
        whole("nodes_positive", 0, 999),
        Key("stage", lambda written, _around, _beside, spot: stage_object(written, spot)),
        yes_no("deciding"),
        text("deciding_reason"),
        text("comment"),
    ),
)
IMAGING = PartDeclaration(
    "imaging",
    ImagingPart,
    (
        past("performed_on"),
        code("modality", codes.MODALITIES),
        code("result", codes.RESULTS),
        *facts_of(parts.IMAGING),
        code_set("sites", choices_of("metastatic_sites"), "metastatic_sites"),
        code("course", codes.COURSES),
        Key("lesions", plainly(read_amount)),
        Key("liver_lesions", plainly(read_amount)),
        Key("largest", plainly(read_size)),
        text("findings"),
    ),
)
MOLECULAR = PartDeclaration(
    "molecular",
    MolecularPart,
    (
        past("reported_on"),
        code("method", codes.METHODS),
        code("msi", codes.MICROSATELLITES, "mmr"),
        Key("tmb_per_mb", plainly(TMB.read), fact="tmb"),
        *facts_of(parts.MOLECULAR),
        text("other"),
    ),
)
MARKERS = PartDeclaration(
    "markers",
    MarkerPart,
    (
        phrase("name"),
        Key("value", plainly(read_level)),
        phrase("unit"),
        Key("upper_limit", plainly(read_limit)),
        past("measured_on"),
    ),
)
TREATMENTS = PartDeclaration(
    "treatments",
    TreatmentPart,
    (
        code("kind", codes.KINDS),
        past("started_on"),
        past("ended_on"),
        code("regimen", REGIMENS, "prior_regimens"),
        phrase("regimen_text"),
        whole("cycles", 0, 999),
        whole("line", 1, 99),
        code("setting", codes.SETTINGS),
        yes_no("curative_intent"),
        code("site_treated", codes.SITES_TREATED),
        code_set("sites", choices_of("metastatic_sites")),
        phrase("procedure"),
        *facts_of(parts.TREATMENTS),
        Key("dose_gy", plainly(lambda written: read_single(written, DOSE))),
        code("best_response", codes.BEST_RESPONSES),
        past("progressed_on"),
        code("stop_reason", codes.STOP_REASONS),
        text("toxicity"),
        text("comment"),
    ),
)
ASSESSMENTS = PartDeclaration(
    "assessments",
    AssessmentPart,
    (
        past("assessed_on"),
        whole("ecog", 0, 4),
        *(fact_key(name) for name in CLINICIANS_FACTS),
        *(text(name) for name in ("comorbidity", "symptoms", "patient_wishes", "comment")),
    ),
)

PARTS: tuple[PartDeclaration, ...] = (
    PATIENT,
    CASE,
    PATHOLOGY,
    IMAGING,
    MOLECULAR,
    MARKERS,
    TREATMENTS,
    ASSESSMENTS,
)

KEYS_OF: Mapping[str, PartDeclaration] = {part.name: part for part in PARTS}
