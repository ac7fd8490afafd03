"""Views that belong to no app: what was kept from an ended session, and the health check."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from config.kept import FIELD, discard, has_kept, keep, leave_note, offers_to, typed_in
from config.middleware import htmx_of, leaves_session_alone, log_in_again
from config.owner import owner_of_stale
from config.sessions import left_of


@require_http_methods(["GET", "HEAD", "POST"])
def kept(request: HttpRequest) -> HttpResponse:
    """What was kept for who is logged in, to be sent once more, or discarded."""
    user = cast(User, request.user)
    if request.method == "POST":
        discard(user, request.POST.get(FIELD, ""))
        messages.success(request, "Discarded.")
        return redirect("kept" if has_kept(user) else settings.LOGIN_REDIRECT_URL)
    return render(request, "registration/kept.html", {"offers": offers_to(user)})


def stale_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is no longer valid: a log-in in another tab makes every older page's token so.

    What was typed is not lost with it: its writer is offered the form once more, after the log-in where there
    is none. Sent while somebody else is logged in, it is nobody's to offer; its writer is told.
    Only a form of our own pages, which the browser's Origin header tells from one that somebody else made.
    """
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}" and not htmx_of(
        request
    )
    if ours and request.user.is_authenticated and FIELD in request.POST:
        return redirect("kept")
    typed = typed_in(request) if ours else None
    owner = owner_of_stale(request) if typed else None
    if typed is None or owner is None:
        return render(request, "403_csrf.html", status=403)
    if not request.user.is_authenticated:
        return log_in_again(request, keep(request, typed, owner))
    if request.user == owner:
        keep(request, typed, owner)
        return redirect("kept")
    leave_note(request, owner)
    return render(request, "registration/not_yours.html", status=403)


@leaves_session_alone
@login_not_required
def session(request: HttpRequest) -> JsonResponse:
    """Who is logged in, if anybody, for how many seconds more, and the token that an open page then needs.

    Open pages ask it whether the session has ended; that does not move its end on.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"signed_in": False})
    state = {"user": request.user.pk, "token": get_token(request), "left": left_of(request)}
    return JsonResponse({"signed_in": True, **state})
