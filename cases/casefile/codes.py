"""The codes of the record that are no facts of the guideline: code → label. A leaf module.

The sets below name what the rules ask of a code; what a regimen is stands in `regimens.yaml`.
"""

from collections.abc import Mapping

SEXES: Mapping[str, str] = {"female": "Female", "male": "Male", "other": "Other"}

TREATMENT_LISTS: Mapping[str, str] = {
    "complete": "Complete: what stands here is all there was",
    "open": "Open: there may have been more",
}

SPECIMENS: Mapping[str, str] = {
    "biopsy": "Biopsy",
    "fine_needle": "Fine-needle aspirate",
    "cytology": "Cytology",
    "resection": "Surgical resection",
    "endoscopic_resection": "Endoscopic resection",
    "other": "Other",
}

LESIONS: Mapping[str, str] = {
    "primary": "Primary tumor",
    "metastasis": "Metastasis",
    "node": "Lymph node",
    "recurrence": "Recurrence",
}

COMPONENT_TYPES: Mapping[str, str] = {
    "nec": "NEC",
    "net_g1": "NET G1",
    "net_g2": "NET G2",
    "net_g3": "NET G3",
    "adenocarcinoma": "Adenocarcinoma",
    "squamous": "Squamous cell carcinoma",
    "acinar": "Acinar cell carcinoma",
    "other": "Other",
}
LOW_GRADE_COMPONENTS = frozenset({"net_g1", "net_g2"})
NON_NEUROENDOCRINE_COMPONENTS = frozenset({"adenocarcinoma", "squamous", "acinar", "other"})

MODALITIES: Mapping[str, str] = {
    "ct": "CT",
    "mri": "MRI",
    "sstr": "SSTR imaging",
    "fdg_pet": "FDG-PET",
    "brain_mri": "Brain MRI",
    "endoscopy": "Endoscopy",
    "echocardiogram": "Echocardiogram",
    "other": "Imaging",
}
SSTR, FDG_PET = "sstr", "fdg_pet"
SEARCHES = frozenset({"ct", "mri", SSTR, FDG_PET})  # which would show distant disease

RESULTS: Mapping[str, str] = {"not_done": "Not done", "negative": "Negative", "positive": "Positive"}
NOT_DONE, NEGATIVE, POSITIVE = RESULTS

COURSES: Mapping[str, str] = {
    "response": "Response",
    "stable": "Stable",
    "progression": "Progression",
    "first": "First study",
}
PROGRESSION = "progression"

METHODS: Mapping[str, str] = {
    "ngs": "NGS",
    "ihc": "IHC",
    "pcr": "PCR",
    "fish": "FISH",
    "liquid_biopsy": "Liquid biopsy",
    "other": "Other",
}

MICROSATELLITES: Mapping[str, str] = {
    "high": "MSI high",
    "low": "MSI low",
    "stable": "Microsatellites stable",
}

KINDS: Mapping[str, str] = {
    "surgery": "Surgery",
    "endoscopic_resection": "Endoscopic resection",
    "radiation": "Radiation",
    "chemoradiation": "Chemoradiation",
    "systemic": "Systemic therapy",
    "ablation": "Ablation",
    "embolization": "Embolization",
    "radioligand": "Radioligand therapy",
    "other": "Other treatment",
}
OPERATIONS = frozenset({"surgery", "endoscopic_resection"})
REMOVALS = OPERATIONS | {"ablation"}
SYSTEMIC_KINDS = frozenset({"systemic", "radioligand", "chemoradiation"})
MAY_BE_SYSTEMIC = frozenset({None, "other"})  # where a regimen is stated
WITH_RADIATION = frozenset({"chemoradiation"})
RADIATION = frozenset({"radiation"})
LOCAL_COURSES = frozenset({"embolization"})
NOT_NEW_AFTER = SYSTEMIC_KINDS | RADIATION

SETTINGS: Mapping[str, str] = {
    "curative": "Curative",
    "neoadjuvant": "Neoadjuvant",
    "adjuvant": "Adjuvant",
    "palliative": "Palliative",
    "definitive": "Definitive",
}
ADJUVANT, PALLIATIVE = "adjuvant", "palliative"
CURATIVE_SETTINGS = frozenset(SETTINGS) - {PALLIATIVE}

SITES_TREATED: Mapping[str, str] = {
    "primary": "Primary tumor",
    "primary_and_metastases": "Primary tumor and metastases",
    "metastasis": "Metastases",
    "lymph_nodes": "Lymph nodes",
    "other": "Other",
}
SITES_OF_PRIMARY = frozenset({"primary", "primary_and_metastases"})
SITES_OF_METASTASES = frozenset({"metastasis", "primary_and_metastases"})

BEST_RESPONSES: Mapping[str, str] = {
    "complete": "Complete response",
    "partial": "Partial response",
    "stable": "Stable disease",
    "progression": "Progressive disease",
    "not_evaluable": "Not evaluable",
}

STOP_REASONS: Mapping[str, str] = {
    "progression": "Progression",
    "completed": "Completed",
    "toxicity": "Toxicity",
    "wish": "Patient's wish",
    "break": "Break",
    "death": "Death",
    "other": "Other",
}
TOXICITY = "toxicity"
