"""What every editable part of the record shares: public id, optimistic lock, who and when."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any, ClassVar, NoReturn, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models

from cases.clock import now
from cases.parts import DeclaredPart
from cases.reading.pasted import LONGEST_TEXT

ModelT = TypeVar("ModelT", bound=models.Model)


def coded(label: str, **options: Any) -> models.CharField[str, str]:
    """A value whose codes the guideline defines; "" is not known. Forms and actions check the code."""
    return models.CharField(label, max_length=40, blank=True, default="", **options)


def yes_no(label: str, **options: Any) -> models.BooleanField[bool | None, bool | None]:
    """Yes, no, or not known (null), which is where it starts."""
    return models.BooleanField(label, null=True, blank=True, default=None, **options)


class LongText(models.TextField):
    """Text of several lines, of at most LONGEST_TEXT characters unless it has a limit of its own. The limit
    is ours, not the database's: a text that was longer before stays, and is shortened when it is changed.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_TEXT)
        super().__init__(*args, **kwargs)

    @property
    def validators(self) -> list[Any]:
        return [*super().validators, MaxLengthValidator(self.max_length)]

    def deconstruct(self) -> Any:
        """To migrations it is the column that it is."""
        name, _, args, kwargs = super().deconstruct()
        if kwargs.get("max_length") == LONGEST_TEXT:
            del kwargs["max_length"]
        return name, "django.db.models.TextField", args, kwargs


def unstorable(row: models.Model) -> dict[str, list[str]]:
    """Field → what is wrong with a text that PostgreSQL cannot hold, and that no database is to hold."""
    texts = [(field, getattr(row, field.attname)) for field in row._meta.concrete_fields]
    return {
        field.name: [f"{field.verbose_name}: this text contains a character that cannot be stored."]
        for field, text in texts
        if isinstance(text, str) and "\0" in text
    }


class Stamped(models.Model):
    """`uid` is the id shown in URLs; `version` counts saves and is the optimistic lock of every edit."""

    declared: ClassVar[DeclaredPart]  # of a part of the record

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    updated_at = models.DateTimeField(default=now, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        super().clean_fields(exclude)
        if errors := unstorable(self):
            raise ValidationError(errors)


class Entered(Stamped):
    """A part of the record. `origin`: the list and row that its last save came from; "" where a person made
    that save in a form.
    """

    origin = models.CharField(max_length=160, blank=True, default="", editable=False)

    class Meta:
        abstract = True


class ImmutableError(ValidationError):
    """Somebody tried to change what is append-only."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} cannot be changed or deleted.")


class AppendOnlyQuerySet(models.QuerySet[ModelT]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise ImmutableError(self._what)

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ImmutableError(self._what)

    def delete(self) -> NoReturn:
        raise ImmutableError(self._what)

    @property
    def _what(self) -> str:
        return str(getattr(self.model, "what", ""))


class AppendOnly(models.Model):
    """Rows are added and never touched again; `cases.append_only` has the database hold to it too."""

    what: ClassVar[str]  # in words, for the refusal

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ImmutableError(self.what)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ImmutableError(self.what)
