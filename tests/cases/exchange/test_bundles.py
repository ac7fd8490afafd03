"""FHIR bundles read into proposals: what is proposed, from where, and what is left out with its reason."""

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.casefile import read_case_file
from cases.casefile.codes import KINDS
from cases.casefile.declaration import KEYS_OF
from cases.course.answering import assessed, surroundings
from cases.course.facts_of_file import facts_of_file
from cases.exchange.bundles.codes import CODES, DATA, read_bundle_codes
from cases.exchange.bundles.intake import MOST_BYTES, BundleRefused
from cases.exchange.bundles.proposals import (
    ANOTHERS,
    CONTRADICTS,
    NOBODYS,
    NONE_HERE,
    NONE_NAMED,
    BundleReading,
)
from cases.exchange.bundles.reading import read_bundle
from guidelines.knowledge.releases import current

FIXTURES = Path(__file__).with_name("bundles")
TODAY = date(2026, 4, 1)
AROUND = surroundings(current(), TODAY)
LOINC, SNOMED, ICD_O = (
    "http://loinc.org",
    "http://snomed.info/sct",
    "http://terminology.hl7.org/CodeSystem/icd-o-3",
)
Json = dict[str, Any]


def read(*resources: Json) -> BundleReading:
    """A bundle of these resources, as it is read."""
    entries = [{"resource": one} for one in resources]
    return read_bundle(json.dumps({"resourceType": "Bundle", "entry": entries}).encode(), AROUND)


def fixture(name: str) -> BundleReading:
    return read_bundle((FIXTURES / f"{name}.json").read_bytes(), AROUND)


