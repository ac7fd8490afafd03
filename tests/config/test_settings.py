"""Settings: production starts only when it is completely configured, and says what is missing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import sqlite

ROOT = Path(__file__).resolve().parents[2]

# Nothing of ours, but what lets coverage look on.
CLEAN = {n: v for n, v in os.environ.items() if n == "PATH" or n.startswith("COVERAGE_")}

COMPLETE = {
    "BOARD_MODE": "production",
    "SECRET_KEY": "k3y-of-fifty-random-characters-0123456789-abcdefghijkl",
    "RECORD_KEY": "k1:another-of-fifty-random-characters-0123456789-abcdef",
    "ALLOWED_HOSTS": "board.example.org",
    "DATABASE_URL": "postgres://board:secret@db.example.org:5432/board",
}
PROVIDER = {
    "OIDC_ISSUER": "https://login.example.org/realms/a",
    "OIDC_CLIENT_ID": "board",
    "OIDC_CLIENT_SECRET": "c",
}

SHOW = """
import json
from config import settings as s
names = (
    "DEBUG", "DEMO", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
    "SECURE_HSTS_SECONDS", "CSRF_TRUSTED_ORIGINS", "SECURE_PROXY_SSL_HEADER", "ALLOWED_HOSTS",
    "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "PAGE_OWNERS_COOKIE_NAME", "MESSAGES_COOKIE_NAME",
)
shown = {name: getattr(s, name, None) for name in names}
print(json.dumps(shown | {"ENGINE": s.DATABASES["default"]["ENGINE"]}))
"""


def start(code: str = SHOW, **environment: str) -> subprocess.CompletedProcess[str]:
    """Import the settings in a fresh process that has these variables and no others of ours."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=CLEAN | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def without(variable: str) -> dict[str, str]:
    return {name: value for name, value in COMPLETE.items() if name != variable}


def test_complete_production_configuration_starts() -> None:
    done = start(**COMPLETE)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "DEBUG": False,
        "DEMO": False,
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "PAGE_OWNERS_COOKIE_NAME": "__Host-page_owners",
        "MESSAGES_COOKIE_NAME": "__Host-messages",
        "SECURE_HSTS_SECONDS": 31_536_000,
        "CSRF_TRUSTED_ORIGINS": ["https://board.example.org"],
        "SECURE_PROXY_SSL_HEADER": None,
        "ALLOWED_HOSTS": ["board.example.org"],
        "ENGINE": "django.db.backends.postgresql",
    }


def env_file() -> str:
    file = ROOT / ".env"
    return file.read_text(encoding="utf-8") if file.exists() else ""


@pytest.mark.parametrize("variable", ["SECRET_KEY", "RECORD_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_production_refuses_to_start_without(variable: str, value: str | None) -> None:
    if value is None and variable in env_file():
        value = ""  # where `make setup` wrote it, leaving it out means taking it from there
    environment = without(variable) | ({} if value is None else {variable: value})
    done = start(**environment)
    assert done.returncode == 1
    assert f"ImproperlyConfigured: {variable} is not set" in done.stderr


@pytest.mark.parametrize(
    ("variable", "value", "why"),
    [
        ("BOARD_MODE", "prod", "only production or development is allowed"),
        ("SECRET_KEY", "short", "at least 50 random characters"),
        ("SECRET_KEY", "a" * 80, "too regular"),
        ("SECRET_KEY_FALLBACKS", f"{COMPLETE['SECRET_KEY']},short", "at least 50 random characters"),
        ("RECORD_KEY", "of-fifty-random-characters-0123456789-abcdefghijklmn", "must be ID:SECRET"),
        ("RECORD_KEY", "k1:short", "at least 50 random characters"),
        ("RECORD_KEY_FALLBACKS", "K 1:short", "must be ID:SECRET"),
        ("ALLOWED_HOSTS", "*", "name the hosts"),
        ("DATABASE_URL", "mysql://board", "must begin with postgres://"),
        ("DATABASE_URL", "sqlite:////srv/board.sqlite3", "must begin with postgres://"),
        ("BEHIND_TLS_PROXY", "yes", "only true or false is allowed"),
        ("TRUSTED_PROXIES", "two", "only a number from 0 to 9 is allowed"),
        ("TRUSTED_PROXIES", "-1", "only a number from 0 to 9 is allowed"),
        ("SECOND_FACTOR", "none", "only everybody, required or optional is allowed"),
        ("OIDC_CLIENT_ID", "", "is not set, although OIDC_ISSUER is"),
        ("OIDC_CLIENT_SECRET", "", "is not set, although OIDC_ISSUER is"),
        ("OIDC_ISSUER", "http://login.example.org", "must begin with https://"),
        ("BOARD_DEBUG", "true", "debug pages would show patient data"),
    ],
)
def test_production_refuses_a_wrong_value(variable: str, value: str, why: str) -> None:
    done = start(**(COMPLETE | PROVIDER | {variable: value}))
    assert done.returncode == 1
    message = done.stderr.strip().splitlines()[-1]
    assert f"ImproperlyConfigured: {variable} " in message
    assert why in message


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (COMPLETE, [True, False]),
        (COMPLETE | {"SECOND_FACTOR": "everybody"}, [True, True]),
        (COMPLETE | {"SECOND_FACTOR": "optional"}, [False, False]),
        ({"BOARD_MODE": "development"}, [False, False]),
        ({"BOARD_MODE": "development", "SECOND_FACTOR": "required"}, [True, False]),
    ],
)
def test_production_asks_for_a_second_factor_unless_it_is_told_otherwise(
    said: dict[str, str], shown: list[bool]
) -> None:
    show = "from config import settings as s; print([s.SECOND_FACTOR_REQUIRED, s.SECOND_FACTOR_OF_ALL])"
    assert start(show, **said).stdout.strip() == str(shown)


