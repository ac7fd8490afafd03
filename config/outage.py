"""When the database takes nothing, or is gone: pages are read where they can be, and what was typed is kept.

A failure is answered with what happened and, for a form, with all that was typed into it, to be sent again.
"""

import logging
import sys
from collections.abc import Iterator
from typing import Any

from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from config.kept import Typed, typed_in

log = logging.getLogger(__name__)

GONE = "The database cannot be reached at the moment. Nothing was saved."
FULL = "The disk of the database is full. Nothing was saved."
READ_ONLY = "The database can only be read at the moment. Nothing was saved; pages can still be read."
# What of an error's words or SQLSTATE tells which.
SIGNS = {
    "25006": READ_ONLY, "readonly": READ_ONLY, "read-only": READ_ONLY,
    "53100": FULL, "is full": FULL, "No space left": FULL,
}  # fmt: skip


class Sessions(SessionMiddleware):
    """A page that was made is shown, though the database does not take the session's new end."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except (DatabaseError, SessionInterrupted) as error:
            if not any(outage_of(each) for each in _behind(error)):
                raise
            log.warning("A session was not stored: %s", type(error).__name__)
            return response


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those that led to it: a session wraps what its database said."""
    while error is not None:
        yield error
        error = error.__context__


def outage_of(error: BaseException | None) -> str:
    """What happened, in words; "" for an error that is no outage of the database."""
    if not isinstance(error, OperationalError | InternalError | InterfaceError):
        return ""
    said = f"{getattr(error.__cause__, 'sqlstate', '')} {error}"
    return next((words for sign, words in SIGNS.items() if sign in said), GONE)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """The page of a failure, made without session, user and database."""
    what = outage_of(sys.exc_info()[1])
    typed = _typed(request)
    context: dict[str, Any] = {"what": what, "typed": typed, "token": get_token(request) if typed else ""}
    return HttpResponse(render_to_string("500.html", context), status=503 if what else 500)


def _typed(request: HttpRequest) -> Typed | None:
    try:
        return typed_in(request)
    except Exception:  # an error page does not fail
        return None
