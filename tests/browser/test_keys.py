"""What one key does on a form: by role and label, as somebody without a mouse meets it."""

import re
from collections.abc import Callable

from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Case, RecordVersion

Enter = Callable[[User], None]


def address(server: LiveServer, case: Case, part: str) -> str:
    return server.url + reverse("cases:part", kwargs={"uid": case.uid, "part": part})


def test_a_block_is_answered_at_once_named_and_taken_back(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, alice: User
) -> None:
    enter(alice)
    page.goto(address(live_server, case, "pathology"))
    saves = RecordVersion.objects.count()
    page.get_by_role("group", name="INSM1").get_by_label("Positive").check()
    with page.expect_response(re.compile("/preview/$")):
        page.get_by_role("button", name="All negative").click()
    told = page.get_by_role("status").filter(has_text="Now “negative”")
    expect(told).to_have_text(
        "Now “negative”: Synaptophysin, Chromogranin A, Keratin, SSTR2A. Not saved yet."
    )
    assert page.get_by_role("group", name="Keratin").get_by_label("Negative").is_checked()
    assert page.get_by_role("group", name="INSM1").get_by_label("Positive").is_checked()
    expect(page.get_by_text("Unsaved changes", exact=True)).to_be_visible()
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("button", name="All negative")).to_be_focused()
    assert page.get_by_role("group", name="Keratin").get_by_label("Not known").is_checked()
    assert RecordVersion.objects.count() == saves


def test_sites_that_are_ticked_stay(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, alice: User
) -> None:
    enter(alice)
    page.goto(live_server.url + reverse("cases:case", kwargs={"uid": case.uid}))
    page.get_by_role("button", name="No metastases").click()
    expect(page.get_by_text("Nothing was empty, so nothing changed.")).to_be_visible()
    assert page.get_by_role("group", name="Metastatic sites").get_by_label("Liver").is_checked()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.tagName"))


def test_the_list_opens_over_the_page_and_gives_the_focus_back(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, alice: User, axe: Callable[[], list[str]]
) -> None:
    enter(alice)
    page.goto(address(live_server, case, "pathology"))
    page.get_by_role("group", name="Keratin").get_by_label("Not known").focus()
    before = focused(page)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("Save, next part")
    assert axe() == []
    page.keyboard.press("3")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert focused(page) == before
    assert page.url == address(live_server, case, "pathology")
    page.get_by_role("link", name="Keys").click()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("link", name="Keys")).to_be_focused()


def test_keys_press_what_names_them_but_not_while_somebody_types(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, alice: User
) -> None:
    enter(alice)
    page.goto(address(live_server, case, "pathology"))
    page.get_by_label("Laboratory number").fill("H26-")
    page.keyboard.type("3x?sn")
    expect(page.get_by_label("Laboratory number")).to_have_value("H26-3x?sn")
    page.get_by_label("Specimen", exact=True).focus()
    page.keyboard.press("s")
    assert page.url == address(live_server, case, "pathology")
    page.get_by_role("group", name="Keratin").get_by_label("Not known").focus()
    page.keyboard.press("x")
    assert page.get_by_role("group", name="Keratin").get_by_label("Negative").is_checked()
    page.keyboard.press("n")
    page.get_by_text("Pathology saved.").wait_for()
    assert page.url == address(live_server, case, "imaging")
    report = case.pathology_reports.get()
    assert (report.lab_number, report.keratin) == ("H26-3x?sn", "negative")
    page.keyboard.press("u")
    page.get_by_text("the last save is undone").wait_for()
    report.refresh_from_db()
    assert report.keratin == ""
    page.keyboard.press("7")
    page.wait_for_url(address(live_server, case, "assessment"))


def test_single_keys_can_be_turned_off(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, alice: User
) -> None:
    enter(alice)
    page.goto(address(live_server, case, "pathology"))
    page.keyboard.press("?")
    page.get_by_label("No single keys in this browser").check()
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    page.wait_for_timeout(300)
    assert page.url == address(live_server, case, "pathology")
    page.keyboard.press("?")
    page.get_by_label("No single keys in this browser").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    page.wait_for_url(address(live_server, case, "imaging"))


def test_what_a_pasted_report_says_is_taken_by_a_key(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, alice: User, axe: Callable[[], list[str]]
) -> None:
    enter(alice)
    page.goto(address(live_server, case, "pathology"))
    page.get_by_text("Paste the text of the report").click()
    page.get_by_label("Text of the report").fill("Ki-67: 80 %. Rb lost. Keratin positive.")
    with page.expect_response(re.compile("/pasted/$")):
        page.get_by_role("button", name="Show what the text says").click()
    expect(page.get_by_text("3 proposals, each beside its box")).to_be_visible()
    expect(page.get_by_label("Ki-67", exact=True)).to_have_value("45")
    assert axe() == []
    with page.expect_response(re.compile("/preview/$")):
        page.keyboard.press("t")
    expect(page.get_by_label("Ki-67", exact=True)).to_have_value("80 %")
    expect(page.get_by_role("button", name="Take Positive for Keratin")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Ki-67: 80 %. 2 left.")).to_be_visible()
    page.keyboard.press("t")
    page.keyboard.press("t")
    assert page.get_by_role("group", name="Rb").get_by_label("Lost").is_checked()
    expect(page.get_by_role("button", name=re.compile("^Take "))).to_have_count(0)
    assert case.pathology_reports.get().ki67 == "45"
    page.get_by_role("button", name="Save pathology report").click()
    page.get_by_text("Pathology saved.").wait_for()
    report = case.pathology_reports.get()
    assert (report.ki67, report.rb, report.keratin) == ("80 %", "lost", "positive")
    assert report.pasted.startswith("Ki-67: 80 %")
