"""A session's end, as somebody at the screen meets it."""

from collections.abc import Callable

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Case
from tests.factories import CaseFactory

ADDRESS = "htmx-current-path-for-history"  # all that htmx stores, and no address of ours holds a patient

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


# --- A log-off, or another person, in another tab ---------------------------------------------------


def log_in_by_hand(page: Page, username: str) -> None:
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Log in")).to_have_count(0)


def log_off_by_hand(page: Page) -> None:
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Log off").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def come_back(page: Page) -> None:
    """What the browser tells a page when its tab is chosen again."""
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def notice(page: Page) -> Locator:
    return page.locator("#session-ended p:visible")


def deaf(page: Page) -> None:
    """A page that hears nothing of other tabs, so that its own asking is seen."""
    page.add_init_script("window.BroadcastChannel = class extends EventTarget { postMessage() {} };")


def test_a_log_off_in_another_tab_covers_the_form_at_the_next_focus(
    page: Page, live_server: LiveServer, alice: User
) -> None:
    deaf(page)
    page.goto(live_server.url)
    log_in_by_hand(page, "alice")
    page.goto(live_server.url + reverse("cases:new_case"))
    page.get_by_label("Surname").fill("Quandt")
    other = page.context.new_page()
    other.goto(live_server.url)
    log_off_by_hand(other)

    come_back(page)
    expect(notice(page)).to_contain_text("Your session ended.")
    expect(page.get_by_label("Surname")).to_be_hidden()


def test_a_log_off_in_another_tab_covers_every_open_page_without_a_focus(
    page: Page, live_server: LiveServer, alice: User
) -> None:
    page.goto(live_server.url)
    log_in_by_hand(page, "alice")
    page.goto(live_server.url + reverse("cases:new_case"))
    page.get_by_label("Surname").fill("Quandt")
    reading, other = page.context.new_page(), page.context.new_page()
    for one in (reading, other):
        one.goto(live_server.url)
    log_off_by_hand(other)
    expect(page.get_by_label("Surname")).to_be_hidden()
    expect(reading.get_by_role("heading", name="Log in")).to_be_visible()


def test_whoever_types_when_the_session_ends_is_told_and_covered_in_a_pause(
    page: Page, live_server: LiveServer, alice: User
) -> None:
    case = CaseFactory(board=alice.memberships.get().board, created_by=alice)
    log_in(page, live_server, alice)
    page.clock.install()
    page.goto(live_server.url + reverse("cases:new_item", args=[case.uid, "pathology"]))
    Session.objects.all().delete()
    page.get_by_label("Comment").fill("A sentence that")
    page.clock.run_for(1000)
    expect(notice(page)).to_contain_text("Your session ended.")
    page.get_by_label("Comment").fill("A sentence that has an end")
    page.clock.fast_forward("01:01")
    expect(page.get_by_label("Comment")).to_be_hidden()
    log_in(page, live_server, alice)
    come_back(page)
    expect(page.get_by_label("Comment")).to_have_value("A sentence that has an end")
    expect(page.get_by_label("Comment")).to_be_visible()


def test_two_people_at_one_browser(page: Page, live_server: LiveServer, alice: User, bob: User) -> None:
    """Alice types; Bob takes over in another tab and sees nothing of it; she comes back and saves."""
    page.goto(live_server.url)
    log_in_by_hand(page, "alice")
    page.goto(live_server.url + reverse("cases:new_case"))
    page.get_by_label("Surname").fill("Quandt")
    other = page.context.new_page()
    other.goto(live_server.url)
    log_off_by_hand(other)
    log_in_by_hand(other, "bob")
    expect(other.get_by_text("Bob Baker")).to_be_visible()
    expect(notice(page)).to_contain_text("Somebody else is logged in now.")
    come_back(page)
    expect(page.get_by_label("Surname")).to_be_hidden()
    log_off_by_hand(other)
    log_in_by_hand(other, "alice")

    expect(page.get_by_label("Surname")).to_have_value("Quandt")
    expect(page.get_by_label("Surname")).to_be_visible()
    page.get_by_label("Given names").fill("Anna")
    page.get_by_label("Date of birth").fill("14-Aug-1961")
    page.get_by_label("Record number").fill("R-2718")
    page.get_by_label("Question for the board").fill("First line?")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="QUANDT, Anna")).to_be_visible()


