"""Who may ask: systems whose public keys this installation was given as files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import jwt
from django.conf import settings
from django.http import HttpRequest

from cases.actions.hooks import use_token

ALGORITHMS = ("ES384", "RS384")
LEEWAY = 10  # seconds between two clocks
LONGEST_LIFE = 3600  # seconds; the specification asks for five minutes
LONGEST_TOKEN, LONGEST_JTI = 8_000, 200  # characters


class NotTrusted(Exception):
    """Nobody who is known here asks; why is not said to them."""


def issuer_of(request: HttpRequest) -> str:
    """The system that asks, by its signed token for exactly this address. Raises `NotTrusted`."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN:
        raise NotTrusted
    try:
        claimed = jwt.decode(token, options={"verify_signature": False}).get("iss")
        if not isinstance(claimed, str) or claimed not in settings.CDS_ISSUERS:
            raise NotTrusted
        claims = _verified(token, claimed, request.build_absolute_uri(request.path))
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as error:
        raise NotTrusted from error
    until = datetime.fromtimestamp(claims["exp"] + LEEWAY, UTC)
    if not use_token(issuer=claimed, jti=claims["jti"], until=until):
        raise NotTrusted
    return claimed


def _verified(token: str, issuer: str, address: str) -> dict[str, Any]:
    """The claims of a token that one of the issuer's keys has signed. Raises `NotTrusted`, `PyJWTError`."""
    wanted = jwt.get_unverified_header(token).get("kid")
    for key in _keys(issuer, settings.CDS_ISSUERS[issuer], wanted if isinstance(wanted, str) else None):
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                audience=address,
                issuer=issuer,
                leeway=LEEWAY,
                options={"require": ["iss", "aud", "exp", "iat", "jti"]},
            )
        except (jwt.InvalidSignatureError, jwt.InvalidKeyError):
            continue
        jti = claims["jti"]
        if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_JTI:
            raise NotTrusted
        if claims["exp"] - claims["iat"] > LONGEST_LIFE:
            raise NotTrusted
        return claims
    raise NotTrusted


def _keys(issuer: str, path: str, wanted: str | None) -> Iterator[Any]:
    """The issuer's keys, of several those that the token names."""
    for name, key in keys_in(Path(path).read_text(encoding="utf-8")):
        if wanted is None or name is None or name == wanted:
            yield key


@lru_cache(maxsize=32)
def keys_in(text: str) -> tuple[tuple[str | None, Any], ...]:
    """The public keys of a file, with their ids: a JWKS, or one key as PEM. Raises `PyJWTError`."""
    if not text.lstrip().startswith("{"):
        return ((None, text),)
    keys = jwt.PyJWKSet.from_dict(json.loads(text)).keys
    return tuple((one.key_id, one.key) for one in keys if one.key_type in ("EC", "RSA"))
