"""What every answer carries, whoever asks: policy headers, nothing kept in caches, errors in plain words."""

import logging
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path
from django.views.debug import ExceptionReporter

from cases.actions.tokens import make_token
from cases.models import Board
from config import urls
from config.logs import HideEverything, QuietFormatter
from config.middleware import RefuseUnreadable
from guidelines.knowledge.releases import current
from tests.watched import HEADERS, Watched, faults_of

SECRET = "Quandt-Weber"  # an invented surname that must appear nowhere


def fails(request: HttpRequest) -> HttpResponse:
    raise ValueError(f"no such patient: {SECRET}")


@pytest.fixture
def failing() -> Iterator[Client]:
    """A client of a site with one page that fails, whose error names a patient."""
    urlconf = type("Urls", (), {"urlpatterns": [path("fails", fails), *urls.urlpatterns]})
    client = Watched(raise_request_exception=False)
    with override_settings(ROOT_URLCONF=urlconf):
        yield client


@pytest.fixture
def token(alice: User, board: Board) -> str:
    return make_token(by=alice, board=board, name="EPR", rights=["read"], days=30)[1]


def test_the_policy_is_strict() -> None:
    assert dict(part.split(" ", 1) for part in HEADERS["Content-Security-Policy"].split("; ")) == {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }


# What fills in the addresses of everything but the record, whose tests ask theirs (tests/cases/pages.py).
SAMPLES = {
    "pk": "1",
    "provider_id": "hospital",
    "intervention": "platinum_etoposide",
    "statement_id": current().statements[0].id,
    "address": current().address,
    "code": "no-such-question",
    "slug": "all",
    "case": str(UUID(int=0)),
    "decision": str(UUID(int=0)),
}


