"""Accounts of a board's people on its administrator's pages, and the events that accounts leave."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cases.actions.accounts import Act, change_account
from cases.actions.membership import remove_membership, set_membership
from cases.models import AuditEvent, Board, Membership
from config.limits import MOST_WRONG
from tests.cases.pages import logged_in, proven_in
from tests.cases.test_concurrency import at_once
from tests.conftest import member

pytestmark = pytest.mark.django_db

RIGHT, NEW = "a long password", "seven green umbrellas dancing"
LOGIN = "/accounts/login/"
PEOPLE, ADD, LOCKS, RIGHTS = (
    reverse(f"cases:{name}", args=["gi-net"]) for name in ("board_people", "new_person", "locks", "rights")
)


@pytest.fixture
def adam(board: Board) -> User:
    return member(board, "adam", "administrator", "Adam", "Ash")


def page_of(person: User) -> str:
    return reverse("cases:account", args=["gi-net", person.pk])


def act_on(by: User, person: User, act: Act) -> Any:
    """What the page's own button does, or would do if the page had it."""
    client = proven_in(by)
    shown = client.get(page_of(person)).content.decode()
    assert (
        f'name="act" value="{act}"' in shown
        or "<button" not in shown.partition("<dl")[2].partition("</main")[0]
    )
    return client.post(page_of(person), {"act": act}, follow=True)


def log_in(password: str = RIGHT, name: str = "bob", **more: Any) -> Client:
    client = Client(**more)
    client.post(LOGIN, {"username": name, "password": password})
    return client


def is_in(client: Client) -> bool:
    return bool(client.get("/accounts/session/").json()["signed_in"])


def link_in(response: Any) -> str:
    found = re.search(r'id="link">http://testserver([^<]+)<', response.content.decode())
    assert found, response.content.decode()
    return found[1]


def events(action: str = "account") -> list[tuple[str, str]]:
    found = AuditEvent.objects.filter(action=action).order_by("pk")
    return [(event.user.username if event.user else "", event.detail.get("act", "")) for event in found]


# --- Who, and by what proof ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "status"), [("adam", 200), ("dora", 403), ("victor", 403), ("charlie", 404)]
)
def test_the_pages_are_the_administrators(
    request: pytest.FixtureRequest, board: Board, bob: User, person: str, status: int
) -> None:
    client = logged_in(request.getfixturevalue(person))
    for address in (ADD, LOCKS, RIGHTS, page_of(bob)):
        assert client.get(address).status_code == status


def test_a_change_needs_to_be_said_once_more_and_is_then_done(board: Board, adam: User, bob: User) -> None:
    client = logged_in(adam)
    asked = client.post(page_of(bob), {"act": Act.CLOSED})
    assert asked.headers["Location"].startswith("/accounts/again/?next=")
    bob.refresh_from_db()
    assert bob.is_active
    client.post(asked.headers["Location"], {"password": "wrong"})
    done = client.post(asked.headers["Location"], {"password": RIGHT}, follow=True)
    assert "The account is closed" in done.content.decode()
    bob.refresh_from_db()
    assert not bob.is_active


@pytest.mark.parametrize("address", [PEOPLE, ADD])
def test_so_does_every_change_of_roles(board: Board, adam: User, bob: User, address: str) -> None:
    data = {"username": "bob", "first_name": "B", "last_name": "B", "role": "viewer"}
    assert logged_in(adam).post(address, data).headers["Location"].startswith("/accounts/again/")
    assert Membership.objects.get(user=bob).role == "clinician"


def test_a_form_with_a_fault_that_went_on_by_itself_leads_back_to_its_own_page(
    board: Board, adam: User
) -> None:
    client = logged_in(adam)
    asked = client.post(ADD, {"username": "nora", "first_name": "Nora"}).headers["Location"]
    shown = client.post(asked, {"password": RIGHT})
    assert shown.status_code == 422
    assert f'<form method="post" action="{ADD}"' in shown.content.decode()
    assert 'value="Nora"' in shown.content.decode()


# --- A new account ------------------------------------------------------------------------------------


def test_an_account_is_made_and_its_person_sets_the_password(board: Board, adam: User) -> None:
    client = proven_in(adam)
    fields = {
        "username": "nora",
        "first_name": "Nora",
        "last_name": "Novak",
        "role": "clinician",
        "may_sign": "on",
    }
    link = link_in(client.post(ADD, fields))
    held = Membership.objects.get(user__username="nora")
    assert (held.role, held.may_sign, held.user.has_usable_password()) == ("clinician", True, False)

    guest = Client()
    assert "Nora Novak" in guest.get(link).content.decode()
    key = link.partition("key=")[2]
    weak = guest.post(link, {"key": key, "new_password1": "Novak12345678", "new_password2": "Novak12345678"})
    assert "one of the first words" in weak.content.decode()
    good = {"key": key, "new_password1": NEW, "new_password2": NEW}
    assert guest.post(link, good).headers["Location"] == LOGIN
    assert guest.get(link).status_code == 410
    assert guest.post(link, good).status_code == 410
    assert is_in(log_in(NEW, "nora"))
    assert events() == [("adam", "made"), ("nora", "password set")]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"username": "bob"}, "already exists"),
        ({"username": "no spaces here"}, "Enter a valid username"),
        ({"role": "viewer", "may_sign": "on"}, "Only a clinician or a chair may sign"),
        ({"last_name": ""}, "Last name"),
    ],
)
def test_a_wrong_account_comes_back_with_the_reason(
    board: Board, adam: User, bob: User, changed: dict[str, str], why: str
) -> None:
    fields = {"username": "nora", "first_name": "Nora", "last_name": "Novak", "role": "clinician"} | changed
    response = proven_in(adam).post(ADD, fields)
    assert response.status_code == 422
    assert why in response.content.decode()
    assert not User.objects.filter(username="nora").exists()


