"""How often a wrong password or code was given: one counter for every way, and no other limiter beside it.

At the log-in a name and the address that it comes from are counted together: nobody closes a name for its
owner from elsewhere. Who is in has counters of their own, of the session: what strangers type at the log-in
stops nobody there, and what is typed there closes no log-in. After `MOST_WRONG` the way is closed for
`LOCKED_FOR`; an administrator of the person's board opens it sooner.
"""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass
from hashlib import sha256

from allauth.account.adapter import get_adapter
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from config.models import LOCKED_FOR, Way, WrongTries

MOST_WRONG = 5
KEPT_FOR = datetime.timedelta(days=1)  # no session is that old and still in use
NETWORK = 64  # bits of an IPv6 address that a household, or an attacker, has for itself


@dataclass(frozen=True)
class Limit:
    """One way, for one name in one place: an address, or the digest of a session's key."""

    way: str
    name: str
    place: str
    user: User | None = None

    def count(self) -> int:
        """This try's number, stored before the password is looked at: no two tries at once count as one.

        Above `MOST_WRONG` the way is closed; a try made then does not prolong it.
        """
        now = timezone.now()
        WrongTries.objects.filter(last_at__lt=now - KEPT_FOR).delete()
        with transaction.atomic():
            WrongTries.objects.get_or_create(**self._row(), defaults={"user": self.user})
            row = WrongTries.objects.select_for_update().get(**self._row())
            if now - row.last_at >= LOCKED_FOR:
                row.tries = 0
            if row.tries < MOST_WRONG:
                row.tries += 1
                row.last_at = now
                row.save()
                return row.tries
        return MOST_WRONG + 1

    def clear(self) -> None:
        """What was given is right."""
        WrongTries.objects.filter(**self._row()).delete()

    def _row(self) -> dict[str, str]:
        """A name that belongs to nobody may be a password in the wrong box: none is stored as it is."""
        return {"way": self.way, "name": digest_of(self.name.casefold()), "place": self.place}


def at_log_in(request: HttpRequest, name: str, way: str = Way.LOGIN) -> Limit:
    """For a name, known or not, at the address that it comes from."""
    return Limit(way, name, address_of(request), User.objects.filter(username=name).first())


def in_session(request: HttpRequest, user: User, way: str) -> Limit:
    """For who is in, in this session. Its key is a secret and stored as a digest."""
    return Limit(way, user.get_username(), digest_of(request.session.session_key or ""), user)


def tell_failure(request: HttpRequest, user: User, way: str) -> None:
    """Tell who listens that somebody who is known gave something wrong; a log-in tells it by itself."""
    user_login_failed.send(
        sender=__name__, credentials={"username": user.get_username()}, request=request, way=way
    )


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, behind `TRUSTED_PROXIES`; of an IPv6 address its network."""
    address = get_adapter(request).get_client_ip(request)
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/{NETWORK}", strict=False).network_address)


def closed() -> QuerySet[WrongTries]:
    """The ways that are closed now, to people with an account."""
    since = timezone.now() - LOCKED_FOR
    return WrongTries.objects.filter(tries__gte=MOST_WRONG, last_at__gt=since, user__isnull=False)


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()