def concept(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def observation(system: str, code: str, **more: Any) -> Json:
    return {"resourceType": "Observation", "status": "final", "code": concept(system, code), **more}


def condition(morphology: str, name: str = "net", **more: Any) -> Json:
    """A tumor with its morphology as mCODE has it."""
    extension = {
        "url": "…/mcode-histology-morphology-behavior",
        "valueCodeableConcept": concept(ICD_O, morphology),
    }
    return {
        "resourceType": "Condition", "id": name, "extension": [extension],
        "code": {"text": "Carcinoma"}, **more,
    }  # fmt: skip


def said(reading: BundleReading) -> dict[str, Any]:
    """Part and key → value, of what is offered and leaves no question."""
    found: dict[str, Any] = {}
    for one in reading.proposals:
        if one.offered and not one.question:
            key = f"{one.fact.part}.{one.fact.key}"
            found[key] = (
                [*found[key], *one.fact.value] if isinstance(found.get(key), list) else one.fact.value
            )
    return found


def reasons(reading: BundleReading) -> str:
    return " | ".join(one.reason for one in reading.unread)


SPECIMEN = {"reported_on": "2026-03-05", "sampled_on": "2026-03-01", "lab_number": "H26-1182"}


def test_the_g3_net_is_read_as_it_stands_and_classified() -> None:
    reading = fixture("g3_net_mcode")
    assert said(reading) == {
        "pathology.differentiation": "well", "case.primary_site": "pancreas", "case.pancreas_subsite": "tail",
        "case.diagnosed_on": "2026-03-06", "case.metastatic_sites": ["liver"], "pathology.ki67": "35 %",
        "pathology.reported_grade": "G3", "pathology.mitoses": "12/2 mm²",
        "pathology.synaptophysin": "positive",
        "case.tumor_size": "34 mm", "molecular.mmr": "deficient", "molecular.tmb_per_mb": "4.5",
        "assessments.ecog": 1,
    }  # fmt: skip
    told = {one.fact.key: dict(one.fact.told) for one in reading.proposals if one.fact.part == "pathology"}
    assert told == {
        "differentiation": {}, "ki67": SPECIMEN, "reported_grade": SPECIMEN, "mitoses": SPECIMEN,
        "synaptophysin": SPECIMEN,
    }  # fmt: skip
    (ki67,) = [one for one in reading.proposals if one.fact.key == "ki67"]
    assert (ki67.source, ki67.fact.words) == ("entry[5] Observation/ki67, valueQuantity", "35 %")
    assert [one.what for one in reading.unread] == ["Temodal 100 mg capsules", "ondansetron 8 mg"]
    file = read_case_file(reading.case_file("tumor-1"), AROUND)
    answer = assessed(facts_of_file(file, current(), TODAY), current())
    assert answer.classification.entity == "g3_net"


def test_the_nec_is_read_as_it_stands_and_classified() -> None:
    reading = fixture("nec_mii")
    assert said(reading) == {
        "case.primary_site": "rectum", "case.diagnosed_on": "2026-02-11", "pathology.differentiation": "poor",
        "pathology.cell_type": "large_cell", "pathology.reported_grade": "G3", "pathology.ki67": "80-90 %",
        "pathology.stage.t": "pT3", "pathology.stage.n": "pN1", "case.metastatic_sites": ["liver"],
        "assessments.ecog": 2, "treatments.kind": "surgery", "treatments.procedure": "Rektumresektion",
    }  # fmt: skip
    assert reasons(reading) == "MX: MX is not known | LX: this is not known"
    file = read_case_file(reading.case_file("tumor-1"), AROUND)
    answer = assessed(facts_of_file(file, current(), TODAY), current())
    assert answer.classification.entity == "nec"


def test_several_tumors_are_grouped_by_focus_else_asked_never_merged() -> None:
    reading = fixture("two_tumors_obds")
    assert [(one.label, one.is_neuroendocrine) for one in reading.tumors] == [
        ("C34.1", False),
        ("C17.0", True),
    ]
    assert said(reading) == {
        "case.primary_site": "duodenum", "case.diagnosed_on": "2026-01-12",
        "pathology.differentiation": "poor",
        "pathology.stage.t": "cT2", "pathology.stage.m": "cM1", "assessments.ecog": 0,
    }  # fmt: skip
    open_ones = [(one.fact.key, one.tumor) for one in reading.proposals if one.question == NOBODYS]
    assert open_ones == [("ki67", "")]
    assert reasons(reading).count(ANOTHERS) == 2
    assert "ki67" not in str(reading.case_file("tumor-2"))


GRADE = (observation(LOINC, "33732-9"), observation(SNOMED, "371469007"))


@pytest.mark.parametrize("grade", GRADE, ids=["LOINC", "SNOMED"])
def test_a_grade_never_says_how_a_tumor_is_differentiated(grade: Json) -> None:
    coded = {"coding": [{"display": "Poorly differentiated"}], "text": "3, poorly differentiated"}
    reading = read(condition("8240/3"), grade | {"valueCodeableConcept": coded})
    assert said(reading) == {"pathology.reported_grade": "G3"}


@pytest.mark.parametrize("code", [*CODES.morphology, "8140/3", "8041/2", "8070/3"])
def test_four_morphologies_say_how_a_tumor_is_differentiated_and_none_its_grade(code: str) -> None:
    meant = {
        "8041/3": {"pathology.differentiation": "poor", "pathology.cell_type": "small_cell"},
        "8013/3": {"pathology.differentiation": "poor", "pathology.cell_type": "large_cell"},
        "8246/3": {"pathology.differentiation": "poor"},
        "8249/3": {"pathology.differentiation": "well"},
    }
    reading = read(condition(code))
    assert said(reading) == meant.get(code, {})
    assert bool(reading.neoplasms) == (code in CODES.morphology)


def quantity(value: object, unit: str = "", **more: Any) -> Json:
    return {"valueQuantity": {"value": value, **({"unit": unit} if unit else {}), **more}}


def words(text: str) -> Json:
    return {"valueCodeableConcept": {"text": text}}


def coded(system: str, code: str, words: str = "") -> Json:
    return {"valueCodeableConcept": {**concept(system, code), "text": words}}


SIZE = "33728-7"
READ: list[tuple[str, Json, Json]] = [
    ("62862-8", words("MSI Positive"), {"molecular.mmr": "deficient"}),
    ("62862-8", coded(SNOMED, "10828004"), {"molecular.mmr": "deficient"}),
    ("81695-9", coded(LOINC, "LA26203-2"), {"molecular.msi": "high"}),
    (
        "81695-9",
        {**quantity(0.42, "ratio"), "interpretation": [concept(LOINC, "LA26203-2")]},
        {"molecular.msi": "high"},
    ),
    ("81695-9", coded(LOINC, "LA11884-6"), {}),
    ("21907-1", words("cM1"), {"pathology.stage.m": "cM1"}),
    ("21907-1", words("MX"), {}),
    ("21907-1", words("M0"), {"pathology.stage.m": "cM0"}),
    ("33739-4", words("LX"), {}),
    ("33739-4", words("L1"), {"pathology.lymphovascular_invasion": True}),
    ("33739-4", words("L0"), {}),
    (
        "21889-1",
        {"component": [{"code": concept(LOINC, SIZE), **quantity(2.5, "cm")}]},
        {"case.tumor_size": "2.5 cm"},
    ),
    (
        "21889-1",
        {"component": [{"code": concept(LOINC, SIZE), **quantity(25, "millimeters")}]},
        {"case.tumor_size": "25 mm"},
    ),
    ("21889-1", quantity(3.4, "cm"), {"case.tumor_size": "3.4 cm"}),
    ("21889-1", quantity(34), {}),
    ("21889-1", quantity(1.3, "[in_i]"), {}),
    ("89247-1", {"valueInteger": 0}, {"assessments.ecog": 0}),
    ("89247-1", {"valueInteger": 7}, {}),
    ("89247-1", {"valueInteger": True}, {}),
    ("89247-1", {"interpretation": concept(LOINC, "LA9625-0")}, {"assessments.ecog": 3}),
    ("89262-0", coded(LOINC, "LA9623-5"), {"assessments.ecog": 1}),
    ("89262-0", coded(LOINC, "LA4489-6"), {}),
    ("94076-7", quantity(12, "mut/Mb"), {"molecular.tmb_per_mb": "12"}),
    ("94076-7", quantity(12, "%"), {}),
    ("94077-5", coded(SNOMED, "62482003"), {"molecular.tmb": "low"}),
    ("94077-5", words("High"), {"molecular.tmb": "high"}),
    ("94077-5", words("Intermediate"), {}),
    ("29593-1", quantity(45, "%"), {"pathology.ki67": "45 %"}),
    ("29593-1", quantity(90, "%", comparator=">"), {"pathology.ki67": ">90 %"}),
    (
        "29593-1",
        {"valueRange": {"low": {"value": 20, "unit": "%"}, "high": {"value": 25}}},
        {"pathology.ki67": "20-25 %"},
    ),
    ("29593-1", quantity(0.45), {}),
    ("29593-1", words("high"), {}),
    ("29593-1", quantity(180, "%"), {}),
    ("29593-1", {"dataAbsentReason": {"text": "unknown"}}, {}),
    ("29593-1", {**quantity(45, "%"), "status": "entered-in-error"}, {}),
    ("29593-1", {**quantity(45, "%"), "status": "preliminary"}, {}),
]


@pytest.mark.parametrize(("code", "value", "expected"), READ)
def test_a_value_is_read_or_left_out_with_a_reason(code: str, value: Json, expected: Json) -> None:
    reading = read(condition("8240/3"), observation(LOINC, code) | value)
    assert said(reading) == expected
    assert bool(reading.unread) == (not expected)
    assert all(one.reason and one.place.startswith("entry[1]") for one in reading.unread)


def test_no_site_said_is_not_the_same_as_no_metastasis() -> None:
    absent = observation(SNOMED, "385421009", valueCodeableConcept={"text": "keine"})
    reading = read(condition("8246/3"), absent, observation(SNOMED, "385421009"))
    assert "case.metastatic_sites" not in said(reading)
    assert "not the same as no metastasis" in reasons(reading)


@pytest.mark.parametrize(
    "drug",
    [
        {"resourceType": "MedicationStatement", "medicationCodeableConcept": {"text": "Afinitor 10 mg"}},
        {
            "resourceType": "MedicationStatement",
            "medicationCodeableConcept": {"text": "everolimus Oral Product"},
        },
        {"resourceType": "MedicationAdministration", "medicationCodeableConcept": {"text": "dexamethasone"}},
        {"resourceType": "MedicationRequest", "medicationReference": {"reference": "Medication/1"}},
    ],
)
def test_products_and_supportive_drugs_are_no_regimens(drug: Json) -> None:
    reading = read(condition("8246/3"), drug)
    assert not [one for one in reading.proposals if one.fact.part == "treatments"]
    assert len(reading.unread) == 1


SITES = {
    "C25.2": ("pancreas", "tail"),
    "C17.0": ("duodenum", None),
    "C17.8": ("small_bowel", None),
    "C7A.092": ("stomach", None),
    "C7A.1": (None, None),
    "C34.1": (None, None),
}


@pytest.mark.parametrize("code", SITES)
def test_a_site_is_read_by_the_longest_that_its_code_begins_with(code: str) -> None:
    found = said(read(condition("8246/3") | {"bodySite": [concept("", code)]}))
    assert (found.get("case.primary_site"), found.get("case.pancreas_subsite")) == SITES[code]
    assert found["pathology.differentiation"] == "poor"


def test_of_two_values_for_one_thing_none_is_taken() -> None:
    twice = [
        observation(LOINC, "29593-1", effectiveDateTime="2026-03-05") | quantity(value, "%")
        for value in (30, 60)
    ]
    reading = read(condition("8249/3"), *twice)
    assert [one.question for one in reading.proposals if one.fact.key == "ki67"] == [CONTRADICTS, CONTRADICTS]


def test_what_is_refuted_is_no_tumor() -> None:
    refuted = condition("8246/3") | {"verificationStatus": concept("", "refuted")}
    reading = read(refuted)
    assert (reading.tumors, reading.proposals, reading.message) == ((), (), NONE_NAMED)


def test_a_bundle_without_a_neuroendocrine_neoplasm_says_so_and_offers_nothing() -> None:
    reading = read(condition("8500/3"), observation(LOINC, "62862-8") | words("Positive"))
    assert reading.message == NONE_HERE
    assert not any(one.offered for one in reading.proposals)


def test_histologies_without_conditions_are_tumors_of_their_own() -> None:
    histologies = [
        observation(LOINC, "59847-4", id=code) | coded(ICD_O, code) for code in ("8249/3", "8246/3")
    ]
    reading = read(*histologies, observation(LOINC, "29593-1") | quantity(40, "%"))
    assert len(reading.neoplasms) == 2
    assert [(one.fact.value, bool(one.tumor)) for one in reading.proposals] == [
        ("well", True), ("poor", True), ("40 %", False)
    ]  # fmt: skip


REFUSED: dict[str, bytes] = {
    "empty": b" \n",
    "no JSON": b'{"resourceType": "Bundle", "entry": [',
    "XML": b'<?xml version="1.0"?><Bundle/>',
    "UTF-16": json.dumps({"resourceType": "Bundle"}).encode("utf-16"),
    "a list": b"[]",
    "no bundle": b'{"resourceType": "Patient"}',
    "entry of a wrong type": b'{"resourceType": "Bundle", "entry": {"resource": {}}}',
    "5 MB": b'{"resourceType": "Bundle", "x": "' + b"a" * 5_000_000 + b'"}',
    "nested": b'{"resourceType": "Bundle", "x": ' + b"[" * 200 + b"]" * 200 + b"}",
    "deeply nested": b'{"resourceType": "Bundle", "x": ' + b"[" * 500_000 + b"]" * 500_000 + b"}",
    "many": orjson.dumps({"resourceType": "Bundle", "entry": [{}] * 5_001}),
    "two patients": orjson.dumps(
        {
            "resourceType": "Bundle",
            "entry": [{"resource": {"resourceType": "Patient", "id": i}} for i in "ab"],
        }
    ),
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_what_is_no_bundle_is_refused_at_once_and_in_words(data: bytes) -> None:
    begun = time.perf_counter()
    with pytest.raises(BundleRefused, match=r"^[A-Z].*\.$"):
        read_bundle(data, AROUND)
    assert time.perf_counter() - begun < 2


def test_a_full_bundle_is_read_in_bounded_time() -> None:
    noted = {"note": [{"text": "x" * 300}]}
    index = observation(LOINC, "29593-1") | quantity(45, "%") | noted
    many = [
        index | {"id": str(number), "effectiveDateTime": str(1900 + number % 100)} for number in range(499)
    ]
    others = [observation(LOINC, "718-7", id=f"x{number}") | quantity(12, "g/dL") for number in range(4_000)]
    begun = time.perf_counter()
    reading = read(condition("8246/3"), *many, *others)
    assert (len(reading.proposals), len(reading.unread)) == (500, 4_000)
    assert time.perf_counter() - begun < 5
    with pytest.raises(BundleRefused, match="more findings than a person can look through"):
        read(condition("8249/3"), *many, *(one | {"id": f"again{one['id']}"} for one in many))
    with pytest.raises(BundleRefused, match="names 4,000 tumors"):
        read(
            *(observation(LOINC, "59847-4") | coded(ICD_O, "8246/3", str(number)) for number in range(4_000))
        )
    assert MOST_BYTES < 5_000_000


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
BUNDLES = [orjson.loads(path.read_bytes()) for path in sorted(FIXTURES.glob("*.json"))]


def spots(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a bundle, by its path."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(spot for key, value in inner for spot in spots(value, (*path, key)))]


SPOTS = [(number, spot) for number, bundle in enumerate(BUNDLES) for spot in spots(bundle) if spot]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(SPOTS), ANYTHING), min_size=1, max_size=3))
def test_whatever_stands_at_any_place_is_read_or_refused(
    changes: list[tuple[tuple[int, tuple[Any, ...]], Any]],
) -> None:
    (number, _), _ = changes[0]
    broken = orjson.loads(orjson.dumps(BUNDLES[number]))
    for (other, path), value in changes:
        node = broken
        if other != number:
            continue
        try:
            for key in path[:-1]:
                node = node[key]
            node[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change has taken the place away
    try:
        data = orjson.dumps(broken)
    except TypeError:  # an integer that JSON readers do not take
        data = json.dumps(broken).encode()
    try:
        reading = read_bundle(data, AROUND)
    except BundleRefused:
        return
    assert orjson.dumps(reading.as_json())
    for tumor in ("", *(one.name for one in reading.tumors)):
        file = reading.case_file(tumor)
        assert set(file) <= set(KEYS_OF)


def test_the_codes_name_what_the_record_has() -> None:
    part = {"ecog": "assessments", "msi": "molecular", "mmr": "molecular", "tmb": "molecular"}
    for kind, answers in CODES.answers.items():
        for meant in answers.values():
            for key, value in meant.items():
                name = kind if key == "positive" else key
                taken = KEYS_OF[part.get(kind, "pathology")].by_name[name].codes
                assert (
                    key == "positive" or not taken or str(value).casefold() in {str(one) for one in taken}
                ), (kind, key, value)
    sites, primary = (
        KEYS_OF["case"].by_name["metastatic_sites"].codes,
        KEYS_OF["case"].by_name["primary_site"].codes,
    )
    assert set(CODES.metastases.values()) <= set(sites)
    assert {one["primary_site"] for one in (*CODES.topography.values(), *CODES.body_sites.values())} <= set(
        primary
    )
    assert set(CODES.procedures.values()) | set(CODES.procedure_profiles.values()) <= set(KINDS)
    assert all(one.source for one in CODES.systems.values())
    with pytest.raises(ValueError, match="no system 'loink'"):
        read_bundle_codes(
            DATA.read_text(encoding="utf-8").replace("{loinc: [59847-4]}", "{loink: [59847-4]}")
        )


def test_the_command_prints_proposals_and_refuses_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("read_fhir", str(FIXTURES / "nec_mii.json"))
    printed = json.loads(capsys.readouterr().out)
    assert printed["neuroendocrine_neoplasm"] is True
    assert printed["proposals"][2] == {
        "id": printed["proposals"][2]["id"], "part": "pathology", "key": "differentiation", "value": "poor",
        "entry": {"reported_on": "2026-03-05"}, "tumor": "tumor-1", "question": None, "offered": True,
        "source": "entry[2] Observation/histology, valueCodeableConcept",
        "words": "8013/3 Großzelliges neuroendokrines Karzinom",
    }  # fmt: skip
    bad = tmp_path / "bad.json"
    bad.write_text("{")
    with pytest.raises(SystemExit) as stopped:
        call_command("read_fhir", str(bad))
    assert stopped.value.code == 2
    out = capsys.readouterr()
    assert (out.out, out.err.count("\n")) == ("", 1)
