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
