"""Who calls: the bearer of a token, and how often."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.parser import Parser
from ninja.security import HttpBearer
from ninja.throttling import SimpleRateThrottle

from cases.access import require
from cases.actions.tokens import token_of
from cases.choices import Right
from cases.models import ApiToken
from cases.views.api.problems import FieldProblem, Refused


class Bearer(HttpBearer):
    """`Authorization: Bearer …`. The token's person is the request's user from then on."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        found = token_of(token)
        if found is not None:
            request.user = found.user
        return found


_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class ReadableJson(Parser):
    """JSON in text that a database holds: half of a surrogate pair is no character, and U+0000 none that
    PostgreSQL takes.
    """

    def parse_body(self, request: HttpRequest) -> Any:
        data = json.loads(request.body)
        try:
            written = json.dumps(data, ensure_ascii=False)
            written.encode()
        except UnicodeEncodeError as error:
            raise HttpError(400, "The text holds what is no character.") from error
        if _NUL.search(written):
            raise HttpError(400, "The text holds what is no character.")
        return data


class PerToken(SimpleRateThrottle):
    """So many calls a minute with one token, counted in each worker."""

    scope = "api"

    def get_cache_key(self, request: HttpRequest) -> str | None:
        token = getattr(request, "auth", None)
        return f"api:{token.pk}" if isinstance(token, ApiToken) else None


def bearer(request: HttpRequest, right: str = Right.READ, *, known: Collection[str] = ()) -> ApiToken:
    """The token, if it and its person have the right on its board. Raises `PermissionDenied`, `Http404`.

    `known` are the parameters of the call; another one, perhaps misspelt, is refused and not overlooked.
    """
    token = cast(ApiToken, request.auth)  # type: ignore[attr-defined]
    if unknown := sorted(set(request.GET) - set(known)):
        allowed = ", ".join(known) or "none"
        faults = [
            FieldProblem(field=f"query.{one[:40]}", reason="no such parameter", allowed=allowed)
            for one in unknown
        ]
        raise Refused(422, "The request is not as it must be.", faults)
    require(token.user, token.board, right)
    if right not in token.rights:
        raise PermissionDenied("The token does not give this right.")
    return token
