"""How an edit is stored: only known fields and valid values, and only onto the version it was based on."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar
from unicodedata import category

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from cases.actions.versions import FROM_THE_FIRST, Values, keep, stated_in, values_of
from cases.clock import now
from cases.filing import DECLARED, board_of, faults_of
from cases.models import Case, Patient, RecordVersion
from cases.models.base import Entered, Stamped, unstorable

StampedT = TypeVar("StampedT", bound=Stamped)

STAMPS = frozenset({"id", "uid", "version", "created_at", "created_by", "updated_at", "updated_by"})
# Set by actions of their own, never by a form of the part.
MANAGED = frozenset({"case", "patient", "board", "status", "stage", "is_demo", "citation", "origin"}).union(
    Case.INDEXED, Patient.FOLDED
)

INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp"})  # Unicode's controls, formats, line and paragraph separators
JOINERS = "\u200c\u200d"


class StaleEdit(Exception):
    """Somebody else saved the same part since the form was shown.

    `stored` is what is stored now, None if it was removed meanwhile; `submitted` is what this person wanted
    to store. Nothing was written.
    """

    def __init__(self, stored: Stamped | None, submitted: Mapping[str, Any]) -> None:
        self.stored = stored
        self.submitted = dict(submitted)
        super().__init__("Somebody else has changed this part since you opened it.")

    @property
    def differences(self) -> dict[str, tuple[Any, Any]]:
        """Field → (stored value, submitted value), for the fields that differ."""
        if self.stored is None:
            return {name: (None, value) for name, value in self.submitted.items()}
        changed = differences(self.stored, self.submitted)
        return {name: (getattr(self.stored, name), value) for name, value in changed.items()}


def lock(row: models.Model) -> None:
    """Let one writer at a time pass `row`, so that "is it there already?" is answered once and for all."""
    type(row)._base_manager.select_for_update().get(pk=row.pk)


def editable_fields(model: type[Stamped]) -> frozenset[str]:
    """The fields that a form of this part may store."""
    return frozenset(field.name for field in model._meta.concrete_fields) - STAMPS - MANAGED


def differences(stored: Stamped, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The submitted values that differ from the stored ones, converted as their columns store them.

    Raises `ValueError` for a field that the part does not have, `ValidationError` for a wrong type of value.
    """
    unknown = set(fields) - editable_fields(type(stored))
    if unknown:
        raise ValueError(f"{type(stored).__name__} has no editable field {', '.join(sorted(unknown))}")
    changed: dict[str, Any] = {}
    for name, value in fields.items():
        new = _converted(stored._meta.get_field(name), value)
        if getattr(stored, name) != new:
            changed[name] = new
    return changed


def _converted(field: Any, value: Any) -> Any:
    if field.many_to_one:
        return value
    if isinstance(field, models.IntegerField) and isinstance(value, float | Decimal) and value % 1:
        raise ValidationError({field.name: [f"{field.verbose_name}: this must be a whole number."]})
    if isinstance(value, float):
        value = str(value)  # a decimal column would otherwise get the digits of the binary fraction
    try:
        return field.to_python(list(value) if isinstance(value, tuple) else value)
    except ValidationError as error:
        raise ValidationError({field.name: error.messages}) from error


def stated(part: Stamped) -> Values:
    """What the part says in the fields that a form may store."""
    return values_of(part, stated_in(part, editable_fields(type(part))))


def store_new(part: StampedT, fields: Mapping[str, Any], by: User) -> StampedT:
    """Check and insert a part that does not exist yet."""
    for name, value in differences(part, fields).items():
        setattr(part, name, value)
    part.created_by = part.updated_by = by
    check(part)
    part.save(force_insert=True)
    return part


def store_edit(
    part: StampedT, fields: Mapping[str, Any], version: int, by: User, origin: str = ""
) -> tuple[StampedT, Values]:
    """Store an edit based on `version`; returns the stored part and what each changed column held before.
    `origin`: the list that it comes from, if from any.

    An edit that would change nothing writes nothing, whatever its version: a form sent twice is stored once.
    Raises `StaleEdit`. Call inside a transaction.
    """
    stored = type(part)._base_manager.select_for_update().filter(pk=part.pk).first()
    if stored is None:
        raise StaleEdit(None, fields)
    changed = differences(stored, fields)
    if not changed:
        return stored, {}
    if stored.version != version:
        raise StaleEdit(stored, fields)
    before = values_of(stored, changed)
    for name, value in changed.items():
        setattr(stored, name, value)
    stored.version += 1
    stored.updated_at = now()
    stored.updated_by = by
    told = ["version", "updated_at", "updated_by"]
    if isinstance(stored, Entered):
        stored.origin = origin
        told.append("origin")
    check(stored)
    stored.save(update_fields=[*changed, *told])
    return stored, before


def store_removal(part: Stamped, case: Case, by: User, undoes: RecordVersion | None = None) -> RecordVersion:
    """Delete a part, as a save that has a version of its own: in it stays what the part said."""
    before = stated(part) | values_of(part, FROM_THE_FIRST)
    part.delete()
    part.version += 1
    return keep(by=by, case=case, part=part, before=before, after=None, undoes=undoes)


def check(part: Stamped) -> None:
    """Raise `ValidationError` unless every value is one that the guideline and the database allow."""
    errors = unstorable(part)
    for field in part._meta.concrete_fields if isinstance(part, Patient) else ():
        value = getattr(part, field.attname)
        if field.name not in errors and isinstance(value, str) and has_invisible(value):
            errors[field.name] = [f"{field.verbose_name}: it contains an invisible character; type it anew."]
    if not errors and type(part) in DECLARED and not isinstance(part, Patient):
        for name, message in faults_of(part, board_of(part), timezone.localdate()).items():
            errors[name] = [f"{label_of(part, name)}: {message}."]
    if errors:
        raise ValidationError(errors)
    part.full_clean()


def label_of(part: Stamped, column: str) -> str:
    """What a column is called on the form."""
    return str(getattr(part._meta.get_field(column), "verbose_name", column))


def has_invisible(line: str) -> bool:
    """Whether a line holds what no reader sees: controls, line ends, marks that turn the order of letters.

    With them, a record number or a name looks like another one. The joiners that some scripts and emoji are
    spelled with may stand between other characters.
    """
    if line and not line.strip(JOINERS):
        return True
    return any(category(sign) in INVISIBLE and sign not in JOINERS for sign in line)
