"""What every request passes through."""

import codecs
import time
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.html import format_html
from django_htmx.middleware import HtmxDetails

from config.authentication import lacks_second_factor
from config.forms import LoginForm
from config.kept import FIELD, claim, has_kept, keep, may_be_kept, typed_in
from config.models import KeptForm
from config.owner import owner_of, part_from_owner, remember
from config.sessions import SEEN, life_left

GetResponse = Callable[[HttpRequest], HttpResponseBase]
ViewT = TypeVar("ViewT", bound=Callable[..., HttpResponseBase])

SHOWN_TO_WHO_HAS_ONE = {"cases", "guidelines"}  # a second factor, where everybody must
SLIDE_EVERY = 60  # seconds; a session is written at most this often, not at every keystroke's preview


UNUSED = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")  # features of browsers


class PrivateResponses:
    """Every answer whatsoever keeps to itself: in no cache, in no page of another site.

    What says that it is public, our static files, may be kept in caches, and what a view calls immutable,
    which holds nothing of a patient. Django's own middleware sets the last three headers too, unless it is
    what refused.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not {"public", "immutable"} & set(response.headers.get("Cache-Control", "").split(", ")):
            add_never_cache_headers(response)
        response.headers["Permissions-Policy"] = ", ".join(f"{feature}=()" for feature in UNUSED)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
        response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
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
            return not_understood(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Nor is what a form of ours does not look at by itself: PostgreSQL's driver refuses a NUL byte."""
        is_nul = isinstance(error, DataError) and "NUL" in str(error)
        return not_understood(request) if is_nul else None


def not_understood(request: HttpRequest) -> HttpResponse:
    """A page, or for another program what its interface says all refusals in."""
    if not request.path.startswith("/api/"):
        return render(request, "400.html", status=400)
    said = {"type": "about:blank", "title": "Bad Request", "status": 400, "detail": "", "errors": []}
    return JsonResponse(said, status=400, content_type="application/problem+json")


def is_utf8(charset: str | None) -> bool:
    """Whether a request's character set, which a header may leave out, is the one that our pages ask for."""
    return charset is None or codecs.lookup(charset).name in ("utf-8", "ascii")


def leaves_session_alone(view: ViewT) -> ViewT:
    """Mark a view that open pages ask by themselves: it does not tell that somebody is at work."""
    view.moves_session = False  # type: ignore[attr-defined]
    return view


class SlidingSession:
    """Moves the end of a session on while its owner works: it ends idle, or after twelve hours."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> None:
        if not request.user.is_authenticated:
            return
        if life_left(request) <= 0:
            logout(request)
        elif getattr(view_func, "moves_session", True):
            now = int(time.time())
            if now - request.session.get(SEEN, 0) >= SLIDE_EVERY:
                request.session[SEEN] = now


class LoginRequired(LoginRequiredMiddleware):
    """Every page needs a log-in unless its view says otherwise.

    htmx is told to load the log-in page as a whole page; it would otherwise put it inside a panel. A page on
    which something is typed is covered instead (static/js/session.js, which takes a fresh token after
    the log-in). A form that was sent after the session had ended is kept for its writer (config.kept).
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if request.user.is_authenticated or not getattr(view_func, "login_required", True):
            return None
        if htmx_of(request):
            return log_in_as_a_whole_page(request)
        typed = typed_in(request)
        owner = owner_of(request) if typed else None
        if typed and owner:
            return log_in_again(request, keep(request, typed, owner))
        return cast(HttpResponse, self.handle_no_permission(request, view_func))


def htmx_of(request: HttpRequest) -> HtmxDetails:
    return cast(HtmxDetails, getattr(request, "htmx"))  # noqa: B009 (unknown to HttpRequest's type)


def log_in_as_a_whole_page(request: HttpRequest) -> HttpResponse:
    """What htmx follows by leaving the page; the status lets a page's own script tell it apart and stay."""
    back = htmx_of(request).current_url_abs_path or "/"
    address = redirect_to_login(back, reverse("login")).url
    return HttpResponse(status=401, headers={"HX-Redirect": address})


def log_in_again(request: HttpRequest, kept: KeptForm) -> HttpResponse:
    """The log-in page after a form that came too late; it holds the form's token and nothing of the form."""
    part_from_owner(request)
    context = {"form": LoginForm(request), "kept": str(kept.token), "next": "/"}
    return render(request, "registration/login.html", context, status=403)


class PageOwners:
    """Lets a form be told whose page it was on (config.owner). A swap belongs to a page that is noted."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in ("GET", "HEAD") and request.path != reverse("session"):  # which open pages ask
            part_from_owner(request)
        response = self.get_response(request)
        if not htmx_of(request):
            remember(request, response)
        return response


class LeadOn:
    """An error that says which page mends it (`leads_to`, by name) leads there, with its words."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponseBase | None:
        """The administration, and every page where everybody must, is for who has a second factor."""
        match, user = request.resolver_match, request.user
        if match is None or not user.is_authenticated:
            return None
        everywhere = settings.SECOND_FACTOR_OF_ALL and match.app_name in SHOWN_TO_WHO_HAS_ONE
        if (everywhere or match.app_name == "admin") and lacks_second_factor(user):
            messages.warning(request, "This takes a second factor: please set one up.")
            return redirect("mfa_index")
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        page = getattr(exception, "leads_to", None)
        if page is None:
            return None
        messages.warning(request, str(exception))
        if htmx_of(request):
            return HttpResponse(status=403, headers={"HX-Redirect": reverse(page)})
        return redirect(page)


class SendKept:
    """Exchanges the token of a kept form for its fields, on the way to the view that they were going to.

    In one transaction with what the view writes: when that fails, the form is still kept.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        user = request.user
        if request.method != "POST" or not user.is_authenticated or not may_be_kept(request.resolver_match):
            return None
        if FIELD not in request.POST:
            return None
        with transaction.atomic():
            typed = claim(user, request.POST[FIELD], request.get_full_path())
            if typed is None:
                messages.error(request, "This form has been sent already, or is older than 12 hours.")
                return redirect("kept")
            request.POST = typed.posted()  # type: ignore[assignment]  # it is immutable, its type is not
            response: HttpResponseBase = view_func(request, *view_args, **view_kwargs)
        if has_kept(user):
            text = 'One more form is kept for you: <a href="{}">look at it</a>.'
            messages.info(request, format_html(text, reverse("kept")))
        return response
