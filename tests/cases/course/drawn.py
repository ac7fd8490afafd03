"""Case files drawn at random, from what each key may hold."""

from typing import Any

from hypothesis import strategies as st

from cases.casefile import PARTS
from cases.casefile.keys import Key, PartDeclaration

DATES = [
    None, "2024", "2024-05", "2024-05-10", "2025-01-31", "2025-06", "2025-11-20", "2026-01-01", "2026-02",
    "2026-02-10", "2026-03-01", "2026-04-01",
]  # fmt: skip
NUMBERS = ["A", "a ", "B", None]
WORDS: dict[str, list[Any]] = {
    "ki67": [12, "13,5 %", "20-25", ">80", "<3", 35, 60, None],
    "mitoses": [3, "12/10 mm²", "16/10 HPF", 25, ">20", None],
    "hpf_field_mm2": [0.2, None],
    "reported_grade": ["NET G1", "g2", "G3", None],
    "tumor_size": ["34 mm", ">4 cm", None],
    "tmb_per_mb": [4, 10, ">8", None],
    "value": [3, ">100", None],
    "upper_limit": [50, None],
    "name": ["5-HIAA", "CgA", "gastrin", "CEA", None],
    "lab_number": NUMBERS,
    "reviews": [*[None] * 6, "A", "B", "X"],
    "specimen_site": ["liver", "Liver", "pancreas", None],
    "components": [
        None,
        [],
        [{"type": "nec", "percent": 60}],
        [{"type": "net_g1"}, {"type": "adenocarcinoma"}],
    ],
    "stage": [None, None, {"t": "pT2", "m": "M0"}, {"m": "pM1"}],
    "other_stains": [None, [{"name": "CDX2", "result": "focal"}], [{"name": "EMA", "result": "not done"}]],
    "asks": [None, ["prrt"], ["captem", "resection"]],
    "line": [None, None, 1, 2, 3],
    "cycles": [None, 3, 4, 6],
    "treatment_list": ["complete", "complete", "open", None],
}


TEXTS = {
    "question", "findings", "comment", "procedure", "regimen_text", "toxicity", "unit", "key", "board",
    "other",
    "resectability", "ki67_method", "record_number", "surname", "given_names", "deciding_reason", "symptoms",
    "comorbidity", "patient_wishes",
}  # fmt: skip


def value_of(key: Key) -> st.SearchStrategy[Any]:
    """A value that the key accepts."""
    if key.name in WORDS:
        return st.sampled_from(WORDS[key.name])
    if key.codes and key.name in ("sites", "metastatic_sites", "prior_regimens"):
        return st.none() | st.lists(st.sampled_from(key.codes), max_size=2)
    if key.codes:
        return st.none() | st.sampled_from(key.codes)
    if key.name.endswith("_on") or key.name == "birth_date":
        return st.sampled_from(DATES)
    if key.name in ("nodes_examined", "nodes_positive", "ki67_cells", "ecog", "brain_metastasis_count"):
        return st.sampled_from([None, 0, 2])
    if key.name in ("treatment_line", "months_since_treatment", "tumor_size_cm"):
        return st.sampled_from([None, 1, 3])
    if key.name in ("lesions", "liver_lesions", "largest", "dose_gy"):
        return st.sampled_from([None, "3"])
    return (
        st.sampled_from([None, "some words"])
        if key.name in TEXTS
        else st.sampled_from([None, None, True, False])
    )


def entries(part: PartDeclaration) -> st.SearchStrategy[Any]:
    """One entry of a part, with some of its keys."""
    some = st.lists(st.sampled_from(part.keys), max_size=6, unique_by=lambda key: key.name).flatmap(
        lambda keys: st.fixed_dictionaries({key.name: value_of(key) for key in keys})
    )
    if part.name == "assessments":
        return some
    usual = [key for key in part.keys if key.codes or key.name.endswith("_on") or key.name in WORDS]
    return some | st.fixed_dictionaries({key.name: value_of(key) for key in usual})


def case_files() -> st.SearchStrategy[dict[str, Any]]:
    """Whole case files. Some hold values that cannot both be."""
    parts = {part.name: st.lists(entries(part), max_size=4) if part.many else entries(part) for part in PARTS}
    return st.fixed_dictionaries({}, optional=parts)
