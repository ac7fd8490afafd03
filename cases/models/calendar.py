"""The secret address at which a calendar program finds a person's meetings without a log-in."""

from __future__ import annotations

import uuid
from hashlib import sha256
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone


def digest_of(secret: str) -> str:
    """What is stored of an address' secret, which is too long a random text to be guessed from it."""
    return sha256(secret.encode()).hexdigest()


class CalendarAddressQuerySet(models.QuerySet["CalendarAddress"]):
    def current(self) -> Self:
        """Those that have not been revoked."""
        return self.filter(revoked_at=None)

    def of(self, user: User) -> CalendarAddress | None:
        """The person's current one."""
        return self.current().filter(user=user).first()

    def found_by(self, secret: str) -> CalendarAddress | None:
        """The current one with this secret."""
        return self.current().select_related("user").filter(digest=digest_of(secret)).first()


class CalendarAddress(models.Model):
    """One person's; a new one revokes the last. Of its secret only the digest is stored."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_addresses"
    )
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarAddressQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name_plural = "calendar addresses"
        constraints = [
            models.UniqueConstraint(
                name="calendar_address_one_at_a_time",
                fields=["user"],
                condition=Q(revoked_at=None),
                violation_error_message="This person has a calendar address already.",
            ),
        ]

    def __str__(self) -> str:
        return f"Calendar address {self.uid}"
