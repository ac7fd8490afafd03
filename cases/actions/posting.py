"""Bundles that other programs post to a case: kept as they came, closed by a person, never taken over."""

from __future__ import annotations

from hashlib import sha256

from django.contrib.auth.models import User

from cases.access import require
from cases.actions.locks import lock_cases
from cases.choices import AuditAction, Right
from cases.clock import now
from cases.models import ApiToken, AuditEvent, Case, PostedBundle
from cases.models.audit import one_act

MOST_WAITING = 20  # bundles at one case


class TooManyWait(Exception):
    """So many bundles wait at the case that a person has to go through them first."""


def post_bundle(*, token: ApiToken, case: Case, content: bytes) -> tuple[PostedBundle, bool]:
    """Keep a bundle until somebody has gone through it; and whether it is new: the same one again waits once.

    The caller has read it and knows that it is a bundle. Raises `TooManyWait`.
    """
    require(token.user, case.board, Right.ENTER, case)
    digest = sha256(content).hexdigest()
    with one_act():
        lock_cases([case])
        waiting = PostedBundle.objects.filter(case=case, closed_at=None).defer("content")
        same = waiting.filter(digest=digest).first()
        if same is not None:
            return same, False
        if waiting.count() >= MOST_WAITING:
            raise TooManyWait
        posted = PostedBundle(case=case, by=token.user, name=token.name, digest=digest, content=content)
        posted.full_clean(validate_constraints=False)
        posted.save()
        _record(token.user, AuditAction.CREATED, posted, {"token": str(token.uid)})
    return posted, True


def close_bundle(*, by: User, posted: PostedBundle) -> None:
    """Somebody has gone through it: its content goes. One that is closed stays so, by whom it was first."""
    require(by, posted.case.board, Right.ENTER, posted.case)
    with one_act():
        lock_cases([posted.case])
        open_one = PostedBundle.objects.filter(pk=posted.pk, closed_at=None)
        if open_one.update(closed_at=now(), closed_by=by, content=None):
            _record(by, AuditAction.REMOVED, posted, {})


def _record(by: User, action: str, posted: PostedBundle, detail: dict[str, str]) -> None:
    AuditEvent.objects.record(
        user=by, action=action, case=posted.case, kind="posted bundle", uid=posted.uid, detail=detail
    )
