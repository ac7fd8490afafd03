"""What somebody was asked for, so that a case is ready in time: whom, when, for what."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.clock import now
from cases.models.base import AppendOnly, AppendOnlyQuerySet
from cases.models.case import Case


class AskedFor(AppendOnly):
    """One asking. `owner`: who supplies what was asked for, a code of the vocabulary; "" for what a deferral
    awaits. `wanted`: that, in words, as it was on that day.
    """

    what = "What was asked for"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="asked")
    owner = models.CharField(max_length=20, blank=True, default="")
    wanted = models.CharField("For what", max_length=500)
    asked_of = models.CharField("Asked", max_length=120)
    asked_on = models.DateField("On")
    at = models.DateTimeField(default=now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "asked for"
        ordering = ["asked_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="asked_for_whole",
                condition=~Q(asked_of="") & ~Q(wanted=""),
                violation_error_message="Say who was asked, and for what.",
            ),
        ]

    def __str__(self) -> str:
        return f"Asking {self.pk}"
