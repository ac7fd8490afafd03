"""A passkey: added by keyboard, used alone at the log-in, and beside the password; the pages of factors."""

from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import Keyboard


@pytest.fixture
def key(page: Page) -> Iterator[None]:
    """A passkey of the machine, as a phone or a laptop has one, whose owner is always there."""
    machine = page.context.new_cdp_session(page)
    machine.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    machine.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield
    machine.detach()


def test_a_passkey_lets_its_owner_in(
    page: Page,
    live_server: LiveServer,
    keyboard: Keyboard,
    at_every_width: Callable[[str], None],
    bob: User,
    key: None,
) -> None:
    site = live_server.url.replace("127.0.0.1", "localhost")  # a key belongs to a name, never to a number
    page.goto(site + reverse("login"))
    keyboard.type("Username", "bob")
    keyboard.type("Password", "a long password")
    keyboard.hit("Enter")
    page.wait_for_url(site + "/")
    page.goto(site + reverse("mfa_index"))
    at_every_width("second factor")
    keyboard.press("link", "Add one")
    at_every_width("is it you")
    keyboard.type("Your password", "a long password")
    keyboard.hit("Enter")
    keyboard.to(page.get_by_label("Passwordless"))
    keyboard.hit("Space")
    at_every_width("add a key")
    keyboard.press("button", "Add it")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    at_every_width("recovery codes")
    assert Authenticator.objects.filter(user=bob, type="webauthn").count() == 1

    for page_name in ("mfa_list_webauthn", "mfa_activate_totp", "mfa_generate_recovery_codes", "sessions"):
        page.goto(site + reverse(page_name))
        at_every_width(page_name)

    page.context.clear_cookies()
    page.goto(site + reverse("login") + "?next=/steps/")
    keyboard.press("button", "Log in with a passkey")
    page.wait_for_url(site + "/steps/")

    page.context.clear_cookies()
    page.goto(site + reverse("login"))
    keyboard.type("Username", "bob")
    keyboard.type("Password", "a long password")
    keyboard.hit("Enter")
    expect(page.get_by_role("heading", name="Your second factor")).to_be_visible()
    at_every_width("second step")
    keyboard.press("button", "Use a key or passkey")
    page.wait_for_url(site + "/")
    assert keyboard.covered == []
