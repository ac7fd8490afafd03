"""The decision screen by keyboard: its cursor, its lines, where the focus is, and who else is at it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Board, Case, Decision
from tests.cases.pages import full_case

Enter = Callable[[User], None]


@pytest.fixture
def case(live_server: LiveServer, board: Board, alice: User) -> Case:
    """Alice's full case, at a meeting that has begun."""
    return full_case(board, alice, in_days=-1)


def address(server: LiveServer, case: Case, name: str = "decision") -> str:
    return server.url + reverse(f"cases:{name}", kwargs={"uid": case.uid})


def test_the_cursor_moves_jumps_and_chooses(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, dora: User
) -> None:
    enter(dora)
    page.goto(address(live_server, case))
    rows = page.locator(".choice-row[data-digit]")
    page.keyboard.press("j")
    expect(rows.nth(1).get_by_role("link").first).to_be_focused()
    page.keyboard.press("1")
    expect(rows.nth(0).get_by_role("link").first).to_be_focused()
    page.keyboard.press("d")
    expect(rows.nth(0).get_by_label("Defer")).to_be_checked()
    expect(rows.nth(0)).to_contain_text("In line with the guideline on a condition")
    page.keyboard.press("d")
    expect(rows.nth(0).get_by_label("Not discussed")).to_be_checked()
    expect(page.locator("#announcer")).to_contain_text("Not discussed")
    page.keyboard.press("Enter")
    expect(rows.nth(0).locator(".rec-body")).to_be_visible()
    assert page.url == address(live_server, case)


def test_what_deviates_asks_its_reason_where_it_arises(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, dora: User, axe: Callable[[], list[str]]
) -> None:
    enter(dora)
    page.goto(address(live_server, case))
    page.get_by_text(re.compile(r"^Treatment advised against \(\d+\)")).click()
    row = page.locator("#group-against .choice-row").first
    row.get_by_label("Accept").check()
    expect(row.get_by_label("Reason")).to_be_focused()
    expect(row).to_contain_text("Deviates from the guideline")
    assert axe() == []
    row.get_by_label("Reason").select_option(label="Patient's wish")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("Draft saved.").wait_for()
    assert Decision.objects.get().options.get().reason_code == "patient_wish"
    expect(page.locator(".lead-line .relation")).to_have_text("Deviates from the guideline")


def test_enter_in_a_line_adds_the_next_and_saves_in_an_empty_one(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, dora: User
) -> None:
    enter(dora)
    page.goto(address(live_server, case))
    page.keyboard.press("c")
    expect(page.get_by_label("Condition", exact=True)).to_be_focused()
    page.keyboard.type("HER2 is positive")
    page.keyboard.press("Enter")
    page.keyboard.type("the liver is clear")
    page.keyboard.press("Enter")
    expect(page.locator("#id_condition-2-text")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_text("Draft saved.").wait_for()
    stored = [one.text for one in Decision.objects.get().conditions.all()]
    assert stored == ["HER2 is positive", "the liver is clear"]


# Of what has the focus: its beginning and that of what lies over it; nothing where it is in sight. What seems
# hidden is looked at once more when the page has been drawn.
HIDDEN = """async () => {
    const hidden = () => {
        const item = document.activeElement, box = item.getBoundingClientRect();
        const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        const seen = !top || !item.closest("main") || item.contains(top) || top.contains(item)
          || item.closest("label")?.contains(top);
        return seen ? "" : item.outerHTML.slice(0, 80) + " under " + top.outerHTML.slice(0, 80);
    };
    const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return hidden() && (await drawn(), hidden());
}"""


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 800), (390, 844)])
def test_the_focus_is_never_hidden(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, dora: User, width: int, height: int
) -> None:
    enter(dora)
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(reduced_motion="reduce")  # else the page is still scrolling when it is looked at
    page.goto(address(live_server, case))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    hidden = []
    for _ in range(70):
        page.keyboard.press("Tab")
        if found := page.evaluate(HIDDEN):
            hidden.append(found)
    assert hidden == []


def test_what_somebody_else_saves_is_there_within_five_seconds(
    page: Page,
    browser: Browser,
    live_server: LiveServer,
    enter: Enter,
    case: Case,
    dora: User,
    bob: User,
    axe: Callable[[], list[str]],
) -> None:
    enter(dora)
    page.clock.install()
    page.goto(address(live_server, case))
    with logged_in_elsewhere(browser, live_server, bob) as scribe:
        scribe.goto(address(live_server, case))
        scribe.get_by_label("Rationale").fill("Typed by the scribe")
        scribe.get_by_role("button", name="Save draft").click()
        scribe.get_by_text("Draft saved.").wait_for()
        page.clock.fast_forward(5_000)
        expect(page.get_by_label("Rationale")).to_have_value("Typed by the scribe")
        page.get_by_label("Curative").check()
        scribe.get_by_label("Rationale").fill("Typed once more")
        scribe.get_by_role("button", name="Save draft").click()
        page.clock.fast_forward(5_000)
        expect(page.get_by_text("Bob Baker saved at")).to_be_visible()
        expect(page.get_by_label("Curative")).to_be_checked()
        expect(page.locator("#meanwhile")).to_contain_text("Shown as saved: Rationale.")
        expect(page.get_by_label("Rationale")).to_have_value("Typed once more")
        expect(page.get_by_label("Curative")).to_be_focused()
        assert axe() == []
        page.get_by_role("button", name="Take over").click()
        page.get_by_text("both are kept").wait_for()
    stored = Decision.objects.get()
    assert (stored.intent, stored.rationale) == ("curative", "Typed once more")


def test_a_vote_says_what_it_comes_to_while_it_is_typed(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, dora: User
) -> None:
    enter(dora)
    page.goto(address(live_server, case))
    page.keyboard.press("v")
    page.get_by_label("For", exact=True).fill("9")
    page.get_by_label("Against", exact=True).fill("3")
    expect(page.locator("#fold-vote .agreement")).to_have_text("Majority")
    page.get_by_label("Against", exact=True).fill("4")
    expect(page.locator("#fold-vote .agreement")).to_have_text("No consensus")


@contextmanager
def logged_in_elsewhere(browser: Browser, server: LiveServer, user: User) -> Iterator[Page]:
    """A page of somebody else, at another machine."""
    client = Client()
    client.force_login(user)
    context = browser.new_context()
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server.url}])
    yield context.new_page()
    context.close()
