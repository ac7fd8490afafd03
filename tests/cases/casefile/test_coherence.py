"""Two stated values that cannot both be are bad input; what is only odd is read."""

from typing import Any

import pytest

from tests.cases.casefile.files import faults


@pytest.mark.parametrize(
    ("parts", "path", "mentions"),
    [
        ({"case": {"extent": "localized", "metastatic_sites": ["liver"]}}, "case.metastatic_sites", "extent"),
        (
            {"case": {"extent": "no_evidence_of_disease", "metastatic_sites": ["lung"]}},
            "case.metastatic_sites",
            "no_evidence_of_disease",
        ),
        ({"case": {"figo_stage": "ib1", "primary_site": "colon"}}, "case.figo_stage", "cervix"),
        ({"case": {"figo_stage": "IVB", "extent": "localized"}}, "case.figo_stage", "metastatic"),
        (
            {"assessments": [{"extent": "localized", "metastatic_sites": ["liver"]}]},
            "assessments[0].metastatic_sites",
            "extent",
        ),
        (
            {"treatments": [{"started_on": "2026-02", "ended_on": "2026-01-31"}]},
            "treatments[0].ended_on",
            "Feb 2026",
        ),
        (
            {"pathology": [{"sampled_on": "2026-03-06", "reported_on": "2026-03-05"}]},
            "pathology[0].reported_on",
            "06-Mar-2026",
        ),
        (
            {"pathology": [{"nodes_examined": 3, "nodes_positive": 4}]},
            "pathology[0].nodes_positive",
            "0 to 3",
        ),
        (
            {"treatments": [{"setting": "palliative", "curative_intent": True}]},
            "treatments[0].curative_intent",
            "palliative",
        ),
        (
            {"treatments": [{"setting": "adjuvant", "curative_intent": False}]},
            "treatments[0].curative_intent",
            "allowed: true",
        ),
        ({"patient": {"deceased": False, "deceased_on": "2026-01"}}, "patient.deceased", "deceased_on"),
    ],
)
def test_refused(parts: dict[str, Any], path: str, mentions: str) -> None:
    (said,) = faults(**parts)
    assert said.startswith(f"{path}: ")
    assert mentions in said


@pytest.mark.parametrize(
    "parts",
    [
        {"case": {"extent": "localized", "metastatic_sites": []}},
        {"case": {"extent": "metastatic", "metastatic_sites": ["liver"]}},
        {"case": {"figo_stage": "IB1", "primary_site": "cervix"}},
        {"case": {"figo_stage": "IB1"}},
        {"case": {"figo_stage": "IVB", "extent": "no_evidence_of_disease"}},
        {"case": {"brain_metastasis_count": 2, "metastatic_sites": ["liver"]}},
        {"treatments": [{"started_on": "2026-02", "ended_on": "2026-02-01"}]},
        {"treatments": [{"started_on": "2026-04-01", "ended_on": "2026-04-01"}]},
        {"treatments": [{"setting": "adjuvant", "curative_intent": True}]},
        {"treatments": [{"setting": "palliative", "curative_intent": False}]},
        {"pathology": [{"nodes_examined": 3, "nodes_positive": 3}]},
        {"patient": {"deceased": True, "deceased_on": "2026-01"}},
        {"patient": {"birth_date": "1990", "deceased_on": "1980"}},
        {"case": {"extent": "metastatic"}, "assessments": [{"extent": "localized"}]},
    ],
)
def test_read(parts: dict[str, Any]) -> None:
    assert faults(**parts) == []
