"""Pages on paper, and bars that never lie over what has the focus."""

import io
from collections.abc import Callable
from unicodedata import normalize

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect
from pypdf import PageObject, PdfReader
from pytest_django.live_server_helper import LiveServer

from cases.models import Case
from tests.browser.conftest import Keyboard
from tests.cases.pages import QUESTION

Enter = Callable[[User], None]
A4 = {"width": 794, "height": 1123}


def part(server: LiveServer, case: Case, slug: str) -> str:
    return server.url + reverse("cases:part", kwargs={"uid": case.uid, "part": slug})


def test_a_case_on_paper_is_its_answers_and_its_recommendations(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, alice: User
) -> None:
    enter(alice)
    page.set_viewport_size(A4)
    page.goto(part(live_server, case, "pathology"))
    page.emulate_media(media="print")
    for gone in (".site-header", ".rail", ".save-bar", ".fill", ".panel-bar button"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator("#recommendations")).to_be_visible()
    expect(page.locator(".banner .question")).to_be_visible()
    for bar in (".banner", ".panel"):
        expect(page.locator(bar)).to_have_css("position", "static")
    options = page.locator("[data-field=differentiation] .option")
    expect(options.filter(has_text="Well differentiated")).to_be_visible()
    expect(options.filter(has_text="Poorly differentiated")).to_be_hidden()
    for unsaid in ("rb", "ki67_method", "comment", "pasted"):
        expect(page.locator(f"[data-field={unsaid}]")).to_be_hidden()
    expect(page.get_by_label("Ki-67", exact=True)).to_be_visible()


PERSON = ("Quillfeather, Ada", "14-Aug-1961")
PRINTED = {
    "pathology": (*PERSON, QUESTION, "GI-NET board", "Scheduled", "Well differentiated", "Recommendations"),
    "decision": (*PERSON, QUESTION, "No draft yet", "the board has set no quorum"),
    "agenda": (*PERSON, QUESTION, "Planned", "1 case", "Open"),
    "worklist": (*PERSON, QUESTION, "Worklist", "Owner", "Status", "Scheduled"),
    "slide": (*PERSON, QUESTION, "Not decided yet"),
}
PRESSED = (
    "Save",
    "Search",
    "Log out",
    "Take off",
    "Take up",
    "Listing",
    "Accept",
    "Next case",
    "Why",
    "Carry over",
    "⠿",
    "▸",
)


def test_what_is_printed_says_whose_it_is_and_how_it_stands_and_nothing_that_is_pressed(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, alice: User
) -> None:
    meeting = case.discussions.get().meeting
    assert meeting is not None
    addresses = {
        "pathology": part(live_server, case, "pathology"),
        "decision": live_server.url + reverse("cases:decision", args=[case.uid]),
        "agenda": live_server.url + reverse("cases:meeting", args=[meeting.uid]),
        "worklist": live_server.url,
        "slide": live_server.url + reverse("cases:present", args=[meeting.uid]),
    }
    enter(alice)
    faults = []
    for name, wanted in PRINTED.items():
        page.goto(addresses[name])
        for paper in ("A4", "Letter"):
            found = faults_of(PdfReader(io.BytesIO(page.pdf(format=paper))), wanted)
            faults += [f"{name} on {paper}: {fault}" for fault in found]
    assert faults == []


def faults_of(printed: PdfReader, wanted: tuple[str, ...]) -> list[str]:
    """What is missing, too much, empty or cut."""
    shown = [
        normalize("NFKC", " ".join(sheet.extract_text().split())) for sheet in printed.pages
    ]  # no ligatures
    whole = " ".join(shown)
    return [
        *(f"without {words}" for words in wanted if words not in whole),
        *(f"with {words}" for words in PRESSED if f" {words} " in f" {whole} "),
        *(f"sheet {number} is empty" for number, text in enumerate(shown, 1) if len(text) < 40),
        *(f"cut at the edge: {text}" for sheet in printed.pages for text in beyond_the_edge(sheet)),
    ]


def beyond_the_edge(sheet: PageObject) -> list[str]:
    """Texts that begin outside the margins of the sheet."""
    found: list[str] = []

    def look(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
        if text.strip() and not 20 < x < float(sheet.mediabox.right) - 30:
            found.append(text)

    sheet.extract_text(visitor_text=look)
    return found


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 700), (390, 844)])
def test_no_bar_lies_over_what_has_the_focus(
    page: Page,
    keyboard: Keyboard,
    live_server: LiveServer,
    enter: Enter,
    case: Case,
    alice: User,
    width: int,
    height: int,
) -> None:
    enter(alice)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(part(live_server, case, "pathology"))
    keyboard.to(page.get_by_role("link", name="Keys"))
    assert keyboard.covered == [], f"{width} × {height}"


def test_a_phone_shows_the_first_case_and_the_first_box_without_scrolling_far(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, alice: User
) -> None:
    enter(alice)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url)
    card = page.locator(".worklist tbody tr").bounding_box()
    assert card is not None
    assert card["y"] < 844 / 4
    page.get_by_text("Filter and search").click()
    expect(page.get_by_role("button", name="Search")).to_be_visible()
    page.goto(part(live_server, case, "pathology"))
    first = page.locator("[data-field=specimen]").bounding_box()
    assert first is not None
    assert first["y"] < 844 / 2
    bar = page.locator(".panel-bar").bounding_box()
    assert bar is not None
    assert bar["height"] < 60
