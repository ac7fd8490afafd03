"""How long a session lasts, which a person has, and how they end."""

import time
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY, user_logged_in
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest

SEEN, SINCE = "seen", "since"  # of the session: the second of the last request that counts, and of the log-in


@receiver(user_logged_in)
def session_begins(request: HttpRequest, **kwargs: Any) -> None:
    request.session[SEEN] = request.session[SINCE] = int(time.time())


def left_of(request: HttpRequest) -> int:
    """How many seconds the session lasts if nothing more happens."""
    now = int(time.time())
    idle = request.session.get(SEEN, 0) + settings.SESSION_COOKIE_AGE - now
    return max(0, min(idle, life_left(request)))


def life_left(request: HttpRequest) -> int:
    """How many seconds the session can last at most, however much happens; below 0 once it is over."""
    life: int = request.session.get(SINCE, 0) + settings.SESSION_LIFE - int(time.time())
    return life


def end_sessions_of(user: User) -> int:
    """End every session of a person, and say how many. Sessions do not name their owner to the database: each
    is looked into, which is rare.
    """
    mine = [row.pk for row in Session.objects.all() if row.get_decoded().get(SESSION_KEY) == str(user.pk)]
    UserSession.objects.filter(user=user).delete()
    return Session.objects.filter(pk__in=mine).delete()[0]


@receiver(post_save, sender=User)
def closing_ends_sessions(instance: User, **kwargs: Any) -> None:
    """A closed account has no session, and none comes back when it is opened again."""
    if not instance.is_active:
        end_sessions_of(instance)
