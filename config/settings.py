"""All settings; those on accounts stand in `config.account_settings`.

The machine's environment decides everything that differs between places. Nothing said means production, and
production starts only when every variable it needs is there; the message names the one that is missing.
`make setup` writes `.env` with `BOARD_MODE=development`, which is what a developer's machine runs with.

| variable             | production                     | development                        |
|----------------------|--------------------------------|------------------------------------|
| BOARD_MODE           | `production` (also when unset) | `development`                      |
| SECRET_KEY           | required, 50 characters        | must not be set                    |
| SECRET_KEY_FALLBACKS | former keys, comma-separated   | must not be set                    |
| ALLOWED_HOSTS        | required, comma-separated      | must not be set                    |
| DATABASE_URL         | required, postgres://          | or sqlite:///path; ./db.sqlite3    |
| CSRF_TRUSTED_ORIGINS | https:// of ALLOWED_HOSTS      | none                               |
| BEHIND_TLS_PROXY     | `true` where a proxy ends TLS  | unused                             |
| TRUSTED_PROXIES      | how many name the client (0)   | 0                                  |
| SECOND_FACTOR        | `required`, or `everybody`     | `optional`                         |
| PASSWORD_WORDS       | hospital's words, comma-sep.   | none                               |
| OIDC_ISSUER          | https:// of the provider       | none                               |
| OIDC_CLIENT_ID       | with OIDC_ISSUER               | likewise                           |
| OIDC_CLIENT_SECRET   | with OIDC_ISSUER               | likewise                           |
| OIDC_NAME            | `hospital account`             | likewise                           |
| OIDC_USERNAME_CLAIM  | `preferred_username`           | likewise                           |
| STATIC_ROOT          | ./staticfiles                  | ./staticfiles                      |
| GUIDELINE_REPORTS    | ./reports                      | ./reports                          |
| RECORD_KEY           | required, ID:50 characters     | of no secrecy                      |
| RECORD_KEY_FALLBACKS | former ones, comma-separated   | likewise                           |
| RECORD_ANCHOR_FILE   | a path outside the database    | beside the database                |
| RECORD_ANCHOR_SYSLOG | `/dev/log` or `host:port`      | none                               |
| DELIVER_TO           | NAME=mllp://host:port, comma-sep.  | or NAME=file:///folder; none       |
| CDS_ISSUERS          | ISSUER=file of its keys, comma-sep. | likewise; none                    |
| BACKUP_DIR           | folder of the backups          | none                               |
| BACKUP_RECIPIENT     | `age1…`, whose key reads them  | none                               |
| TIME_ZONE            | UTC                            | UTC                                |
| BOARD_DEBUG          | refused                        | `true` shows Django's debug pages  |
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

from config.account_settings import *  # noqa: F403 (a part of this file, for its length)
from config.account_settings import SOCIALACCOUNT_PROVIDERS
from config.environment import BASE_DIR, PRODUCTION, flag, refuse, strong, text, words

# --- Where this runs ------------------------------------------------------------------------------

# Demonstration accounts have published passwords: they can be made, and can log in, only where this is true.
DEMO = not PRODUCTION

DEBUG = flag("BOARD_DEBUG")
if DEBUG and PRODUCTION:
    raise refuse("BOARD_DEBUG", "is true in production, where debug pages would show patient data")


def production_secret() -> str:
    secret = text("SECRET_KEY")
    if not secret:
        raise refuse("SECRET_KEY", "is not set")
    return strong("SECRET_KEY", secret)


def production_hosts() -> list[str]:
    hosts = words("ALLOWED_HOSTS")
    if not hosts:
        raise refuse("ALLOWED_HOSTS", "is not set")
    if "*" in hosts:
        raise refuse("ALLOWED_HOSTS", "is *, which would accept any host; name the hosts")
    return hosts


if PRODUCTION:
    SECRET_KEY = production_secret()
    # What a former key has signed or encrypted is still read; nothing new is made with it.
    SECRET_KEY_FALLBACKS = [strong("SECRET_KEY_FALLBACKS", key) for key in words("SECRET_KEY_FALLBACKS")]
    ALLOWED_HOSTS = production_hosts()
    CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS") or [f"https://{host}" for host in ALLOWED_HOSTS]
else:
    for variable in ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "ALLOWED_HOSTS"):
        if text(variable):
            raise refuse(
                "BOARD_MODE", f"is development although {variable} is set; say which of the two is meant"
            )
    SECRET_KEY = "development only: never signs anything outside a developer's machine"  # noqa: S105
    SECRET_KEY_FALLBACKS = []
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
    CSRF_TRUSTED_ORIGINS = []


# --- The chain of audit events --------------------------------------------------------------------


def record_key(variable: str, words: str) -> tuple[str, str]:
    """A key's id and its secret, from `ID:SECRET`."""
    name, colon, secret = words.partition(":")
    if not colon or not re.fullmatch(r"[a-z0-9-]{1,16}", name):
        raise refuse(variable, "must be ID:SECRET, the id of at most 16 small letters, digits and hyphens")
    return name, strong(variable, secret)


def record_keys() -> dict[str, str]:
    """Secrets by the id of their key; the first makes new codes, the others are still known."""
    found = dict([record_key("RECORD_KEY", text("RECORD_KEY"))]) if text("RECORD_KEY") else {}
    if PRODUCTION and not found:
        raise refuse("RECORD_KEY", "is not set")
    found |= dict(record_key("RECORD_KEY_FALLBACKS", key) for key in words("RECORD_KEY_FALLBACKS"))
    # What was written before `.env` had a key of its own.
    return found if PRODUCTION else {**found, "dev": "development only: of no secrecy, as it stands here"}


