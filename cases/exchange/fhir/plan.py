"""What the board decided, as requests within a plan; and what the guideline had answered."""

from __future__ import annotations

from cases.choices import DeviationReason, OptionChoice
from cases.exchange.fhir.codes import CODES
from cases.exchange.fhir.parts import (
    Resource,
    ResourceAddresses,
    concept,
    day,
    filled,
    identifier,
    instant,
    notes,
    our_coding,
)
from cases.exchange.reasons import COUNTERPARTS
from cases.snapshot.frozen import Frozen, FrozenChoice, FrozenDecision, FrozenStamp, FrozenStep, relations_of


def requests(
    frozen: Frozen, decision: FrozenDecision, signed: FrozenStamp, named: ResourceAddresses
) -> list[Resource]:
    """One for each option that the board spoke of, then one for each step."""
    relations = relations_of(frozen.concordance, len(decision.choices))
    options = [
        _option(choice, relation, name_of_request(number), signed, named)
        for number, (choice, relation) in enumerate(zip(decision.choices, relations, strict=True))
    ]
    first = len(options)
    steps = [
        _step(step, name_of_request(first + number), signed, named)
        for number, step in enumerate(decision.steps)
    ]
    return options + steps


def name_of_request(number: int) -> str:
    return f"request/{number}"


def _request(name: str, signed: FrozenStamp, named: ResourceAddresses) -> Resource:
    return {
        "resourceType": "ServiceRequest",
        "id": str(named.uid(name)),
        "status": "active",
        "intent": "proposal",
        "subject": named.reference("patient"),
        "authoredOn": instant(signed.at),
        "requester": named.reference("board"),
        "reasonReference": [named.reference("condition")],
    }


def _option(
    choice: FrozenChoice, relation: str, name: str, signed: FrozenStamp, named: ResourceAddresses
) -> Resource:
    """A rejected one is a request not to do it; one put off is on hold."""
    coded = [our_coding("intervention", choice.intervention, choice.title)] if choice.intervention else []
    status = "on-hold" if choice.choice.code == OptionChoice.DEFERRED else "active"
    rejected = {"doNotPerform": True} if choice.choice.code == OptionChoice.REJECTED else {}
    stance = f"Guideline: {choice.stance.words}" if choice.stance else ""
    return filled(
        {
            **_request(name, signed, named),
            "status": status,
            **rejected,
            "category": [
                concept(choice.choice.words, our_coding("choice", choice.choice.code, choice.choice.words))
            ],
            "code": concept(choice.title, *coded),
            "reasonCode": _reasons(choice),
            "note": notes(stance, relation),
        }
    )


def _reasons(choice: FrozenChoice) -> list[Resource]:
    """Why the board deviates: the code that others know, if there is one, and our words."""
    if choice.reason is None:
        return [concept(choice.reason_text)] if choice.reason_text else []
    known = choice.reason.code in DeviationReason.values
    counterpart = COUNTERPARTS[choice.reason.code] if known else None
    theirs = (
        [{"system": counterpart.system, "code": counterpart.code, "display": counterpart.display}]
        if counterpart
        else []
    )
    words = choice.reason.words
    return [concept(f"{words}: {choice.reason_text}" if choice.reason_text else words, *theirs)]


def _step(step: FrozenStep, name: str, signed: FrozenStamp, named: ResourceAddresses) -> Resource:
    return filled(
        {
            **_request(name, signed, named),
            "code": concept(step.text),
            "occurrenceDateTime": day(step.due),
            "performer": [{"display": step.owner}] if step.owner else [],
        }
    )


def care_plan(
    frozen: Frozen, decision: FrozenDecision, signed: FrozenStamp, status: str, named: ResourceAddresses
) -> Resource:
    """The decision as a plan: its requests, its reasons, its conditions."""
    count = len(decision.choices) + len(decision.steps)
    return filled(
        {
            "resourceType": "CarePlan",
            "id": str(named.uid("plan")),
            "identifier": [identifier("decision", decision.uid)],
            "status": status,
            "intent": "plan",
            "title": "Decision of the tumor board",
            "description": decision.rationale,
            "category": [concept(decision.intent.words)] if decision.intent.words else [],
            "subject": named.reference("patient"),
            "created": instant(signed.at),
            "author": named.reference("board"),
            "addresses": [named.reference("condition")],
            "supportingInfo": [named.reference("guidance")],
            "activity": [{"reference": named.reference(name_of_request(number))} for number in range(count)],
            "note": notes(*decision.conditions),
        }
    )


def guidance(frozen: Frozen, signed: FrozenStamp, named: ResourceAddresses) -> Resource:
    """Which encoding had answered, with its digest, and the facts that it was not told."""
    guideline, answer = frozen.guideline, frozen.answer
    return filled(
        {
            "resourceType": "GuidanceResponse",
            "id": str(named.uid("guidance")),
            "identifier": [identifier("digest", guideline.digest)],
            "moduleUri": f"{CODES.ours['guideline']}:{guideline.id}@{guideline.edition}",
            "status": "data-required" if answer.missing else "success",
            "subject": named.reference("patient"),
            "occurrenceDateTime": instant(signed.at),
            "reasonReference": [named.reference("condition")],
            "note": notes(answer.basis),
            "dataRequirement": [_needed(missing.fact.code, missing.fact.words) for missing in answer.missing],
        }
    )


def _needed(fact: str, words: str) -> Resource:
    return {
        "type": "Observation",
        "codeFilter": [{"path": "code", "code": [our_coding("fact", fact, words)]}],
    }
