"""The diagnosis and the facts behind it: a Condition, and an Observation for each fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cases.exchange.fhir.codes import CODES, ForeignCode
from cases.exchange.fhir.parts import (
    Resource,
    ResourceAddresses,
    concept,
    day,
    filled,
    notes,
    our_coding,
)
from cases.snapshot.frozen import Frozen, FrozenFact

CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
COMPARATORS = {"min": ">=", "above": ">", "max": "<=", "below": "<"}


def condition(frozen: Frozen, named: ResourceAddresses) -> Resource:
    """The neoplasm, in the guideline's words for it and in ICD-O-3 where that says the same."""
    entity = frozen.answer.classification.entity
    clear = any(_value(frozen, fact) == value for fact, value in CODES.in_remission.items())
    return filled(
        {
            "resourceType": "Condition",
            "id": str(named.uid("condition")),
            "clinicalStatus": {"coding": [{"system": CLINICAL, "code": "remission" if clear else "active"}]},
            "verificationStatus": {
                "coding": [
                    {
                        "system": VERIFICATION,
                        "code": "confirmed" if entity.code in CODES.morphology else "provisional",
                    }
                ]
            },
            "code": concept(entity.words, *_coding(CODES.morphology, _morphology(frozen))),
            "bodySite": _sites(frozen),
            "subject": named.reference("patient"),
            "note": notes(*frozen.answer.classification.cautions),
        }
    )


def _morphology(frozen: Frozen) -> str:
    """What it is under the microscope: the entity, with its cell type where that says more."""
    entity = frozen.answer.classification.entity.code
    closer = f"{entity}/{_value(frozen, 'cell_type')}"
    return closer if closer in CODES.morphology else entity


def _sites(frozen: Frozen) -> list[Resource]:
    site = frozen.facts.get("primary_site")
    if site is None:
        return []
    part = frozen.facts.get("pancreas_subsite")
    text = f"{site.shown} ({part.shown})" if part else site.shown
    return [concept(text, *_coding(CODES.topography, str(part.value if part else site.value)))]


def _coding(codes: Mapping[str, ForeignCode], name: str) -> Iterator[Resource]:
    if name in codes:
        yield CODES.coding(codes[name])


def _value(frozen: Frozen, name: str) -> Any:
    fact = frozen.facts.get(name)
    return fact.value if fact else None


def observation(fact: FrozenFact, named: ResourceAddresses) -> Resource:
    """One fact with its value, its day and where it came from."""
    foreign = [CODES.coding(CODES.facts[fact.name])] if fact.name in CODES.facts else []
    return filled(
        {
            "resourceType": "Observation",
            "id": str(named.uid(f"observation/{fact.name}")),
            "status": "final",
            "code": concept(fact.label, our_coding("fact", fact.name, fact.label), *foreign),
            "subject": named.reference("patient"),
            "focus": [named.reference("condition")],
            "effectiveDateTime": day(fact.date),
            **_value_of(fact),
            "note": notes(fact.origin),
        }
    )


def _value_of(fact: FrozenFact) -> Resource:
    """The value in the kind that FHIR has for it. A set is one component for each member."""
    value = fact.value
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, (int, float)):
        return {"valueQuantity": _quantity(fact, value)}
    if isinstance(value, Mapping):
        return _bounded(fact, value)
    if isinstance(value, (list, tuple)) and value:
        return {"component": [_component(fact, str(member)) for member in value]}
    code = "none" if isinstance(value, (list, tuple)) else str(value)
    return {
        "valueCodeableConcept": concept(fact.shown, our_coding("value", f"{fact.name}/{code}", fact.shown))
    }


def _component(fact: FrozenFact, member: str) -> Resource:
    words = _words(fact, member)
    return {
        "code": concept(fact.label, our_coding("fact", fact.name, fact.label)),
        "valueCodeableConcept": concept(words, our_coding("value", f"{fact.name}/{member}", words)),
    }


def _words(fact: FrozenFact, member: str) -> str:
    """A member of a set in words. The snapshot has them for the whole set only: where these are as many as
    its members, and in their order, the one; else the code itself."""
    shown = [words.strip() for words in fact.shown.split(",")]
    return shown[fact.value.index(member)] if len(shown) == len(fact.value) else member


def _quantity(fact: FrozenFact, number: float, comparator: str = "") -> Resource:
    read = CODES.units.get(fact.name)
    unit = {"unit": read.unit} if read else {}
    coded = {"system": CODES.systems["ucum"].url, "code": read.code} if read and read.code else {}
    compared = {"comparator": comparator} if comparator else {}
    return {"value": number, **compared, **unit, **coded}


def _bounded(fact: FrozenFact, bounds: Mapping[str, float]) -> Resource:
    """A range with both ends, or a number with "more than". An end that does not belong is not a range's:
    it is said in words."""
    if set(bounds) == {"min", "max"}:
        return {"valueRange": {"low": _quantity(fact, bounds["min"]), "high": _quantity(fact, bounds["max"])}}
    if len(bounds) == 1:
        ((name, number),) = bounds.items()
        return {"valueQuantity": _quantity(fact, number, COMPARATORS[name])}
    return {"valueString": fact.shown}
