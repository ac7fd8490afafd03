"""Whether a part that a list makes or changes could be stored: what `check` asks, without a query a part.

The rules of the database are asked of it once for each set of values that they are about.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from cases.actions.edits import MANAGED, STAMPS, has_invisible
from cases.filing import DECLARED, faults_of
from cases.models import Board, Patient
from cases.models.base import Stamped

MISSING = "missing"
_BLANK = frozenset({"blank", "null"})


def faults_in(part: Stamped, board: Board, *, is_new: bool) -> Iterator[tuple[str, str]]:
    """Column → what is wrong with it, of a part as it would be stored. A new one was read just now, and its
    values fit each other; a changed one is read anew as a whole.
    """
    names = {column.name for column in part._meta.concrete_fields} - STAMPS - (MANAGED - {"board"})
    for name in sorted(names):
        value = getattr(part, name, None) if name != "board" else None
        if isinstance(value, str) and ("\0" in value or (isinstance(part, Patient) and has_invisible(value))):
            yield name, "it contains a character that cannot be stored"
    if not is_new and type(part) in DECLARED and not isinstance(part, Patient):
        yield from faults_of(part, board, timezone.localdate()).items()
    yield from _of_columns(part, names)
    for constraint in part._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            columns = tuple(sorted(cast(models.Q, constraint.condition).referenced_base_fields))
            if set(columns) <= names and not _holds(part, constraint, columns):
                yield columns[0], str(constraint.get_violation_error_message()).rstrip(".")


def _of_columns(part: Stamped, names: set[str]) -> Iterator[tuple[str, str]]:
    """What each column says of its own value."""
    for column in part._meta.concrete_fields:
        if column.name not in names or column.many_to_one:
            continue
        raw = getattr(part, column.attname)
        if column.blank and raw in column.empty_values:
            continue
        try:
            column.clean(raw, part)
        except ValidationError as error:
            missing = any(one.code in _BLANK for one in error.error_list)
            yield column.name, MISSING if missing else " ".join(error.messages).rstrip(".")


def _holds(part: Stamped, constraint: models.CheckConstraint, columns: tuple[str, ...]) -> bool:
    asked = [column for column in part._meta.concrete_fields if column.name in columns]
    stated = {column.name for column in asked if getattr(part, column.name) not in column.empty_values}
    if any(not column.blank and column.name not in stated for column in asked):
        return True  # the column itself says that it is missing
    if any(column.blank and column.name in stated for column in asked):
        values = tuple((name, repr(getattr(part, name))) for name in columns)
    else:
        values = ()
    return _asked(type(part), constraint.name, values, _Probe(part, constraint))


class _Probe:
    """The question itself, which is no part of what its answer depends on."""

    def __init__(self, part: Stamped, constraint: models.CheckConstraint) -> None:
        self.part, self.constraint = part, constraint

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Probe)

    def __hash__(self) -> int:
        return 0

    def answer(self) -> bool:
        """Whether the database would take the part."""
        try:
            self.constraint.validate(type(self.part), self.part)
        except ValidationError:
            return False
        return True


@lru_cache(maxsize=20_000)
def _asked(model: type[Stamped], name: str, values: tuple[Any, ...], probe: _Probe) -> bool:
    return probe.answer()
