"""Who belongs to a board, and as what."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from cases.access import require
from cases.choices import AuditAction, Right, Role
from cases.guideline import check_address
from cases.models import AuditEvent, Board, Membership
from cases.models.audit import one_act


def found_board(*, by: User, name: str, slug: str, guideline: str = "", **settled: Any) -> Board:
    """A new board, with `by` as its administrator, and what it has settled for itself by column. Only the
    command line offers this."""
    check_address(guideline)
    with one_act():
        board = Board(name=name, slug=slug, guideline=guideline, **settled)
        board.full_clean()
        board.save()
        Membership.objects.create(board=board, user=by, role=Role.ADMINISTRATOR)
        AuditEvent.objects.record(user=by, action=AuditAction.CREATED, board=board, kind="board")
    return board


def set_membership(
    *,
    by: User,
    board: Board,
    user: User,
    role: str,
    may_sign: bool = False,
    further_roles: Collection[str] | None = None,
) -> Membership:
    """Give `user` this role on the board, in place of any earlier one, and these further ones; None keeps
    those that they have."""
    require(by, board, Right.ADMINISTER)
    with one_act():
        lock_boards(board)
        membership = Membership.objects.select_for_update().filter(board=board, user=user).first()
        if membership is None:
            membership = Membership(board=board, user=user)
        wanted = set(membership.further_roles if further_roles is None else further_roles)
        further = [one for one in Role.values if one in wanted and one != role]
        further += sorted(wanted - set(Role.values))  # which checking refuses
        if membership.pk and (membership.roles, membership.may_sign) == ((role, *further), may_sign):
            return membership
        keep_an_administrator(membership, role, *further)
        membership.role, membership.further_roles, membership.may_sign = role, further, may_sign
        membership.full_clean()
        membership.save()
        _audit(by, board, user, role=role, may_sign=may_sign, further=further)
    return membership


def remove_membership(*, by: User, board: Board, user: User) -> None:
    """Make `user` an outsider. Removing somebody who is none changes nothing."""
    require(by, board, Right.ADMINISTER)
    with one_act():
        lock_boards(board)
        membership = Membership.objects.select_for_update().filter(board=board, user=user).first()
        if membership is None:
            return
        keep_an_administrator(membership)
        membership.delete()
        _audit(by, board, user, role="", may_sign=False)


def lock_boards(*boards: Board | int) -> None:
    """Who belongs to these boards is changed by one after the other: two administrators who demote each
    other leave one. A transaction's first lock, by id."""
    keys = {board.pk if isinstance(board, Board) else board for board in boards}
    list(Board.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def keep_an_administrator(membership: Membership, *roles: str) -> None:
    """Raise `ValidationError` if the change to `roles` (none: removal) would leave the board without one.

    A board without an administrator could never get a member again.
    """
    if membership.pk is None or Role.ADMINISTRATOR in roles:
        return
    stored = Membership.objects.get(pk=membership.pk)
    others = Membership.objects.filter(board=membership.board, user__is_active=True).exclude(pk=membership.pk)
    kept = any(Role.ADMINISTRATOR in other.roles for other in others)
    if Role.ADMINISTRATOR in stored.roles and not kept:
        raise ValidationError({"role": ["The board must keep at least one administrator."]})


def _audit(
    by: User, board: Board, user: User, *, role: str, may_sign: bool, further: Collection[str] = ()
) -> None:
    AuditEvent.objects.record(
        user=by,
        action=AuditAction.MEMBERSHIP,
        board=board,
        kind="membership",
        detail={
            "user": user.pk,
            "role": str(role),
            "may_sign": may_sign,
            **({"further": list(further)} if further else {}),
        },
    )
