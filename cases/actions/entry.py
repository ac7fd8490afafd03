"""Entering a case: the referral, the patient, the parts of the record, comments.

Every function checks the right of `by` first, then writes in one transaction, with one audit event, and keeps
what each save changed. Fields are given as a mapping of column names to values; what is left out stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, TypeVar, cast
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from cases.access import may, require
from cases.actions.edits import StaleEdit, editable_fields, lock, stated, store_edit, store_new, store_removal
from cases.actions.identity import check_identity, patient_of
from cases.actions.indexing import keep_index
from cases.actions.planning import keep_follow_up
from cases.actions.versions import KIND_OF, Values, keep, next_version, values_of
from cases.choices import AuditAction, Right
from cases.clock import now
from cases.models import (
    AuditEvent,
    Board,
    Case,
    ClinicalAssessment,
    Comment,
    ImagingStudy,
    MolecularReport,
    PathologyReport,
    Patient,
    SerumMarker,
    Treatment,
)
from cases.models.audit import one_act
from cases.models.base import Stamped, unstorable
from cases.record import FIELD_OF

__all__ = [
    "PART_MODELS",
    "StaleEdit",
    "add_comment",
    "add_part",
    "create_case",
    "editable_fields",
    "remove_part",
    "save_case",
    "save_part",
    "save_patient",
]

SENT_AGAIN = timedelta(minutes=10)  # what comes again so soon was sent twice, and not said twice

Part = PathologyReport | ImagingStudy | MolecularReport | SerumMarker | Treatment | ClinicalAssessment
PartT = TypeVar(
    "PartT", PathologyReport, ImagingStudy, MolecularReport, SerumMarker, Treatment, ClinicalAssessment
)

# The repeatable parts by the short name that URLs and audit events use.
PART_MODELS = {model.declared.kind: cast(type[Part], model) for model in FIELD_OF}


def create_case(
    *,
    by: User,
    board: Board,
    patient: Patient | Mapping[str, Any],
    fields: Mapping[str, Any],
    parts: Iterable[tuple[str, Mapping[str, Any]]] = (),
    uid: UUID | None = None,
    is_demo: bool = False,
    citation: str = "",
) -> Case:
    """A new case, for a known patient of the board or for a new one from its fields. `parts`: what of its
    record is entered with it, each by its kind and its fields.

    `uid`, chosen when the empty form was shown, makes a second submission of that form return the first case.
    A record number that the board has already for another name, birth date or sex is a `ValidationError`;
    what other boards have is not asked.
    """
    require(by, board, Right.ENTER)
    if isinstance(patient, Patient) and patient.board_id != board.pk:
        raise ValueError("This patient belongs to another board.")
    with one_act():
        lock(board)
        if uid is not None:
            known = Case.objects.filter(uid=uid, board=board).first()
            if known is not None:
                return known
        person = patient if isinstance(patient, Patient) else patient_of(board, patient, by)
        case = Case(patient=person, board=board, owner=by, is_demo=is_demo, citation=citation)
        if uid is not None:
            case.uid = uid
        check_owner(board, fields)
        first = not isinstance(patient, Patient) and not person.cases.exists()
        store_new(case, fields, by)
        if first:
            keep_new(by, case, person)
        keep_new(by, case, case)
        for kind, said in parts:
            _store_part(by, PART_MODELS[kind](case=case), said)
        keep_index(case)
        _audit(by, AuditAction.CREATED, case, case, sorted(fields))
    return case


def save_patient(
    *, by: User, case: Case, fields: Mapping[str, Any], version: int, same_person: bool = False
) -> Patient:
    """Change the identity of the case's patient, on every case of theirs; each gets its event.

    `same_person` says that it is them although name, date of birth and number all change. Raises `StaleEdit`.
    """
    require(by, case.board, Right.ENTER, case)
    with one_act():
        lock(case.board)
        stored = Patient.objects.get(pk=case.patient_id)
        if stored.version == version:
            check_identity(stored, fields, same_person=same_person)
        patient, before = store_edit(stored, fields, version, by)
        if before:
            keep(by=by, case=case, part=patient, before=before, after=values_of(patient, before))
            for touched in patient.cases.select_related("board").order_by("pk"):
                keep_index(touched)
                _audit(by, AuditAction.CHANGED, touched, patient, sorted(before))
                keep_follow_up(by, touched)
    return patient


def save_case(*, by: User, case: Case, fields: Mapping[str, Any], version: int, origin: str = "") -> Case:
    """Change the referral: question, referrer, site, extent and so on. Raises `StaleEdit`. `origin`: what it
    was taken over from, "" for what a person typed.
    """
    require(by, case.board, Right.ENTER, case)
    with one_act():
        check_owner(case.board, fields)
        stored, before = store_edit(case, fields, version, by, origin)
        if before:
            keep_index(stored)
            keep_changed(by, stored, stored, before)
            keep_follow_up(by, stored)
    return stored


def add_part(
    *,
    by: User,
    case: Case,
    kind: str,
    fields: Mapping[str, Any],
    uid: UUID | None = None,
    origin: str = "",
) -> Part:
    """A new report, study, treatment or assessment; `kind` is a key of `PART_MODELS`. `origin`: as of a case.

    `uid`, chosen when the empty form was shown, makes a second submission return the part as it was stored.
    """
    require(by, case.board, Right.ENTER, case)
    model = PART_MODELS[kind]
    with one_act():
        lock(case)
        if uid is not None:
            known = model._base_manager.filter(uid=uid, case=case).first()
            if known is not None:
                return known
        part = model(case=case, origin=origin)
        if uid is not None:
            part.uid = uid
            part.version = next_version(kind, uid)
        _store_part(by, part, fields)
        keep_index(case)
        keep_follow_up(by, case)
    return part


def _store_part(by: User, part: Part, fields: Mapping[str, Any]) -> None:
    store_new(part, fields, by)
    keep_new(by, part.case, part)
    _audit(by, AuditAction.CREATED, part.case, part, sorted(fields))


def save_part(*, by: User, part: PartT, fields: Mapping[str, Any], version: int, origin: str = "") -> PartT:
    """Change a part that was shown in `version`. `origin`: as of a case. Raises `StaleEdit` if it has changed
    or gone since.
    """
    require(by, part.case.board, Right.ENTER, part.case)
    with one_act():
        stored, before = store_edit(part, fields, version, by, origin)
        if before:
            keep_index(stored.case)
            keep_changed(by, stored.case, stored, before)
            keep_follow_up(by, stored.case)
    return stored


def remove_part(*, by: User, part: Part, version: int) -> None:
    """Take out a part that was entered in error. Removing it twice changes nothing; raises `StaleEdit`."""
    require(by, part.case.board, Right.ENTER, part.case)
    with one_act():
        stored = type(part)._base_manager.select_for_update().filter(pk=part.pk).first()
        if stored is None:
            return
        if stored.version != version:
            raise StaleEdit(stored, {})
        store_removal(stored, stored.case, by)
        keep_index(part.case)
        _audit(by, AuditAction.REMOVED, part.case, stored, [])
        keep_follow_up(by, part.case)


def add_comment(*, by: User, case: Case, text: str) -> Comment:
    """A remark under the case. The same text from the same person is not stored again as the next comment,
    nor within `SENT_AGAIN`, whoever wrote in between.
    """
    require(by, case.board, Right.COMMENT, case)
    comment = Comment(case=case, text=text, created_by=by)
    if errors := unstorable(comment):
        raise ValidationError(errors)
    with one_act():
        lock(case)
        same = case.comments.filter(created_by=by, text=text).last()
        if same is not None and (same == case.comments.last() or same.created_at > now() - SENT_AGAIN):
            return same
        comment.created_at = now()
        comment.full_clean()
        comment.save()
        AuditEvent.objects.record(user=by, action=AuditAction.COMMENTED, case=case, kind="comment")
    return comment


def check_owner(board: Board, fields: Mapping[str, Any]) -> None:
    owner = fields.get("owner")
    if owner is not None and not may(owner, board, Right.ENTER):
        raise ValidationError({"owner": ["The owner must be a member of the board who may enter cases."]})


def keep_new(by: User, case: Case, part: Stamped) -> None:
    """Write down the first version of a part that has just been stored."""
    keep(by=by, case=case, part=part, before=None, after=stated(part))


def keep_changed(by: User, case: Case, part: Stamped, before: Values) -> None:
    """Write down a save that changed a part, and its audit event."""
    keep(by=by, case=case, part=part, before=before, after=values_of(part, before))
    _audit(by, AuditAction.CHANGED, case, part, sorted(before))


def _audit(by: User, action: str, case: Case, part: Stamped, fields: list[str]) -> None:
    AuditEvent.objects.record(
        user=by,
        action=action,
        case=case,
        kind=KIND_OF[type(part)],
        uid=part.uid,
        detail={"fields": fields, "version": part.version},
    )
