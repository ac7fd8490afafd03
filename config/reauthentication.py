"""Who is logged in says once more who they are, before an act that needs it: once per sitting.

The session remembers when. Wrong passwords have a counter of their own, for this person in this session
(`config.limits`). Whether it was the password, a code or a key makes no difference.
"""

import datetime
import logging
from typing import Any, cast

from allauth.account.signals import authentication_step_completed
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from config.authentication import spend
from config.limits import MOST_WRONG, in_session, tell_failure
from config.models import LOCKED_FOR, Way

SITTING = datetime.timedelta(minutes=15)

KEY = "reauthenticated"  # of the session: who, and the second in which they proved it

logger = logging.getLogger(__name__)


def proven_until(request: HttpRequest) -> datetime.datetime | None:
    """Until when this sitting needs no password; None where it needs one now."""
    who, at = request.session.get(KEY, (None, 0))
    until = datetime.datetime.fromtimestamp(at, datetime.UTC) + SITTING
    return until if who == request.user.pk and timezone.now() < until else None


def reauthenticate(request: HttpRequest, secret: str) -> str:
    """ "" if who is logged in has proven it within this sitting, or does so with this password; otherwise why
    not, in words for them. Five wrong passwords close this way for 15 minutes, and no other. Who has none
    (another provider says who they are) gives a code of their second factor.
    """
    if proven_until(request):
        return ""
    user = cast(User, request.user)
    limit = in_session(request, user, Way.AGAIN)
    tries = limit.count()
    if tries > MOST_WRONG:
        return closed_here()
    if is_theirs(user, secret):
        limit.clear()
        note(request, user)
        return ""
    tell_failure(request, user, Way.AGAIN)
    logger.warning("Wrong password of user %s, who is logged in: %s of %s", user.pk, tries, MOST_WRONG)
    left = MOST_WRONG - tries
    thing = "password" if user.has_usable_password() else "code"
    return f"This is not your {thing}. Tries left before a wait: {left}." if left else closed_here()


def is_theirs(user: User, secret: str) -> bool:
    """Whether the password is the person's, or, where they have none, the code."""
    if user.has_usable_password():
        return user.check_password(secret)
    codes = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN)
    return any(held.wrap().validate_code(secret) and spend(held, secret) for held in codes)


def note(request: HttpRequest, user: User) -> None:
    """The sitting begins, and the session has a new key."""
    former = request.session.session_key
    if former:
        request.session.cycle_key()
        UserSession.objects.filter(session_key=former).update(session_key=request.session.session_key)
    request.session[KEY] = (user.pk, int(timezone.now().timestamp()))


@receiver(authentication_step_completed)
def proven_on_a_page(request: HttpRequest, user: User, reauthenticated: bool = False, **kwargs: Any) -> None:
    """Who proved it with a key or a code, on a page made for that."""
    if reauthenticated:
        note(request, user)


def closed_here() -> str:
    minutes = int(LOCKED_FOR.total_seconds() // 60)
    return (
        f"{MOST_WRONG} wrong passwords: no more are taken here for {minutes} minutes. "
        "You stay logged in, and everything else goes on."
    )
