"""The page while somebody types: the panel follows, focus and open rows stay, nothing typed is lost."""

import re
from collections.abc import Callable

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import AuditEvent, Case
from tests.browser.conftest import Keyboard

Enter = Callable[[User], None]


def address(server: LiveServer, case: Case, part: str) -> str:
    return server.url + reverse("cases:part", kwargs={"uid": case.uid, "part": part})


def swapped(page: Page, act: Callable[[], object]) -> None:
    """Do something and wait until the panel has been swapped."""
    with page.expect_response(re.compile("/preview/$")) as answer:
        act()
    assert answer.value.status == 200
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.tagName"))


def test_panel_follows_and_marks_what_changed(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, alice: User
) -> None:
    enter(alice)
    page.clock.install()
    page.goto(address(live_server, case, "pathology"))
    events = AuditEvent.objects.count()
    swapped(page, lambda: page.get_by_label("Poorly differentiated").check())
    panel = page.get_by_role("complementary", name="Recommendations")
    expect(panel.locator("#rec-why b")).to_have_text("NEC, pancreas, metastatic, liver")
    expect(page.locator("#panel-changes")).to_contain_text(re.compile(r"Now NEC · \d+ changed"))
    expect(page.locator("#announcer")).to_contain_text("Now NEC. Radiation for local control: consider.")
    expect(page.locator("#announcer")).to_contain_text("no longer there")
    assert page.locator("#recommendations .changed").count() > 0
    assert AuditEvent.objects.count() == events
    assert focused(page) == "id_differentiation_1"
    page.clock.fast_forward(10_000)
    expect(page.locator("#recommendations .changed")).to_have_count(0)


def test_focus_in_the_panel_survives_a_swap(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, alice: User
) -> None:
    enter(alice)
    page.goto(address(live_server, case, "assessment"))
    row = page.locator("#o-prrt")
    link = row.get_by_role("link", name="Peptide receptor radionuclide therapy (PRRT)", exact=True)
    link.focus()
    link.press("Enter")
    expect(row.locator(".rec-body")).to_contain_text("Consider peptide receptor radionuclide therapy")
    swapped(
        page,
        lambda: page.evaluate("""() => {
        const form = document.querySelector('form[data-part]');
        form.querySelector('[name=ecog][value="2"]').checked = true;
        form.dispatchEvent(new Event('change', {bubbles: true}));
    }"""),
    )
    expect(link).to_be_focused()
    expect(link).to_have_attribute("aria-expanded", "true")
    expect(row.locator(".rec-body")).to_have_count(1)
    link.press("Enter")
    expect(row.locator(".rec-body")).to_have_count(0)
    expect(link).to_have_attribute("aria-expanded", "false")


def test_focus_is_never_lost_when_its_row_goes(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, alice: User
) -> None:
    enter(alice)
    page.goto(address(live_server, case, "pathology"))
    for step in range(6):
        rows = page.locator("#recommendations .rows > li > a")
        rows.nth(step if step % 2 else -1).focus()
        swapped(
            page,
            lambda: page.evaluate("""() => {
                const radios = [...document.querySelectorAll('[name=differentiation]')];
                const next = radios[(radios.findIndex((radio) => radio.checked) + 1) % radios.length];
                next.checked = true;
                next.dispatchEvent(new Event('change', {bubbles: true}));
            }"""),
        )
        assert focused(page) != "BODY"


def test_fact_that_would_change_the_answer_leads_to_its_field(
    page: Page, keyboard: Keyboard, live_server: LiveServer, enter: Enter, case: Case, alice: User
) -> None:
    enter(alice)
    page.goto(address(live_server, case, "assessment"))
    page.locator("#o-facts > a").click()
    link = page.locator("#fill-treatment_line")
    link.focus()
    page.keyboard.press("Enter")
    assert focused(page) == "id_treatment_line"
    page.goto(address(live_server, case, "pathology"))
    page.locator("#o-facts > a").click()
    page.locator("#fill-treatment_line").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/assessment/#id_treatment_line$"))
    expect(page.locator("#id_treatment_line")).to_be_focused()