def addresses_elsewhere(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """An address for every pattern that is none of the record's; of the administration its first page."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield re.sub(r"<(?:\w+:)?(\w+)>", lambda name: SAMPLES[name[1]], route)
        elif pattern.app_name == "admin":
            yield route
        elif pattern.app_name != "cases":
            yield from addresses_elsewhere(pattern, route)


def test_every_answer_has_every_header(alice: User, token: str) -> None:
    """Pages, redirects, refusals, files, JSON: to somebody, to nobody, to another program."""
    somebody, nobody = Watched(), Watched(enforce_csrf_checks=True)
    program = Watched(headers={"Authorization": f"Bearer {token}"})
    somebody.force_login(alice)
    elsewhere = [*addresses_elsewhere(get_resolver()), "/healthz", "/readyz", "/static/css/tokens.css"]
    elsewhere += ["/static/none.css", "/no-such-page", "/%00"]
    seen = set()
    for address in elsewhere:
        asked = [somebody.get, nobody.get, nobody.post, nobody.delete]
        if "/api/" in address:
            asked = [program.get, program.post, program.put, nobody.get]
        for ask in asked:
            response = ask(address)
            seen.add(response.status_code)
            response.getvalue()  # a file is read to its end
    assert seen >= {200, 302, 400, 401, 403, 404, 405, 410, 422}


@override_settings(SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["board.example.org"])
def test_what_never_reaches_a_page_has_them_too() -> None:
    client = Watched()
    assert client.get("/", headers={"host": "elsewhere.example.org"}).status_code == 400
    redirect = client.get("/", headers={"host": "board.example.org"})
    assert (redirect.status_code, redirect.headers["Location"]) == (301, "https://board.example.org/")


def test_cookies_are_of_this_host_alone(client: Client, alice: User, settings: Any) -> None:
    """By the names and flags that production has; tests/config/test_settings.py shows that it has them."""
    for name in ("SESSION", "CSRF", "PAGE_OWNERS", "MESSAGES"):
        setattr(settings, f"{name}_COOKIE_NAME", f"__Host-{name}")
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client.post("/accounts/login/", {"username": "alice", "password": "a long password"})
    client.get("/accounts/password/")
    client.post("/accounts/kept/", {})  # leaves a message
    flags = {
        name: (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"])
        for name, cookie in client.cookies.items()
    }
    names = {"__Host-SESSION", "__Host-CSRF", "__Host-PAGE_OWNERS", "__Host-MESSAGES"}
    assert flags == dict.fromkeys(names, (True, True, "/", ""))


@pytest.mark.parametrize("name", [*HEADERS, "Cache-Control"])
def test_a_header_that_is_missing_is_found(client: Client, name: str) -> None:
    response = client.get("/healthz")
    del response.headers[name]
    assert list(faults_of("/healthz", response)) == [name]


def test_static_files_may_be_cached(client: Client) -> None:
    response = client.get("/static/css/tokens.css")
    assert response.status_code == 200
    assert response.getvalue().startswith(b"/*")
    assert "no-store" not in response.headers.get("Cache-Control", "")


def test_base_page_has_no_inline_script_or_style(client: Client, alice: User) -> None:
    client.force_login(alice)
    page = client.get("/accounts/password/").content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page
    assert "<script src=" in page


def test_base_page_sends_the_token_with_every_swap(client: Client, alice: User) -> None:
    client.force_login(alice)
    response = client.get("/accounts/password/")
    token = response.context["csrf_token"]
    assert f"""<body hx-headers='{{"x-csrftoken": "{token}"}}'""" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/%00", "/?q=%00", "/accounts/login/?next=%00"])
def test_a_nul_byte_in_an_address_is_a_bad_request(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert "Not understood" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "status"),
    [("PostgreSQL text fields cannot contain NUL (0x00) bytes", 400), ("integer out of range", None)],
)
def test_what_the_database_does_not_take_for_a_nul_byte_is_a_bad_request(
    rf: RequestFactory, said: str, status: int | None
) -> None:
    middleware = RefuseUnreadable(lambda request: HttpResponse())
    answer = middleware.process_exception(rf.post("/"), DataError(said))
    assert (answer.status_code if answer else None) == status


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("charset", "status"),
    [("utf-8", 200), ("UTF8", 200), ("nonsense", 200), ("raw_unicode_escape", 400), ("utf-7", 400)],
)
def test_a_form_in_another_character_set_is_a_bad_request(client: Client, charset: str, status: int) -> None:
    body = b'--B\r\nContent-Disposition: form-data; name="username"\r\n\r\n\\ud800\r\n--B--\r\n'
    kind = f"multipart/form-data; boundary=B; charset={charset}"
    response = client.generic("POST", "/accounts/login/", body, content_type=kind)
    assert response.status_code == status


@pytest.mark.django_db
def test_a_nul_byte_in_a_form_is_a_field_error(client: Client) -> None:
    response = client.post("/accounts/login/", {"username": "alice\0", "password": "a\0b"})
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"username", "password"}


@pytest.mark.django_db
def test_a_megabyte_in_a_form_is_a_field_error(client: Client) -> None:
    response = client.post("/accounts/login/", {"username": "ä" * 1_000_000, "password": "x" * 1_000_000})
    assert response.status_code == 200
    assert "at most 150 characters" in str(response.context["form"].errors["username"])
    assert "at most 1000 characters" in str(response.context["form"].errors["password"])


@pytest.mark.django_db
def test_a_form_beyond_the_limit_is_a_bad_request(client: Client) -> None:
    client.raise_request_exception = False
    response = client.post("/accounts/login/", {"username": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    assert response.status_code == 400
    assert "Not understood" in response.content.decode()


@pytest.mark.django_db
def test_a_missing_page_says_so(client: Client) -> None:
    response = client.get("/no-such-page")
    assert response.status_code == 404
    assert "Nothing here for you" in response.content.decode()


def test_a_missing_token_says_what_to_do(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    response = client.post("/accounts/password/", {})
    assert response.status_code == 403
    assert "Please send the form again" in response.content.decode()


# --- Nothing of a patient in errors and logs --------------------------------------------------------


def test_a_failure_is_answered_in_plain_words(failing: Client, alice: User) -> None:
    failing.force_login(alice)
    response = failing.get("/fails", {"q": SECRET})
    assert response.status_code == 500
    assert "Something went wrong here" in response.content.decode()
    assert SECRET not in response.content.decode()


def test_a_failure_is_logged_without_the_patient(
    failing: Client, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    failing.force_login(alice)
    failing.post(f"/fails?q={SECRET}", {"surname": SECRET})
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    written = QuietFormatter("%(levelname)s %(message)s").format(record)
    assert "Internal Server Error: /fails" in written
    assert "builtins.ValueError (message withheld)" in written
    assert "in fails" in written
    assert SECRET not in written


def test_a_request_line_is_logged_without_its_query() -> None:
    record = logging.LogRecord(
        "django.server", logging.INFO, __file__, 1, '"%s" %s', (f"GET /search?q={SECRET} HTTP/1.1", 200), None
    )
    assert QuietFormatter("%(message)s").format(record) == '"GET /search HTTP/1.1" 200'


def test_a_line_of_the_log_says_its_time_in_utc() -> None:
    record = logging.LogRecord("cases", logging.INFO, __file__, 1, "stored", (), None)
    record.created = 1_800_000_000.25
    assert QuietFormatter("%(asctime)s %(message)s").format(record) == "2027-01-15T08:00:00.250+00:00 stored"


def test_every_log_goes_through_the_quiet_formatter() -> None:
    assert settings.LOGGING["formatters"]["plain"]["()"] == "config.logs.QuietFormatter"
    handlers = [handler for name in ("", "django", "django.request", "django.server", "django.security")
                for handler in logging.getLogger(name).handlers]  # fmt: skip
    ours = [handler for handler in handlers if isinstance(handler.formatter, QuietFormatter)]
    foreign = [
        handler for handler in handlers if handler not in ours and "pytest" not in type(handler).__module__
    ]
    assert ours
    assert foreign == []


def test_debug_pages_hide_every_value(rf: RequestFactory) -> None:
    request = rf.post("/fails", {"surname": SECRET}, headers={"X-Patient": SECRET})
    request.COOKIES["patient"] = SECRET
    try:
        surname = SECRET
        raise ValueError(len(surname))
    except ValueError as error:
        reporter = ExceptionReporter(request, ValueError, error, error.__traceback__)
    assert isinstance(reporter.filter, HideEverything)
    data = reporter.get_traceback_data()
    assert SECRET not in reporter.get_traceback_text()
    assert not any(frame["vars"] for frame in data["frames"])
    assert not data["settings"]