def test_a_provider_may_be_gone_to_where_one_is_named() -> None:
    show = "from config import settings as s; print(s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'])"
    assert start(show, **COMPLETE).stdout.strip() == """["'self'"]"""
    done = start(show, **(COMPLETE | PROVIDER))
    assert done.stdout.strip() == """["'self'", 'https://login.example.org']"""


def test_a_proxy_is_believed_only_where_it_is_said_to_be_there() -> None:
    shown = json.loads(start(**COMPLETE, BEHIND_TLS_PROXY="true").stdout)
    assert shown["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_nothing_said_means_production() -> None:
    done = start(BOARD_MODE="")
    assert done.returncode == 1
    assert "SECRET_KEY is not set" in done.stderr


@pytest.mark.parametrize("variable", ["SECRET_KEY", "SECRET_KEY_FALLBACKS", "ALLOWED_HOSTS"])
def test_development_refuses_what_looks_like_production(variable: str) -> None:
    done = start(BOARD_MODE="development", **{variable: COMPLETE.get(variable, "a former key")})
    assert done.returncode == 1
    assert f"BOARD_MODE is development although {variable} is set" in done.stderr


def test_development_runs_without_debug_pages() -> None:
    done = start(BOARD_MODE="development")
    shown = json.loads(done.stdout)
    assert (shown["DEBUG"], shown["DEMO"], shown["ENGINE"]) == (False, True, "django.db.backends.sqlite3")


def test_sqlite_is_set_up_for_writers_that_queue_and_for_durable_commits() -> None:
    assert sqlite(Path("/srv/board.sqlite3")) == {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": Path("/srv/board.sqlite3"),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL;",
        },
    }


def test_development_keeps_its_database_where_it_is_told() -> None:
    show = "from config import settings; print(settings.DATABASES['default']['NAME'])"
    for url, path in (("sqlite:////srv/x.sqlite3", "/srv/x.sqlite3"), ("", str(ROOT / "db.sqlite3"))):
        assert start(show, BOARD_MODE="development", DATABASE_URL=url).stdout.strip() == path
    assert "DATABASE_URL must begin" in start(BOARD_MODE="development", DATABASE_URL="sqlite:///").stderr


def test_a_secret_that_begins_with_a_dollar_is_taken_as_it_is() -> None:
    secret = "$" + COMPLETE["SECRET_KEY"]
    done = start(
        "from config import settings; print(settings.SECRET_KEY)", **(COMPLETE | {"SECRET_KEY": secret})
    )
    assert done.stdout.strip() == secret


def test_former_keys_are_listed() -> None:
    show = "from config import settings; print(settings.SECRET_KEY_FALLBACKS)"
    first, second = COMPLETE["SECRET_KEY"] + "1", COMPLETE["SECRET_KEY"] + "2"
    assert start(show, **COMPLETE).stdout.strip() == "[]"
    done = start(show, **COMPLETE, SECRET_KEY_FALLBACKS=f"{first}, {second}")
    assert done.stdout.strip() == str([first, second])


def test_the_deployment_check_is_clean() -> None:
    environment = COMPLETE | {"DATABASE_URL": "postgres://board:none@127.0.0.1:1/board"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=CLEAN | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
