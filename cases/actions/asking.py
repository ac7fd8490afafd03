"""That somebody was asked for what a case lacks."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.access import require
from cases.actions.edits import lock
from cases.choices import AuditAction, Right
from cases.clock import now
from cases.models import AskedFor, AuditEvent, Case
from cases.models.audit import one_act

LONGEST_WANTED = 500


def note_asked(*, by: User, case: Case, owner: str, wanted: str, asked_of: str, asked_on: date) -> AskedFor:
    """Keep whom somebody asked, and when. The same once more is the one that is kept already."""
    require(by, case.board, Right.ENTER, case)
    if not asked_of.strip():
        raise ValidationError({"asked_of": ["Say who was asked."]})
    if asked_on > timezone.localdate(now()):
        raise ValidationError({"asked_on": ["This day has not come yet; enter today or an earlier day."]})
    said = {
        "owner": owner, "wanted": wanted.strip()[:LONGEST_WANTED], "asked_of": asked_of.strip(),
        "asked_on": asked_on,
    }  # fmt: skip
    with one_act():
        lock(case)
        known = case.asked.filter(**said).first()
        if known is not None:
            return known
        asked = AskedFor(case=case, by=by, **said)
        asked.full_clean()
        asked.save()
        AuditEvent.objects.record(
            user=by, action=AuditAction.CREATED, case=case, kind="asking", detail={"owner": owner}
        )
    return asked
