"""Whose case it is: the patient of a record number, and who might be meant instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from cases.access import require
from cases.actions.edits import store_new
from cases.choices import Right
from cases.models import Board, Case, Patient
from cases.reading import fold_name, fold_number, near_numbers, search_words

NAMES = ("surname", "given_names")

SAME_PERSON = "Same name and date of birth"
NEAR_NUMBER = "Record number that differs in one place"
SAME_QUESTION = "Open case of this patient with the same question"


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A patient of the board who might be meant, or a `case` that might be the one entered, and why."""

    patient: Patient
    why: str
    case: Case | None = None

    @property
    def key(self) -> str:
        return str(self.case.uid if self.case else self.patient.uid)


def patient_of(board: Board, fields: Mapping[str, Any], by: User) -> Patient:
    """The board's patient of that record number, or a new one. What is known of them must agree."""
    known = Patient.objects.numbered(board, fields.get("record_number", "")).first()
    if known is None:
        return store_new(Patient(board=board), fields, by)
    if name_of(known) != _name(fields) or known.birth_date != fields.get("birth_date"):
        message = "This record number belongs to a person with another name or date of birth."
        raise ValidationError({"record_number": [message]})
    if fields.get("sex") and fields["sex"] != known.sex:
        recorded = known.get_sex_display() if known.sex else "Not known"
        message = f"Recorded for this patient: {recorded}. Choose “Not known” here to leave it so for now."
        raise ValidationError({"sex": [message]})
    return known


def look_alikes(
    *, by: User, board: Board, fields: Mapping[str, Any], question: str = "", uid: UUID | None = None
) -> tuple[LookAlike, ...]:
    """Who or what of this board a new case might be mistaken for. Nothing once the case `uid` is stored."""
    require(by, board, Right.ENTER)
    if uid is not None and Case.objects.filter(uid=uid, board=board).exists():
        return ()
    known = Patient.objects.numbered(board, fields.get("record_number", "")).first()
    return tuple(_same_cases(known, question) if known else _similar(board, fields))


def _same_cases(patient: Patient, question: str) -> Iterator[LookAlike]:
    asked = search_words(question)
    for case in Case.objects.filter(patient=patient).open():
        if asked and search_words(case.question) == asked:
            yield LookAlike(patient, SAME_QUESTION, case)


def _similar(board: Board, fields: Mapping[str, Any]) -> Iterator[LookAlike]:
    name = _words(fields)
    same = [
        patient
        for patient in Patient.objects.filter(board=board, birth_date=fields["birth_date"])
        if _words(vars(patient)) == name
    ]
    yield from (LookAlike(patient, SAME_PERSON) for patient in same)
    near = near_numbers(fold_number(fields.get("record_number", "")))
    for patient in Patient.objects.filter(board=board, record_number_folded__in=near):
        # Numbers are given out one after the other: a near one alone says nothing.
        shares = set(_words(vars(patient))) & set(name) or patient.birth_date == fields.get("birth_date")
        if patient not in same and shares:
            yield LookAlike(patient, NEAR_NUMBER)


def _words(fields: Mapping[str, Any]) -> list[str]:
    """The words of a name in no order and without accents: what two entries of one person have in common."""
    return sorted(word for name in NAMES for word in search_words(fields.get(name, "")))


def _name(fields: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(fold_name(fields.get(name, "")) for name in NAMES)


def name_of(patient: Patient) -> tuple[str, ...]:
    """What two spellings of one name have in common."""
    return _name(vars(patient))


def check_identity(patient: Patient, fields: Mapping[str, Any], *, same_person: bool) -> None:
    """Refuse another patient's number, and name, date of birth and number all new unless it is said that
    this is `same_person` all the same."""
    new = {name: fields.get(name, getattr(patient, name)) for name in (*NAMES, "birth_date", "record_number")}
    others = Patient.objects.numbered(patient.board, new["record_number"]).exclude(pk=patient.pk)
    if others.exists():
        raise ValidationError({"record_number": ["Another patient of this board has this record number."]})
    changed = (
        _name(new) != name_of(patient),
        new["birth_date"] != patient.birth_date,
        fold_number(new["record_number"]) != patient.record_number_folded,
    )
    if all(changed) and not same_person:
        message = (
            "Name, date of birth and record number all change: tick that this is still the same person. "
            "If it is not, say on the case's own page that it belongs to another patient."
        )
        raise ValidationError({"same_person": [message]})