@pytest.mark.parametrize("key", ["", "x", "MQ.x", "MQ", "é.é", "MQ.cxyz-0123456789abcdef0123456789abcdef"])
def test_no_other_link_opens_anything(adam: User, key: str) -> None:
    assert Client().get("/accounts/password/new/", {"key": key}).status_code == 410


# --- Closed, helped -----------------------------------------------------------------------------------


def test_a_closed_account_is_out_and_its_sessions_stay_dead(board: Board, adam: User, bob: User) -> None:
    real, other = log_in(), logged_in(bob)
    act_on(adam, bob, Act.CLOSED)
    act_on(adam, bob, Act.OPENED)
    assert (is_in(real), is_in(other)) == (False, False)
    assert is_in(log_in())
    assert events() == [("adam", "closed"), ("adam", "opened")]


def test_a_forgotten_password_and_a_lost_phone(board: Board, adam: User, bob: User) -> None:
    TOTP.activate(bob, generate_totp_secret())
    link = link_in(act_on(adam, bob, Act.LINK))
    key = link.partition("key=")[2]
    Client().post(link, {"key": key, "new_password1": NEW, "new_password2": NEW})
    assert not is_in(log_in(NEW))  # the new password alone is not enough
    act_on(adam, bob, Act.FACTORS)
    assert not Authenticator.objects.exists()
    assert is_in(log_in(NEW))


def test_a_lock_is_seen_and_lifted(board: Board, adam: User, bob: User) -> None:
    for _ in range(MOST_WRONG):
        log_in("wrong", REMOTE_ADDR="203.0.113.9")
    assert not is_in(log_in(REMOTE_ADDR="203.0.113.9"))
    shown = logged_in(adam).get(LOCKS).content.decode()
    assert "Bob Baker" in shown
    assert "203.0.113.9" in shown
    act_on(adam, bob, Act.LIFTED)
    assert "Nobody is locked out" in logged_in(adam).get(LOCKS).content.decode()
    assert is_in(log_in(REMOTE_ADDR="203.0.113.9"))


def test_sessions_are_ended_by_the_administrator(board: Board, adam: User, bob: User) -> None:
    client = log_in()
    act_on(adam, bob, Act.SESSIONS)
    assert not is_in(client)


def test_an_account_out_of_reach_stays_as_it_is(
    board: Board, other_board: Board, adam: User, bob: User, dora: User, charlie: User
) -> None:
    Membership.objects.create(board=other_board, user=bob, role="viewer")
    User.objects.filter(pk=dora.pk).update(is_staff=True)
    for person, why in ((bob, "another board"), (dora, "runs the site"), (adam, "your own account")):
        for act in Act:
            response = act_on(adam, person, act)
            assert response.status_code == 422
            assert why in response.content.decode()
        person.refresh_from_db()
        assert person.is_active
    assert proven_in(adam).post(page_of(charlie), {"act": Act.CLOSED}).status_code == 404
    assert events() == []


# --- One administrator remains ------------------------------------------------------------------------


def test_the_last_administrator_is_not_closed_nor_counted_when_closed(board: Board, adam: User) -> None:
    eve = member(board, "eve", "administrator", "Eve", "Ely")
    act_on(adam, eve, Act.CLOSED)
    for change in (
        lambda: set_membership(by=adam, board=board, user=adam, role="viewer"),
        lambda: remove_membership(by=adam, board=board, user=adam),
    ):
        with pytest.raises(ValidationError, match="at least one administrator"):
            change()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["demoted", "removed", "closed"])
def test_two_administrators_who_do_it_to_each_other_leave_one(board: Board, adam: User, way: str) -> None:
    eve = member(board, "eve", "administrator", "Eve", "Ely")

    def against(by: User, user: User) -> Callable[[], object]:
        def close() -> None:
            User.objects.filter(pk=user.pk).update(is_active=False)

        ways: dict[str, Callable[[], object]] = {
            "demoted": lambda: set_membership(by=by, board=board, user=user, role="viewer"),
            "removed": lambda: remove_membership(by=by, board=board, user=user),
            "closed": lambda: change_account(by=by, board=board, user=user, act=Act.CLOSED, effect=close),
        }
        return ways[way]

    said = at_once(against(adam, eve), against(eve, adam))
    left = Membership.objects.filter(board=board, role="administrator", user__is_active=True)
    assert left.count() == 1
    assert sum(isinstance(answer, ValidationError) for answer in said) <= 1


# --- Events -------------------------------------------------------------------------------------------


def test_every_log_in_and_every_failure_leaves_one_event(board: Board, bob: User) -> None:
    log_in()
    log_in("wrong")
    log_in("wrong", "nobody at all")
    inside = logged_in(bob)
    inside.post("/accounts/password/", {"old_password": "wrong", "new_password1": NEW, "new_password2": NEW})
    inside.post("/accounts/again/", {"password": "wrong"})
    TOTP.activate(bob, generate_totp_secret())
    log_in().post("/accounts/factors/authenticate/", {"code": "000000"})
    found = AuditEvent.objects.filter(action__in=["logged_in", "login_failed"]).order_by("pk")
    told = [
        (event.action, event.user, event.board, event.detail.get("way"), event.detail["from"])
        for event in found
    ]
    here = "127.0.0.1"
    assert told == [
        ("logged_in", bob, board, None, here),
        ("login_failed", bob, board, "login", here),
        ("login_failed", None, None, "login", here),
        ("login_failed", bob, board, "password", here),
        ("login_failed", bob, board, "again", here),
        ("login_failed", bob, board, "code", here),
    ]
    assert "nobody" not in str(list(found.values()))
