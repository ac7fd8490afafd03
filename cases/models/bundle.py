"""FHIR bundles that another program has posted to a case, until a person has gone through them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q

from cases.clock import now
from cases.models.case import Case
from cases.models.token import LONGEST_TOKEN_NAME


class PostedBundle(models.Model):
    """A bundle as it came, for one case: it proposes, and nothing of it is stored unless a person ticks it.

    `name` is that of the token it came with, `by` the token's person, `digest` the SHA-256 of `content`.
    Done with, it is closed by whom, and its content is gone.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="posted_bundles")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=LONGEST_TOKEN_NAME)
    digest = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    at = models.DateTimeField(default=now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="posted_bundle_closed",
                condition=Q(closed_at=None, closed_by=None, content__isnull=False)
                | Q(closed_at__isnull=False, closed_by__isnull=False, content=None),
                violation_error_message="A bundle that is done with has its time, a person, and no content.",
            ),
            models.UniqueConstraint(
                name="posted_bundle_waits_once",
                fields=["case", "digest"],
                condition=Q(closed_at=None),
                violation_error_message="This bundle waits at this case already.",
            ),
        ]

    def __str__(self) -> str:
        return f"Posted bundle {self.pk}"
