"""Secrets that are shown once: a form sent twice, by a double click, shows the same one both times."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode

from django.contrib.auth.models import User
from django.utils.crypto import salted_hmac

BYTES = 32


def new_showing() -> str:
    """What tells one showing of a form from the next; it stands in the form, and nowhere else."""
    return secrets.token_urlsafe(BYTES)


def secret_for(by: User, showing: str, *said: object) -> str:
    """The secret that the person gets for `showing` of a form that says `said`: the same if all of that comes
    again. Nobody makes it out without our key and the form. Without a showing, one by chance.
    """
    if not showing:
        return secrets.token_urlsafe(BYTES)
    digest = salted_hmac(__name__, repr([by.pk, showing, *said]), algorithm="sha256").digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
