"""Procedures and drugs of a bundle. An operation or a radiation is a course; a drug alone is no regimen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cases.exchange.bundles.codes import CODES
from cases.exchange.bundles.elements import codes_in, day, mapping, text, words_in
from cases.exchange.bundles.intake import BundleResource
from cases.exchange.bundles.observations import NotRead
from cases.exchange.bundles.proposals import FoundFact
from cases.exchange.bundles.tumors import is_standing, profile_names

DRUGS = frozenset(
    {"MedicationStatement", "MedicationAdministration", "MedicationRequest", "MedicationDispense"}
)
NO_REGIMEN = "a product or drug by itself is no regimen; a person enters the course"
ORDERED = "an order does not say that it was given"


def kind_of_course(body: Mapping[str, Any]) -> str:
    """What kind of course a procedure is; "" for none of the record."""
    for code in (*codes_in(body.get("category")), *codes_in(body.get("code"))):
        if CODES.is_from(code, "snomed") and code.code in CODES.procedures:
            return CODES.procedures[code.code]
    named = profile_names(body)
    return next((kind for part, kind in CODES.procedure_profiles.items() if part in named), "")


def course_facts(resource: BundleResource) -> Iterator[FoundFact]:
    """What a procedure says of a course. Raises `NotRead`."""
    body = resource.body
    kind = kind_of_course(body)
    if not kind:
        return
    if not is_standing(body) or text(body.get("status")) == "preparation":
        raise NotRead(f"its status is {text(body.get('status'))}")
    period = mapping(body.get("performedPeriod"))
    begun = day(body.get("performedDateTime")) or day(period.get("start"))
    ended = day(period.get("end"))
    words = words_in(body.get("code")) or kind
    told = {"kind": kind, **({"started_on": begun} if begun else {})}
    yield FoundFact("treatments", "kind", kind, "code", words, told)
    if kind == "surgery":
        yield FoundFact("treatments", "procedure", words[:200], "code", words, told)
    if ended:
        yield FoundFact("treatments", "ended_on", ended, "performedPeriod.end", ended, told)


def drug_of(body: Mapping[str, Any]) -> tuple[str, str]:
    """What a drug is called, and why it is not read."""
    words = words_in(body.get("medicationCodeableConcept")) or "a drug named elsewhere in the bundle"
    return words, ORDERED if body.get("resourceType") == "MedicationRequest" else NO_REGIMEN
