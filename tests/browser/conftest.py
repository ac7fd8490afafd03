"""A real browser before the real server: people, pages, the keyboard, and axe."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, ElementHandle, Locator, Page
from pytest_django.live_server_helper import LiveServer

from cases.models import Board, Case
from tests.cases.pages import full_case

AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"
MOST_TABS = 400
WIDTHS = {360: 740, 1024: 768, 1920: 1080}

EXPECTED = (
    # A status such as 422 or 401 is an answer, which the tests look at themselves.
    "the server responded with a status of",
    # htmx reports every preview that a further keystroke, or leaving the page, has overtaken.
    "htmx:afterRequest",
    "htmx:sendAbort",
    "htmx:sendError",
)

# Playwright's loop runs in the test's thread; the database is used from there too, one after the other.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture
def case(live_server: LiveServer, board: Board, alice: User) -> Case:
    """Alice's full case, in the database that the server reads."""
    return full_case(board, alice)


@pytest.fixture
def enter(live_server: LiveServer, context: BrowserContext) -> Callable[[User], None]:
    """Log somebody in without the log-in page, which the journey has seen."""

    def log_in(user: User) -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])

    return log_in


@pytest.fixture(autouse=True)
def quiet(page: Page) -> Iterator[None]:
    """No page may write an error to the console: a refused style, a script that stumbles, a missing file."""
    errors: list[str] = []

    def keep(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(text in message.text for text in EXPECTED):
            errors.append(message.text)

    page.on("console", keep)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield
    assert errors == []


# Of what has the focus: its beginning and the bar that lies over it; nothing where it is in sight. What seems
# hidden is looked at once more when the page has been drawn.
COVERED = """async () => {
    const hidden = () => {
        const item = document.activeElement;
        const box = item.getBoundingClientRect();
        if (item === document.body || !box.width) return "";
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        const above = document.elementFromPoint(x, y);
        const bar = above && above.closest(".banner, .save-bar, .panel, .site-header");
        const own = item.closest(".banner, .save-bar, .panel, .site-header");
        const seen = above && (item.contains(above) || !(bar && bar !== own));
        return seen ? "" : item.outerHTML.slice(0, 80) + " under " + (bar ? bar.className : "nothing");
    };
    const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return hidden() && (await drawn(), hidden());
}"""

# The same, whether what is sought has the focus, and whether it is on the page still: in one question.
STOP = f"async (sought) => [await ({COVERED})(), sought === document.activeElement, sought.isConnected]"


class Keyboard:
    """Somebody who uses nothing but the keyboard and finds things by role and name.

    `keys` counts what is pressed. `covered` holds what had the focus, reached with Tab, and was not in sight.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0
        self.covered: list[str] = []
        page.emulate_media(reduced_motion="reduce")  # else the page is still scrolling when it is looked at

    def to(self, target: Locator) -> None:
        """Tab until the target has the focus; round the page once if need be.

        It is found once, and again where the page has changed meanwhile: to find something by its role and
        name, the browser names all there is on the page, which took twice as long as a press of Tab.
        """
        sought = target.element_handle()
        if sought.evaluate("element => element === document.activeElement"):
            return
        for _ in range(MOST_TABS):
            self.hit("Tab")
            covered, reached, still_there = self.stop_at(sought)
            if covered:
                self.covered.append(covered)
            if reached:
                return
            if not still_there:
                sought = target.element_handle()
        pytest.fail(f"{target} is not reached with the Tab key")

    def stop_at(self, sought: ElementHandle) -> tuple[str, bool, bool]:
        """Of what Tab has come to: what is covered, whether it is what is sought, whether that still is."""
        covered, reached, still_there = sought.evaluate(STOP)
        return covered, reached, still_there

    def hit(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
        self.keys += len(keys)

    def write(self, text: str) -> None:
        """Into what has the focus."""
        self.page.keyboard.type(text)
        self.keys += len(text)

    def type(self, label: str, text: str) -> None:
        self.to(self.page.get_by_label(label, exact=True))
        self.hit("Control+A")
        self.write(text)

    def press(self, role: Any, name: str | re.Pattern[str]) -> None:
        self.to(self.page.get_by_role(role, name=name, exact=isinstance(name, str)))
        self.hit("Enter")

    def choose(self, group: str, option: str) -> None:
        """The radio of a group, by the arrow keys."""
        radios = self.page.get_by_role("group", name=group, exact=True)
        wanted = radios.get_by_role("radio", name=option, exact=True)
        self.to(radios.locator("input[type=radio]:checked"))
        for _ in range(12):
            if wanted.is_checked():
                return
            self.hit("ArrowDown")
        pytest.fail(f"{option} of {group} is not reached with the arrow keys")


@pytest.fixture
def keyboard(page: Page) -> Keyboard:
    return Keyboard(page)


@pytest.fixture(scope="session")
def axe_source() -> str:
    assert AXE.exists(), "axe-core is missing: `make setup` fetches it"
    return AXE.read_text()


@pytest.fixture
def axe(page: Page, axe_source: str) -> Callable[..., list[str]]:
    """What axe finds on the page as it stands: rule, and the first element of each. Contrast is half of the
    work, and no color here depends on the width."""

    def run(contrast: bool = True) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(axe_source)
        found = page.evaluate(
            """async (enabled) => (await axe.run(document, {
                resultTypes: ["violations"], rules: { "color-contrast": { enabled } } })).violations""",
            contrast,
        )
        return [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in found]

    return run


@pytest.fixture
def at_every_width(page: Page, axe: Callable[..., list[str]], axe_source: str) -> Callable[..., None]:
    """Look at the page of this name at every width: nothing sticks out sideways. Axe finds nothing at the
    widest, nor, where it is laid out `otherwise`, at the narrowest."""
    narrowest, widest = min(WIDTHS), max(WIDTHS)
    page.add_init_script(axe_source)  # to send it to each page anew takes twice as long

    def look(name: str, *, otherwise: bool = False) -> None:
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            assert sticks_out(page) == 0, f"{name} at {width} px"
            if width == widest or (otherwise and width == narrowest):
                assert axe(contrast=width == widest) == [], f"{name} at {width} px"

    return look


def sticks_out(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
