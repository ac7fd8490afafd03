"""A letter that says what a signed decision says, as it was sent."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases import choices
from cases.models.base import AppendOnly, AppendOnlyQuerySet, LongText
from cases.models.decision import Decision


class Letter(AppendOnly):
    """`text` is the whole letter, from the salutation to the closing, as it was issued. A later one is
    another letter.
    """

    what = "An issued letter"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField("Letter", max_length=10, choices=choices.LetterKind.choices)
    text = LongText("Text", max_length=choices.LONGEST_LETTER)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="letter_says_something",
                condition=~Q(text=""),
                violation_error_message="Text: a letter has words.",
            ),
            models.CheckConstraint(
                name="letter_kind",
                condition=Q(kind__in=choices.LetterKind.values),
                violation_error_message="There is no such letter.",
            ),
        ]

    def __str__(self) -> str:
        return f"Letter {self.pk}"
