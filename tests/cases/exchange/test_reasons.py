"""Reasons for deviating, in codes that others know."""

import pytest
import yaml

from cases.choices import DeviationReason
from cases.exchange.reasons import COUNTERPARTS, DATA, MappingFault, read_counterparts

# Code → display, as the code system had them at the commit that the file names.
NON_ADHERENCE = {
    "does-not-align-preferences": "Recommendation does not align with patient preferences or values",
    "comorbidity-disability": (
        "Patient has co-morbidity or disability that hinders them from completing recommended action"
    ),
    "action-completed": "Recommended action was already completed",
    "patient-contraindication": "Patient has contraindication to recommended action",
    "does-not-align-latest-evidence": "Recommended action does not align with the latest evidence",
    "service-not-available": "Treatment or service is not practically available",
}
TEXT = DATA.read_text(encoding="utf-8")


@pytest.mark.parametrize("reason", DeviationReason.values)
def test_every_reason_is_mapped_or_said_to_have_no_counterpart(reason: str) -> None:
    entry = yaml.safe_load(TEXT)["reasons"][reason]
    assert (COUNTERPARTS[reason] is None) == ("none" in entry)
    if COUNTERPARTS[reason] is None:
        assert len(entry["none"]) > 20


def test_the_codes_are_those_of_the_code_system() -> None:
    found = [one for one in COUNTERPARTS.values() if one]
    assert {one.code: one.display for one in found} == NON_ADHERENCE
    assert {one.system for one in found} == {
        "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes"
    }


def test_equivalent_is_said_only_of_what_means_the_same() -> None:
    equivalent = [name for name, one in COUNTERPARTS.items() if one and one.relation == "equivalent"]
    assert equivalent == ["patient_wish", "new_evidence", "not_available"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("  trial:\n", "  trials:\n", "trials"),
        ("    code: action-completed\n", "", "code"),
        ("relation: equivalent", "relation: same", "equivalent"),
        ("system: non_adherence\n    code: action", "system: snomed\n    code: action", "no system 'snomed'"),
        ("systems:", "systems: [", "expected"),
        ("none: Said in the board's own words.", "none: ''", "none"),
    ],
)
def test_a_broken_file_is_refused_with_the_place(before: str, after: str, said: str) -> None:
    assert before in TEXT
    with pytest.raises(MappingFault, match=said):
        read_counterparts(TEXT.replace(before, after))


def test_a_reason_left_out_is_refused() -> None:
    data = yaml.safe_load(TEXT)
    del data["reasons"]["trial"]
    with pytest.raises(MappingFault, match="without an entry: trial"):
        read_counterparts(yaml.safe_dump(data))
