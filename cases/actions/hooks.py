"""Calls of other systems: each token once, and an event for each call with nothing of the patient."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction

from cases.choices import AuditAction
from cases.clock import now
from cases.models import AuditEvent, UsedHookToken


def use_token(*, issuer: str, jti: str, until: datetime) -> bool:
    """Note that a token is used; False where it was before."""
    UsedHookToken.objects.filter(until__lt=now()).delete()
    digest = sha256(f"{issuer}\n{jti}".encode()).hexdigest()
    try:
        with transaction.atomic():
            UsedHookToken.objects.create(digest=digest, until=until)
    except IntegrityError:
        return False
    return True


def log_hook_call(*, issuer: str, call: str, answered: str) -> None:
    """Another system asked. `answered`: in one word what it got."""
    AuditEvent.objects.record(
        user=None, action=AuditAction.READ, kind=f"hook {call}", detail={"by": issuer, "answered": answered}
    )
