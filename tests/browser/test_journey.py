"""From the log-in to a signed decision and its PDF, by keyboard alone."""

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Case, Decision
from tests.browser.conftest import Keyboard


def test_a_case_from_the_log_in_to_the_signed_handout(
    page: Page, keyboard: Keyboard, live_server: LiveServer, dora: User
) -> None:
    page.goto(live_server.url)
    keyboard.type("Username", "dora")
    keyboard.type("Password", "a long password")
    keyboard.press("button", "Log in")

    keyboard.press("link", "New case")
    keyboard.type("Record number required", "R-2718")
    keyboard.type("Surname required", "Euler")
    keyboard.type("Given names", "Leonie")
    keyboard.type("Date of birth required", "15-Apr-1961")
    keyboard.type("Question for the board required", "First-line treatment?")
    keyboard.press("button", "Create case")
    expect(page.get_by_role("heading", name="Euler, Leonie")).to_be_visible()

    keyboard.to(page.get_by_label("Primary site", exact=True))
    page.keyboard.type("Pan")
    keyboard.choose("Extent", "Metastatic")
    keyboard.press("button", "Save referral")
    expect(page.get_by_text("Referral saved.")).to_be_visible()

    keyboard.to(page.get_by_role("link", name="Pathology (empty)"))
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="Recommendations")
    expect(panel.get_by_text("Entity not known")).to_be_visible()
    keyboard.choose("Differentiation", "Well differentiated")
    keyboard.type("Ki-67", "45")
    expect(panel.locator("b", has_text="G3 NET").first).to_be_visible()
    expect(page.locator("#announcer")).to_contain_text("Now G3 NET.")
    assert not Case.objects.get().pathology_reports.exists()
    keyboard.press("button", "Save pathology report")
    expect(page.get_by_text("Pathology saved.")).to_be_visible()

    keyboard.to(page.get_by_role("link", name="Decision (empty)"))
    page.keyboard.press("Enter")
    keyboard.type("Why it cannot wait", "Symptomatic liver metastases")
    keyboard.press("button", "Begin urgent decision")
    page.keyboard.press("i")
    keyboard.choose("Intent", "Disease control")
    keyboard.type("Rationale", "Young patient, symptomatic liver metastases.")
    keyboard.to(page.locator("#fold-own > summary"))
    page.keyboard.press("Enter")
    keyboard.type("Option", "Second opinion at the center")
    keyboard.to(page.locator("#fold-step > summary"))
    page.keyboard.press("Enter")
    keyboard.type("Next step", "Present the imaging")
    keyboard.type("Owner", "Dora Diaz")
    keyboard.type("Due", "01-Dec-2026")
    keyboard.press("button", "Save and go to signing")

    keyboard.type("Record number of the patient", "R-2718")
    keyboard.type("Your password", "a long password")
    keyboard.press("button", "Sign decision")
    expect(page.get_by_text("Signed by Dora Diaz")).to_be_visible()
    assert Decision.objects.get().is_signed

    with page.expect_download() as download:
        keyboard.press("link", "Handout (PDF)")
    assert download.value.path().read_bytes().startswith(b"%PDF")
