"""The guideline's pages, the picture and what-if in a real browser: axe, widths, keyboard."""

import io
from collections.abc import Callable

import pypdf
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Case

STATEMENT = "met-net-ssa-sstr-positive"
GUIDELINE_PAGES = [
    reverse("guidelines:index"),
    reverse("guidelines:index") + "?topic=surgery&entity=nec",
    reverse("guidelines:index") + "?q=zebrafish",
    reverse("guidelines:names"),
    reverse("guidelines:statement", args=[STATEMENT]),
    reverse("guidelines:tables"),
    reverse("guidelines:table", args=["table-2"]),
    reverse("guidelines:table", args=["introduction"]),
    reverse("guidelines:algorithm"),
    reverse("guidelines:questions"),
    reverse("guidelines:question", args=["nec-immunotherapy"]),
    reverse("guidelines:trials"),
    reverse("guidelines:version"),
]


def test_pages_are_accessible_and_fit(
    page: Page,
    live_server: LiveServer,
    enter: Callable[[User], None],
    at_every_width: Callable[[str], None],
    case: Case,
    victor: User,
) -> None:
    enter(victor)
    own = [
        reverse("cases:path", args=[case.uid]),
        reverse("cases:what_if", args=[case.uid]),
        reverse("cases:statement_cases", args=[STATEMENT]),
    ]
    for address in (*GUIDELINE_PAGES, *own):
        page.goto(live_server.url + address)
        at_every_width(address)


def test_picture_by_keyboard(
    page: Page, live_server: LiveServer, enter: Callable[[User], None], victor: User
) -> None:
    enter(victor)
    page.goto(live_server.url + reverse("guidelines:algorithm"))
    page.get_by_role("region", name="Algorithm, scrolls sideways").focus()
    page.keyboard.press("Tab")
    focused = "document.activeElement.querySelector('title').textContent"
    assert page.evaluate(focused) == "Work-up"
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate(focused) == "G3 NET"
    edge = "getComputedStyle(document.activeElement.querySelector('rect')).strokeWidth"
    assert page.evaluate(edge) == "2.5px"
    page.keyboard.press("Enter")
    page.wait_for_url("**/guideline/?entity=g3_net")
    expect(page.get_by_label("Entity")).to_have_value("g3_net")


def test_line_by_keyboard(
    page: Page, live_server: LiveServer, enter: Callable[[User], None], case: Case, victor: User
) -> None:
    enter(victor)
    page.goto(live_server.url + reverse("cases:what_if", args=[case.uid]))
    handle = page.get_by_role("slider")
    handle.focus()
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    answer = page.get_by_role("region", name="Today beside what if")
    expect(answer.get_by_role("row", name="Ki-67 45 % 60 %")).to_be_visible()
    expect(page.get_by_role("radio", name="As set on the line")).to_be_checked()
    expect(handle).to_be_focused()
    expect(page.locator("#announcer")).to_contain_text(":")
    page.get_by_role("radio", name="As recorded").check()
    expect(answer).to_contain_text("Nothing is changed yet")
    expect(page.get_by_role("radio", name="As recorded")).to_be_focused()


def test_cases_under_a_statement_are_fetched_in_place(
    page: Page, live_server: LiveServer, enter: Callable[[User], None], case: Case, victor: User
) -> None:
    enter(victor)
    page.goto(live_server.url + reverse("guidelines:statement", args=[STATEMENT]))
    page.get_by_role("link", name="Show the open cases it applies to").click()
    expect(page.locator("#own-cases")).to_contain_text("May apply")
    assert page.url.endswith(reverse("guidelines:statement", args=[STATEMENT]))


def test_picture_prints_on_one_landscape_page(
    page: Page, live_server: LiveServer, enter: Callable[[User], None], case: Case, victor: User
) -> None:

    enter(victor)
    for address in (reverse("guidelines:algorithm"), reverse("cases:path", args=[case.uid])):
        page.goto(live_server.url + address)
        printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        assert len(printed.pages) == 1, address
        width, height = (float(printed.pages[0].mediabox[index]) for index in (2, 3))
        assert (round(width), round(height)) == (842, 595)
