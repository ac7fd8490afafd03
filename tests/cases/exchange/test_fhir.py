"""A signed decision as a FHIR document: complete, valid, and the same each time."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.urls import reverse

from cases.exchange.fhir.codes import CODES, DATA, CodesFault, read_codes
from cases.exchange.fhir.findings import observation
from cases.exchange.fhir.parts import ResourceAddresses
from cases.exchange.signed import NotSigned
from cases.models import AuditEvent, Board
from cases.snapshot.frozen import FrozenFact
from guidelines.vocabulary.facts import FACTS
from tests.cases.documents.contents import DRAFT, SIGNED
from tests.cases.documents.test_handout import changed
from tests.cases.exchange.fhir_documents import PDF, bundle_of, faults_of, resources
from tests.cases.pages import full_case, logged_in, sign

# --- What it says -------------------------------------------------------------------------------------------


def test_the_composition_leads_to_everything_else() -> None:
    bundle = bundle_of(SIGNED)
    first = bundle["entry"][0]["resource"]
    assert first["resourceType"] == "Composition"
    assert (first["status"], first["date"]) == ("final", "2026-11-24T16:40:00+00:00")
    assert first["attester"][0]["party"]["display"] == "Dora Diaz"
    assert [section["title"] for section in first["section"]] == [
        "Question",
        "Diagnosis and findings",
        "Decision",
        "Present",
        "Guideline",
        "On paper",
    ]
    text = json.dumps(bundle)
    for entry in bundle["entry"][1:]:
        assert text.count(entry["fullUrl"]) > 1, entry["resource"]["resourceType"]


def test_the_patient_is_the_one_of_the_snapshot() -> None:
    (patient,) = resources(bundle_of(SIGNED), "Patient")
    del patient["id"]
    assert patient == {
        "resourceType": "Patient",
        "identifier": [{"system": "urn:tumor-board:record-number", "value": "T000001"}],
        "name": [{"text": "FABRICIUS, Ada", "family": "Fabricius", "given": ["Ada"]}],
        "gender": "female",
        "birthDate": "1961-08-14",
    }


def test_each_option_and_step_is_a_request() -> None:
    """What the board rejected is asked not to be done, with the reason that others know."""
    accepted, own, rejected, step = resources(bundle_of(SIGNED), "ServiceRequest")
    assert [one.get("doNotPerform", False) for one in (accepted, own, rejected, step)] == [
        False,
        False,
        True,
        False,
    ]
    assert accepted["code"] == {
        "coding": [{"system": "urn:tumor-board:intervention", "code": "captem", "display": "CAPTEM"}],
        "text": "CAPTEM",
    }
    assert own["code"] == {"text": "Dietician"}
    (why,) = rejected["reasonCode"]
    assert (why["text"], why["coding"][0]["code"]) == (
        "Patient's wish: Too far.",
        "does-not-align-preferences",
    )
    assert (step["code"]["text"], step["occurrenceDateTime"], step["performer"]) == (
        "Start CAPTEM",
        "2026-12-01",
        [{"display": "Bob Baker"}],
    )


def test_the_guideline_is_named_with_its_digest_and_what_it_was_not_told() -> None:
    (guidance,) = resources(bundle_of(SIGNED), "GuidanceResponse")
    assert guidance["status"] == "data-required"
    assert guidance["identifier"][0]["value"] == "sha256:abc"
    needed = [one["codeFilter"][0]["code"][0]["code"] for one in guidance["dataRequirement"]]
    assert needed == [one["fact"] for one in SIGNED["assessment"]["missing"]]


def test_the_paper_is_inside() -> None:
    bundle = bundle_of(SIGNED)
    (binary,) = resources(bundle, "Binary")
    (document,) = resources(bundle, "DocumentReference")
    assert base64.b64decode(binary["data"]) == PDF
    attached = document["content"][0]["attachment"]
    assert (attached["size"], attached["contentType"]) == (len(PDF), "application/pdf")
    assert attached["url"] == f"urn:uuid:{binary['id']}"


def test_a_correction_replaces_and_an_error_says_so() -> None:
    earlier = "12e6ea8a-b4ec-47cc-b926-1a724eaec4a8"
    bundle = bundle_of(changed(SIGNED, decision__supersedes=earlier))
    assert resources(bundle, "Composition")[0]["status"] == "amended"
    assert resources(bundle, "Composition")[0]["relatesTo"] == [
        {"code": "replaces", "targetIdentifier": {"system": "urn:tumor-board:decision", "value": earlier}}
    ]
    assert faults_of([bundle]) == [[]]
    withdrawn = bundle_of(SIGNED, in_error=True)
    assert resources(withdrawn, "Composition")[0]["status"] == "entered-in-error"
    assert resources(withdrawn, "CarePlan")[0]["status"] == "entered-in-error"
    assert resources(withdrawn, "DocumentReference")[0]["status"] == "entered-in-error"


def test_what_is_not_signed_does_not_leave() -> None:
    with pytest.raises(NotSigned):
        bundle_of(DRAFT)


@pytest.mark.parametrize(
    ("name", "value", "shown", "expected"),
    [
        ("ki67", 45, "45 %", {"valueQuantity": {"value": 45, "unit": "%", "code": "%"}}),
        ("ki67", 0, "0 %", {"valueQuantity": {"value": 0, "unit": "%", "code": "%"}}),
        (
            "ki67",
            {"above": 80},
            "> 80 %",
            {"valueQuantity": {"value": 80, "comparator": ">", "unit": "%", "code": "%"}},
        ),
        (
            "ki67",
            {"min": 20, "max": 25},
            "20 to 25 %",
            {
                "valueRange": {
                    "low": {"value": 20, "unit": "%", "code": "%"},
                    "high": {"value": 25, "unit": "%", "code": "%"},
                }
            },
        ),
        ("ki67", {"above": 20, "max": 25}, "> 20 to 25 %", {"valueString": "> 20 to 25 %"}),
        ("mitotic_count", 13.4, "13.4 per 2 mm²", {"valueQuantity": {"value": 13.4, "unit": "per 2 mm²"}}),
        ("treatment_line", 2, "2", {"valueQuantity": {"value": 2}}),
        ("resected", False, "No", {"valueBoolean": False}),
        ("rb", "lost", "Lost", {"valueCodeableConcept": "Lost"}),
        ("metastatic_sites", [], "None", {"valueCodeableConcept": "None"}),
        ("metastatic_sites", ["liver", "bone"], "Liver, Bone", {"component": ["Liver", "Bone"]}),
    ],
)
def test_a_value_stands_in_the_kind_that_fhir_has_for_it(
    name: str, value: Any, shown: str, expected: dict[str, Any]
) -> None:
    fact = FrozenFact(name, FACTS[name].label, value, shown, "Referral", None, "", "")
    made = observation(fact, ResourceAddresses("d"))
    found = {key: _plain(made[key]) for key in made if key.startswith("value") or key == "component"}
    assert found == expected
    assert "effectiveDateTime" not in made


def _plain(value: Any) -> Any:
    """Without the addresses of code systems; a concept is its words."""
    if isinstance(value, list):
        return [_plain(one["valueCodeableConcept"]) for one in value]
    if isinstance(value, dict) and "text" in value:
        return value["text"]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items() if key != "system"}
    return value


@pytest.mark.parametrize(
    ("entity", "cell_type", "code"),
    [
        ("g3_net", "", "8249/3"),
        ("nec", "", "8246/3"),
        ("nec", "small_cell", "8041/3"),
        ("nec", "large_cell", "8013/3"),
    ],
)
def test_the_diagnosis_has_its_morphology(entity: str, cell_type: str, code: str) -> None:
    fact = {**SIGNED["facts"][0], "fact": "cell_type", "value": cell_type}
    content = changed(
        SIGNED,
        assessment__classification={**SIGNED["assessment"]["classification"], "entity": entity},
        facts=[*SIGNED["facts"], *([fact] if cell_type else [])],
    )
    (condition,) = resources(bundle_of(content), "Condition")
    assert condition["code"]["coding"][0]["code"] == code
    assert condition["verificationStatus"]["coding"][0]["code"] == "confirmed"


def test_hostile_words_stay_words() -> None:
    """In the narrative of a section, which is markup."""
    content = changed(SIGNED, decision__rationale='</div><script>alert(1)</script> & "\x07')
    bundle = bundle_of(content)
    told = json.dumps(resources(bundle, "Composition")[0]["section"])
    assert "<script" not in told
    assert "&lt;script&gt;" in told
    assert faults_of([bundle]) == [[]]


# --- The codes ----------------------------------------------------------------------------------------------


def test_every_site_has_its_topography_but_the_one_that_is_none() -> None:
    sites = {choice.value for choice in FACTS["primary_site"].choices}
    parts = {choice.value for choice in FACTS["pancreas_subsite"].choices}
    assert (sites | parts) - set(CODES.topography) == {"other"}
    assert set(CODES.topography) <= sites | parts


def test_every_number_has_its_unit_and_every_fact_is_of_the_vocabulary() -> None:
    assert {name: read.unit for name, read in CODES.units.items()} == {
        name: fact.unit for name, fact in FACTS.items() if fact.unit
    }
    assert set(CODES.facts) <= set(FACTS)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("system: loinc, code: 29593-1", "system: lonic, code: 29593-1", "no system 'lonic'"),
        ("unit: cm, code: cm", "unit: cm, ucum: cm", "ucum"),
        ("topography:", "topographies:", "topography"),
    ],
)
def test_a_fault_in_the_codes_is_named(before: str, after: str, told: str) -> None:
    text = DATA.read_text(encoding="utf-8")
    assert before in text
    with pytest.raises(CodesFault, match=told):
        read_codes(text.replace(before, after))


# --- Of stored decisions ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_command_writes_the_same_each_time_and_leaves_an_event(
    board: Board, alice: User, dora: User, tmp_path: Path
) -> None:
    case = full_case(board, alice)
    sign(case, dora)
    decision = case.decisions.get()
    files = [tmp_path / "one.json", tmp_path / "two.json"]
    for named, file in zip((str(decision.uid), case.patient.record_number), files, strict=True):
        call_command("fhir", named, "-o", str(file))
    assert files[0].read_bytes() == files[1].read_bytes()
    bundle = json.loads(files[0].read_text())
    (binary,) = resources(bundle, "Binary")
    assert base64.b64decode(binary["data"]).startswith(b"%PDF-")
    assert AuditEvent.objects.filter(case=case, action="exported", kind="fhir").count() == 2


@pytest.mark.django_db
def test_the_command_names_what_it_does_not_find(board: Board, alice: User) -> None:
    case = full_case(board, alice)
    with pytest.raises(CommandError, match="no signed decision that is valid"):
        call_command("fhir", str(case.uid))
    with pytest.raises(CommandError, match="No case has the id"):
        call_command("fhir", "nobody")


@pytest.mark.django_db
def test_a_member_takes_it_away_and_an_outsider_finds_nothing(
    board: Board, alice: User, bob: User, dora: User, charlie: User
) -> None:
    case = full_case(board, alice)
    sign(case, dora)
    address = reverse("cases:signed_fhir", args=[case.uid, case.decisions.get().uid])
    response = logged_in(bob).get(address)
    assert response.headers["Content-Type"] == "application/fhir+json"
    assert response.headers["Content-Disposition"] == 'attachment; filename="decision.fhir.json"'
    assert json.loads(response.content)["type"] == "document"
    assert AuditEvent.objects.filter(case=case, user=bob, action="exported", kind="fhir").count() == 1
    assert logged_in(charlie).get(address).status_code == 404
