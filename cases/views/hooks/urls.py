"""Addresses of CDS Hooks. Whoever asks shows a signed token; there is no log-in."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cases.actions.hooks import log_hook_call
from cases.screens.hooks import SERVICE, cards_of, description
from cases.views.hooks.trust import NotTrusted, issuer_of

HOOK = "patient-view"
Answer = Callable[[HttpRequest, str], HttpResponse]


def open_to_browsers(method: str, answer: Answer) -> Callable[[HttpRequest], HttpResponse]:
    """An address that a browser elsewhere may ask: it asks first whether it may, and then with a token."""

    @wraps(answer)
    def asked(request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = f"{method}, OPTIONS"
            response["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
            response["Access-Control-Max-Age"] = "600"
        else:
            response = answered(request, answer)
        # A token, not a cookie, says who asks: any page may ask, and learns nothing without one.
        response["Access-Control-Allow-Origin"] = "*"
        return response

    methods = require_http_methods([method, "OPTIONS"])
    allowed: Callable[[HttpRequest], HttpResponse] = login_not_required(csrf_exempt(methods(asked)))
    return allowed


def answered(request: HttpRequest, answer: Answer) -> HttpResponse:
    """The answer to whom we know."""
    try:
        return answer(request, issuer_of(request))
    except NotTrusted:
        response = JsonResponse({"error": "A valid token is needed."}, status=401)
        response["WWW-Authenticate"] = "Bearer"
        return response


def discovery(_request: HttpRequest, issuer: str) -> HttpResponse:
    """Which services there are."""
    log_hook_call(issuer=issuer, call="discovery", answered="services")
    return JsonResponse({"services": [description()]})


def patient_view(request: HttpRequest, issuer: str) -> HttpResponse:
    """The cards of the patient who is shown there."""
    asked = body_of(request)
    if not isinstance(asked, dict) or asked.get("hook") != HOOK:
        log_hook_call(issuer=issuer, call=HOOK, answered="refused")
        return JsonResponse({"error": f"A JSON object with the hook {HOOK} is needed."}, status=400)
    cards = cards_of(asked.get("prefetch"), request.build_absolute_uri("/"))
    log_hook_call(issuer=issuer, call=HOOK, answered="card" if cards else "nothing")
    return JsonResponse({"cards": cards})


def body_of(request: HttpRequest) -> Any:
    """What was sent; None for what is no JSON, or too much of it."""
    try:
        return json.loads(request.body)
    except (RequestDataTooBig, ValueError, RecursionError):
        return None


def only_if_trusting(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Where no issuer is trusted there is no service."""

    @wraps(view)
    def there(request: HttpRequest) -> HttpResponse:
        if not settings.CDS_ISSUERS:
            raise Http404("No service.")
        return view(request)

    return there


urlpatterns = [
    path("cds-services", only_if_trusting(open_to_browsers("GET", discovery)), name="discovery"),
    path(
        f"cds-services/{SERVICE}",
        only_if_trusting(open_to_browsers("POST", patient_view)),
        name="patient_view",
    ),
]
