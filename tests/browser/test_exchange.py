"""Lists, bundles, tokens, messages and accounts, as people find them on the pages; axe on each."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import ApiToken, Board, Case, Delivery, ListImport, PathologyReport
from tests import factories
from tests.browser.conftest import Keyboard
from tests.cases.pages import sign
from tests.cases.test_views_bundles import bundle_of
from tests.conftest import member

Axe = Callable[..., list[str]]
LISTS = Path(__file__).parent.parent / "cases/exchange/lists"
MEANT = {
    "m": "male", "w": "female", "Pankreas": "pancreas", "Magen": "stomach", "Leber": "liver", "keine": "none",
    "LK": "distant_nodes", "schlecht": "poor", "G3": "-",
}  # fmt: skip


def test_a_list_becomes_cases_after_its_questions(
    page: Page, live_server: LiveServer, enter: Callable[[User], None], axe: Axe, alice: User, tmp_path: Path
) -> None:
    lines = (LISTS / "oktober.csv").read_bytes().decode("cp1252").splitlines()
    few = tmp_path / "Oktober.csv"  # of each kind one: a few rows are asked about like many
    few.write_bytes("\r\n".join([*lines[:4], lines[5], lines[12]]).encode("cp1252"))
    enter(alice)
    page.goto(live_server.url + reverse("cases:boards"))
    page.get_by_role("link", name="Exchange of GI-NET board").click()
    page.get_by_label("List required").set_input_files(few)
    page.get_by_role("button", name="Look at the list").click()
    expect(page.get_by_text("No column fills the record number yet.")).to_be_visible()
    expect(page.get_by_label("geb.", exact=True)).to_have_value("Patient: Date of birth")
    assert axe() == []
    page.get_by_role("button", name="Read it like this").click()
    expect(page.get_by_role("heading", name="To answer once")).to_be_visible()
    for word, meaning in MEANT.items():
        page.get_by_label(f"“{word}”").select_option(meaning)
    for header in ("geb.", "Befund vom"):
        page.get_by_role("group", name=f"{header}: is the day or the month first").get_by_label(
            "Day first"
        ).check()
    assert axe() == []
    page.get_by_role("button", name="Read it like this").click()
    page.get_by_role("button", name="Take over 3 new").click()
    expect(page.get_by_text("Taken over: 3 new, 0 changed.")).to_be_visible()
    assert axe() == []
    assert Case.objects.count() == 3
    assert ListImport.objects.get().refused == 0


def test_findings_of_a_bundle_are_taken_over_by_keyboard(
    page: Page,
    live_server: LiveServer,
    enter: Callable[[User], None],
    axe: Axe,
    keyboard: Keyboard,
    case: Case,
    bob: User,
) -> None:
    content = json.dumps(bundle_of(case)).encode()
    factories.BundleFactory(case=case, by=case.owner, name="Laboratory", content=content)
    enter(bob)
    page.goto(live_server.url + reverse("cases:bundles", args=[case.uid]))
    assert axe() == []
    keyboard.press("link", re.compile("^Laboratory, "))
    expect(page.get_by_text("Posted by Laboratory on")).to_be_visible()
    assert axe() == []
    keyboard.to(page.get_by_role("checkbox", name="Ki-67", exact=True))
    keyboard.hit("Space")
    keyboard.press("button", "Take over what is ticked")
    expect(page.get_by_text("Taken over: 1 fact.")).to_be_visible()
    keyboard.press("button", "Delete the file here")
    expect(page.get_by_text("The bundle is deleted here; what was taken over stays.")).to_be_visible()
    assert keyboard.covered == []
    assert PathologyReport.objects.get(lab_number="H26-1182").ki67 == "35 %"


def test_a_token_is_made_and_revoked(
    page: Page, live_server: LiveServer, enter: Callable[[User], None], axe: Axe, alice: User
) -> None:
    enter(alice)
    page.goto(live_server.url + reverse("cases:tokens"))
    page.get_by_label("Name").fill("Laboratory")
    page.get_by_label("Board").select_option(label="GI-NET board")
    page.get_by_label("Store case files").check()
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_text("Laboratory: copy its secret now.")).to_be_visible()
    assert axe() == []
    page.get_by_role("button", name="Revoke Laboratory").click()
    expect(page.get_by_text("The token Laboratory is revoked")).to_be_visible()
    assert axe() == []
    assert ApiToken.objects.get().revoked_by == alice


def test_an_administrator_sees_what_failed_tries_again_and_closes_an_account(
    page: Page,
    live_server: LiveServer,
    enter: Callable[[User], None],
    axe: Axe,
    at_every_width: Callable[[str], None],
    case: Case,
    board: Board,
    dora: User,
    bob: User,
) -> None:
    sign(case, dora)
    failed = {"receiver": "epr", "state": "given_up", "attempts": 9, "told": "No answer"}
    Delivery.objects.create(decision=case.decisions.get(), **failed)
    ListImport.objects.create(board=board, by=bob, name="October.csv", created=3, refused=2)
    enter(member(board, "adam", "administrator", "Adam", "Adler"))
    page.goto(live_server.url + reverse("cases:boards"))
    page.get_by_role("link", name="What came in and went out of GI-NET board").click()
    expect(page.get_by_role("row", name=re.compile("Rows refused"))).to_contain_text("Bob Baker")
    at_every_width("what came in and went out")
    page.get_by_role("button", name=re.compile("^Try again.*epr")).click()
    expect(page.get_by_text("It is tried again within the next minutes.")).to_be_visible()
    assert axe() == []
    assert Delivery.objects.get().state == "waiting"

    page.goto(live_server.url + reverse("cases:take_out", args=["gi-net"]))
    at_every_width("take out")
    page.get_by_label("Cases as case files").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Take out").click()
    assert json.loads(download.value.path().read_bytes())["patient"]["record_number"] == "R-314159"

    page.goto(live_server.url + reverse("cases:account", args=["gi-net", bob.pk]))
    assert axe() == []
    page.get_by_role("button", name="Close the account").click()
    page.get_by_label("Your password").fill("a long password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Open the account again")).to_be_visible()
    assert axe() == []
    bob.refresh_from_db()
    assert not bob.is_active
