"""A browser that looks at the headers of every answer it gets, whatever the test is about."""

from typing import Any

from csp.utils import build_policy
from django.http import HttpResponseBase
from django.test import Client

HEADERS = {
    "Content-Security-Policy": build_policy(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# What may stay in a cache: files that everybody gets, and a statement of the guideline asked with its digest.
KEPT_IN_CACHES = (("/static/", "public"), ("/guideline/editions/", "immutable"))


def faults_of(path: str, response: HttpResponseBase) -> dict[str, str | None]:
    """The headers of an answer that are missing or otherwise than they must be."""
    kept = response.headers.get("Cache-Control", "")
    may_be_kept = any(path.startswith(begin) and word in kept for begin, word in KEPT_IN_CACHES)
    found = {name: response.headers.get(name) for name in HEADERS}
    wrong = {name: value for name, value in found.items() if value != HEADERS[name]}
    if not may_be_kept and not {"no-store", "private"} <= set(kept.split(", ")):
        wrong["Cache-Control"] = kept
    return wrong


class Watched(Client):
    """Django's client of tests; an answer without one of the headers fails the test that asked."""

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        asked = f"{request['REQUEST_METHOD']} {request['PATH_INFO']} {response.status_code}"
        faults = faults_of(request["PATH_INFO"], response)
        assert not faults, f"{asked}: {faults}"
        return response
