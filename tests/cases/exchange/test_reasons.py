"""Reasons for deviating, in codes that others know."""

import pytest
import yaml

from cases.choices import DeviationReason, NotDoneReason
from cases.exchange.reasons import (
    COUNTERPARTS,
    DATA,
    NOT_DONE_HL7,
    NOT_DONE_MII,
    MappingFault,
    read_counterparts,
)

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


# Why something was not done

OF_HL7 = {
    "patient_wish": ("does-not-align-preferences", "equivalent"),
    "medical": ("patient-contraindication", "source-is-broader-than-target"),
    "progression": ("action-not-priority", "source-is-narrower-than-target"),
    "toxicity": ("patient-contraindication", "source-is-narrower-than-target"),
    "death": None,
    "other_therapy": None,
    "not_available": ("service-not-available", "equivalent"),
    "lost": None,
    "other": None,
}
OF_MII = {
    "patient_wish": ("J", "ja"),
    "medical": ("N", "nein"),
    "progression": ("N", "nein"),
    "toxicity": ("N", "nein"),
    "death": ("N", "nein"),
    "other_therapy": ("U", "unbekannt"),
    "not_available": ("N", "nein"),
    "lost": ("U", "unbekannt"),
    "other": None,
}


def test_every_reason_of_what_was_not_done_is_mapped() -> None:
    assert {name: one and (one.code, one.relation) for name, one in NOT_DONE_HL7.items()} == OF_HL7
    assert {name: one and (one.code, one.display) for name, one in NOT_DONE_MII.items()} == OF_MII
    assert {*OF_HL7} == {*OF_MII} == {*NotDoneReason.values}


def test_a_reason_of_another_list_is_refused() -> None:
    with pytest.raises(MappingFault, match="no reason 'comorbidity'"):
        read_counterparts(TEXT, NotDoneReason)
    data = yaml.safe_load(TEXT)
    data["reasons"]["death"] = {"none": "Said in words."}
    with pytest.raises(MappingFault, match="no reason 'death'"):
        read_counterparts(yaml.safe_dump(data))
