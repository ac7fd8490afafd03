"""Who is logged in says once more who they are, before an act that needs it: once per sitting.

The session remembers when. Wrong passwords have a counter of their own, for this person in this session: what
strangers type at the log-in stops nobody who is in already, and what is typed here closes no log-in.
"""

import datetime
import logging
from hashlib import sha256
from typing import cast

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from config.models import WrongPasswords

SITTING = datetime.timedelta(minutes=15)
LOCKED_FOR = datetime.timedelta(minutes=15)
MOST_WRONG = 5
KEPT_FOR = datetime.timedelta(days=1)  # no session is that old and still in use

KEY = "reauthenticated"  # of the session: whose password, and the second it was given in

logger = logging.getLogger(__name__)


def proven_until(request: HttpRequest) -> datetime.datetime | None:
    """Until when this sitting needs no password; None where it needs one now."""
    who, at = request.session.get(KEY, (None, 0))
    until = datetime.datetime.fromtimestamp(at, datetime.UTC) + SITTING
    return until if who == request.user.pk and timezone.now() < until else None


def reauthenticate(request: HttpRequest, password: str) -> str:
    """ "" if who is logged in has proven it within this sitting, or does so with this password; otherwise why
    not, in words for them. Five wrong passwords close this way for 15 minutes, and no other.
    """
    if proven_until(request):
        return ""
    user = cast(User, request.user)
    tries = _count(request, user)
    if tries > MOST_WRONG:
        return _locked()
    if user.check_password(password):
        WrongPasswords.objects.filter(user=user, session=_session(request)).delete()
        request.session[KEY] = (user.pk, int(timezone.now().timestamp()))
        return ""
    logger.warning("Wrong password of user %s, who is logged in: %s of %s", user.pk, tries, MOST_WRONG)
    left = MOST_WRONG - tries
    return f"This is not your password. Tries left before a wait: {left}." if left else _locked()


def _locked() -> str:
    minutes = int(LOCKED_FOR.total_seconds() // 60)
    return (
        f"{MOST_WRONG} wrong passwords: no more are taken here for {minutes} minutes. "
        "You stay logged in, and everything else goes on."
    )


def _count(request: HttpRequest, user: User) -> int:
    """This try's number, stored before the password is looked at, so that no two tries at once count as one.

    Above `MOST_WRONG` the way is closed; a try made then does not prolong it.
    """
    now = timezone.now()
    WrongPasswords.objects.filter(last_at__lt=now - KEPT_FOR).delete()
    with transaction.atomic():
        WrongPasswords.objects.get_or_create(user=user, session=_session(request))
        row = WrongPasswords.objects.select_for_update().get(user=user, session=_session(request))
        if now - row.last_at >= LOCKED_FOR:
            row.tries = 0
        if row.tries < MOST_WRONG:
            row.tries += 1
            row.last_at = now
            row.save()
            return row.tries
    return MOST_WRONG + 1


def _session(request: HttpRequest) -> str:
    """The session's name without the session's key, which is a secret."""
    return sha256((request.session.session_key or "").encode()).hexdigest()
