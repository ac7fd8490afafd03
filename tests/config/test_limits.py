"""Wrong passwords: counted for a name and an address, or for a session, and for nobody else."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from config.limits import MOST_WRONG, address_of
from config.models import WrongTries

RIGHT, WRONG = "a long password", "wrong"
HOME, AWAY = "192.0.2.10", "203.0.113.9"
PASSWORD = "/accounts/password/"


def log_in(password: str, address: str = HOME, name: str = "dora", **headers: str) -> Any:
    client = Client(REMOTE_ADDR=address, headers=headers)
    return client.post("/accounts/login/", {"username": name, "password": password})


@pytest.mark.parametrize(
    ("proxies", "told", "address"),
    [
        (0, "", HOME),
        (0, AWAY, HOME),  # nobody is believed
        (1, AWAY, AWAY),
        (1, f"10.0.0.1, {AWAY}", AWAY),  # what the client itself wrote stands left of it
        (2, f"10.0.0.1, {AWAY}, 192.0.2.1", AWAY),
        (2, AWAY, HOME),  # fewer than there are proxies: somebody came round them
        (1, "nonsense", HOME),
        (1, "", HOME),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, f"{AWAY}:4711", AWAY),
    ],
)
def test_the_address_is_the_one_that_our_own_proxies_tell(
    rf: RequestFactory, settings: Any, proxies: int, told: str, address: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = rf.get("/", REMOTE_ADDR=HOME, **({"HTTP_X_FORWARDED_FOR": told} if told else {}))
    assert address_of(request) == address


@pytest.mark.django_db
def test_a_stranger_closes_a_name_for_nobody_elsewhere_and_for_no_session(dora: User) -> None:
    inside = Client()
    inside.force_login(dora)
    answers = [log_in(WRONG, AWAY).status_code for _ in range(MOST_WRONG + 1)]
    assert answers == [200, 200, 200, 200, 429, 429]
    assert log_in(RIGHT, AWAY).status_code == 429
    assert log_in(RIGHT, HOME).status_code == 302
    assert inside.get(PASSWORD).status_code == 200


@pytest.mark.django_db
def test_who_writes_addresses_into_the_header_is_counted_as_one(dora: User, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answers = [
        log_in(WRONG, HOME, x_forwarded_for=f"10.0.0.{number}, {AWAY}").status_code for number in range(6)
    ]
    assert answers[-2:] == [429, 429]


@pytest.mark.django_db
def test_a_name_of_nobody_is_treated_like_any_other_and_stored_nowhere(dora: User) -> None:
    known = [log_in(WRONG).status_code for _ in range(MOST_WRONG)]
    unknown = [log_in(WRONG, name="hunter2-my-password").status_code for _ in range(MOST_WRONG)]
    assert known == unknown
    stored = [str(row) for row in WrongTries.objects.values("name", "place", "way", "user")]
    assert len(stored) == 2
    assert "hunter2" not in "".join(stored)


@pytest.mark.django_db
def test_upper_and_lower_case_are_one_name(dora: User) -> None:
    for name in ("dora", "Dora", "DORA", "doRa"):
        log_in(WRONG, name=name)
    assert log_in(WRONG, name="DOra").status_code == 429


@pytest.mark.django_db
def test_changing_the_password_counts_for_itself(client: Client, dora: User) -> None:
    client.force_login(dora)
    new = {"new_password1": "seven green umbrellas dancing", "new_password2": "seven green umbrellas dancing"}
    for _ in range(MOST_WRONG):
        page = client.post(PASSWORD, {"old_password": WRONG, **new})
    assert "old_password" in page.context["form"].errors
    closed = client.post(PASSWORD, {"old_password": RIGHT, **new})
    assert "no more are taken here for 15 minutes" in str(closed.context["form"].errors["old_password"])
    assert log_in(RIGHT).status_code == 302
