"""What every request passes through."""

import time
from collections.abc import Callable

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect

GetResponse = Callable[[HttpRequest], HttpResponseBase]

SLIDE_EVERY = 60  # seconds; a session is written at most this often, not at every keystroke's preview


class PrivateResponses:
    """Keeps every page out of caches, the browser's own included, and says which browser features we never use.

    Static files are answered before this middleware and stay cacheable.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        add_never_cache_headers(response)  # type: ignore[arg-type]  # only its headers are touched
        response.headers["Permissions-Policy"] = (
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        return response


class RefuseNullBytes:
    """A URL with a NUL byte is nobody's honest request, and PostgreSQL fails on it: answered with 400."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return render(request, "400.html", status=400)
        return self.get_response(request)


class SlidingSession:
    """Moves the end of a session on while its owner works, so that only an idle one ends."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        now = int(time.time())
        if request.user.is_authenticated and now - request.session.get("seen", 0) >= SLIDE_EVERY:
            request.session["seen"] = now
        return self.get_response(request)


class LoginRequired(LoginRequiredMiddleware):
    """Every page needs a login unless its view says otherwise.

    htmx is told to load the login page as a whole page: it would otherwise put it inside a panel.
    """

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponse]
    ) -> HttpResponseBase:
        if not request.htmx:  # type: ignore[attr-defined]  # set by HtmxMiddleware
            return super().handle_no_permission(request, view_func)
        back = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(redirect_to_login(back, reverse("login")).url)
