"""What was decided is worked down by the keyboard, the last act is taken back; axe on it."""

import datetime
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.actions.deciding import DecisionContent, OptionContent, StepContent, save_draft, sign_decision
from cases.actions.entry import add_part
from cases.models import Case, DecisionOption, NextStep
from tests import factories

Enter = Callable[[User], None]
Axe = Callable[[], list[str]]


@pytest.fixture
def decided(live_server: LiveServer, case: Case, dora: User) -> Case:
    """Two steps, and CAPTEM, which the record shows to have been begun."""
    case.discussions.all().delete()
    today = timezone.localdate()
    content = DecisionContent(
        intent="palliative",
        options=(OptionContent("own", title="CAPTEM", intervention="captem"),),
        next_steps=(
            StepContent("Port", "Surgery", due_on=today - datetime.timedelta(days=2)),
            StepContent("Second opinion", "Bob Baker", due_on=today),
        ),
    )
    draft = save_draft(by=dora, discussion=factories.DiscussionFactory(case=case), content=content)
    number = case.patient.record_number
    sign_decision(by=dora, decision=draft, version=draft.version, record_number=number)
    given = {"kind": "systemic", "regimen": "captem", "started_on": today.isoformat()}
    add_part(by=dora, case=case, kind="treatment", fields=given)
    return case


def test_the_list_is_worked_down_by_the_keyboard(
    page: Page,
    live_server: LiveServer,
    enter: Enter,
    axe: Axe,
    decided: Case,
    alice: User,
) -> None:
    enter(alice)
    page.goto(live_server.url + reverse("cases:steps"))
    assert axe() == []
    press = page.keyboard.press
    press("d")
    expect(page.get_by_text("Next step: marked done on")).to_be_visible()
    assert "Second opinion" in page.locator("tbody tr:focus").inner_text()
    press("n")
    press("T")  # of the reasons, the one that begins so
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    press("Enter")
    expect(page.get_by_text("Next step: marked as not done.")).to_be_visible()
    assert "CAPTEM" in page.locator("tbody tr:focus").inner_text()
    press("u")
    expect(page.get_by_text("the last act is taken back")).to_be_visible()
    assert "Second opinion" in page.locator("tbody tr:focus").inner_text()
    press("j")
    press("d")
    expect(page.get_by_text("Option: marked done on")).to_be_visible()
    assert axe() == []
    states = dict(NextStep.objects.values_list("text", "state"))
    assert states == {"Port": "done", "Second opinion": "open"}
    event = DecisionOption.objects.get().events.get()
    assert (event.change, event.shown_by) == ("done", decided.treatments.get(regimen="captem").uid)


def test_its_pages_fit_every_width(
    page: Page,
    live_server: LiveServer,
    enter: Enter,
    at_every_width: Callable[[str], None],
    decided: Case,
    alice: User,
) -> None:
    enter(alice)
    for address in (reverse("cases:steps"), reverse("cases:follow_up", args=[decided.uid])):
        page.goto(live_server.url + address)
        at_every_width(address)