def test_leaving_with_unsaved_changes_warns_and_saving_does_not(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, alice: User
) -> None:
    enter(alice)
    page.goto(address(live_server, case, "pathology"))
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    expect(page.get_by_text("Unsaved changes", exact=True)).to_have_count(0)
    page.get_by_label("Laboratory number").fill("H26-9999")
    expect(page.get_by_text("Unsaved changes", exact=True)).to_be_visible()
    page.get_by_role("link", name="Worklist").click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert "/pathology/" in page.url
    page.get_by_role("button", name="Save pathology report").click()
    page.get_by_text("Pathology saved.").wait_for()
    page.get_by_role("link", name="Worklist").click()
    page.wait_for_url(live_server.url + "/")
    assert asked == ["beforeunload"]


def test_session_that_ends_loses_nothing_typed(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, alice: User
) -> None:
    enter(alice)
    page.goto(address(live_server, case, "pathology"))
    page.get_by_label("Comment").fill("An hour of typing")
    Session.objects.all().delete()
    page.get_by_role("group", name="Rb").get_by_label("Lost").check()
    expect(page.locator("#session-ended")).to_be_visible()
    assert page.get_by_label("Comment").input_value() == "An hour of typing"
    enter(alice)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#session-ended")).to_be_hidden()
    page.get_by_role("button", name="Save pathology report").click()
    page.get_by_text("Pathology saved.").wait_for()
    report = case.pathology_reports.get()
    assert (report.comment, report.rb) == ("An hour of typing", "lost")


def test_drawer_opens_and_closes_by_keyboard(
    page: Page, keyboard: Keyboard, live_server: LiveServer, enter: Enter, case: Case, alice: User
) -> None:
    enter(alice)
    page.set_viewport_size({"width": 800, "height": 700})
    page.goto(address(live_server, case, "pathology"))
    body = page.locator("#recommendations")
    expect(body).to_be_hidden()
    expect(page.locator("#panel-counts")).to_contain_text("apply")
    keyboard.press("button", "Show")
    expect(body).to_be_visible()
    page.locator("#rec-why summary").focus()
    page.keyboard.press("Escape")
    expect(body).to_be_hidden()
    assert focused(page) == "panel-handle"


def test_ticking_a_box_means_these(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, alice: User
) -> None:
    enter(alice)
    page.goto(live_server.url + reverse("cases:case", kwargs={"uid": case.uid}))
    sites = page.get_by_role("group", name="Metastatic sites")
    swapped(page, lambda: sites.get_by_label("None").check())
    swapped(page, lambda: sites.get_by_label("Bone").check())
    assert sites.get_by_label("These:").is_checked()


def test_forms_save_without_javascript(
    browser: Browser, page: Page, live_server: LiveServer, case: Case, alice: User
) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(live_server.url)
    plain.get_by_label("Username").fill("alice")
    plain.get_by_label("Password").fill("a long password")
    plain.get_by_role("button", name="Log in").click()
    plain.goto(address(live_server, case, "pathology"))
    expect(plain.locator("#rec-why b")).to_have_text(re.compile("^G3 NET,"))
    plain.get_by_label("Poorly differentiated").check()
    plain.get_by_role("button", name="Save pathology report").click()
    expect(plain.get_by_text("Pathology saved.")).to_be_visible()
    expect(plain.locator("#rec-why b")).to_have_text(re.compile("^NEC,"))
    plain.get_by_role("link", name="Platinum and etoposide", exact=True).click()
    expect(plain.get_by_role("heading", name="Platinum and etoposide")).to_be_visible()
    expect(plain.locator(".fetched")).to_contain_text("Give palliative platinum and etoposide")
    expect(plain.locator(".fetched")).to_contain_text(
        "At most one of the voting panelists disagreed", ignore_case=True
    )
    context.close()


def test_a_row_opens_with_what_is_not_saved_yet(
    page: Page, live_server: LiveServer, enter: Enter, case: Case, alice: User
) -> None:
    enter(alice)
    page.goto(address(live_server, case, "pathology"))
    where = page.url
    row = page.locator("#o-liver_directed_therapy")
    row.get_by_role("link", name="Liver-directed therapy", exact=True).click()
    expect(row.locator(".rec-body")).to_contain_text("Accept liver-directed therapy in G3 NET")
    expect(row.locator(".said")).to_contain_text("Source")
    swapped(page, lambda: page.get_by_label("Poorly differentiated").check())
    expect(row.locator(".rec-body")).to_contain_text("No consensus on liver-directed therapy in NEC")
    expect(row.locator(".rec-body")).to_have_count(1)
    assert page.url == where
