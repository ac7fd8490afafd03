"""What another program shows instead of a log-in."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q

from cases.choices import Right
from cases.clock import now
from cases.models.board import Board

LONGEST_TOKEN_NAME = 80
# What a program can be given; to sign, to lead and to administer stay with people.
GIVABLE = (Right.READ, Right.ENTER)
MOST_DAYS = 366


class ApiToken(models.Model):
    """A person's token for one board. Only the SHA-256 of its secret is kept; `begins` are its first
    characters, by which people tell tokens apart.

    `rights` is the most it gives, codes of `Right`; what its person may no longer do, it may not either. It
    ends at `expires_at`, or when it is revoked. `used_on` is the day of its last use.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField("Name", max_length=LONGEST_TOKEN_NAME)
    begins = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    rights: models.JSONField[Any, Any] = models.JSONField()
    created_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField("Ends")
    used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="api_token_named",
                condition=~Q(name=""),
                violation_error_message="Name: a token has a name.",
            ),
            models.CheckConstraint(
                name="api_token_revoked_by",
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                violation_error_message="Who revoked a token is said with when.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.begins}…)"

    @property
    def is_valid(self) -> bool:
        """Whether it opens anything now."""
        return self.revoked_at is None and now() < self.expires_at and self.user.is_active
