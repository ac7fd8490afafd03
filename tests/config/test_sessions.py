"""Log-in, log-off by idleness, lockout, demonstration accounts. What an ended session leaves: test_kept."""

import time
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from config import checks, middleware, sessions
from config.authentication import DEMO_GROUP

PASSWORD = "a long password"  # what tests.conftest gives everybody
PAGE = "/accounts/password/"


def log_in(client: Client, username: str = "alice", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/accounts/login/", {"username": username, "password": password, **more})


def end_all_sessions() -> None:
    Session.objects.update(expire_date=timezone.now())


# --- Log-in and log-off -----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", PAGE, "/admin/", "/guideline/"])
def test_every_page_needs_a_login(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code in {302, 404}
    if response.status_code == 302:
        assert "login" in response.headers["Location"]


def test_log_in_leads_where_one_was_going(client: Client, alice: User) -> None:
    assert client.get(PAGE).headers["Location"] == f"/accounts/login/?next={PAGE}"
    assert log_in(client, next=PAGE).headers["Location"] == PAGE


def test_log_in_leads_nowhere_else(client: Client, alice: User) -> None:
    assert log_in(client, next="https://example.org/").headers["Location"] == "/"


def test_log_off_needs_a_form_and_ends_the_session(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/").headers["Location"] == "/accounts/login/"
    assert client.get(PAGE).status_code == 302


def test_who_is_logged_off_already_is_led_to_the_log_in(client: Client, db: None) -> None:
    assert client.post("/accounts/logout/").headers["Location"] == "/accounts/login/"


def test_somebody_changes_their_password(client: Client, alice: User) -> None:
    client.force_login(alice)
    new = "a different long one"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post(PAGE, fields).headers["Location"] == "/accounts/password/done/"
    assert "Password changed" in client.get("/accounts/password/done/").content.decode()
    alice.refresh_from_db()
    assert alice.check_password(new)


def test_a_short_password_is_refused(client: Client, alice: User) -> None:
    client.force_login(alice)
    fields = {"old_password": PASSWORD, "new_password1": "short4x", "new_password2": "short4x"}
    page = client.post(PAGE, fields).content.decode()
    assert "at least 12 characters" in page
    assert "<title>Error: " in page


def test_a_deactivated_account_is_out_at_once(client: Client, alice: User) -> None:
    client.force_login(alice)
    alice.is_active = False
    alice.save()
    assert client.get(PAGE).status_code == 302
    assert log_in(client).status_code == 200


# --- Idleness ---------------------------------------------------------------------------------------


def test_half_an_hour_without_a_request_ends_the_session(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.get(PAGE).status_code == 200
    left = Session.objects.get().expire_date - timezone.now()
    assert 29 * 60 < left.total_seconds() <= 30 * 60
    end_all_sessions()
    assert client.get(PAGE).status_code == 302


def test_work_moves_the_end_on(client: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(alice)
    client.get(PAGE)
    Session.objects.update(expire_date=timezone.now() + timezone.timedelta(minutes=5))
    later = time.time() + middleware.SLIDE_EVERY
    monkeypatch.setattr(middleware.time, "time", lambda: later)
    client.get(PAGE)
    assert (Session.objects.get().expire_date - timezone.now()).total_seconds() > 29 * 60


@pytest.mark.parametrize(("seconds", "status"), [(11.9 * 3600, 200), (12 * 3600, 302)])
def test_twelve_hours_end_the_session_however_much_is_done(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch, seconds: float, status: int
) -> None:
    client.force_login(alice)
    session = client.session
    session["seen"] = later = int(session["since"] + seconds)
    session.save()
    monkeypatch.setattr(sessions.time, "time", lambda: later)
    left = client.get("/accounts/session/").json().get("left")
    assert client.get(PAGE).status_code == status
    assert left == (360 if status == 200 else None)
    assert Session.objects.filter(pk=session.session_key).exists() == (status == 200)


def test_a_keystroke_does_not_write_the_session(
    client: Client, alice: User, django_assert_num_queries: Any
) -> None:
    client.force_login(alice)
    with django_assert_num_queries(2):  # the session and its user
        client.get(PAGE)


def test_the_session_cookie_ends_with_the_browser_and_is_out_of_reach_of_scripts(
    client: Client, alice: User
) -> None:
    cookie = log_in(client).cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")


def test_htmx_is_sent_to_the_log_in_page_as_a_whole_page(client: Client, alice: User) -> None:
    client.force_login(alice)
    end_all_sessions()
    for method in (client.get, client.post):
        response = method(
            PAGE,
            headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/cases/1/?tab=pathology"},
        )
        assert response.headers["HX-Redirect"] == "/accounts/login/?next=/cases/1/%3Ftab%3Dpathology"
        assert (response.status_code, response.content) == (401, b"")


def test_htmx_is_never_sent_to_another_site(client: Client, db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "https://example.org/x"}
    assert client.get(PAGE, headers=headers).headers["HX-Redirect"] == "/accounts/login/?next=/"


def test_an_open_page_learns_whether_somebody_is_logged_in(client: Client, alice: User) -> None:
    assert client.get("/accounts/session/").json() == {"signed_in": False}
    client.force_login(alice)
    answer = client.get("/accounts/session/").json()
    assert (answer["signed_in"], answer["user"], len(answer["token"])) == (True, alice.pk, 64)


def test_an_open_page_learns_how_long_the_session_lasts(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(alice)
    seen = client.session["seen"]
    for passed, left in ((0, 1800), (1500, 300), (1900, 0)):
        monkeypatch.setattr(sessions.time, "time", lambda at=seen + passed: at)
        assert client.get("/accounts/session/").json()["left"] == left


def test_asking_whether_the_session_has_ended_does_not_prolong_it(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(alice)
    end = timezone.now() + timezone.timedelta(minutes=5)
    Session.objects.update(expire_date=end)
    later = time.time() + middleware.SLIDE_EVERY
    monkeypatch.setattr(middleware.time, "time", lambda: later)
    client.get("/accounts/session/")
    assert Session.objects.get().expire_date == end


# --- One's own sessions -----------------------------------------------------------------------------

OWN, AGAIN = "/accounts/sessions/", "/accounts/again/"


def is_in(client: Client) -> bool:
    return bool(client.get("/accounts/session/").json()["signed_in"])


def test_a_person_sees_their_sessions_and_ends_them_from_elsewhere(alice: User, bob: User) -> None:
    here, there, third, others = [Client(HTTP_USER_AGENT=f"Browser {number}") for number in range(4)]
    for client in (here, there, third):
        log_in(client)
    log_in(others, "bob")
    page = here.get(OWN).content.decode()
    assert [f"Browser {number}" in page for number in range(4)] == [True, True, True, False]
    named = {"session": UserSession.objects.get(user_agent="Browser 1").pk}
    asked = here.post(OWN, named)
    assert asked.headers["Location"].startswith(AGAIN)
    assert is_in(there)
    here.post(asked.headers["Location"], {"password": PASSWORD})
    assert [is_in(client) for client in (here, there, third)] == [True, False, True]
    here.post(OWN, {"session": UserSession.objects.get(user=bob).pk})
    assert is_in(others)
    here.post(OWN, {})
    assert [is_in(client) for client in (here, third, others)] == [True, False, True]


def test_a_new_password_ends_every_other_session(alice: User) -> None:
    here, there = Client(), Client()
    log_in(here)
    log_in(there)
    new = "seven green umbrellas dancing"
    here.post(PAGE, {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert [is_in(here), is_in(there)] == [True, False]
    assert here.get(OWN).content.decode().count("This one") == 1


def test_ended_sessions_are_cleared_away(client: Client, alice: User) -> None:
    log_in(client)
    end_all_sessions()
    call_command("forget_sessions")
    assert (Session.objects.count(), UserSession.objects.count()) == (0, 0)


# --- Lockout ----------------------------------------------------------------------------------------


def test_five_wrong_passwords_close_a_name_for_now(client: Client, alice: User, bob: User) -> None:
    for _ in range(4):
        assert log_in(client, password="wrong").status_code == 200
    locked = log_in(client, password="wrong")
    assert locked.status_code == 429
    assert "Log-in closed for now" in locked.content.decode()
    assert log_in(client).status_code == 429
    assert log_in(client, username="bob").status_code == 302


def test_a_right_password_clears_the_count(client: Client, alice: User) -> None:
    for _ in range(2):
        for _ in range(4):
            log_in(client, password="wrong")
        assert log_in(client).status_code == 302
        client.post("/accounts/logout/")


# --- Demonstration accounts -------------------------------------------------------------------------


@pytest.fixture
def demo_user(alice: User) -> User:
    alice.groups.add(Group.objects.create(name=DEMO_GROUP))
    return alice


def test_a_demonstration_account_logs_in_where_demonstration_is_meant(
    client: Client, demo_user: User
) -> None:
    assert log_in(client).status_code == 302


def test_a_demonstration_account_cannot_log_in_in_production(
    client: Client, demo_user: User, settings: Any
) -> None:
    settings.DEMO = False
    assert log_in(client).status_code == 200
    assert client.get(PAGE).status_code == 302


def test_a_demonstration_session_ends_where_production_begins(
    client: Client, demo_user: User, settings: Any
) -> None:
    client.force_login(demo_user)
    assert client.get(PAGE).status_code == 200
    settings.DEMO = False
    assert client.get(PAGE).status_code == 302


def test_other_accounts_log_in_in_production(client: Client, alice: User, settings: Any) -> None:
    settings.DEMO = False
    assert log_in(client).status_code == 302


def deployment_errors() -> list[str]:
    return [
        found.id or "" for found in run_checks(include_deployment_checks=True) if found.id == "config.E001"
    ]


def test_the_deployment_check_finds_demonstration_accounts(demo_user: User, settings: Any) -> None:
    assert deployment_errors() == []
    settings.DEMO = False
    assert deployment_errors() == ["config.E001"]
    demo_user.groups.clear()
    assert deployment_errors() == []


def test_the_deployment_check_runs_without_a_database(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoTables:
        def count(self) -> int:
            raise DatabaseError("no such table")

    monkeypatch.setattr(checks, "demo_users", NoTables)
    settings.DEMO = False
    assert checks.no_demo_accounts(None) == []
