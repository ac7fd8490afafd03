"""What went wrong, as RFC 9457 has it, with every fault by its field."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled
from ninja.errors import ValidationError as BadRequestBody

MEDIA_TYPE = "application/problem+json"


class FieldProblem(Schema):
    """What is wrong with one field: where it stands, why, and what is allowed."""

    field: str
    reason: str
    allowed: str = ""


class ProblemDetails(Schema):
    """Why a call was not answered."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: list[FieldProblem] = []


class Refused(Exception):
    """A call that cannot be answered as it is, with the status and the faults."""

    def __init__(self, status: int, detail: str, errors: list[FieldProblem] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, errors or []


def problem(status: int, detail: str = "", errors: list[FieldProblem] | None = None) -> HttpResponse:
    """The answer that says so."""
    said = ProblemDetails(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=errors or [])
    return HttpResponse(json.dumps(said.dict()), status=status, content_type=MEDIA_TYPE)


def install(api: NinjaAPI) -> None:
    """Answer each kind of failure with a problem."""

    def refused(_request: HttpRequest, error: Any) -> HttpResponse:
        return problem(error.status, error.detail, error.errors)

    def not_understood(_request: HttpRequest, error: Any) -> HttpResponse:
        faults = [
            FieldProblem(field=".".join(str(part) for part in one["loc"]), reason=one["msg"])
            for one in error.errors
        ]
        return problem(422, "The request is not as it must be.", faults)

    def unknown(_request: HttpRequest, _error: Any) -> HttpResponse:
        return problem(404, "There is no such thing, or not for this token.")

    def forbidden(_request: HttpRequest, _error: Any) -> HttpResponse:
        return problem(403, "This token does not give that right.")

    def nobody(_request: HttpRequest, _error: Any) -> HttpResponse:
        response = problem(401, "A valid token is needed.")
        response.headers["WWW-Authenticate"] = "Bearer"
        return response

    def too_often(_request: HttpRequest, error: Any) -> HttpResponse:
        response = problem(429, "Too many calls with this token. Wait, then go on.")
        response.headers["Retry-After"] = str(error.wait or 60)
        return response

    def too_big(_request: HttpRequest, _error: Any) -> HttpResponse:
        return problem(413, "Send up to 4 MB at once.")

    def other(_request: HttpRequest, error: Any) -> HttpResponse:
        return problem(error.status_code, str(error))

    for kind, answer in (
        (Refused, refused),
        (BadRequestBody, not_understood),
        (Http404, unknown),
        (PermissionDenied, forbidden),
        (AuthenticationError, nobody),
        (Throttled, too_often),
        (RequestDataTooBig, too_big),
        (HttpError, other),
    ):
        api.exception_handler(kind)(answer)
