"""What a form folds: it opens by the keyboard, without a script, by a link to its field, and by a change of
what tells whether it can matter; and what stands there is as accessible as the rest."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.actions.entry import add_part, save_case, save_part
from cases.models import Case
from tests.browser.conftest import Keyboard
from tests.browser.test_entry import Enter, address, focused

CAPTEM = {
    "kind": "systemic",
    "regimen": "captem",
    "setting": "palliative",
    "started_on": "2025-09-01",
    "ended_on": "2026-02-10",
    "progressed_on": "2026-02-08",
}


@pytest.fixture
def treated(case: Case, alice: User) -> Case:
    """The case after CAPTEM, with two reports of one day that contradict each other."""
    operation = case.treatments.get()
    save_part(by=alice, part=operation, fields={"curative_intent": False}, version=operation.version)
    add_part(by=alice, case=case, kind="treatment", fields=CAPTEM)
    fields = {"treatment_list": "complete"}
    case.refresh_from_db()
    save_case(by=alice, case=case, fields=fields, version=case.version)
    report = {"specimen": "biopsy", "sampled_on": "2026-11-06", "rb": "lost"}
    add_part(by=alice, case=case, kind="pathology", fields=report)
    add_part(by=alice, case=case, kind="pathology", fields={**report, "rb": "retained"})
    return case


def test_a_reading_opens_its_box_by_the_keyboard(
    page: Page, keyboard: Keyboard, live_server: LiveServer, enter: Enter, treated: Case, alice: User
) -> None:
    enter(alice)
    page.goto(address(live_server, treated, "assessment"))
    reading = page.locator("details.known", has_text="Line of systemic therapy to choose: 2")
    expect(reading.locator("#id_treatment_line")).to_be_hidden()
    reading.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(reading.locator("#id_treatment_line")).to_be_visible()
    page.keyboard.press("Tab")
    assert focused(page) == "id_treatment_line"


def test_a_change_of_its_ground_opens_what_was_not_for_this_case(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, alice: User
) -> None:
    enter(alice)
    page.goto(live_server.url + reverse("cases:case", kwargs={"uid": case.uid}))
    stage = page.locator("#id_figo_stage")
    expect(page.get_by_text("Not for this case (")).to_be_visible()
    expect(stage).to_be_hidden()
    page.get_by_label("Referred by").fill("Dr. Roe")
    page.keyboard.press("Tab")
    expect(stage).to_be_hidden()
    page.get_by_label("Primary site").select_option("cervix")
    expect(stage).to_be_visible()


def test_a_link_to_a_folded_field_opens_its_fold(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, alice: User
) -> None:
    enter(alice)
    page.goto(address(live_server, case, "assessment") + "#id_early_stage")
    expect(page.locator("#id_early_stage")).to_be_visible()
    expect(page.locator("#fold-idle")).not_to_have_attribute("open", "")


def test_folds_open_without_a_script(
    browser: Browser, page: Page, live_server: LiveServer, treated: Case, alice: User
) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(live_server.url)
    plain.get_by_label("Username").fill("alice")
    plain.get_by_label("Password").fill("a long password")
    plain.get_by_role("button", name="Log in").click()
    plain.goto(address(live_server, treated, "assessment"))
    plain.locator("summary", has_text="Line of systemic therapy to choose").click()
    plain.get_by_label("Line of systemic therapy to choose").fill("3")
    plain.get_by_label("Assessed on").fill("01-Nov-2026")
    plain.locator("summary", has_text="Not for this case").click()
    plain.locator("[data-field=early_stage]").get_by_label("No", exact=True).check()
    plain.get_by_role("button", name="Save clinical assessment").click()
    expect(plain.get_by_text("Assessment saved.")).to_be_visible()
    stored = treated.assessments.get()
    assert (stored.treatment_line, stored.early_stage) == (3, False)
    context.close()


def test_folds_and_contradictions_are_accessible_and_fit(
    page: Page,
    live_server: LiveServer,
    enter: Enter,
    at_every_width: Callable[[str], None],
    treated: Case,
    bob: User,
) -> None:
    enter(bob)
    deciding = live_server.url + reverse("cases:deciding_report", kwargs={"uid": treated.uid})
    parts = [address(live_server, treated, name) for name in ("assessment", "pathology")]
    for place in (*parts, deciding):
        page.goto(place)
        for folded in page.locator("main details").all():
            folded.evaluate("item => { item.open = true; }")
        at_every_width(place)
