"""A case shared with another board, from one day until another."""

from __future__ import annotations

import uuid
from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models.base import ImmutableError
from cases.models.board import Board
from cases.models.case import Case


class GrantQuerySet(models.QuerySet["CaseGrant"]):
    def current(self) -> Self:
        return self.filter(revoked_at=None)

    def delete(self) -> NoReturn:
        raise ImmutableError("A grant")


class CaseGrant(models.Model):
    """Lets members of `board` read the case and comment on it; only `REVOCATION` is written later, once."""

    REVOCATION = ("revoked_by", "revoked_at", "revoke_reason")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="grants")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="grants")
    reason = models.CharField("Reason", max_length=300)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoke_reason = models.CharField("Reason", max_length=300, blank=True, default="")

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["granted_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="grant_one_at_a_time",
                fields=["case", "board"],
                condition=Q(revoked_at=None),
                violation_error_message="Board: this case is shared with it already.",
            ),
            models.CheckConstraint(
                name="grant_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="Reason: say in words why the board needs this case.",
            ),
            models.CheckConstraint(
                name="grant_revoked_whole",
                condition=Q(revoked_at=None, revoked_by=None, revoke_reason="")
                | Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoke_reason=""),
                violation_error_message="Reason: say in words why the case is no longer shared.",
            ),
        ]

    def __str__(self) -> str:
        return f"Grant {self.uid}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            stored = type(self).objects.get(pk=self.pk)
            kept = [
                field.attname for field in self._meta.concrete_fields if field.name not in self.REVOCATION
            ]
            if stored.revoked_at or any(getattr(stored, name) != getattr(self, name) for name in kept):
                raise ImmutableError("A grant")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ImmutableError("A grant")
