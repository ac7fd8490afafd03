"""A meeting prepared, run and closed by the keyboard alone; its agenda arranged; its pages at every width."""

import datetime
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.actions.agenda import list_case
from cases.actions.entry import add_part, create_case
from cases.actions.meetings import create_meeting
from cases.actions.status import set_status
from cases.choices import MeetingState
from cases.models import Board, Case, Decision, Meeting
from tests import factories
from tests.browser.conftest import Keyboard
from tests.cases.pages import PATHOLOGY, PATIENT, REFERRAL

Enter = Callable[[User], None]
Axe = Callable[[], list[str]]

PEOPLE = 12
SURNAMES = (
    "Adler", "Birk", "Conrad", "Dahl", "Ebert", "Falk", "Gruber", "Haas", "Imhof", "Jansen", "Keller", "Lang",
)  # fmt: skip
KNOWN = 4  # of them have a report, so that there is something to decide
MOST_KEYS = {
    "a case put on the agenda": 10,
    "roll call of 12 people": 30,
    "a case that follows the guideline, from its page to signed": 30,
    "the next such case": 20,
}


@pytest.fixture
def earlier(live_server: LiveServer, board: Board, alice: User, dora: User) -> Meeting:
    """A week ago, with twelve people on the board, ten of whom came; the quorum is two disciplines."""
    board.disciplines = ["Surgery", "Pathology", "Oncology"]
    board.quorum_disciplines, board.quorum_people = ["Surgery", "Pathology"], 6
    board.save()
    meeting = create_meeting(by=alice, board=board, starts_at=hour(days=-7))
    for number in range(PEOPLE - 2):
        person = factories.UserFactory(first_name="Pat", last_name=f"Person {number:02}")
        factories.MembershipFactory(board=board, user=person, role="clinician")
        discipline = board.disciplines[number % 3]
        factories.AttendanceFactory(
            meeting=meeting, person=person, name=person.get_full_name(), discipline=discipline
        )
    return meeting


def hour(**later: int) -> datetime.datetime:
    return timezone.now().replace(second=0, microsecond=0) + datetime.timedelta(**later)


@pytest.fixture
def meeting(board: Board, earlier: Meeting, alice: User) -> Meeting:
    """Three cases; its hour has come."""
    meeting = create_meeting(by=alice, board=board, starts_at=hour(), place="Room 7")
    for surname in ("One", "Two", "Three"):
        case = factories.CaseFactory(board=board, created_by=alice, stage="ready", patient__surname=surname)
        list_case(by=alice, case=case, meeting=meeting)
    return meeting


def record_number(number: int) -> str:
    return f"R-3141{number:02}"


def ready_case(board: Board, by: User, number: int) -> Case:
    """A case of which the first few have a report and a course."""
    patient = {**PATIENT, "record_number": record_number(number), "surname": SURNAMES[number]}
    case = create_case(by=by, board=board, patient=patient, fields=REFERRAL)
    if number < KNOWN:
        add_part(by=by, case=case, kind="pathology", fields=PATHOLOGY)
        add_part(by=by, case=case, kind="assessment", fields={"ecog": 1, "progressive": True})
    return set_status(by=by, case=case, status="ready")


def address(live_server: LiveServer, name: str, *args: object) -> str:
    return live_server.url + reverse(f"cases:{name}", args=args)


def of(control: str, surname: str) -> re.Pattern[str]:
    """The name of a control that each line has: what it does, and of whom."""
    return re.compile(rf"^{control}\W+{surname}, Ada$")


class Journey:
    """A meeting of twelve cases by the keyboard alone; axe looks at each kind of page once.

    `took`: act → keys pressed and seconds passed, as a person at the keyboard would count them.
    """

    def __init__(self, page: Page, keyboard: Keyboard, axe: Axe) -> None:
        self.page, self.keyboard, self.axe = page, keyboard, axe
        self.took: dict[str, tuple[int, float]] = {}
        self.seen: set[str] = set()

    @contextmanager
    def act(self, name: str) -> Iterator[None]:
        keys, began = self.keyboard.keys, time.monotonic()
        yield
        self.took[name] = (self.keyboard.keys - keys, time.monotonic() - began)

    def look(self, kind: str) -> None:
        if kind not in self.seen:
            assert self.axe() == [], kind
            self.seen.add(kind)

    def put_on(self, surname: str, place: int) -> None:
        self.keyboard.to(self.page.get_by_role("searchbox", name="One more case"))
        self.keyboard.write(surname[:3])
        button = self.page.get_by_role("button", name=of("Put on the agenda", surname))
        button.wait_for()
        self.keyboard.to(button)
        self.keyboard.hit("Enter")
        expect(self.page.get_by_text(f"Put on the agenda, place {place}.")).to_be_visible()

    def call_the_roll(self) -> None:
        self.keyboard.to(self.page.locator("[data-roll] input:checked").first)
        self.keyboard.hit(*"hh", *"hr" * 5, "s")
        expect(self.page.get_by_text(f"Quorum met, {PEOPLE} present.")).to_be_visible()

    def decide(self, number: int, *, password: bool) -> None:
        """Accept the first option to control the disease, and sign it; the decision screen is there."""
        self.page.wait_for_load_state()  # its heading is there before its keys are
        self.keyboard.hit("a", "i", "ArrowDown", "ArrowDown")
        expect(self.page.get_by_label("Disease control")).to_be_checked()
        self.keyboard.hit("s")
        expect(self.page.get_by_label("Record number of the patient")).to_be_focused()
        self.look("signing")
        self.keyboard.write(record_number(number))
        if password:
            self.keyboard.hit("Tab")
            self.keyboard.write("a long password")
        self.keyboard.hit("Enter")
        self.page.get_by_text("Signed by Dora Diaz").wait_for()
        self.page.wait_for_load_state()  # and so is what says that it is signed

    def defer(self) -> None:
        self.page.wait_for_load_state()
        self.keyboard.hit("f")
        for text in ("Imaging", "FDG-PET", "Nuclear medicine"):
            self.keyboard.write(text)
            self.keyboard.hit("Tab")
        self.keyboard.press("button", "Defer")
        expect(self.page.get_by_text("Deferred. The case comes back")).to_be_visible()


