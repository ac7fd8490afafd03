"""Where allauth asks how this site wants it: who may log in and where to, factors, and the other provider."""

import base64
import secrets
from typing import Any

import jwt
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from config.authentication import BoardBackend, lacks_second_factor
from config.kept import has_kept
from config.reauthentication import proven_until
from config.sealing import seal, unseal

NOWHERE = "0.0.0.0"  # noqa: S104 (of a request that came through no network)
METADATA = "/.well-known/openid-configuration"
UNSAID = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}  # the page itself shows it


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up; who has no second factor and needs one is led to it; addresses may lie."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Whatever way somebody comes, they must be one who may log in."""
        if BoardBackend().user_can_authenticate(user):
            return super().pre_login(request, user, **kwargs)
        messages.error(request, "This account cannot log in. Ask your administrator.")
        return redirect("login")

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """To what was kept for the person, to the second factor that they need, or where they were going."""
        if lacks_second_factor(user):
            messages.info(request, "Your work here takes a second factor: please set one up first.")
            kwargs["redirect_url"] = reverse("mfa_index")
        elif has_kept(user):
            kwargs["redirect_url"] = reverse("kept")
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def add_message(
        self, request: Any, level: Any, message_template: Any = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template not in UNSAID:
            super().add_message(request, level, message_template, *args, **kwargs)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that the proxies of ours tell; without a readable one, the address that asked us."""
        try:
            return super().get_client_ip(request)
        except (ImproperlyConfigured, PermissionDenied):
            return request.META.get("REMOTE_ADDR") or NOWHERE

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return proven_until(self.request) is None


class FactorAdapter(DefaultMFAAdapter):
    """Factors, whose secrets lie encrypted in the database, and are named by who they are of."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed under a key that is gone opens nothing: by chance alone is a code right then."""
        return unseal(encrypted_text) or base64.b32encode(secrets.token_bytes(20)).decode()

    def build_totp_svg(self, url: str) -> str:
        """The picture as a part of a page, which needs no line that says what XML it is."""
        return super().build_totp_svg(url).partition("?>")[2]


# By a key of the provider's own; never by a secret that we share with it, or by nothing.
ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)


class CheckedProvider(OpenIDConnectOAuth2Adapter):
    """The provider, whose signature is looked at although its answer came straight from it, and which must be
    the one that the settings name.
    """

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> Any:
        data = super().get_access_token_data(*args, **kwargs)
        self.did_fetch_access_token = False
        self._refuse_others(data.get("id_token", ""))
        return data

    def _refuse_others(self, id_token: str) -> None:
        """Raise `OAuth2Error` for another issuer, or for a token that says another algorithm."""
        named = self.get_provider().app.settings["server_url"]
        if self.openid_config["issuer"].rstrip("/") != named.removesuffix(METADATA).rstrip("/"):
            raise OAuth2Error("The provider calls itself by another name.")
        try:
            algorithm = jwt.get_unverified_header(id_token).get("alg")
        except jwt.InvalidTokenError as error:
            raise OAuth2Error("No readable ID token.") from error
        if algorithm not in ALGORITHMS:
            raise OAuth2Error("An ID token that is signed by no algorithm of ours.")


class ProviderAdapter(DefaultSocialAccountAdapter):
    """The hospital's own log-in: it says who somebody is, and the account must be here already."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Tie the provider's person to the account of that name, once: whoever comes with the same name later
        and is another person to the provider is refused.
        """
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise ImmediateHttpResponse(refused(request))
        if sociallogin.is_existing:
            return
        claim = sociallogin.provider.app.settings["username_claim"]
        told = sociallogin.account.extra_data.get("id_token", {}).get(claim)
        user = User.objects.filter(username=told).first() if isinstance(told, str) and told else None
        if user is None or SocialAccount.objects.filter(user=user).exists():
            raise ImmediateHttpResponse(refused(request))
        sociallogin.connect(request, user)


def refused(request: HttpRequest) -> HttpResponse:
    """No account here, or not this one."""
    return render(request, "account/no_account.html", status=403)
