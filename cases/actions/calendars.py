"""A person's own calendar address. It concerns nobody else, so that no right is asked for."""

from __future__ import annotations

import secrets

from django.contrib.auth.models import User
from django.utils import timezone

from cases.choices import AuditAction
from cases.models import AuditEvent, CalendarAddress
from cases.models.audit import one_act
from cases.models.calendar import digest_of

SECRET_BYTES = 32
KIND = "calendar address"


def make_calendar_address(*, by: User) -> str:
    """A new address in place of any earlier one. Answers its secret, which is stored nowhere."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with one_act():
        _revoke(by)
        address = CalendarAddress.objects.create(user=by, digest=digest_of(secret))
        AuditEvent.objects.record(user=by, action=AuditAction.CREATED, kind=KIND, uid=address.uid)
    return secret


def revoke_calendar_address(*, by: User) -> None:
    """End the person's address. Without one nothing changes."""
    with one_act():
        address = _revoke(by)
        if address:
            AuditEvent.objects.record(user=by, action=AuditAction.REMOVED, kind=KIND, uid=address.uid)


def _revoke(user: User) -> CalendarAddress | None:
    """Whoever makes or ends an address waits for the other; the person's row is there to wait at."""
    User.objects.select_for_update().get(pk=user.pk)
    address = CalendarAddress.objects.of(user)
    if address:
        address.revoked_at = timezone.now()
        address.save(update_fields=["revoked_at"])
    return address