def test_a_meeting_of_twelve_cases_is_prepared_run_and_closed_by_the_keyboard(
    page: Page,
    live_server: LiveServer,
    enter: Enter,
    axe: Axe,
    keyboard: Keyboard,
    board: Board,
    earlier: Meeting,
    dora: User,
    record_property: Callable[[str, object], None],
) -> None:
    for number in range(len(SURNAMES)):
        ready_case(board, dora, number)
    meeting = create_meeting(by=dora, board=board, starts_at=hour(), place="Room 7")
    later = create_meeting(by=dora, board=board, starts_at=hour(days=7), place="Room 7")
    journey = Journey(page, keyboard, axe)
    enter(dora)
    page.goto(address(live_server, "meeting", meeting.uid))
    with journey.act("12 cases put on the agenda"):
        for place, surname in enumerate(SURNAMES, 1):
            with journey.act("a case put on the agenda"):
                journey.put_on(surname, place)
    journey.look("agenda")
    assert order(meeting) == list(SURNAMES)
    keyboard.press("link", of("Listing", "Dahl"))
    page.get_by_role("heading", name="What is said of this case at its meeting").wait_for()
    keyboard.choose("Track", "By protocol, not discussed")
    journey.look("listing")
    keyboard.hit("s")
    page.wait_for_url("**/meetings/**")

    keyboard.press("button", "Start")
    expect(page.get_by_text("The meeting is started.")).to_be_visible()
    keyboard.press("link", "Roll call")
    page.get_by_role("heading", name="Roll call").wait_for()
    journey.look("roll call")
    with journey.act("roll call of 12 people"):
        journey.call_the_roll()
    journey.look("meeting that runs")

    keyboard.press("button", of("Take up", "Adler"))
    page.wait_for_url("**/decision/")
    journey.look("decision")
    with journey.act("a case that follows the guideline, from its page to signed"):
        journey.decide(0, password=True)
    journey.look("signed")
    with journey.act("the next such case"):
        with journey.act("next case, to be seen"):
            keyboard.hit("n")
            page.get_by_role("heading", name="Birk, Ada").wait_for()
        journey.decide(1, password=False)
    keyboard.hit("n")
    page.get_by_role("heading", name="Conrad, Ada").wait_for()
    with journey.act("a case deferred"):
        journey.defer()
    keyboard.press("link", "Back to the meeting")
    keyboard.press("link", of("Decision", "Dahl"))
    page.get_by_role("heading", name="Dahl, Ada").wait_for()
    journey.decide(3, password=False)
    keyboard.press("link", "Back to the meeting")

    keyboard.press("link", "Present")
    page.get_by_text("5 of 12").wait_for()
    journey.look("projector")
    with journey.act("next case on the projector"):
        keyboard.hit("n")
        page.get_by_text("6 of 12").wait_for()
    keyboard.hit("Escape")

    keyboard.press("link", "Close …")
    page.get_by_role("heading", name="Close the meeting").wait_for()
    journey.look("closing")
    with journey.act("closed and carried over"):
        keyboard.press("button", "Close for good")
        expect(page.get_by_text("The meeting is closed; these are its minutes.")).to_be_visible()
        journey.look("minutes")
        keyboard.to(page.get_by_label("Carry over to"))
        keyboard.hit("ArrowDown")
        keyboard.press("button", "Carry over 8 cases")
        expect(page.get_by_text("8 cases carried over to this meeting.")).to_be_visible()

    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CLOSED
    assert meeting.attendance.filter(mode="remote").count() == 5
    ended = [*meeting.discussions.order_by("place").values_list("outcome", flat=True)]
    assert ended == ["decided", "decided", "deferred", "protocol", *["not_reached"] * 8]
    assert order(later) == list(SURNAMES[KNOWN:])
    signed = Decision.objects.filter(discussion__meeting=meeting)
    assert {one.snapshot["concordance"]["overall"]["code"] for one in signed} == {"concordant"}
    assert keyboard.covered == []
    record_property("took", journey.took)
    record_property("most_keys", MOST_KEYS)
    for act, most in MOST_KEYS.items():
        assert journey.took[act][0] <= most, (act, journey.took[act])


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


def test_the_pages_around_a_meeting_are_accessible_and_fit(
    page: Page,
    live_server: LiveServer,
    enter: Enter,
    at_every_width: Callable[[str], None],
    board: Board,
    meeting: Meeting,
    dora: User,
) -> None:
    factories.MembershipFactory(board=factories.BoardFactory(slug="mine"), user=dora, role="administrator")
    enter(dora)
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
        at_every_width(name)
    page.goto(address(live_server, "readiness"))
    page.locator("details.ask").first.evaluate("item => { item.open = true; }")
    at_every_width("asking for what is missing")
