"""One's own account: log-in, password, sessions. The pages of second factors are allauth's, in our words."""

from collections.abc import Callable
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.account.signals import password_changed, password_reset
from allauth.account.utils import perform_login
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2View
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from config.adapters import CheckedProvider
from config.authentication import person_of_key
from config.forms import FirstPasswordForm, LoginForm, PasswordForm
from config.kept import FIELD, hold_token, is_kept
from config.limits import MOST_WRONG
from config.models import LOCKED_FOR

KEY = "key"  # in the query, which no log holds


@method_decorator(login_not_required, name="dispatch")
class LoginView(auth.LoginView):
    """Name and password; then, for who has one, the second factor; then what was kept for the person."""

    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        hold_token(self.request)
        response: HttpResponse = perform_login(
            self.request, form.get_user(), redirect_url=self.get_success_url()
        )
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        if not form.closed:
            return super().form_invalid(form)
        minutes = int(LOCKED_FOR.total_seconds() // 60)
        context = {"most": MOST_WRONG, "minutes": minutes}
        return render(self.request, "registration/locked.html", context, status=429)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        token = self.request.POST.get(FIELD, "")
        return super().get_context_data(kept=token if is_kept(token) else "", providers=providers(), **kwargs)


def providers() -> list[dict[str, Any]]:
    """Who else may say who somebody is."""
    return cast(list[dict[str, Any]], settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"])


def by_provider(view: type[OAuth2View]) -> Callable[..., HttpResponse]:
    """One of allauth's two views of a provider, whose signature is looked at; 404 where there is none."""

    @login_not_required
    def shown(request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            answer: HttpResponse = view.adapter_view(CheckedProvider(request, provider_id))(request)
        except SocialApp.DoesNotExist as error:
            raise Http404("No such provider.") from error
        return answer

    return shown


class PasswordView(auth.PasswordChangeView):
    """A new password. Every other session of the person ends with the old one."""

    form_class = PasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        password_changed.send(sender=User, request=self.request, user=self.request.user)
        return response


@reauthentication_required(allow_get=True)
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """One's own sessions; each of them can be ended from here, or all but this one."""
    user = cast(User, request.user)
    mine = UserSession.objects.purge_and_list(user)
    if request.method != "POST":
        mine.sort(key=lambda held: held.created_at, reverse=True)
        return render(request, "registration/sessions.html", {"sessions": mine})
    named = request.POST.get("session", "")
    ended = [held for held in mine if str(held.pk) == named or (not named and not held.is_current())]
    for held in ended:
        held.end()
    number = len(ended)
    messages.success(request, f"{number} session{'' if number == 1 else 's'} ended.")
    return redirect("sessions")


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first_password(request: HttpRequest) -> HttpResponse:
    """A first password, or a new one in place of a forgotten one, by a link that is good once and for a day.

    It proves nothing but the password: a second factor is asked for at the log-in as ever.
    """
    key = request.POST.get(KEY, "") or request.GET.get(KEY, "")
    person = person_of_key(key)
    if person is None:
        return render(request, "registration/first_password.html", {"gone": True}, status=410)
    form = FirstPasswordForm(person, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        form.save()
        password_reset.send(sender=User, request=request, user=person)
        messages.success(request, "The password is set. Please log in with it.")
        return redirect("login")
    return render(request, "registration/first_password.html", {"form": form, "key": key, "person": person})
