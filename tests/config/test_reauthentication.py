"""Saying once more who one is, and its counter, which is nobody else's."""

import datetime
import threading
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from config.limits import MOST_WRONG
from config.models import LOCKED_FOR, WrongTries
from config.reauthentication import SITTING, proven_until, reauthenticate

RIGHT, WRONG = "a long password", "wrong"
MINUTE = datetime.timedelta(minutes=1)


def seated(user: User, session: SessionStore | None = None) -> HttpRequest:
    """A request of somebody who is logged in."""
    request = HttpRequest()
    request.user = user
    request.session = session or SessionStore()
    if session is None:
        request.session.create()
    return request


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime.timedelta], None]:
    """Moves the clock on."""
    real, shift = timezone.now, datetime.timedelta()

    def move(by: datetime.timedelta) -> None:
        nonlocal shift
        shift += by
        monkeypatch.setattr("django.utils.timezone.now", lambda: real() + shift)

    return move


@pytest.mark.django_db
def test_a_right_password_holds_for_one_sitting(dora: User, later: Any) -> None:
    request = seated(dora)
    assert proven_until(request) is None
    assert reauthenticate(request, RIGHT) == ""
    later(SITTING - MINUTE)
    assert proven_until(request)
    assert reauthenticate(request, "") == ""
    later(MINUTE)
    assert proven_until(request) is None
    assert reauthenticate(request, "") != ""


@pytest.mark.django_db
def test_who_has_no_password_here_gives_a_code_once(dora: User) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(dora, secret)
    dora.set_unusable_password()
    dora.save()
    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    assert reauthenticate(seated(dora), RIGHT) == "This is not your code. Tries left before a wait: 4."
    assert reauthenticate(seated(dora), code) == ""
    totp.cache.clear()  # as in another process
    assert "not your code" in reauthenticate(seated(dora), code)


@pytest.mark.django_db
def test_it_is_no_longer_than_a_sitting_however_often_it_is_asked(dora: User, later: Any) -> None:
    request = seated(dora)
    reauthenticate(request, RIGHT)
    for _ in range(3):
        later(SITTING / 4)
        assert reauthenticate(request, WRONG) == ""
    later(SITTING / 4)
    assert proven_until(request) is None


@pytest.mark.django_db
def test_one_session_proves_nothing_in_another_nor_for_another_person(dora: User, bob: User) -> None:
    request = seated(dora)
    reauthenticate(request, RIGHT)
    assert proven_until(seated(dora)) is None
    assert proven_until(seated(bob, request.session)) is None  # type: ignore[arg-type]


@pytest.mark.django_db
def test_five_wrong_passwords_close_this_way_for_a_quarter_of_an_hour(dora: User, later: Any) -> None:
    request = seated(dora)
    said = [reauthenticate(request, WRONG) for _ in range(MOST_WRONG)]
    assert said[0] == "This is not your password. Tries left before a wait: 4."
    assert said[3] == "This is not your password. Tries left before a wait: 1."
    assert said[4].startswith("5 wrong passwords: no more are taken here for 15 minutes.")
    later(LOCKED_FOR - MINUTE)
    assert reauthenticate(request, RIGHT) == said[4]
    later(MINUTE)
    assert reauthenticate(request, RIGHT) == ""


@pytest.mark.django_db
def test_a_right_password_and_a_quarter_of_an_hour_clear_the_count(dora: User, later: Any) -> None:
    request = seated(dora)
    for _ in range(MOST_WRONG - 1):
        reauthenticate(request, WRONG)
    assert reauthenticate(request, RIGHT) == ""
    assert not WrongTries.objects.exists()
    later(SITTING)
    assert "wait: 4" in reauthenticate(request, WRONG)
    later(LOCKED_FOR)
    assert "wait: 4" in reauthenticate(request, WRONG)


@pytest.mark.django_db
def test_each_session_counts_for_itself(dora: User, bob: User) -> None:
    first, second = seated(dora), seated(dora)
    for _ in range(MOST_WRONG):
        reauthenticate(first, WRONG)
    assert reauthenticate(second, RIGHT) == ""
    assert reauthenticate(seated(bob), RIGHT) == ""


@pytest.mark.django_db
def test_a_strangers_wrong_log_ins_do_not_stop_who_is_in(client: Client, dora: User) -> None:
    request = seated(dora)
    for _ in range(6):
        stranger = client.post("/accounts/login/", {"username": "dora", "password": WRONG})
    assert stranger.status_code == 429
    assert reauthenticate(request, RIGHT) == ""


@pytest.mark.django_db
def test_what_is_typed_wrongly_here_closes_no_log_in(client: Client, dora: User) -> None:
    request = seated(dora)
    for _ in range(MOST_WRONG + 1):
        reauthenticate(request, WRONG)
    assert client.post("/accounts/login/", {"username": "dora", "password": RIGHT}).status_code == 302


@pytest.mark.django_db
def test_counters_of_yesterday_are_forgotten_and_no_session_key_is_stored(dora: User, later: Any) -> None:
    request = seated(dora)
    reauthenticate(request, WRONG)
    stored = WrongTries.objects.get()
    assert stored.place != request.session.session_key
    later(datetime.timedelta(days=1, minutes=1))
    reauthenticate(seated(dora), WRONG)
    assert not WrongTries.objects.filter(pk=stored.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_many_tries_at_once_are_all_counted(dora: User) -> None:
    session = seated(dora).session
    said: list[str] = []

    def one_try() -> None:
        store = SessionStore(session.session_key)
        said.append(reauthenticate(seated(dora, store), WRONG))
        connection.close()

    threads = [threading.Thread(target=one_try) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert WrongTries.objects.get().tries == MOST_WRONG
    assert sum(text.startswith("This is not your password.") for text in said) == MOST_WRONG - 1
    assert len(said) == 8
