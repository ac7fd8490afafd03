"""Addresses. No address holds a name, a number or anything else of a patient."""

from collections.abc import Callable

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required, secure_admin_login
from allauth.account.models import EmailAddress
from allauth.socialaccount import views as provider
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from config.account_views import LoginView, PasswordView, by_provider, first_password, sessions
from config.views import kept, session

admin.site.site_header = admin.site.site_title = "Tumor board administration"
# A session's key opens it, and of the others nobody has a use here.
for model in (EmailAddress, SocialApp, SocialToken, UserSession):
    admin.site.unregister(model)
admin_view = admin.site.admin_view
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # there is one log-in


def concerns_accounts(request: HttpRequest) -> bool:
    """Whether a page of the administration changes accounts, roles or factors."""
    match = request.resolver_match
    return bool(match and str(match.url_name).startswith(("auth_", "account_", "cases_membership", "mfa_")))


def proven(view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:
    """A page of the administration; before it changes accounts its author says once more who they are."""
    asks = reauthentication_required(allow_get=True, enabled=concerns_accounts)
    asked: Callable[..., HttpResponse] = asks(admin_view(view, cacheable))
    return asked


admin.site.admin_view = proven  # type: ignore[method-assign, assignment]
log_in = LoginView.as_view()
# Whoever has been logged off in another tab may log off here too.
log_off = login_not_required(auth.LogoutView.as_view())

handler500 = "config.outage.server_error"

urlpatterns = [
    path("", include("cases.urls")),  # first, for an address is looked for from the top
    path("accounts/login/", log_in, name="login"),
    path("accounts/session/", session, name="session"),
    path("accounts/sessions/", sessions, name="sessions"),
    path("accounts/kept/", kept, name="kept"),
    path("accounts/logout/", log_off, name="logout"),
    path("accounts/password/", PasswordView.as_view(), name="password_change"),
    path("accounts/password/done/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("accounts/password/new/", first_password, name="first_password"),
    # The names by which allauth leads to the same pages, and its own ones.
    path("accounts/login/", log_in, name="account_login"),
    path("accounts/logout/", log_off, name="account_logout"),
    path("accounts/again/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/factors/", include("allauth.mfa.urls")),
    path("accounts/<slug:provider_id>/login/", by_provider(OAuth2LoginView), name="openid_connect_login"),
    path(
        "accounts/<slug:provider_id>/login/callback/",
        by_provider(OAuth2CallbackView),
        name="openid_connect_callback",
    ),
    path("accounts/cancelled/", provider.login_cancelled, name="socialaccount_login_cancelled"),
    path("accounts/error/", provider.login_error, name="socialaccount_login_error"),
    path("admin/", admin.site.urls),
    path("guideline/", include("guidelines.urls")),
    path("api/v1/", include(("cases.views.api.urls", "api"))),
    path("", include(("cases.views.hooks.urls", "hooks"))),
]