def test_without_an_answer_the_form_is_covered_when_the_session_should_have_ended(
    page: Page, live_server: LiveServer, alice: User
) -> None:
    log_in(page, live_server, alice)
    open_form(page, live_server)
    page.route("**" + reverse("session"), lambda route: route.fulfill(status=503))
    come_back(page)
    expect(page.get_by_label("Surname")).to_be_visible()
    page.clock.fast_forward("31:00")
    expect(page.get_by_label("Surname")).to_be_hidden()
    page.unroute("**" + reverse("session"))
    come_back(page)
    expect(page.get_by_label("Surname")).to_be_visible()


# --- A form that is sent all the same ---------------------------------------------------------------


def typed_too_late(page: Page, live_server: LiveServer, case: Case) -> None:
    """Alice logs in and types a report; her session ends; she saves it."""
    page.goto(live_server.url)
    log_in_by_hand(page, "alice")
    page.goto(live_server.url + reverse("cases:new_item", args=[case.uid, "pathology"]))
    page.get_by_label("Laboratory number").fill("H26-1182")
    Session.objects.update(expire_date=timezone.now())
    page.get_by_role("button", name="Save pathology").click()
    expect(page.get_by_text("What you typed is kept for 12 hours")).to_be_visible()
    assert "H26-1182" not in page.content()


@pytest.fixture
def patient_case(live_server: LiveServer, alice: User) -> Case:
    found: Case = CaseFactory(board=alice.memberships.get().board, created_by=alice)
    return found


def test_a_form_sent_too_late_is_offered_again_after_the_log_in(
    page: Page, live_server: LiveServer, patient_case: Case, axe: Callable[[], list[str]]
) -> None:
    typed_too_late(page, live_server, patient_case)
    assert axe() == []
    log_in_by_hand(page, "alice")
    expect(page.get_by_role("heading", name="Pathology: new entry")).to_be_visible()
    expect(page.get_by_text("H26-1182")).to_be_visible()
    expect(page.get_by_role("heading", name=patient_case.patient.full_name)).to_be_visible()
    assert axe() == []
    page.get_by_role("button", name="Continue with what I typed").click()
    expect(page.get_by_text("Pathology saved.")).to_be_visible()
    assert patient_case.pathology_reports.get().lab_number == "H26-1182"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_somebody_else_logs_in_where_alice_typed(
    browser: Browser, live_server: LiveServer, patient_case: Case, bob: User, scripts: bool
) -> None:
    """Two people on one browser: Bob gets nothing of what Alice typed, and she is told."""
    with browser.new_context(java_script_enabled=scripts) as context:
        page = context.new_page()
        typed_too_late(page, live_server, patient_case)
        log_in_by_hand(page, "bob")
        expect(page.get_by_role("heading", name="Worklist")).to_be_visible()
        assert "H26-1182" not in page.content()
        page.goto(live_server.url + reverse("kept"))
        expect(page.get_by_role("heading", name="Nothing is kept for you")).to_be_visible()
        log_off_by_hand(page)
        log_in_by_hand(page, "alice")
        expect(page.get_by_role("status").get_by_text("Pathology: new entry")).to_contain_text(
            "was not saved and is deleted, because somebody else was logged in at that screen"
        )
    assert not patient_case.pathology_reports.exists()


def test_alices_page_sent_under_bobs_log_in_is_dropped(
    browser: Browser, live_server: LiveServer, patient_case: Case, bob: User
) -> None:
    """Without scripts nothing covers the page; it is still nobody's but hers."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(live_server.url)
        log_in_by_hand(page, "alice")
        page.goto(live_server.url + reverse("cases:new_item", args=[patient_case.uid, "pathology"]))
        page.get_by_label("Laboratory number").fill("H26-1182")
        other = context.new_page()
        other.goto(live_server.url)
        log_off_by_hand(other)
        log_in_by_hand(other, "bob")
        expect(other.get_by_role("heading", name="Worklist")).to_be_visible()
        page.get_by_role("button", name="Save pathology").click()
        expect(page.get_by_role("heading", name="Somebody else's form")).to_be_visible()
        assert "H26-1182" not in page.content()
    assert not patient_case.pathology_reports.exists()


def test_nothing_of_a_patient_is_stored_in_the_browser(
    page: Page, live_server: LiveServer, patient_case: Case
) -> None:
    typed_too_late(page, live_server, patient_case)
    log_in_by_hand(page, "alice")
    expect(page.get_by_text("H26-1182")).to_be_visible()
    assert page.evaluate("[Object.keys(localStorage), Object.keys(sessionStorage)]") == [[], [ADDRESS]]
    assert page.evaluate("indexedDB.databases()") == []
    cookies = page.context.cookies()
    assert {cookie["name"] for cookie in cookies} == {"csrftoken", "sessionid", "page_owners"}
    assert all(cookie["httpOnly"] for cookie in cookies)
