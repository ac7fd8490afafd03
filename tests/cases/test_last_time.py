"""What a board is told first of a case that was discussed before: decided, what became of it, what is new."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from cases.actions.deciding import (
    ConditionContent,
    DecisionContent,
    OptionContent,
    StepContent,
    save_draft,
    sign_decision,
    withdraw_decision,
)
from cases.actions.entry import add_part, create_case, save_part
from cases.actions.following import complete, end
from cases.actions.leading import Deferral, defer
from cases.clock import clock_at
from cases.models import Board, Case, Decision, Discussion
from cases.screens.last_time import BecameLine, NewEntry
from tests import factories
from tests.cases.pages import PATIENT, logged_in, paper_url

pytestmark = pytest.mark.django_db

FIRST = datetime.datetime(2026, 3, 3, 16, tzinfo=datetime.UTC)
SECOND = datetime.datetime(2026, 6, 2, 16, tzinfo=datetime.UTC)


@pytest.fixture
def case(board: Board, alice: User) -> Case:
    """Known since February, with a CT."""
    with clock_at(FIRST - datetime.timedelta(days=9)):
        case = create_case(by=alice, board=board, patient=PATIENT, fields={"question": "First line?"})
        imaging(case, alice, datetime.date(2026, 2, 20), course="stable")
    return case


def imaging(case: Case, by: User, day: datetime.date, **fields: Any) -> Any:
    return add_part(
        by=by, case=case, kind="imaging", fields={"modality": "ct", "performed_on": day, **fields}
    )


def discussed(case: Case, at: datetime.datetime) -> Discussion:
    meeting = factories.MeetingFactory(board=case.board, starts_at=at)
    return factories.DiscussionFactory(case=case, meeting=meeting, created_at=at, created_by=case.owner)


@pytest.fixture
def decided(case: Case, dora: User) -> Decision:
    with clock_at(FIRST):
        content = DecisionContent(
            intent="palliative",
            options=(OptionContent("own", title="CAPTEM"),),
            conditions=(ConditionContent("HER2 is positive", then="trastuzumab"),),
            next_steps=(StepContent("Port", "Surgery"), StepContent("PET"), StepContent("Trial")),
        )
        draft = save_draft(by=dora, discussion=discussed(case, FIRST), content=content)
        number = case.patient.record_number
        return sign_decision(by=dora, decision=draft, version=draft.version, record_number=number)


def told(case: Case, by: User) -> Any:
    return logged_in(by).get(reverse("cases:decision", args=[case.uid])).context["last_time"]


def on_agenda(discussion: Discussion, by: User) -> str:
    [line] = logged_in(by).get(reverse("cases:meeting", args=[discussion.meeting.uid])).context["lines"]
    return str(line.last_time)


def test_an_agenda_says_in_one_line_what_came_of_the_last_time(
    case: Case, decided: Decision, alice: User, dora: User
) -> None:
    assert on_agenda(decided.discussion, alice) == ""
    again = discussed(case, SECOND)
    assert on_agenda(again, alice) == "Last time 03-Mar-2026: CAPTEM (open)"
    [option] = decided.options.all()
    complete(by=dora, item=option, done_on=datetime.date(2026, 3, 20))
    assert on_agenda(again, alice) == "Last time 03-Mar-2026: CAPTEM (done)"
    with clock_at(SECOND):
        defer(by=dora, discussion=again, deferral=Deferral("imaging", "PET", "Nuclear medicine", None))
    third = discussed(case, SECOND + datetime.timedelta(days=14))
    assert on_agenda(third, alice) == "Last time 02-Jun-2026: deferred; awaited: PET"


def test_a_case_that_was_never_discussed_has_no_last_time(case: Case, alice: User) -> None:
    discussed(case, SECOND)
    assert told(case, alice) is None


def test_it_is_told_first_on_decision_projector_and_paper(
    case: Case, decided: Decision, alice: User, dora: User, charlie: User
) -> None:
    port, pet, _ = decided.next_steps.all()
    complete(by=alice, item=port, done_on=datetime.date(2026, 3, 9))
    complete(by=alice, item=decided.options.get(), done_on=datetime.date(2026, 3, 5))
    end(by=alice, item=pet, reason="patient_wish", text="no more scans")
    imaging(case, alice, datetime.date(2026, 5, 28), course="progression")
    old = case.imaging_studies.get(course="stable")
    save_part(by=alice, part=old, fields={"result": "positive"}, version=old.version)
    discussion = discussed(case, SECOND)
    found = told(case, alice)
    assert (found.deferred, found.decided.on, found.decided.board, found.decided.intent) == (
        "", datetime.date(2026, 3, 3), "", "Palliative"
    )  # fmt: skip
    assert found.decided.taken == (BecameLine("CAPTEM", "Done 05-Mar-2026", is_open=False),)
    assert found.decided.conditions == ("If HER2 is positive: trastuzumab",)
    assert found.decided.steps == (
        BecameLine("Port", "Done 09-Mar-2026", is_open=False),
        BecameLine("PET", "Not done: Patient's wish (no more scans)", is_open=False),
        BecameLine("Trial", "Open", is_open=True),
    )
    assert found.new == (
        NewEntry("changed", "Imaging", "20-Feb-2026", "CT: Stable; Positive"),
        NewEntry("new", "Imaging", "28-May-2026", "CT: Progression"),
    )
    pages = (
        reverse("cases:decision", args=[case.uid]),
        reverse("cases:slide", args=[discussion.meeting.uid, discussion.uid]),
        paper_url("record", case, preview=True),
    )
    for page in pages:
        html = logged_in(dora).get(page).content.decode()
        for text in ("03-Mar-2026", "trastuzumab", "no more scans", "CT: Progression", "28-May-2026"):
            assert text in html, page
        assert html.index("03-Mar-2026") < html.index("CT: Progression"), page
        assert logged_in(charlie).get(page).status_code == 404


def test_a_deferral_is_told_with_the_decision_before_it(
    case: Case, decided: Decision, alice: User, dora: User
) -> None:
    imaging(case, alice, datetime.date(2026, 4, 1))
    with clock_at(SECOND):
        awaited = Deferral("pathology", "Second opinion", "Pathology")
        defer(by=dora, discussion=discussed(case, SECOND), deferral=awaited)
    discussed(case, SECOND + datetime.timedelta(days=14))
    found = told(case, alice)
    assert found.deferred == (
        "Deferred 02-Jun-2026: Pathology is missing or to be reviewed; awaited: Second opinion, "
        "from Pathology"
    )
    assert found.decided.on == datetime.date(2026, 3, 3)
    assert [one.when for one in found.new] == ["01-Apr-2026"]
    assert dict(found.lines)["Put off"] == found.deferred


def test_a_withdrawn_decision_decided_nothing(case: Case, decided: Decision, dora: User) -> None:
    withdraw_decision(by=dora, decision=decided, reason="Wrong patient")
    discussed(case, SECOND)
    assert told(case, dora) is None


def test_a_signed_discussion_shows_nothing_of_today(case: Case, decided: Decision, dora: User) -> None:
    discussion = decided.discussion
    page = reverse("cases:slide", args=[discussion.meeting.uid, discussion.uid])
    assert logged_in(dora).get(page).context["slide"].last_time is None
