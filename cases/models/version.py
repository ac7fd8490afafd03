"""What each save of a part of the record changed: from it, a save is told in words and taken back."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.clock import now
from cases.models.base import AppendOnly, AppendOnlyQuerySet
from cases.models.case import Case


class RecordVersionQuerySet(AppendOnlyQuerySet["RecordVersion"]):
    def about(self, case: Case) -> Self:
        """Saves of the case's parts, and of its patient's identity from whichever case. A case may have been
        another patient's once, whose identity is none of it."""
        of_patient = Q(kind="patient")
        return self.filter(Q(case=case) & ~of_patient | of_patient & Q(uid=case.patient.uid))

    def newest(self) -> Self:
        """Of each part, the last save."""
        same = {name: models.OuterRef(name) for name in ("kind", "uid")}
        later = RecordVersion.objects.filter(**same, version__gt=models.OuterRef("version"))
        return self.exclude(models.Exists(later))


class RecordVersion(AppendOnly):
    """One save of the part of the record that `kind` and `uid` name, `version` being the one it made.

    `before` and `after` map the changed columns to their values, as `cases.actions.versions` writes them:
    `before` is null where the part is new, `after` where it was removed. `undoes` is the save that this one
    takes back. Saves from before there was this table are not in it.
    """

    what = "A version of the record"

    at = models.DateTimeField(default=now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="versions")
    kind = models.CharField(max_length=40)
    uid = models.UUIDField()
    version = models.PositiveIntegerField()
    before: models.JSONField[Any, Any] = models.JSONField(null=True)
    after: models.JSONField[Any, Any] = models.JSONField(null=True)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")

    objects = RecordVersionQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="version_once",
                fields=["kind", "uid", "version"],
                violation_error_message="This version of the part is there already.",
            ),
            models.CheckConstraint(
                name="version_changes_something",
                condition=Q(before__isnull=False) | Q(after__isnull=False),
                violation_error_message="A version changes something.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}, version {self.version}"
