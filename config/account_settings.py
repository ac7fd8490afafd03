"""The settings on accounts, a part of `config.settings`: passwords, second factors, another provider."""

from typing import Any

from config.environment import PRODUCTION, refuse, text, words

AUTHENTICATION_BACKENDS = ["config.authentication.BoardBackend"]
# No rule on which characters a password has: length, and whether it can be guessed (config.passwords).
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "config.passwords.LongestValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "config.passwords.ContextValidator", "OPTIONS": {"words": words("PASSWORD_WORDS")}},
    {"NAME": "config.passwords.GuessableValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 3600  # seconds; how long a link to a first or new password is good for
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"

# Accounts are made by people: nobody signs up, and nothing is sent or asked by e-mail.
ACCOUNT_ADAPTER = "config.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {"reauthenticate": "config.forms.PasswordAgainForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # seconds, as config.reauthentication has it
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
# Wrong passwords and codes are counted in one place (config.limits), and by nobody else.
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False


def proxies() -> int:
    """How many proxies, each of which adds whom it was asked by to X-Forwarded-For, stand in front."""
    number = text("TRUSTED_PROXIES", "0")
    if not number.isdecimal() or int(number) > 9:
        raise refuse("TRUSTED_PROXIES", f"is {number!r}, where only a number from 0 to 9 is allowed")
    return int(number)


ALLAUTH_TRUSTED_PROXY_COUNT = proxies()

# A second factor: an app's codes, security keys and passkeys, and recovery codes for when they are lost.
MFA_ADAPTER = "config.adapters.FactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "config.forms.CodeForm",
    "reauthenticate": "config.forms.CodeAgainForm",
    "add_webauthn": "config.forms.NewKeyForm",
    "edit_webauthn": "config.forms.KeyNameForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODE_DIGITS = 12
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Tumor board"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # http://localhost

SECOND_FACTOR = text("SECOND_FACTOR", "required" if PRODUCTION else "optional")
if SECOND_FACTOR not in {"everybody", "required", "optional"}:
    allowed = "everybody, required or optional"
    raise refuse("SECOND_FACTOR", f"is {SECOND_FACTOR!r}, where only {allowed} is allowed")
# Whoever signs or administers must have one. Who that is, the app that knows boards says.
SECOND_FACTOR_REQUIRED = SECOND_FACTOR != "optional"
SECOND_FACTOR_OF_ALL = SECOND_FACTOR == "everybody"
SECOND_FACTOR_FOR = "cases.access.must_prove_more"


def provider() -> list[dict[str, Any]]:
    """The one other place that may say who somebody is (OpenID Connect); none unless it is configured."""
    issuer = text("OIDC_ISSUER")
    if not issuer:
        return []
    for needed in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"):
        if not text(needed):
            raise refuse(needed, "is not set, although OIDC_ISSUER is")
    if PRODUCTION and not issuer.startswith("https://"):
        raise refuse("OIDC_ISSUER", "must begin with https://")
    return [
        {
            "provider_id": "hospital",
            "name": text("OIDC_NAME", "hospital account"),
            "client_id": text("OIDC_CLIENT_ID"),
            "secret": text("OIDC_CLIENT_SECRET"),
            "settings": {
                "server_url": issuer,
                "fetch_userinfo": False,  # what counts is signed
                "username_claim": text("OIDC_USERNAME_CLAIM", "preferred_username"),
            },
        }
    ]


SOCIALACCOUNT_ADAPTER = "config.adapters.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    "openid_connect": {"APPS": provider(), "OAUTH_PKCE_ENABLED": True}
}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
