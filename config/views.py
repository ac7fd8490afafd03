"""Views that belong to no app: log-in and the health check."""

from typing import Any

from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator

from config.forms import LoginForm
from config.kept import KeptForm, kept_from, unsealed
from config.middleware import htmx_of, log_in_again


@method_decorator(login_not_required, name="dispatch")
class LoginView(auth.LoginView):
    """Django's log-in, which also carries along a form that was sent after the session had ended."""

    authentication_form = LoginForm
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kept = unsealed(request.POST.get("kept", ""))
        if kept and request.user.is_authenticated:  # logged in again in another tab meanwhile
            return self.show(kept)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        kept = unsealed(self.request.POST.get("kept", ""))
        return self.show(kept) if kept else response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kept=self.request.POST.get("kept", ""), **kwargs)

    def show(self, kept: KeptForm) -> HttpResponse:
        """The page that sends the kept form once more, when its writer says so."""
        return render(self.request, "registration/kept.html", {"kept": kept})


def stale_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is no longer valid: a log-in in another tab makes every older page's token so.

    What was typed is not lost with it: the form is offered once more, after the log-in where there is none.
    Only a form of our own pages, which the browser's Origin header tells from one that somebody else made.
    """
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    kept = kept_from(request) if ours and not htmx_of(request) else None
    if kept is None or kept.path == reverse("login"):
        return render(request, "403_csrf.html", status=403)
    if request.user.is_authenticated:
        return render(request, "registration/kept.html", {"kept": kept}, status=403)
    return log_in_again(request, kept.sealed())


@login_not_required
def session(request: HttpRequest) -> JsonResponse:
    """Who is logged in, if anybody, and the token that an open page needs after a new log-in.

    The one page that does not move the session's end on: open pages ask it whether the session has ended.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"signed_in": False})
    return JsonResponse({"signed_in": True, "user": request.user.pk, "token": get_token(request)})


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """200 `ok` while the database answers, else 503; says nothing more to anybody who asks."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unavailable", content_type="text/plain", status=503)
    return HttpResponse("ok", content_type="text/plain")
