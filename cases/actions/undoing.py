"""Taking back the last save of a part: by a new save, never by forgetting one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from cases.access import require
from cases.actions.edits import StaleEdit, check, lock, store_edit, store_removal
from cases.actions.entry import check_owner
from cases.actions.indexing import keep_index
from cases.actions.planning import keep_follow_up
from cases.actions.versions import (
    FROM_THE_FIRST,
    MODELS,
    Outgrown,
    Values,
    keep,
    last_version,
    read_back,
    values_of,
)
from cases.choices import AuditAction, Right
from cases.models import AuditEvent, Case, Patient, RecordVersion
from cases.models.audit import one_act
from cases.models.base import Stamped


class UndoRefused(Exception):
    """The save is not taken back; the message says why, in words for people."""


def undo_last_save(*, by: User, case: Case, version: RecordVersion) -> Stamped | None:
    """Take back `version`, the newest save of its part; returns the part, None if it is gone by that.

    What had been changed is as before, a new part goes, a removed one comes back under its uid. An undo is
    itself a save and can be taken back. Signed decisions stay as they were signed. Raises `UndoRefused` where
    somebody has changed the part since.
    """
    require(by, case.board, Right.ENTER, case)
    if not RecordVersion.objects.about(case).filter(pk=version.pk).exists():
        raise ValueError("This save belongs to another case.")
    with one_act():
        if version.kind == "patient":
            lock(case.board)
        parts = MODELS[version.kind]._base_manager.filter(uid=version.uid)
        part = parts.select_for_update().first()
        if part is None:  # no row of its own to wait at; and the part first, as every other save does
            lock(case)
            part = parts.first()
        _refuse_unless_newest(version, part)
        try:
            undone, save = _take_back(by, case, version, part)
        except Outgrown as error:
            text = "What stood there before has no place in today's form; correct it by hand."
            raise UndoRefused(text) from error
        except ValidationError as error:
            raise UndoRefused(
                f"What stood there before cannot stand now: {' '.join(error.messages)}"
            ) from error
        except StaleEdit as error:
            raise UndoRefused(str(error)) from error
        for touched in _touched(undone, case):
            keep_index(touched)
            _audit(by, touched, save)
            keep_follow_up(by, touched)
    return undone


def _touched(part: Stamped | None, case: Case) -> Iterable[Case]:
    return part.cases.select_related("board").order_by("pk") if isinstance(part, Patient) else (case,)


def _audit(by: User, case: Case, save: RecordVersion) -> None:
    AuditEvent.objects.record(
        user=by,
        action=AuditAction.UNDONE,
        case=case,
        kind=save.kind,
        uid=save.uid,
        detail={"fields": sorted(save.after or {}), "version": save.version},
    )


def undoable(version: RecordVersion) -> bool:
    """Whether there is an undo of such a save at all: a case and its patient are not taken back."""
    return version.before is not None or version.kind not in ("case", "patient")


def _refuse_unless_newest(version: RecordVersion, part: Stamped | None) -> None:
    if not undoable(version):
        raise UndoRefused("A case is not taken back; close it instead.")
    last = last_version(version.kind, version.uid)
    if last is None or last.pk != version.pk:
        if RecordVersion.objects.filter(undoes=version).exists():
            raise UndoRefused("This save has been undone already.")
        raise UndoRefused("This has been saved again since; only the last save can be undone.")
    if (part is None) != (version.after is None):
        raise UndoRefused("This has been changed since; look at it again.")


def _take_back(
    by: User, case: Case, version: RecordVersion, part: Stamped | None
) -> tuple[Stamped | None, RecordVersion]:
    """Store what stood before the save; the part, and what this save changed."""
    if part is None:
        return _bring_back(by, case, version)
    _refuse_other_values(version, part)
    if version.before is None:
        return None, store_removal(part, case, by, undoes=version)
    fields = read_back(version.kind, version.before)
    if "owner" in fields:
        check_owner(case.board, fields)
    stored, before = store_edit(part, fields, part.version, by)
    after = values_of(stored, before)
    return stored, keep(by=by, case=case, part=stored, before=before, after=after, undoes=version)


def _refuse_other_values(version: RecordVersion, part: Stamped) -> None:
    """A hand at the database, or a program, may have changed the part past every action."""
    after: Values = read_back(version.kind, version.after)
    if any(getattr(part, name) != value for name, value in after.items()):
        raise UndoRefused("This has been changed since; look at it again.")


def _bring_back(by: User, case: Case, version: RecordVersion) -> tuple[Stamped, RecordVersion]:
    fields: dict[str, Any] = read_back(version.kind, version.before)
    part = MODELS[version.kind](case=case, uid=version.uid, version=version.version + 1)  # type: ignore[misc]
    for name, value in fields.items():
        setattr(part, name, value)
    part.updated_by = by
    check(part)
    part.save(force_insert=True)
    after = values_of(part, set(fields) - set(FROM_THE_FIRST))
    return part, keep(by=by, case=case, part=part, before=None, after=after, undoes=version)
