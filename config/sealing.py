"""Encryption of what has to lie in the database for some hours and must not be readable there.

The key comes from SECRET_KEY; what a former key of SECRET_KEY_FALLBACKS has sealed is still opened.
"""

import base64
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

PURPOSE = b"config.sealing"  # sets this key apart from everything else that SECRET_KEY is used for


def seal(text: str) -> str:
    """The text, encrypted and authenticated, with the time in it; ASCII."""
    return _box().encrypt(text.encode()).decode()


def seal_bytes(data: bytes) -> bytes:
    """The same for any data."""
    return _box().encrypt(data)


def unseal_bytes(sealed: bytes, lasting: timedelta) -> bytes | None:
    """The data inside; None as `unseal` has it."""
    try:
        return _box().decrypt(sealed, ttl=int(lasting.total_seconds()))
    except InvalidToken:
        return None


def unseal(sealed: str, lasting: timedelta | None = None) -> str | None:
    """The text inside; None when no key of ours has sealed it, or longer ago than `lasting`, if given."""
    try:
        return _box().decrypt(sealed, ttl=int(lasting.total_seconds()) if lasting else None).decode()
    except InvalidToken:
        return None


def _box() -> MultiFernet:
    """Seals with the first key, opens with any."""
    return MultiFernet(
        [Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key(secret: str | bytes) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(force_bytes(secret))
    return base64.urlsafe_b64encode(derived)
