"""Who did what, when. Rows are added and never touched again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases import choices
from cases.clock import now
from cases.models.base import AppendOnly, AppendOnlyQuerySet
from cases.models.board import Board
from cases.models.case import Case


class AuditQuerySet(AppendOnlyQuerySet["AuditEvent"]):
    def record(
        self,
        *,
        user: User | None,
        action: str,
        case: Case | None = None,
        board: Board | None = None,
        kind: str = "",
        uid: UUID | None = None,
        detail: dict[str, Any] | None = None,
    ) -> AuditEvent:
        """Write one event. The board is the case's, unless the event concerns a board alone."""
        return self.create(
            at=now(),
            user=user,
            action=action,
            case=case,
            board=case.board if case is not None else board,
            kind=kind,
            uid=uid,
            detail=detail or {},
        )


class AuditEvent(AppendOnly):
    """`kind` and `uid` name the object; `detail` holds codes and field names, never a patient's data."""

    what = "An audit event"

    at = models.DateTimeField(default=timezone.now, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=12, choices=choices.AuditAction.choices)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="audit_events")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, null=True, related_name="audit_events")
    kind = models.CharField(max_length=40, blank=True, default="")
    uid = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(name="audit_by_case", fields=["case", "at"]),
            models.Index(name="audit_by_user", fields=["user", "at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="audit_action_coded",
                condition=Q(action__in=choices.AuditAction.values),
                violation_error_message="This kind of event does not exist.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.kind}"
