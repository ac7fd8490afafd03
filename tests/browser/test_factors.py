"""A passkey: added by keyboard, used alone at the log-in, and beside the password; the pages of factors."""

from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import WIDTHS, Keyboard


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


@pytest.fixture
def look(page: Page, at_every_width: Callable[[str], None]) -> Callable[[str], None]:
    """At every width, beginning when the narrowest is drawn; with a key the browser resizes later."""

    def drawn_first(name: str) -> None:
        page.set_viewport_size({"width": min(WIDTHS), "height": WIDTHS[min(WIDTHS)]})
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        at_every_width(name)

    return drawn_first


def test_a_passkey_lets_its_owner_in(
    page: Page,
    live_server: LiveServer,
    keyboard: Keyboard,
    look: Callable[[str], None],
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
    look("second factor")
    keyboard.press("link", "Add one")
    keyboard.type("Your password", "a long password")
    keyboard.hit("Enter")
    keyboard.to(page.get_by_label("Passwordless"))
    keyboard.hit("Space")
    look("add a key")
    keyboard.press("button", "Add it")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    look("recovery codes")
    assert Authenticator.objects.filter(user=bob, type="webauthn").count() == 1

    for page_name in ("mfa_activate_totp", "sessions"):
        page.goto(site + reverse(page_name))
        look(page_name)

    page.context.clear_cookies()
    page.goto(site + reverse("login") + "?next=/steps/")
    keyboard.press("button", "Use a passkey")
    page.wait_for_url(site + "/steps/")

    page.context.clear_cookies()
    page.goto(site + reverse("login"))
    keyboard.type("Username", "bob")
    keyboard.type("Password", "a long password")
    keyboard.hit("Enter")
    expect(page.get_by_role("heading", name="Your second factor")).to_be_visible()
    look("second step")
    keyboard.press("button", "Use a key or passkey")
    page.wait_for_url(site + "/")
    assert keyboard.covered == []
