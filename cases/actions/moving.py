"""A case that was entered under the wrong patient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from cases.access import require
from cases.actions.edits import lock
from cases.actions.entry import add_comment, keep_new
from cases.actions.identity import patient_of
from cases.actions.indexing import keep_index
from cases.choices import AuditAction, Right
from cases.clock import now
from cases.models import AuditEvent, Case, Patient
from cases.models.audit import one_act


def move_case(
    *, by: User, case: Case, patient: Patient | Mapping[str, Any], reason: str, version: int
) -> Case:
    """Give the case to another patient of its board, or to a new one from its fields.

    What was signed stays as it was signed. The reason stands among the comments. `version` is the case's as
    it was shown: sent twice, the case is moved once.
    """
    require(by, case.board, Right.ENTER, case)
    if isinstance(patient, Patient) and patient.board_id != case.board_id:
        raise ValueError("This patient belongs to another board.")
    if not reason.strip():
        raise ValidationError({"reason": ["Reason: say in words why the case is another patient's."]})
    with one_act():
        lock(case.board)
        stored = Case.objects.select_for_update().get(pk=case.pk)
        before = stored.patient
        after = patient if isinstance(patient, Patient) else patient_of(case.board, patient, by)
        if after == before and stored.version != version:
            return stored
        if after == before:
            raise ValidationError({"record_number": ["The case is this patient's already."]})
        is_new = not after.cases.exists()
        stored.patient, stored.version = after, stored.version + 1
        stored.updated_by, stored.updated_at = by, now()
        stored.save(update_fields=["patient", "version", "updated_by", "updated_at"])
        if is_new:
            keep_new(by, stored, after)
        keep_index(stored)
        AuditEvent.objects.record(
            user=by,
            action=AuditAction.MOVED,
            case=stored,
            kind="patient",
            uid=after.uid,
            detail={"fields": ["patient"], "version": stored.version, "before": str(before.uid)},
        )
        add_comment(by=by, case=stored, text=f"Moved here from another patient: {reason.strip()}")
    return stored
