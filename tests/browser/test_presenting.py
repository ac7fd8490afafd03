"""The projector in a browser: size and contrast of every letter, its keys, the decision that follows."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.actions.agenda import list_case
from cases.actions.deciding import DecisionContent, OptionContent, save_draft
from cases.actions.entry import create_case
from cases.actions.leading import start_meeting
from cases.models import Board, Case, Discussion, Meeting
from tests.browser.conftest import WIDTHS
from tests.cases.pages import PATIENT, SURNAME, full_case, sign

Enter = Callable[[User], None]
LEAST, LEAST_CONTRAST = 29, 7  # px of 1080; to 1
LONG = "After the second line, with a good partner and three small children at home: which way? " * 4

# Every piece of text in sight: how large it is drawn, and its contrast with what is behind it.
LETTERS = """() => {
  const channel = (value) => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) =>
    0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const found = numbers(getComputedStyle(one).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const text = texts.currentNode.textContent.trim();
    const hidden = element.closest(".visually-hidden, .skip-link, script, [hidden]");
    if (!text || hidden || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const svg = element.closest("svg");
    const size = parseFloat(style.fontSize) * (svg ? svg.getScreenCTM().a : 1);
    const shown = light(numbers(svg ? style.fill : style.color)), ground = light(behind(element));
    const contrast = (Math.max(shown, ground) + 0.05) / (Math.min(shown, ground) + 0.05);
    found.push([text.slice(0, 40), Math.round(size * 10) / 10, Math.round(contrast * 10) / 10]);
  }
  return found;
}"""


@pytest.fixture
def meeting(board: Board, case: Case, dora: User) -> Meeting:
    """Under way, with the full case, one of which little is known, and one that is signed."""
    Meeting.objects.update(starts_at=case.created_at)
    found = case.discussions.get().meeting
    assert found is not None
    patient = {**PATIENT, "record_number": "R-2", "surname": "Sparse"}
    second = create_case(by=dora, board=board, patient=patient, fields={"question": LONG})
    list_case(by=dora, case=second, meeting=found)
    start_meeting(by=dora, meeting=found)
    return found


def address(server: LiveServer, discussion: Discussion) -> str:
    assert discussion.meeting is not None
    return server.url + reverse("cases:slide", args=[discussion.meeting.uid, discussion.uid])


def too_small_or_pale(page: Page) -> list[Any]:
    letters = page.evaluate(LETTERS)
    assert len(letters) > 20
    return [one for one in letters if one[1] < LEAST or one[2] < LEAST_CONTRAST]


@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_letter_is_read_from_the_last_row(
    page: Page,
    live_server: LiveServer,
    enter: Enter,
    axe: Callable[[], list[str]],
    board: Board,
    meeting: Meeting,
    alice: User,
    dora: User,
    look: str,
) -> None:
    signed = full_case(board, alice, in_days=1)
    sign(signed, dora)
    enter(dora)
    page.set_viewport_size({"width": 1920, "height": 1080})
    if look == "dark":
        page.goto(address(live_server, signed.discussions.get()))
        page.keyboard.press("b")
        expect(page.get_by_role("button", name="Light")).to_be_visible()
    for discussion in (*meeting.discussions.all(), signed.discussions.get()):
        page.goto(address(live_server, discussion))
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == ("rgb(0, 0, 0)" if look == "dark" else "rgb(255, 255, 255)")
        assert too_small_or_pale(page) == []
        assert axe() == []


def test_nothing_sticks_out_and_the_question_is_whole(
    page: Page,
    live_server: LiveServer,
    enter: Enter,
    at_every_width: Callable[[str], None],
    meeting: Meeting,
    dora: User,
) -> None:
    enter(dora)
    for discussion in meeting.discussions.order_by("place"):
        page.goto(address(live_server, discussion))
        at_every_width(discussion.question)
        question = page.get_by_role("heading", level=1)
        expect(question).to_have_text(discussion.question.strip())
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            assert question.evaluate("one => one.scrollHeight - one.clientHeight") <= 1, width


def test_the_keys_at_the_foot(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, meeting: Meeting, dora: User
) -> None:
    first, second = meeting.discussions.order_by("place")
    enter(dora)
    page.goto(address(live_server, first))
    for key, wanted in (("n", second), ("p", first), ("ArrowRight", second), ("ArrowLeft", first)):
        page.keyboard.press(key)
        page.wait_for_url(address(live_server, wanted))
    page.keyboard.press("m")
    expect(page.get_by_text("Patient Q. A.")).to_be_visible()
    expect(page.get_by_text(SURNAME)).to_have_count(0)
    page.keyboard.press("m")
    expect(page.get_by_text(SURNAME)).to_be_visible()
    page.keyboard.press("t")
    expect(page.get_by_text("0 of 6 min")).to_be_visible()
    first.refresh_from_db()
    assert first.started_at is not None
    page.keyboard.press("d")
    page.wait_for_url(live_server.url + reverse("cases:decision", args=[case.uid]))
    page.go_back()
    page.keyboard.press("Escape")
    page.wait_for_url(live_server.url + reverse("cases:meeting", args=[meeting.uid]))


def test_the_decision_follows_what_somebody_saves(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, meeting: Meeting, dora: User
) -> None:
    discussion = case.discussions.get()
    enter(dora)
    page.clock.install()
    page.goto(address(live_server, discussion))
    expect(page.get_by_text("Not decided yet")).to_be_visible()
    options = (OptionContent("own", title="Second opinion"),)
    save_draft(by=dora, discussion=discussion, content=DecisionContent(intent="palliative", options=options))
    page.clock.fast_forward(5_000)
    expect(page.get_by_text("Palliative: Second opinion")).to_be_visible()
    expect(page.locator("#announcer")).to_have_text("Decision: Draft, not signed")
