"""Who a case is of: what a correction of the patient changes, and who it was when a decision was signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cases.choices import DecisionStatus
from cases.models import Case, Patient
from cases.snapshot.frozen import FrozenPatient

COMPARED = ("record_number", "surname", "given_names", "birth_date")


@dataclass(frozen=True, slots=True)
class CaseOfPatient:
    """A case that shows the patient's identity. `signed`: whether a decision was signed under it."""

    case: Case
    question: str
    status: str
    entered: datetime
    signed: bool


def cases_of(patient: Patient) -> tuple[CaseOfPatient, ...]:
    """Every case of the patient, the newest first."""
    found = patient.cases.prefetch_related("decisions").order_by("-created_at", "-pk")
    return tuple(
        CaseOfPatient(
            case,
            case.question,
            case.get_status_display(),
            case.created_at,
            any(decision.status != DecisionStatus.DRAFT for decision in case.decisions.all()),
        )
        for case in found
    )


@dataclass(frozen=True, slots=True)
class IdentitySince:
    """The person of a signed decision, then and now."""

    signed: str
    now: str


def identity_since(signed: FrozenPatient, now: Patient) -> IdentitySince | None:
    """None if the record still says who it was."""
    same = all(getattr(signed, name) == getattr(now, name) for name in COMPARED)
    if same and signed.sex.code == now.sex:
        return None
    return IdentitySince(
        _in_words(signed.name, signed.birth_date, signed.record_number, signed.sex.words),
        _in_words(now.full_name, now.birth_date, now.record_number, now.get_sex_display()),
    )


def _in_words(name: str, born: date, number: str, sex: str) -> str:
    return f"{name}, born {born:%d-%b-%Y}, record {number}, sex {sex.lower() or 'not known'}"
