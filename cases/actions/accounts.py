"""What a board's administrator does to an account, and what accounts do by themselves: each leaves an event.

Accounts belong to the site, and people to boards. So an administrator reaches the accounts of those people
all of whose boards they administer, and never one that runs the site itself. What is done to the account the
caller says (`effect`), for it is no part of the record; it is done in the transaction of the event.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Any, TypeVar

from allauth.account.adapter import get_adapter
from allauth.account.signals import password_changed, password_reset, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.dispatch import receiver
from django.http import HttpRequest

from cases.access import may, require
from cases.actions.membership import keep_an_administrator, lock_boards, set_membership
from cases.choices import AuditAction, Right
from cases.models import AuditEvent, Board, Membership
from cases.models.audit import one_act

T = TypeVar("T")
KIND = "account"


class Act(StrEnum):
    """What an administrator does to an account."""

    LINK = "link to a new password"
    CLOSED = "closed"
    OPENED = "opened"
    FACTORS = "second factors removed"
    SESSIONS = "sessions ended"
    LIFTED = "lock lifted"


def make_account(
    *,
    by: User,
    board: Board,
    username: str,
    first_name: str,
    last_name: str,
    role: str,
    further_roles: Collection[str] = (),
    may_sign: bool = False,
) -> User:
    """A new account without a password, and what its person is on the board. Raises `ValidationError`."""
    require(by, board, Right.ADMINISTER)
    with one_act():
        person = User(username=username, first_name=first_name, last_name=last_name)
        person.set_unusable_password()
        person.full_clean()
        _save_new(person)
        _record(by, board, person, "made")
        set_membership(
            by=by, board=board, user=person, role=role, further_roles=further_roles, may_sign=may_sign
        )
    return person


def _save_new(person: User) -> None:
    """Raises `ValidationError` where somebody takes the name at this moment."""
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise ValidationError({"username": [person.unique_error_message(User, ("username",))]}) from error


def change_account(*, by: User, board: Board, user: User, act: Act, effect: Callable[[], T]) -> T:
    """Do `effect` to the account of somebody on the board. Raises `ValidationError` for one out of reach, for
    one's own, and where closing it would leave a board without an administrator.
    """
    require(by, board, Right.ADMINISTER)
    with one_act():
        lock_boards(*user.memberships.values_list("board", flat=True))
        refused = out_of_reach(by, user)
        if refused:
            raise ValidationError(refused)
        if act is Act.CLOSED:
            for membership in user.memberships.select_related("board"):
                keep_an_administrator(membership)
        done = effect()
        _record(by, board, user, act)
    return done


def out_of_reach(by: User, user: User) -> str:
    """Why `by` may not change the account of `user`; "" where they may."""
    if user == by:
        return "This is your own account: your own pages are in the menu with your name."
    if user.is_staff or user.is_superuser:
        return "This person runs the site: their account is changed in the administration."
    boards = [held.board for held in Membership.objects.filter(user=user).select_related("board")]
    if not boards or not all(may(by, board, Right.ADMINISTER) for board in boards):
        return (
            "This person is on another board too. Whoever administers all of their boards, or runs the site, "
            "changes their account; you can take them off yours."
        )
    return ""


def _record(by: User | None, board: Board | None, user: User | None, act: str, **more: Any) -> None:
    AuditEvent.objects.record(
        user=by,
        action=AuditAction.ACCOUNT,
        board=board,
        kind=KIND,
        detail={"user": user.pk if user else None, "act": str(act), **more},
    )


# --- What accounts do by themselves -----------------------------------------------------------------


def place_of(request: HttpRequest | None) -> dict[str, str]:
    """Where somebody came from; nothing outside a request."""
    return {"from": get_adapter(request).get_client_ip(request)} if request else {}


def board_of(user: User | None) -> Board | None:
    """The person's board, in whose trail their own events stand; none where they have several, or none."""
    boards = list(Board.objects.filter(memberships__user=user)[:2]) if user else []
    return boards[0] if len(boards) == 1 else None


@receiver(user_login_failed)
def failed(
    credentials: dict[str, Any], request: HttpRequest | None = None, way: str = "login", **kwargs: Any
) -> None:
    """Something wrong was given. `user` is whose name it was given for; a name of nobody is not kept."""
    user = User.objects.filter(username=credentials.get("username")).first()
    AuditEvent.objects.record(
        user=user,
        action=AuditAction.LOGIN_FAILED,
        board=board_of(user),
        kind=KIND,
        detail={"way": way, **place_of(request)},
    )


@receiver(authentication_failed)
def code_failed(request: HttpRequest, user: User, reauthentication: bool = False, **kwargs: Any) -> None:
    """A wrong code, at the log-in or in a session."""
    failed({"username": user.get_username()}, request, "again" if reauthentication else "code")


@receiver(user_logged_in)
def logged_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    AuditEvent.objects.record(
        user=user, action=AuditAction.LOGGED_IN, board=board_of(user), kind=KIND, detail=place_of(request)
    )


@receiver([password_changed, password_reset])
def password_new(user: User, **kwargs: Any) -> None:
    _record(user, board_of(user), user, "password set")


@receiver(authenticator_added)
def factor_added(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _record(user, board_of(user), user, "second factor added", type=authenticator.type)


@receiver(authenticator_removed)
def factor_removed(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _record(user, board_of(user), user, "second factor removed", type=authenticator.type)


@receiver(authenticator_reset)
def factor_reset(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _record(user, board_of(user), user, "second factor made anew", type=authenticator.type)
