"""A person's own calendar address. It concerns nobody else, so that no right is asked for."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.utils import timezone

from cases.actions.showing import secret_for
from cases.choices import AuditAction
from cases.models import AuditEvent, CalendarAddress
from cases.models.audit import one_act
from cases.models.calendar import digest_of

KIND = "calendar address"


def make_calendar_address(*, by: User, showing: str = "") -> str:
    """A new address in place of any earlier one. Answers its secret, which is stored nowhere. The same form
    sent again, from the same `showing` of it, has the same address.
    """
    secret = secret_for(by, showing, KIND)
    with one_act():
        current = _current(by)
        if current is not None and current.digest == digest_of(secret):
            return secret
        if CalendarAddress.objects.filter(digest=digest_of(secret)).exists():  # made from here, and revoked
            secret = secret_for(by, "")
        _revoke(current)
        address = CalendarAddress.objects.create(user=by, digest=digest_of(secret))
        AuditEvent.objects.record(user=by, action=AuditAction.CREATED, kind=KIND, uid=address.uid)
    return secret


def revoke_calendar_address(*, by: User) -> None:
    """End the person's address. Without one nothing changes."""
    with one_act():
        address = _current(by)
        if address:
            _revoke(address)
            AuditEvent.objects.record(user=by, action=AuditAction.REMOVED, kind=KIND, uid=address.uid)


def _current(user: User) -> CalendarAddress | None:
    """Whoever makes or ends an address waits for the other; the person's row is there to wait at."""
    User.objects.select_for_update().get(pk=user.pk)
    return CalendarAddress.objects.of(user)


def _revoke(address: CalendarAddress | None) -> None:
    if address is not None:
        address.revoked_at = timezone.now()
        address.save(update_fields=["revoked_at"])
