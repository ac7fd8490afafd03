"""Column types of the record: a date as far as it is known, a number in words, a fact of the vocabulary."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models

from cases.models.base import Stamped, coded, yes_no
from cases.parts import DeclaredPart
from cases.reading import PartialDate, Unreadable, read_date

StampedT = TypeVar("StampedT", bound=Stamped)


class PartialDateField(models.CharField):
    """A day, a month or a year, stored as "2026-03-05", "2026-03" or "2026" and held as a `PartialDate`.

    Null is not known. Text is read as people write dates; what cannot be read, or could be read in two ways,
    is a `ValidationError` that says so. As text the column sorts by the first day of what is known.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 10
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> PartialDate | None:
        return PartialDate.from_iso(value) if value else None

    def to_python(self, value: Any) -> PartialDate | None:
        if value is None or isinstance(value, PartialDate):
            return value
        if isinstance(value, datetime.date):
            return PartialDate.of(value)
        try:
            return read_date(value).value
        except Unreadable as error:
            raise ValidationError(str(error), code="invalid") from error

    def get_prep_value(self, value: Any) -> str | None:
        found = self.to_python(value)
        return None if found is None else found.iso()

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        if value is None and not self.null:
            raise ValidationError(self.error_messages["null"], code="null")

    def run_validators(self, value: Any) -> None:
        """A date that could be read needs no further check."""


def date_column(label: str) -> PartialDateField:
    return PartialDateField(label, null=True, blank=True, default=None)


class WrittenField(models.CharField):
    """A number as people write it (">80 %", "16/10 HPF"); "" is not known. The words are the record: readers
    turn them into a value whenever it is asked for.
    """


def written(label: str, **options: Any) -> WrittenField:
    return WrittenField(label, max_length=60, blank=True, default="", **options)


def codes(label: str) -> models.JSONField[Any, Any]:
    """A list of codes; `[]` is none, null is not known."""
    return models.JSONField(label, null=True, blank=True, default=None)


def fact_column(label: str, kind: str, minimum: float | None) -> models.Field[Any, Any]:
    """The column of a fact of the vocabulary by its type; one that holds a number keeps its words."""
    match kind:
        case "enum":
            return coded(label)
        case "bool":
            return yes_no(label)
        case "list":
            return codes(label)
        case "integer":
            least = MinValueValidator(int(minimum or 0))
            return models.PositiveSmallIntegerField(label, null=True, blank=True, validators=[least])
    return written(label)


def holds(part: DeclaredPart) -> Callable[[type[StampedT]], type[StampedT]]:
    """The model of a declared part: it has a column for each of its facts. One of its own goes before: where
    a constraint or other code speaks of it by name, or it holds something else than the vocabulary says.
    """

    def with_facts(model: type[StampedT]) -> type[StampedT]:
        own = {column.name for column in model._meta.local_fields}
        model.declared = part
        for fact in part.facts:
            if fact.name not in own:
                fact_column(fact.label, fact.type, fact.minimum).contribute_to_class(model, fact.name)
        return model

    return with_facts
