"""Letters from a signed decision: issued once, as they stand."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from cases.access import require_discussion
from cases.choices import AuditAction, Right
from cases.clock import now
from cases.models import AuditEvent, Decision, Letter
from cases.models.audit import one_act
from cases.seals import seal_of


def issue_letter(*, by: User, decision: Decision, kind: str, text: str) -> Letter:
    """Issue a letter of a decision that stands; the same text sent twice is one letter.

    Raises `ValidationError` for a decision that no longer stands, and for a text that is empty or too long.
    """
    require_discussion(by, decision.discussion, Right.SCRIBE)
    with one_act():
        stored = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
        if not stored.stands:
            raise ValidationError("Only a signed decision that still stands can be written about.")
        said = text.replace("\r\n", "\n").strip()
        known = Letter.objects.filter(decision=stored, kind=kind).last()
        if known is not None and known.text == said:
            return known
        letter = Letter(decision=stored, kind=kind, text=said, by=by, at=now())
        letter.full_clean()
        letter.save()
        AuditEvent.objects.record(
            user=by,
            action=AuditAction.ISSUED,
            case=stored.case,
            kind="letter",
            uid=letter.uid,
            detail={"to": kind},
            seal=seal_of(letter),
        )
    return letter
