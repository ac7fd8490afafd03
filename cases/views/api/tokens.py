"""Who calls: the bearer of a token, and how often."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.throttling import SimpleRateThrottle

from cases.access import require
from cases.actions.tokens import token_of
from cases.choices import Right
from cases.models import ApiToken


class Bearer(HttpBearer):
    """`Authorization: Bearer …`. The token's person is the request's user from then on."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        found = token_of(token)
        if found is not None:
            request.user = found.user
        return found


class PerToken(SimpleRateThrottle):
    """So many calls a minute with one token, counted in each worker."""

    scope = "api"

    def get_cache_key(self, request: HttpRequest) -> str | None:
        token = getattr(request, "auth", None)
        return f"api:{token.pk}" if isinstance(token, ApiToken) else None


def bearer(request: HttpRequest, right: str = Right.READ) -> ApiToken:
    """The token, if it and its person have the right on its board. Raises `PermissionDenied`, `Http404`."""
    token = cast(ApiToken, request.auth)  # type: ignore[attr-defined]
    require(token.user, token.board, right)
    if right not in token.rights:
        raise PermissionDenied("The token does not give this right.")
    return token
