"""Who a signed decision is about, and who answers for it."""

from __future__ import annotations

from cases.exchange.fhir.parts import Resource, ResourceAddresses, day, filled, identifier
from cases.snapshot.frozen import Frozen, FrozenPatient

GENDERS = {"female": "female", "male": "male", "other": "other"}


def patient(frozen: FrozenPatient, named: ResourceAddresses) -> Resource:
    """The person as known at signing."""
    return {
        "resourceType": "Patient",
        "id": str(named.uid("patient")),
        "identifier": [identifier("record_number", frozen.record_number)],
        "name": [_name(frozen)],
        "gender": GENDERS.get(frozen.sex.code, "unknown"),
        "birthDate": day(frozen.birth_date),
        **_deceased(frozen),
    }


def _name(frozen: FrozenPatient) -> Resource:
    return filled(
        {
            "text": frozen.name,
            "family": frozen.surname,
            "given": [frozen.given_names] if frozen.given_names else [],
        }
    )


def _deceased(frozen: FrozenPatient) -> Resource:
    """A day says more than a yes; not known says nothing."""
    if frozen.deceased_on is not None:
        return {"deceasedDateTime": day(frozen.deceased_on)}
    return {} if frozen.deceased is None else {"deceasedBoolean": frozen.deceased}


def board(frozen: Frozen, named: ResourceAddresses) -> Resource:
    return {"resourceType": "Organization", "id": str(named.uid("board")), "name": frozen.case.board}


def signer(name: str, named: ResourceAddresses) -> Resource:
    return {"resourceType": "Practitioner", "id": str(named.uid("signer")), "name": [{"text": name}]}
