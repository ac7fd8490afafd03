"""A session's end, as somebody at the screen meets it."""

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories import CaseFactory

pytestmark = pytest.mark.browser


def log_in(page: Page, live_server: LiveServer, user: User) -> None:
    client = Client()
    client.force_login(user)
    name = django_settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])


def half_an_hour_passes(page: Page) -> None:
    Session.objects.update(expire_date=timezone.now())
    page.clock.fast_forward("31:00")


def open_form(page: Page, live_server: LiveServer) -> None:
    page.clock.install()
    page.goto(live_server.url + reverse("cases:new_case"))
    page.get_by_label("Surname").fill("Quandt")


def test_an_unattended_page_without_a_form_goes_to_the_log_in(
    page: Page, live_server: LiveServer, alice: User
) -> None:
    log_in(page, live_server, alice)
    page.clock.install()
    page.goto(live_server.url + reverse("cases:worklist"))
    half_an_hour_passes(page)
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_a_page_stays_while_another_one_keeps_the_session(
    page: Page, live_server: LiveServer, alice: User
) -> None:
    log_in(page, live_server, alice)
    open_form(page, live_server)
    with page.expect_response(lambda answer: answer.url.endswith(reverse("session"))):
        page.clock.fast_forward("31:00")
    expect(page.get_by_label("Surname")).to_have_value("Quandt")
    expect(page.locator("#session-ended")).to_be_hidden()


def test_an_unattended_form_is_covered_until_its_owner_is_back(
    page: Page, live_server: LiveServer, alice: User
) -> None:
    log_in(page, live_server, alice)
    open_form(page, live_server)
    half_an_hour_passes(page)
    expect(page.locator("#session-ended")).to_be_visible()
    expect(page.get_by_label("Surname")).to_be_hidden()

    log_in(page, live_server, alice)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_label("Surname")).to_be_visible()
    expect(page.get_by_label("Surname")).to_have_value("Quandt")
    expect(page.locator("#session-ended")).to_be_hidden()


def test_somebody_else_at_the_same_screen_does_not_uncover_it(
    page: Page, live_server: LiveServer, alice: User, bob: User
) -> None:
    log_in(page, live_server, alice)
    open_form(page, live_server)
    half_an_hour_passes(page)
    expect(page.locator("#session-ended")).to_be_visible()

    log_in(page, live_server, bob)
    with page.expect_response(lambda answer: answer.url.endswith(reverse("session"))):
        page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_label("Surname")).to_be_hidden()


def test_a_form_sent_too_late_is_offered_again_after_the_log_in(
    page: Page, live_server: LiveServer, alice: User
) -> None:
    case = CaseFactory(board=alice.memberships.get().board, created_by=alice)
    alice.set_password("a long password")
    alice.save()
    log_in(page, live_server, alice)
    page.goto(live_server.url + reverse("cases:new_item", args=[case.uid, "pathology"]))
    page.get_by_label("Laboratory number").fill("H26-1182")
    Session.objects.update(expire_date=timezone.now())
    page.get_by_role("button", name="Save pathology").click()

    page.get_by_label("Username").fill("alice")
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Continue with what I typed").click()
    expect(page.get_by_text("H26-1182").first).to_be_attached()
    assert case.pathology_reports.get().lab_number == "H26-1182"