RECORD_KEYS = record_keys()
RECORD_ANCHOR_SYSLOG = text("RECORD_ANCHOR_SYSLOG")


# --- Database -------------------------------------------------------------------------------------


def sqlite(path: Path) -> dict[str, Any]:
    """SQLite for one machine: writers queue instead of failing; what is committed survives a power cut."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL;",
        },
    }


def database() -> dict[str, Any]:
    url = text("DATABASE_URL")
    if not url:
        if PRODUCTION:
            raise refuse("DATABASE_URL", "is not set")
        return sqlite(BASE_DIR / "db.sqlite3")
    path = url.removeprefix("sqlite:///")
    if not PRODUCTION and path and path != url:
        return sqlite(Path(path))
    if not url.startswith(("postgres://", "postgresql://")):
        raise refuse("DATABASE_URL", "must begin with postgres://; in development, sqlite:///path will do")
    return {
        **environ.Env.db_url_config(url),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": database()}
# In development each database has a file beside it: it says nothing of another one.
RECORD_ANCHOR_FILE = text(
    "RECORD_ANCHOR_FILE",
    f"{DATABASES['default']['NAME']}.anchors" if "sqlite" in DATABASES["default"]["ENGINE"] else "",
)
# Where `backup` writes, and to whose key (age) it encrypts.
BACKUP_DIR = Path(text("BACKUP_DIR")) if text("BACKUP_DIR") else None
BACKUP_RECIPIENT = text("BACKUP_RECIPIENT")
READY_CHECKS = ["cases.ready.findings"]  # what /readyz asks besides
LOADED_FIRST = ["cases.ready.load"]  # what a server calls before it takes requests
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# --- Applications ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "cases",
    "guidelines",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_tasks_db",
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

# The first four see every answer: also a redirect to https, the refusal of a wrong host, and a static file.
MIDDLEWARE = [
    "config.middleware.PrivateResponses",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.RefuseUnreadable",
    "config.health.Health",
    "config.giving_way.CountsRequests",
    "config.outage.Sessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.SlidingSession",
    "config.middleware.PageOwners",
    "config.middleware.LoginRequired",
    "config.middleware.SendKept",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.middleware.LeadOn",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = text("TIME_ZONE", "UTC")
USE_I18N = False  # one language; looking for others took 2 to 7 % of a page
USE_TZ = True


# --- Sessions -------------------------------------------------------------------------------------

# Half an hour without a request ends the session, and twelve hours do in any case (config.sessions).
SESSION_COOKIE_AGE = 30 * 60
SESSION_LIFE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # pages carry the token in their markup
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.views.stale_token"

# Under these names a browser takes a cookie from this host alone, over TLS, and for all of its addresses.
HOST_ONLY = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME = f"{HOST_ONLY}sessionid"
CSRF_COOKIE_NAME = f"{HOST_ONLY}csrftoken"
PAGE_OWNERS_COOKIE_NAME = f"{HOST_ONLY}page_owners"
MESSAGES_COOKIE_NAME = f"{HOST_ONLY}messages"
MESSAGE_STORAGE = "config.notices.Notices"


# --- What a browser may do ------------------------------------------------------------------------

PROVIDERS = [
    "{0.scheme}://{0.netloc}".format(urlsplit(app["settings"]["server_url"]))
    for app in SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        # A browser applies this to where an answer to a form leads, too.
        "form-action": [SELF, *PROVIDERS],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]  # asked from inside, by the load balancer
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    if flag("BEHIND_TLS_PROXY"):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# W021 asks for the browsers' public preload list, where a hospital's internal host has no place.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# Room for a very long free text, refused politely by the form; more than this is not a form. A hand-over has
# a field for each case.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["config.uploads.InMemoryUploads"]


# --- Jobs -----------------------------------------------------------------------------------------

# Documents that take long are rows that `manage.py print_orders` takes, as many of it as there are.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}


# --- Other systems --------------------------------------------------------------------------------

# Who gets each signed decision, by a name of ours. Nobody unless it is said here.
DELIVER_TO: dict[str, str] = {}
for pair in words("DELIVER_TO"):
    name, _, address = pair.partition("=")
    if not re.fullmatch(r"[a-z0-9-]{1,40}", name) or not address:
        raise refuse("DELIVER_TO", "needs NAME=address; a name has 1 to 40 small letters, digits, hyphens")
    DELIVER_TO[name] = address

# Systems that may ask by CDS Hooks: the issuer of their tokens and the file of their public keys.
CDS_ISSUERS: dict[str, str] = {}
for pair in words("CDS_ISSUERS"):
    issuer, _, key_file = pair.rpartition("=")
    if not issuer or not Path(key_file).is_file():
        raise refuse("CDS_ISSUERS", "needs ISSUER=FILE, the file a JWKS or a public key as PEM")
    CDS_ISSUERS[issuer] = key_file


# --- Proofs of the guideline ----------------------------------------------------------------------

# Where `verify_guideline` keeps its last report on each encoding, and the page finds it.
GUIDELINE_REPORTS = Path(text("GUIDELINE_REPORTS", str(BASE_DIR / "reports")))


# --- Static files ---------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = not PRODUCTION


# --- Logs: what happened, never to whom -----------------------------------------------------------

DEFAULT_EXCEPTION_REPORTER_FILTER = "config.logs.HideEverything"
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "config.logs.QuietFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Django gives this one a mail handler of its own; the empty list takes it away.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Its warnings quote the text of the document.
        "weasyprint": {"handlers": [], "propagate": False},
    },
}
