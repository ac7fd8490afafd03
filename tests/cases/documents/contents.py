"""A snapshot's content written by hand, small enough to read whole."""

import copy
from typing import Any

GUIDELINE = {"id": "test-guideline", "version": "1.0.0", "digest": "sha256:abc"}
PATHOLOGY_UID = "11111111-1111-4111-8111-111111111111"
CASE_UID = "22222222-2222-4222-8222-222222222222"


def statement(**changes: Any) -> dict[str, Any]:
    """One recommendation as an assessment's JSON holds it."""
    return {
        "id": "captem",
        "intervention": "captem",
        "intervention_label": "CAPTEM",
        "topic": "systemic_therapy",
        "setting": "first_line",
        "stance": "acceptable",
        "agreement": "majority",
        "status": "applies",
        "statement": "CAPTEM is an appropriate first line.",
        "because": [],
        "missing": [],
        "question": "",
        "excluded_by": "",
        "cautions": [],
        "source": {
            "section": ["Metastatic G3 NET", "First line", "Summary of recommendations"],
            "table": None,
            "lines": "1-2",
        },
        "evidence": [],
        "trials": [],
        "schedule": None,
        **changes,
    }


STATEMENTS = [
    statement(),
    statement(
        id="ssa",
        intervention_label="Somatostatin analog",
        status="possible",
        missing=["sstr_imaging"],
        question="SSTR imaging Positive",
        agreement="consensus",
    ),
    statement(
        id="platinum",
        intervention_label="Platinum",
        stance="not_recommended",
        statement="No platinum first.",
        cautions=["Unless it progresses fast."],
    ),
    statement(
        id="ngs",
        intervention_label="Sequencing",
        topic="molecular",
        stance="no_consensus",
        agreement="no_consensus",
        statement="Routine sequencing: no consensus.",
        source={"section": ["Molecular", "Table 1"], "table": "Table 1", "lines": "3"},
    ),
    statement(id="center", intervention_label="Expert center", topic="organization", stance="recommended"),
    statement(id="trial", intervention_label="Clinical trial", topic="organization", stance="recommended"),
    statement(
        id="center-2",
        intervention_label="Expert center",
        topic="organization",
        stance="recommended",
        agreement="panel",
    ),
    statement(id="gone", status="excluded"),
]


def fact(name: str, label: str, value: Any, shown: str, source: str, uid: str) -> dict[str, Any]:
    return {
        "fact": name, "label": label, "value": value, "shown": shown, "source": source,
        "date": "2026-11-05", "author": "Alice Albers", "source_uid": uid,
    }  # fmt: skip


DRAFT: dict[str, Any] = {
    "format": 1,
    "patient": {
        "name": "FABRICIUS, Ada",
        "record_number": "T000001",
        "surname": "Fabricius",
        "given_names": "Ada",
        "birth_date": "1961-08-14",
        "sex": "female",
        "deceased": None,
        "deceased_on": None,
    },
    "case": {
        "uid": CASE_UID,
        "board": "GI-NET board",
        "question": "First-line treatment?",
        "referrer": "Dr R. Eferrer",
        "is_demo": False,
        "citation": "",
    },
    "meeting": {"starts_at": "2026-11-24T16:00:00+00:00", "place": "Room 2"},
    "facts": [
        fact("differentiation", "Differentiation", "well", "Well differentiated", "Pathology", PATHOLOGY_UID),
        fact("ki67", "Ki-67", 45, "45 %", "Pathology", PATHOLOGY_UID),
        fact("primary_site", "Primary site", "pancreas", "Pancreas", "Referral", CASE_UID),
        fact("pancreas_subsite", "Part of the pancreas", "tail", "Tail", "Referral", CASE_UID),
    ],
    "cautions": ["Two reports disagree."],
    "record": {
        "pathology": [
            {
                "uid": PATHOLOGY_UID,
                "specimen": "biopsy",
                "specimen_site": "liver",
                "sampled_on": "2026-11-01",
                "reported_on": "2026-11-05",
                "lab_number": "H26-1182",
                "differentiation": "well",
                "ki67_min": 45,
                "ki67_max": 45,
                "expert_review": True,
                "comment": "Seen twice.",
                "keratin": "",
                "low_grade_component": None,
            }
        ],
        "imaging": [],
        "molecular": [],
        "treatments": [
            {
                "uid": "33333333-3333-4333-8333-333333333333",
                "kind": "systemic",
                "started_on": "2026-01-08",
                "ended_on": "2026-05-08",
                "line": 1,
                "regimen": "captem",
                "regimen_text": "",
                "best_response": "partial",
                "stop_reason": "Progression",
            }
        ],
        "assessments": [],
    },
    "guideline": GUIDELINE,
    "assessment": {
        "guideline": GUIDELINE,
        "classification": {
            "entity": "g3_net",
            "label": "G3 NET",
            "reasons": ["Reported well differentiated."],
            "cautions": [],
        },
        "recommendations": STATEMENTS,
        "missing": [{"fact": "sstr_imaging", "decides": ["ssa"]}],
        "not_covered": ["Not spoken to: something."],
        "trials": [
            {
                "nct": "NCT00000001",
                "title": "A trial",
                "eligibility": "G3 NET.",
                "status": "possible",
                "missing": ["sstr_imaging"],
                "cautions": ["Own caution.", "Check whether it still recruits."],
            }
        ],
        "basis": "The panel met in October 2019.",
    },
    "decision": None,
    "attendees": [],
    "drafted": None,
    "signed": None,
}

DECISION: dict[str, Any] = {
    "uid": "44444444-4444-4444-8444-444444444444",
    "intent": "disease_control",
    "rationale": "Fit, and wants treatment.",
    "options": [
        {
            "statement_id": "captem",
            "intervention": "captem",
            "title": "CAPTEM",
            "stance": "acceptable",
            "agreement": "majority",
            "choice": "accepted",
            "reason_code": "",
            "reason_text": "",
        },
        {
            "statement_id": "",
            "intervention": "",
            "title": "Dietician",
            "stance": "",
            "agreement": "",
            "choice": "own",
            "reason_code": "",
            "reason_text": "",
        },
        {
            "statement_id": "center",
            "intervention": "expert_center",
            "title": "Expert center",
            "stance": "recommended",
            "agreement": "panel",
            "choice": "rejected",
            "reason_code": "patient_wish",
            "reason_text": "Too far.",
        },
    ],
    "conditions": ["Platelets above 100"],
    "next_steps": [{"text": "Start CAPTEM", "owner_name": "Bob Baker", "due_on": "2026-12-01"}],
    "supersedes": None,
    "supersede_reason": "",
}

SIGNED: dict[str, Any] = {
    **copy.deepcopy(DRAFT),
    "decision": DECISION,
    "attendees": [{"name": "Dora Diaz", "role": "Chair"}, {"name": "Bob Baker", "role": ""}],
    "drafted": {"by": "Bob Baker", "at": "2026-11-24T16:10:00+00:00"},
    "signed": {"by": "Dora Diaz", "at": "2026-11-24T16:40:00+00:00"},
}
