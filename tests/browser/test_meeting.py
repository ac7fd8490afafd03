"""A meeting run from its pages by keyboard: the roll called, a case taken up, closed; axe on each."""

import datetime
import time
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.actions.agenda import list_case
from cases.actions.meetings import create_meeting
from cases.choices import MeetingState
from cases.models import Board, Case, Meeting
from tests import factories
from tests.browser.conftest import Keyboard
from tests.browser.test_pages import WIDTHS, sticks_out

PEOPLE = 12
ROLL_SECONDS = 60

Enter = Callable[[User], None]
Axe = Callable[[], list[str]]


@pytest.fixture
def meeting(live_server: LiveServer, board: Board, alice: User, dora: User) -> Meeting:
    """Three cases, twelve people, a quorum of two disciplines; its hour has come."""
    board.disciplines = ["Surgery", "Pathology", "Oncology"]
    board.quorum_disciplines, board.quorum_people = ["Surgery", "Pathology"], 6
    board.save()
    moment = timezone.now().replace(second=0, microsecond=0)
    earlier = create_meeting(by=alice, board=board, starts_at=moment - datetime.timedelta(days=7))
    for number in range(PEOPLE - 2):
        one = factories.UserFactory(first_name="Pat", last_name=f"Person {number:02}")
        factories.MembershipFactory(board=board, user=one, role="clinician")
        factories.AttendanceFactory(
            meeting=earlier, person=one, name=one.get_full_name(), discipline=board.disciplines[number % 3]
        )
    meeting = create_meeting(by=alice, board=board, starts_at=moment, place="Room 7")
    for surname in ("One", "Two", "Three"):
        case = factories.CaseFactory(board=board, created_by=alice, stage="ready", patient__surname=surname)
        list_case(by=alice, case=case, meeting=meeting)
    return meeting


def address(live_server: LiveServer, name: str, *args: object) -> str:
    return live_server.url + reverse(f"cases:{name}", args=args)


def test_a_meeting_is_run_by_the_keyboard(
    page: Page,
    live_server: LiveServer,
    enter: Enter,
    axe: Axe,
    keyboard: Keyboard,
    meeting: Meeting,
    dora: User,
) -> None:
    enter(dora)
    page.goto(address(live_server, "meeting", meeting.uid))
    assert axe() == []
    keyboard.press("button", "Start")
    expect(page.get_by_text("The meeting is started.")).to_be_visible()

    keyboard.press("link", "Roll call")
    page.get_by_role("heading", name="Roll call").wait_for()
    assert axe() == []
    began = time.monotonic()
    keyboard.to(page.locator("[data-roll] input:checked").first)
    for key in "hh" + "hr" * 5:
        page.keyboard.press(key)
    page.keyboard.press("s")
    expect(page.get_by_text(f"The roll is called. Quorum met, {PEOPLE} present.")).to_be_visible()
    assert time.monotonic() - began < ROLL_SECONDS
    assert meeting.attendance.filter(mode="remote").count() == 5
    assert axe() == []

    keyboard.to(page.get_by_role("button", name="Take up").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/decision/**")
    page.goto(address(live_server, "meeting", meeting.uid))
    expect(page.get_by_text("Discussed now")).to_have_count(1)
    assert axe() == []

    keyboard.press("link", "Close …")
    expect(page.get_by_text("Will be “not reached”")).to_be_visible()
    assert axe() == []
    keyboard.press("button", "Close for good")
    expect(page.get_by_text("The meeting is closed; these are its minutes.")).to_be_visible()
    assert axe() == []
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CLOSED
    expect(page.get_by_text("Not reached")).to_have_count(3)


def test_a_place_is_typed_or_dragged(
    page: Page, live_server: LiveServer, enter: Enter, keyboard: Keyboard, meeting: Meeting, alice: User
) -> None:
    enter(alice)
    page.goto(address(live_server, "meeting", meeting.uid))
    keyboard.type("Place of Three, Ada", "1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Moved to place 1.")).to_be_visible()
    assert order(meeting) == ["Three", "One", "Two"]
    handles = page.locator(".place .handle")
    handles.nth(0).drag_to(page.locator(".agenda tbody tr").nth(2))
    expect(page.get_by_text("Moved to place 3.")).to_be_visible()
    assert order(meeting) == ["One", "Two", "Three"]
    page.get_by_label("Place of Two, Ada").fill("first")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Place: enter a whole number from 1 to 3.").click()
    assert page.evaluate("document.activeElement.value") == "first"


def order(meeting: Meeting) -> list[str]:
    return list(meeting.discussions.order_by("place").values_list("case__patient__surname", flat=True))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_around_a_meeting_are_accessible_and_fit(
    page: Page,
    live_server: LiveServer,
    enter: Enter,
    axe: Axe,
    board: Board,
    meeting: Meeting,
    dora: User,
    width: int,
) -> None:
    factories.MembershipFactory(board=factories.BoardFactory(slug="mine"), user=dora, role="administrator")
    enter(dora)
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    case = Case.objects.filter(board=board).earliest("pk")
    for name, args in {
        "meetings": [],
        "meeting": [meeting.uid],
        "roll_call": [meeting.uid],
        "change_meeting": [meeting.uid],
        "cancel_meeting": [meeting.uid],
        "readiness": [],
        "listing": [case.uid],
        "discussions": [case.uid],
        "boards": [],
        "board_settings": ["mine"],
        "board_people": ["mine"],
    }.items():
        page.goto(address(live_server, name, *args))
        assert axe() == [], name
        assert sticks_out(page) == 0, name
    page.goto(address(live_server, "readiness"))
    page.locator("details.ask").first.evaluate("item => { item.open = true; }")
    assert axe() == []
    assert sticks_out(page) == 0
