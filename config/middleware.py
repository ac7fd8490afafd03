"""What every request passes through."""

import codecs
import time
from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth import user_logged_in
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django_htmx.middleware import HtmxDetails

from config.forms import LoginForm
from config.kept import kept_from

GetResponse = Callable[[HttpRequest], HttpResponseBase]

SLIDE_EVERY = 60  # seconds; a session is written at most this often, not at every keystroke's preview


class PrivateResponses:
    """Keeps every page out of caches, the browser's own included; names the browser features we never use.

    Static files are answered before this middleware and stay cacheable. So does what a view calls immutable,
    which holds nothing of a patient.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if "immutable" not in response.headers.get("Cache-Control", ""):
            add_never_cache_headers(response)
        unused = ("camera", "geolocation", "microphone", "payment", "usb")
        response.headers["Permissions-Policy"] = ", ".join(f"{feature}=()" for feature in unused)
        return response


class RefuseUnreadable:
    """What no browser of ours sends and no database of ours stores is answered with 400.

    A NUL byte in an address fails on PostgreSQL. A form in another character set than UTF-8 can spell
    characters that no text may hold (half of a surrogate pair).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        nul = "\0" in request.path or "%00" in request.META.get("QUERY_STRING", "")
        if nul or not is_utf8(request.encoding):
            return render(request, "400.html", status=400)
        return self.get_response(request)


def is_utf8(charset: str | None) -> bool:
    """Whether a request's character set, which a header may leave out, is the one that our pages ask for."""
    return charset is None or codecs.lookup(charset).name in ("utf-8", "ascii")


@receiver(user_logged_in)
def session_begins(request: HttpRequest, **kwargs: Any) -> None:
    request.session["seen"] = int(time.time())


class SlidingSession:
    """Moves the end of a session on while its owner works, so that only an idle one ends."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and request.path != reverse("session"):
            now = int(time.time())
            if now - request.session.get("seen", 0) >= SLIDE_EVERY:
                request.session["seen"] = now
        return self.get_response(request)


class LoginRequired(LoginRequiredMiddleware):
    """Every page needs a log-in unless its view says otherwise.

    htmx is told to load the log-in page as a whole page; it would otherwise put it inside a panel. A page on
    which something is typed stays as it is instead (static/js/entry.js says so and takes a fresh token after
    the log-in). A form that was sent after the session had ended is carried along (config.kept).
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if request.user.is_authenticated or not getattr(view_func, "login_required", True):
            return None
        if htmx_of(request):
            return log_in_as_a_whole_page(request)
        kept = kept_from(request)
        if kept:
            return log_in_again(request, kept.sealed())
        return cast(HttpResponse, self.handle_no_permission(request, view_func))


def htmx_of(request: HttpRequest) -> HtmxDetails:
    return cast(HtmxDetails, getattr(request, "htmx"))  # noqa: B009 (unknown to HttpRequest's type)


def log_in_as_a_whole_page(request: HttpRequest) -> HttpResponse:
    """What htmx follows by leaving the page; the status lets a page's own script tell it apart and stay."""
    back = htmx_of(request).current_url_abs_path or "/"
    address = redirect_to_login(back, reverse("login")).url
    return HttpResponse(status=401, headers={"HX-Redirect": address})


def log_in_again(request: HttpRequest, sealed: str) -> HttpResponse:
    """The log-in page around a form that came too late."""
    context = {"form": LoginForm(request), "kept": sealed, "next": "/"}
    return render(request, "registration/login.html", context, status=403)
