"""Second factors: set up, asked for, lost; and who must have one."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from cases.models import AuditEvent, Board, Case
from config.limits import MOST_WRONG
from tests import factories
from tests.conftest import member

pytestmark = pytest.mark.django_db

RIGHT = "a long password"
LOGIN, CODE, FACTORS = "/accounts/login/", "/accounts/factors/authenticate/", "/accounts/factors/"
SETUP, AGAIN = "/accounts/factors/totp/activate/", "/accounts/again/"


def code_of(secret: str) -> str:
    """What an app shows now."""
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


def with_app(user: User) -> str:
    """Give the person an app; its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def log_in(client: Client, name: str = "dora", **more: str) -> Any:
    return client.post(LOGIN, {"username": name, "password": RIGHT, **more})


def is_in(client: Client) -> bool:
    return bool(client.get("/accounts/session/").json()["signed_in"])


def test_an_app_is_set_up_after_saying_once_more_who_one_is(client: Client, dora: User) -> None:
    log_in(client)
    asked = client.get(SETUP)
    assert asked.headers["Location"] == f"{AGAIN}?next={SETUP.replace('/', '%2F')}"
    assert (
        "This is not your password"
        in client.post(asked.headers["Location"], {"password": "x"}).content.decode()
    )
    assert client.post(asked.headers["Location"], {"password": RIGHT}).headers["Location"] == SETUP
    page = client.get(SETUP)
    secret = page.context["form"].secret
    assert "<svg" in page.content.decode()
    assert "<?xml" not in page.content.decode()
    assert "Incorrect code" in client.post(SETUP, {"code": "000000"}).content.decode()
    shown = client.post(SETUP, {"code": code_of(secret)}, follow=True)
    codes = re.findall(r"<code>(\d{6}\D?\d{6})</code>", shown.content.decode())
    assert len(set(codes)) == 10
    again = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert not [code for code in codes if code in again]
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert not [code for code in codes if code in stored]


def test_a_log_in_with_a_factor_has_two_steps(client: Client, dora: User) -> None:
    secret = with_app(dora)
    assert log_in(client, next="/steps/").headers["Location"] == CODE
    assert not is_in(client)
    assert client.get("/steps/").status_code == 302
    assert "Incorrect code" in client.post(CODE, {"code": "000000"}).content.decode()
    code = code_of(secret)
    assert client.post(CODE, {"code": code}).headers["Location"] == "/steps/"
    assert is_in(client)
    other = Client()
    log_in(other)
    totp.cache.clear()  # as in another process, whose memory is its own
    assert "has been used" in other.post(CODE, {"code": code}).content.decode()


def test_a_recovery_code_works_once(dora: User) -> None:
    with_app(dora)
    code = RecoveryCodes.activate(dora).generate_codes()[0]
    for expected in (True, False):
        client = Client()
        log_in(client)
        client.post(CODE, {"code": code})
        assert is_in(client) is expected


def test_five_wrong_codes_close_the_step_here_and_nowhere_else(dora: User) -> None:
    secret = with_app(dora)
    away = Client(REMOTE_ADDR="203.0.113.9")
    log_in(away)
    for _ in range(MOST_WRONG):
        away.post(CODE, {"code": "000000"})
    assert "no more are taken for 15 minutes" in away.post(CODE, {"code": code_of(secret)}).content.decode()
    home = Client()
    log_in(home)
    assert home.post(CODE, {"code": code_of(secret)}).status_code == 302


def test_who_is_in_may_say_so_with_a_code(client: Client, dora: User) -> None:
    secret = with_app(dora)
    client.force_login(dora)
    page = reverse("mfa_reauthenticate")
    assert client.post(f"{page}?next={FACTORS}", {"code": code_of(secret)}).headers["Location"] == FACTORS
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200


def test_a_factor_is_removed_after_saying_so_once_more(client: Client, dora: User) -> None:
    with_app(dora)
    client.force_login(dora)
    removal = reverse("mfa_deactivate_totp")
    assert AGAIN in client.post(removal).headers["Location"]
    client.post(f"{AGAIN}?next={FACTORS}", {"password": RIGHT})
    assert client.post(removal).headers["Location"] == FACTORS
    assert not Authenticator.objects.exists()


# --- Who must have one --------------------------------------------------------------------------------


@pytest.fixture
def draft(board: Board, alice: User) -> Case:
    case: Case = factories.CaseFactory(board=board, created_by=alice)
    factories.DecisionFactory(case=case)
    return case


@pytest.mark.parametrize("asked", [True, False])
def test_who_signs_or_administers_is_led_to_a_factor_first(
    board: Board, draft: Case, dora: User, bob: User, settings: Any, asked: bool
) -> None:
    settings.SECOND_FACTOR_REQUIRED = asked
    member(board, "adam", "administrator", "Adam", "Ash")
    sign, people = reverse("cases:sign", args=[draft.uid]), reverse("cases:board_people", args=[board.slug])
    for name, page in (("dora", sign), ("adam", people)):
        client = Client()
        assert log_in(client, name).headers["Location"] == (FACTORS if asked else "/")
        assert client.get(reverse("cases:case", args=[draft.uid])).status_code == 200
        for answer in (client.get(page), client.post(page, {})):
            if asked:
                assert answer.headers["Location"] == FACTORS
            else:
                assert answer.status_code in {200, 422} or "/accounts/again/" in answer.headers["Location"]
        assert "please set one up" in client.get(FACTORS).content.decode() or not asked
        with_app(User.objects.get(username=name))
        assert client.get(page).status_code == 200
    denied = AuditEvent.objects.filter(action="denied", detail__factor=False)
    assert denied.count() == (4 if asked else 0)
    assert log_in(Client(), "bob").headers["Location"] == "/"


def test_where_everybody_needs_one_nobody_reads_without(draft: Case, bob: User, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = settings.SECOND_FACTOR_OF_ALL = True
    client = Client()
    assert log_in(client, "bob").headers["Location"] == FACTORS
    pages = ["/", reverse("cases:case", args=[draft.uid]), "/guideline/"]
    assert [client.get(page, follow=True).redirect_chain[0][0] for page in pages] == [FACTORS] * 3
    assert client.get("/accounts/password/").status_code == 200
    with_app(bob)
    assert [client.get(page, follow=True).status_code for page in pages] == [200] * 3


def test_the_administration_needs_one_too(client: Client, dora: User, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    dora.is_staff = True
    dora.save()
    client.force_login(dora)
    assert client.get("/admin/").headers["Location"] == FACTORS
    with_app(dora)
    assert client.get("/admin/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client: Client, dora: User, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    RecoveryCodes.activate(dora)
    assert log_in(client).headers["Location"] == FACTORS


# --- Their secrets ------------------------------------------------------------------------------------

NEW = "another key, of which a machine has drawn the fifty characters"


def test_secrets_outlive_a_change_of_the_key(dora: User, settings: Any) -> None:
    secret = with_app(dora)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [settings.SECRET_KEY]
    call_command("reseal_factors")
    settings.SECRET_KEY_FALLBACKS = []
    assert Authenticator.objects.get().wrap().validate_code(code_of(secret))


def test_without_it_they_are_gone_and_open_nothing(client: Client, dora: User, settings: Any) -> None:
    with_app(dora)
    settings.SECRET_KEY = NEW
    log_in(client)
    for code in ("", "000000", code_of("")):
        client.post(CODE, {"code": code})
    assert not is_in(client)
