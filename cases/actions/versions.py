"""What a save changed, as plain data: written beside each save, read back where one is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError

from cases.models import Case, RecordVersion
from cases.models.base import Stamped
from cases.record import PARTS

# Every part of the record by the short name that addresses, audit events and versions use.
MODELS: dict[str, type[Stamped]] = {model.declared.kind: model for model in PARTS}
KIND_OF: dict[type[Stamped], str] = {model: kind for kind, model in MODELS.items()}

# What a part that comes back has from its first life, besides what a form fills.
FROM_THE_FIRST = ("created_at", "created_by")

Values = dict[str, Any]


class Outgrown(Exception):
    """Stored values that the record of today has no place for."""


def values_of(part: Stamped, names: Iterable[str]) -> Values:
    """The columns' values as JSON."""
    return {name: _written(part._meta.get_field(name), part) for name in names}


def _written(field: Any, part: Stamped) -> Any:
    value = field.value_from_object(part)
    return value if value is None or isinstance(value, bool | int) else field.value_to_string(part)


def read_back(kind: str, values: Mapping[str, Any]) -> Values:
    """The inverse of `values_of`: what the columns would hold. Raises `Outgrown`."""
    model = MODELS[kind]
    try:
        return {name: _read(model._meta.get_field(name), value) for name, value in values.items()}
    except (FieldDoesNotExist, ObjectDoesNotExist, ValidationError, TypeError, ValueError) as error:
        raise Outgrown(f"{kind}: {type(error).__name__}") from error


def _read(field: Any, value: Any) -> Any:
    if value is not None and field.many_to_one:
        return field.remote_field.model._base_manager.get(pk=value)
    return field.to_python(value)


def stated_in(part: Stamped, among: Iterable[str]) -> list[str]:
    """Those columns that say something: their value is not the one that an untouched part has."""
    blank = values_of(type(part)(), among)
    return sorted(name for name, value in values_of(part, among).items() if value != blank[name])


def keep(
    *,
    by: User,
    case: Case,
    part: Stamped,
    before: Values | None,
    after: Values | None,
    undoes: RecordVersion | None = None,
) -> RecordVersion:
    """Write down a save that has just been stored as `part.version`. Call inside its transaction."""
    return RecordVersion.objects.create(
        by=by,
        case=case,
        kind=KIND_OF[type(part)],
        uid=part.uid,
        version=part.version,
        before=before,
        after=after,
        undoes=undoes,
    )


def last_version(kind: str, uid: UUID) -> RecordVersion | None:
    """The newest save of the part."""
    return RecordVersion.objects.filter(kind=kind, uid=uid).order_by("-version").first()


def next_version(kind: str, uid: UUID) -> int:
    """The number of a save that makes the part: 1, or beyond the last one of a part that was removed."""
    last = last_version(kind, uid)
    return last.version + 1 if last else 1
