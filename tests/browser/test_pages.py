"""Every page at three widths: axe finds nothing, nothing sticks out sideways."""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.actions.deciding import DecisionContent, save_draft
from cases.models import Board, Case
from cases.views.chart import PARTS
from config.kept_files import keep_file
from tests.browser.conftest import WIDTHS
from tests.cases.pages import SURNAME, full_case, sign

Enter = Callable[[User], None]
AtEveryWidth = Callable[..., None]

LAID_OUT_OTHERWISE = {
    "worklist",
    "new case",
    "pathology",
    "decision",
    "signed",
    "meeting",
    "list",
    "next steps",
}
"""Where a narrow page is another one: tables as cards, the panel as a drawer."""


# The first rows of the panel, opened in place or fetched.
OPEN_ROWS = """() => {
    const first = (what, many) => [...document.querySelectorAll("#recommendations " + what)].slice(0, many);
    first("details", 3).forEach((row) => { row.open = true; });
    first(".rows > li > a", 2).forEach((link) => link.click());
}"""


def addresses(case: Case, dora: User, other: Case) -> dict[str, str]:
    uid = {"uid": case.uid}
    signed = {"uid": other.uid, "decision": other.decisions.get().uid}
    save_draft(
        by=dora,
        discussion=case.discussions.get(),
        content=DecisionContent(intent="curative", rationale="Because"),
    )
    parts = [part for part in PARTS if part != "referral"]
    report, meeting = case.pathology_reports.get(), case.board.meetings.first()
    slug, number = case.board.slug, case.patient.record_number
    rows = f"record_number;surname;Diff;primary_site\n{number};{SURNAME};gut;stomach\n2;B;G3;leg".encode()
    brought = keep_file(dora, f"list for {slug}", "October.csv", rows)
    return {
        "worklist": reverse("cases:worklist"),
        "new case": reverse("cases:new_case"),
        "referral": reverse("cases:case", kwargs=uid),
        **{part: reverse("cases:part", kwargs={**uid, "part": part}) for part in parts},
        "new pathology": reverse("cases:new_item", kwargs={**uid, "part": "pathology"}),
        "patient": reverse("cases:patient", kwargs=uid),
        "decision": reverse("cases:decision", kwargs=uid),
        "sign": reverse("cases:sign", kwargs=uid),
        "signed": reverse("cases:signed", kwargs=signed),
        "timeline": reverse("cases:timeline", kwargs=uid),
        "signed timeline": reverse("cases:signed_timeline", kwargs=signed),
        "history": reverse("cases:history", kwargs=uid),
        "comments": reverse("cases:comments", kwargs=uid),
        "remove": reverse("cases:remove", kwargs={**uid, "part": "pathology", "item": report.uid}),
        "discard": reverse("cases:discard", kwargs=uid),
        "meetings": reverse("cases:meetings"),
        "new meeting": reverse("cases:new_meeting"),
        "meeting": reverse("cases:meeting", kwargs={"meeting": meeting.uid}),
        "my calendar": reverse("cases:my_calendar"),
        "figures": reverse("cases:figures", args=[case.board.slug]),
        "exchange": reverse("cases:exchange", args=[slug]),
        "list": reverse("cases:list", args=[slug, brought.token]),
        "guideline change": reverse("cases:guideline_change", args=[case.board.slug]),
        "next steps": reverse("cases:steps"),
        "next step": reverse("cases:step", kwargs={**signed, "number": 0}),
    }


def test_pages_are_accessible_and_fit(
    page: Page,
    live_server: LiveServer,
    enter: Enter,
    axe: Callable[[], list[str]],
    at_every_width: AtEveryWidth,
    case: Case,
    board: Board,
    alice: User,
    dora: User,
) -> None:
    other = full_case(board, alice)
    sign(other, dora)
    enter(dora)
    for name, address in addresses(case, dora, other).items():
        page.goto(live_server.url + address)
        at_every_width(name, otherwise=name in LAID_OUT_OTHERWISE)
        page.evaluate(OPEN_ROWS)
        expect(page.locator(".htmx-request")).to_have_count(0)
        page.set_viewport_size({"width": min(WIDTHS), "height": 740})
        handle = page.locator("#panel-handle")
        if handle.count() and handle.is_visible():
            handle.click()
            assert axe() == [], f"{name} with the drawer open"
            handle.click()


def test_pages_of_who_schedules_are_accessible_and_fit(
    page: Page,
    live_server: LiveServer,
    enter: Enter,
    at_every_width: AtEveryWidth,
    case: Case,
    board: Board,
    alice: User,
) -> None:
    full_case(board, alice)
    enter(alice)
    page.goto(live_server.url + reverse("cases:new_meeting"))
    page.get_by_role("button", name="Create meeting").click()
    page.get_by_role("heading", name="2 things to correct").wait_for()
    at_every_width("a meeting without a day")
    meeting = board.meetings.get(discussions__case=case)
    page.goto(live_server.url + reverse("cases:meeting", args=[meeting.uid]))
    page.get_by_role("searchbox", name="One more case").press("Enter")
    page.get_by_text("No case is ready").wait_for()
    page.get_by_role("searchbox", name="One more case").fill("Nobody")
    page.get_by_text("No open case of this board").wait_for()
    at_every_width("an agenda that offers no case")


def test_log_in_and_refused_pages_are_accessible(
    page: Page,
    live_server: LiveServer,
    enter: Enter,
    at_every_width: AtEveryWidth,
    case: Case,
    dora: User,
) -> None:
    page.goto(live_server.url + reverse("login"))
    at_every_width("log-in")
    enter(dora)
    page.goto(live_server.url + reverse("cases:part", kwargs={"uid": case.uid, "part": "pathology"}))
    page.get_by_label("Ki-67", exact=True).fill("450")
    page.get_by_role("button", name="Save pathology report").click()
    page.get_by_role("heading", name="1 thing to correct").wait_for()
    at_every_width("a report with a wrong number")
    page.get_by_role("link", name="Ki-67: ").click()
    assert page.evaluate("document.activeElement.name") == "ki67"
