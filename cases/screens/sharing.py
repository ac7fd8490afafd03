"""Which boards a case is or was shared with, as the page about it shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from cases.models import Case, CaseGrant


@dataclass(frozen=True, slots=True)
class SharedWith:
    """One grant; `ended_*` are "" and None while it stands."""

    grant: CaseGrant
    board: str
    reason: str
    by: str
    at: datetime
    ended_by: str
    ended_at: datetime | None
    ended_because: str


def shared_with(case: Case) -> tuple[tuple[SharedWith, ...], tuple[SharedWith, ...]]:
    """The grants that stand, and those that were revoked."""
    found = [
        SharedWith(
            grant,
            grant.board.name,
            grant.reason,
            name_of(grant.granted_by),
            grant.granted_at,
            name_of(grant.revoked_by) if grant.revoked_by else "",
            grant.revoked_at,
            grant.revoke_reason,
        )
        for grant in case.grants.select_related("board", "granted_by", "revoked_by")
    ]
    standing = tuple(one for one in found if one.ended_at is None)
    return standing, tuple(one for one in found if one.ended_at is not None)


def name_of(user: User) -> str:
    return user.get_full_name() or user.get_username()
