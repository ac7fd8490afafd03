"""Tokens for other programs: made for oneself, revoked by oneself or the board's administrator."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from hashlib import sha256

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from cases.access import require, rights_on
from cases.actions.showing import secret_for
from cases.choices import AuditAction, Right
from cases.clock import now
from cases.models import ApiToken, AuditEvent, Board
from cases.models.audit import one_act
from cases.models.token import GIVABLE, MOST_DAYS

PREFIX = "tb_"


def make_token(
    *, by: User, board: Board, name: str, rights: Collection[str], days: int, showing: str = ""
) -> tuple[ApiToken, str]:
    """A token of one's own for a board, good for 1 to 366 days, and its secret, which nobody can read later.
    The same form sent again, from the same `showing` of it, has the same token.

    Raises `ValidationError` for a right that the person has not or that no program gets, and for its days.
    """
    require(by, board, Right.READ)
    wanted = [right for right in GIVABLE if right in rights]
    if len(wanted) != len(set(rights)) or not set(wanted) <= rights_on(by, board):
        raise ValidationError(
            {"rights": [f"Allowed: {', '.join(GIVABLE)}, and only what you may do yourself."]}
        )
    if Right.READ not in wanted:
        raise ValidationError({"rights": ["A program that may not read can do nothing: add reading."]})
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError({"days": [f"Allowed: 1 to {MOST_DAYS} days."]})
    secret = PREFIX + secret_for(by, showing, board.pk, name, wanted, days)
    with one_act():
        User.objects.select_for_update().get(pk=by.pk)  # who sends twice at once waits here for themselves
        known = ApiToken.objects.filter(digest=digest_of(secret)).first()
        if known is not None and known.revoked_at is not None:
            raise ValidationError("This token was made and revoked. Open this page anew to make one.")
        if known is not None:
            return known, secret
        token = ApiToken(
            user=by,
            board=board,
            name=name.strip(),
            begins=secret[:8],
            digest=digest_of(secret),
            rights=[str(right.value) for right in wanted],
            expires_at=now() + timedelta(days=days),
        )
        token.full_clean()
        token.save()
        _audit(by, AuditAction.CREATED, token)
    return token, secret


def digest_of(secret: str) -> str:
    """What is stored of a secret. It is random and long, so that one plain hash is enough."""
    return sha256(secret.encode()).hexdigest()


def revoke_token(*, by: User, token: ApiToken) -> None:
    """End a token for good; one that is revoked stays so, by whom it was first."""
    if token.user_id != by.pk:
        require(by, token.board, Right.ADMINISTER)
    with one_act():
        stored = ApiToken.objects.select_for_update().get(pk=token.pk)
        if stored.revoked_at is None:
            stored.revoked_at, stored.revoked_by = now(), by
            stored.save(update_fields=["revoked_at", "revoked_by"])
            _audit(by, AuditAction.REVOKED, stored)


def token_of(secret: str) -> ApiToken | None:
    """The valid token of this secret; notes the day of its use."""
    found = ApiToken.objects.select_related("user", "board").filter(digest=digest_of(secret)).first()
    if found is None or not found.is_valid:
        return None
    today = now().date()
    if found.used_on != today:
        found.used_on = today
        found.save(update_fields=["used_on"])
    return found


def _audit(by: User, action: str, token: ApiToken) -> None:
    detail = {"name": token.name, "rights": token.rights}
    AuditEvent.objects.record(
        user=by, action=action, board=token.board, kind="token", uid=token.uid, detail=detail
    )
