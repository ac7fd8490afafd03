"""The whole document: a Bundle whose first entry, the Composition, leads to all others."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from cases.exchange.fhir.codes import CODES
from cases.exchange.fhir.findings import condition, observation
from cases.exchange.fhir.parts import (
    Resource,
    ResourceAddresses,
    concept,
    filled,
    identifier,
    instant,
    narrative,
)
from cases.exchange.fhir.people import board, patient, signer
from cases.exchange.fhir.plan import care_plan, guidance, name_of_request, requests
from cases.exchange.signed import NotSigned, SignedPaper
from cases.snapshot.frozen import Frozen, FrozenDecision, FrozenStamp

TITLE = "Tumor board decision"
MEDIA_TYPE = "application/fhir+json"


def document_bundle(paper: SignedPaper) -> dict[str, Any]:
    """The FHIR R4 document of a signed decision; the same snapshot and paper always give the same.

    Raises `NotSigned`.
    """
    frozen, decision, signed = paper.frozen, paper.frozen.decision, paper.frozen.signed
    if decision is None or signed is None:
        raise NotSigned("The decision is not signed.")
    named = ResourceAddresses(decision.uid)
    plan_status = "entered-in-error" if paper.in_error else "active"
    entries = {
        "composition": _composition(paper, decision, signed, named),
        "patient": patient(frozen.patient, named),
        "board": board(frozen, named),
        "signer": signer(signed.by, named),
        "condition": condition(frozen, named),
        **{f"observation/{fact.name}": observation(fact, named) for fact in frozen.facts.values()},
        "plan": care_plan(frozen, decision, signed, plan_status, named),
        **{
            name_of_request(number): request
            for number, request in enumerate(requests(frozen, decision, signed, named))
        },
        "guidance": guidance(frozen, signed, named),
        "reference": _reference(paper, decision, signed, named),
        "pdf": _binary(paper.pdf, named),
    }
    return {
        "resourceType": "Bundle",
        "id": str(named.uid("bundle")),
        "identifier": identifier("decision", decision.uid),
        "type": "document",
        "timestamp": instant(signed.at),
        "entry": [
            {"fullUrl": named.address(name), "resource": resource} for name, resource in entries.items()
        ],
    }


def as_json(bundle: dict[str, Any]) -> bytes:
    """The document as it is written to a file: UTF-8, a key a line, so that two can be compared."""
    return (json.dumps(bundle, ensure_ascii=False, indent=1) + "\n").encode()


def _type() -> Resource:
    return concept(TITLE, CODES.coding(CODES.document))


def _composition(
    paper: SignedPaper, decision: FrozenDecision, signed: FrozenStamp, named: ResourceAddresses
) -> Resource:
    replaced = (
        [{"code": "replaces", "targetIdentifier": identifier("decision", decision.supersedes)}]
        if decision.supersedes
        else []
    )
    return filled(
        {
            "resourceType": "Composition",
            "id": str(named.uid("composition")),
            "identifier": identifier("decision", decision.uid),
            "status": _status(paper, decision),
            "type": _type(),
            "subject": named.reference("patient"),
            "date": instant(signed.at),
            "author": [named.reference("board", paper.frozen.case.board)],
            "title": TITLE,
            "attester": [
                {"mode": "legal", "time": instant(signed.at), "party": named.reference("signer", signed.by)}
            ],
            "custodian": named.reference("board"),
            "relatesTo": replaced,
            "section": _sections(paper.frozen, decision, named),
        }
    )


def _status(paper: SignedPaper, decision: FrozenDecision) -> str:
    if paper.in_error:
        return "entered-in-error"
    return "amended" if decision.supersedes else "final"


def _sections(frozen: Frozen, decision: FrozenDecision, named: ResourceAddresses) -> list[Resource]:
    """In the order in which a reader wants them."""
    count = len(decision.choices) + len(decision.steps)
    entity = frozen.answer.classification.entity.words
    facts = [named.reference(f"observation/{name}") for name in frozen.facts]
    asked = frozen.discussion.question if frozen.discussion else frozen.case.question
    return [
        _section("Question", [], asked),
        _section("Diagnosis and findings", [named.reference("condition"), *facts], entity, *_facts(frozen)),
        _section(
            "Decision",
            [named.reference("plan"), *(named.reference(name_of_request(one)) for one in range(count))],
            decision.rationale,
            *(f"{choice.choice.words}: {choice.title}" for choice in decision.choices),
            *(f"Condition: {text}" for text in decision.conditions),
            *(f"Step: {step.text}" for step in decision.steps),
        ),
        _section("Present", [], *(_person(person.name, person.role) for person in frozen.present)),
        _section("Guideline", [named.reference("guidance")], frozen.answer.basis),
        _section("On paper", [named.reference("reference")], "The handout of the decision, as a PDF."),
    ]


def _person(name: str, role: str) -> str:
    return f"{name} ({role})" if role else name


def _facts(frozen: Frozen) -> list[str]:
    return [f"{fact.label}: {fact.shown} ({fact.origin})" for fact in frozen.facts.values()]


def _section(title: str, entries: list[Resource], *paragraphs: str) -> Resource:
    return filled({"title": title, "text": narrative(*paragraphs), "entry": entries})


def _reference(
    paper: SignedPaper, decision: FrozenDecision, signed: FrozenStamp, named: ResourceAddresses
) -> Resource:
    replaced = (
        [
            {
                "code": "replaces",
                "target": {
                    "type": "DocumentReference",
                    "identifier": identifier("decision", decision.supersedes),
                },
            }
        ]
        if decision.supersedes
        else []
    )
    return filled(
        {
            "resourceType": "DocumentReference",
            "id": str(named.uid("reference")),
            "masterIdentifier": identifier("decision", decision.uid),
            "status": "entered-in-error" if paper.in_error else "current",
            "docStatus": _status(paper, decision),
            "type": _type(),
            "subject": named.reference("patient"),
            "date": instant(signed.at),
            "author": [named.reference("board")],
            "authenticator": named.reference("signer"),
            "custodian": named.reference("board"),
            "relatesTo": replaced,
            "content": [{"attachment": _attachment(paper.pdf, named)}],
        }
    )


def _attachment(pdf: bytes, named: ResourceAddresses) -> Resource:
    # SHA-1 is what FHIR asks for here; it guards against damage, not against forgery.
    hashed = hashlib.sha1(pdf, usedforsecurity=False).digest()
    return {
        "contentType": "application/pdf",
        "url": named.address("pdf"),
        "size": len(pdf),
        "hash": base64.b64encode(hashed).decode(),
        "title": TITLE,
    }


def _binary(pdf: bytes, named: ResourceAddresses) -> Resource:
    return {
        "resourceType": "Binary",
        "id": str(named.uid("pdf")),
        "contentType": "application/pdf",
        "data": base64.b64encode(pdf).decode(),
    }
