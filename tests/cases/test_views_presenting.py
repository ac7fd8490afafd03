"""The projector: what it shows of a discussion as it goes on and as it was frozen, and to whom."""

import datetime
import re
import time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actions.agenda import list_case
from cases.actions.deciding import (
    ConditionContent,
    DecisionContent,
    OptionContent,
    save_draft,
    sign_decision,
    withdraw_decision,
)
from cases.actions.entry import add_part, create_case, save_case
from cases.actions.leading import Deferral, close_meeting, defer, start_meeting, take_up
from cases.actions.roll_call import Present, call_roll
from cases.actions.sharing import revoke_grant
from cases.models import AuditEvent, Board, Case, Decision, Discussion, Meeting
from cases.reading import PartialDate
from config import middleware
from tests import factories
from tests.cases.pages import PATIENT, QUESTION, SURNAME, logged_in, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]

MOST_QUERIES = 24
RECORD_NUMBER = str(PATIENT["record_number"])


@pytest.fixture(scope="module")
def in_days() -> int:
    """The hour of the meeting has come."""
    return 0


@pytest.fixture
def case(case: Case, alice: User) -> Case:
    changed(case, alice, {"asks": ["captem"]})
    return case


@pytest.fixture
def meeting(case: Case) -> Meeting:
    found = case.discussions.get().meeting
    assert found is not None
    return found


@pytest.fixture
def discussion(case: Case) -> Discussion:
    Discussion.objects.filter(case=case).update(asks=["captem"])
    return case.discussions.get()


def changed(case: Case, by: User, fields: dict[str, Any]) -> Case:
    case.refresh_from_db()
    return save_case(by=by, case=case, fields=fields, version=case.version)


def slide(discussion: Discussion, name: str = "slide") -> str:
    assert discussion.meeting is not None
    return reverse(f"cases:{name}", args=[discussion.meeting.uid, discussion.uid])


def shown(client: Client, discussion: Discussion) -> str:
    """What the page says, its spaces one each."""
    return words_of(client.get(slide(discussion)))


def words_of(response: Any) -> str:
    html = response.content.decode()
    main = html.partition("<main")[2].partition("</main>")[0] or html
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def another(board: Board, alice: User, meeting: Meeting, surname: str) -> Discussion:
    patient = {**PATIENT, "record_number": surname, "surname": surname}
    case = create_case(by=alice, board=board, patient=patient, fields={"question": f"{surname}?"})
    return list_case(by=alice, case=case, meeting=meeting)


def drafted(discussion: Discussion, by: User) -> Decision:
    return save_draft(
        by=by,
        discussion=discussion,
        content=DecisionContent(
            intent="palliative",
            options=(OptionContent("own", title="Second opinion"),),
            conditions=(ConditionContent("HER2 is positive", then="trastuzumab"),),
        ),
    )


# --- Who ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "status"), [("alice", 200), ("bob", 200), ("victor", 200), ("charlie", 404), ("dana", 404)]
)
def test_it_is_for_who_may_read_the_discussion(
    request: pytest.FixtureRequest, discussion: Discussion, person: str, status: int
) -> None:
    client = logged_in(request.getfixturevalue(person))
    assert client.get(slide(discussion)).status_code == status
    assert client.get(slide(discussion, "slide_standing")).status_code == status
    events = AuditEvent.objects.filter(case=discussion.case, action__in=("read", "denied"))
    read = list(events.values_list("action", "kind"))
    assert read == ([("read", "presentation")] if status == 200 else [("denied", ""), ("denied", "")])


def test_a_guest_who_reads_the_case_is_not_at_the_meeting(
    discussion: Discussion, dana: User, third_board: Board
) -> None:
    factories.GrantFactory(case=discussion.case, board=third_board)
    assert logged_in(dana).get(slide(discussion)).status_code == 404


def test_a_discussion_is_not_shown_under_another_meeting(
    board: Board, alice: User, discussion: Discussion
) -> None:
    other = factories.MeetingFactory(board=board)
    assert logged_in(alice).get(reverse("cases:slide", args=[other.uid, discussion.uid])).status_code == 404


def test_a_draft_is_shown_to_who_may_write_it_and_its_stamp_to_all(
    discussion: Discussion, bob: User, victor: User
) -> None:
    drafted(discussion, bob)
    assert "Draft, not signed Palliative: Second opinion" in shown(logged_in(bob), discussion)
    html = shown(logged_in(victor), discussion)
    assert "Draft, not signed" in html
    assert "Second opinion" not in html


# --- What ---------------------------------------------------------------------------------------------


def test_question_diagnosis_facts_verdict_and_options_stand_on_one_page(
    discussion: Discussion, alice: User
) -> None:
    response = logged_in(alice).get(slide(discussion))
    found = response.context["slide"]
    assert (found.question, found.diagnosis) == (QUESTION, "G3 NET, pancreas, metastatic, liver")
    assert "05-Nov-2026" in [fact.day for fact in found.facts]
    days = [fact.day for fact in found.facts]
    assert days == sorted(days)
    assert [one.name for one in found.asked] == ["Capecitabine and temozolomide (CAPTEM)"]
    assert found.asked[0].strength
    assert 3 <= len(found.options) <= 6
    assert "Capecitabine and temozolomide (CAPTEM)" not in [one.name for one in found.options]
    assert all(one.strength for one in found.options)
    assert "<svg" in response.content.decode()
    assert "style=" not in response.content.decode()


def test_what_the_board_asks_is_that_of_the_discussion(
    case: Case, discussion: Discussion, alice: User
) -> None:
    changed(case, alice, {"asks": ["prrt"], "question": "Another one since?"})
    found = logged_in(alice).get(slide(discussion)).context["slide"]
    assert found.question == QUESTION
    assert ["CAPTEM" in one.name for one in found.asked] == [True]


def test_what_changes_in_the_record_is_shown_at_once(case: Case, discussion: Discussion, alice: User) -> None:
    client = logged_in(alice)
    before = client.get(slide(discussion)).context["slide"]
    changed(case, alice, {"primary_site": "stomach"})
    add_part(
        by=alice, case=case, kind="treatment", fields={"kind": "surgery", "started_on": PartialDate(2026, 5)}
    )
    case.patient.surname = "Renamed"
    case.patient.save()
    after = client.get(slide(discussion)).context["slide"]
    assert (before.diagnosis, after.diagnosis) == (
        "G3 NET, pancreas, metastatic, liver",
        "G3 NET, stomach, metastatic, liver",
    )
    assert "Treatment" not in [line.text for line in before.picture.words]
    assert "Treatment" in [line.text for line in after.picture.words]
    assert after.person.name == "Renamed, Ada"


def test_a_case_of_which_little_is_known_says_what_is_open(
    board: Board, alice: User, meeting: Meeting
) -> None:
    html = shown(logged_in(alice), another(board, alice, meeting, "Sparse"))
    assert "No report or treatment with a date." in html
    assert "Would change it: Differentiation" in html


def test_a_signed_decision_is_shown_as_it_was_signed(
    case: Case, discussion: Discussion, alice: User, dora: User
) -> None:
    before = logged_in(alice).get(slide(discussion)).context["slide"]
    sign(case, dora)
    changed(case, alice, {"primary_site": "stomach"})
    add_part(by=alice, case=case, kind="pathology", fields={"differentiation": "poor", "ki67": "90"})
    case.patient.surname = "Renamed"
    case.patient.save()
    response = logged_in(alice).get(slide(discussion))
    after = response.context["slide"]
    assert after.diagnosis.lower() == before.diagnosis.lower()
    assert [(fact.label, fact.shown) for fact in after.facts] == [
        (fact.label, fact.shown) for fact in before.facts
    ]
    assert [(one.name, one.strength) for one in after.options] == [
        (one.name, one.strength) for one in before.options
    ]
    assert [(one.name, one.strength) for one in after.asked] == [
        (one.name, one.strength) for one in before.asked
    ]
    html = words_of(response)
    assert "As signed on" in html
    assert "Signed Palliative: Second opinion" in html
    assert "Signed by Dora Diaz" in html
    assert SURNAME in html
    assert "Renamed" not in html
    assert "hx-get" not in response.content.decode()


def test_a_withdrawn_decision_says_so(case: Case, discussion: Discussion, alice: User, dora: User) -> None:
    decision = sign(case, dora)
    withdraw_decision(by=dora, decision=decision, reason="Wrong patient")
    html = shown(logged_in(alice), discussion)
    assert "Entered in error" in html
    assert "withdrawn: Wrong patient" in html


def test_a_closed_meeting_is_shown_from_its_minutes(
    board: Board, case: Case, discussion: Discussion, meeting: Meeting, alice: User, dora: User
) -> None:
    other = another(board, alice, meeting, "Notreached")
    start_meeting(by=dora, meeting=meeting)
    by = datetime.date(2026, 12, 24)
    defer(by=dora, discussion=discussion, deferral=Deferral("imaging", "SSTR PET", "Radiology", by))
    open_one = (
        "Deferred Imaging is missing or to be reviewed Awaited: SSTR PET, from Radiology, by 24-Dec-2026"
    )
    assert open_one in shown(logged_in(alice), discussion)
    close_meeting(by=dora, meeting=meeting)
    case.patient.surname = "Renamed"
    case.patient.save()
    html = shown(logged_in(alice), discussion)
    assert open_one in html
    assert "As the minutes have it" in html
    assert SURNAME in html
    assert "G3 NET" not in html
    assert "Not reached" in shown(logged_in(alice), other)


# --- From case to case --------------------------------------------------------------------------------


def test_the_agenda_is_walked_in_its_order(
    board: Board, discussion: Discussion, meeting: Meeting, alice: User, dora: User
) -> None:
    second, third = (another(board, alice, meeting, name) for name in ("Second", "Third"))
    client = logged_in(dora)
    context = client.get(slide(second)).context
    assert (context["before"], context["after"]) == (discussion.uid, third.uid)
    assert (context["place"], context["count"]) == (2, 3)
    assert client.get(slide(discussion)).context["before"] is None
    assert client.get(slide(third)).context["after"] is None
    first = reverse("cases:present", args=[meeting.uid])
    assert client.get(first).headers["Location"] == slide(discussion)
    start_meeting(by=dora, meeting=meeting)
    take_up(by=dora, discussion=second)
    assert client.get(first).headers["Location"] == slide(second)


def test_the_meeting_leads_here_as_long_as_it_lists_a_case(
    board: Board, case: Case, meeting: Meeting, victor: User, dora: User
) -> None:
    client, empty = logged_in(victor), factories.MeetingFactory(board=board)
    here = reverse("cases:present", args=[meeting.uid])
    assert here in client.get(reverse("cases:meeting", args=[meeting.uid])).content.decode()
    html = client.get(reverse("cases:meeting", args=[empty.uid])).content.decode()
    assert reverse("cases:present", args=[empty.uid]) not in html
    start_meeting(by=dora, meeting=meeting)
    close_meeting(by=dora, meeting=meeting)
    assert here in client.get(reverse("cases:meeting", args=[meeting.uid])).content.decode()


def test_a_case_that_is_no_longer_shared_is_passed_over(
    board: Board, other_board: Board, discussion: Discussion, meeting: Meeting, alice: User, charlie: User
) -> None:
    theirs = factories.CaseFactory(board=other_board)
    grant = factories.GrantFactory(case=theirs, board=board)
    shared = factories.DiscussionFactory(case=theirs, board=board, meeting=meeting, place=2)
    client = logged_in(alice)
    assert client.get(slide(discussion)).context["after"] == shared.uid
    assert client.get(slide(shared)).status_code == 200
    revoke_grant(by=charlie, grant=grant, reason="Done")
    assert client.get(slide(discussion)).context["after"] is None
    assert client.get(slide(shared)).status_code == 404


def test_an_empty_agenda_leads_back_to_the_meeting(board: Board, alice: User) -> None:
    meeting = factories.MeetingFactory(board=board)
    response = logged_in(alice).get(reverse("cases:present", args=[meeting.uid]), follow=True)
    assert "There is no case on this agenda to present." in response.content.decode()


@pytest.mark.parametrize(("person", "status"), [("alice", 302), ("dora", 302), ("victor", 403)])
def test_a_case_is_taken_up_by_who_may(
    request: pytest.FixtureRequest,
    discussion: Discussion,
    meeting: Meeting,
    dora: User,
    person: str,
    status: int,
) -> None:
    client = logged_in(request.getfixturevalue(person))
    assert 'name="take_up"' not in client.get(slide(discussion)).content.decode()
    start_meeting(by=dora, meeting=meeting)
    assert ('name="take_up"' in client.get(slide(discussion)).content.decode()) == (status == 302)
    assert client.post(slide(discussion), {"take_up": "now"}).status_code == status
    discussion.refresh_from_db()
    assert (discussion.started_at is not None) == (status == 302)
    assert 'name="take_up"' not in client.get(slide(discussion)).content.decode()


def test_a_case_of_a_meeting_that_does_not_run_is_not_taken_up(discussion: Discussion, alice: User) -> None:
    client = logged_in(alice)
    html = words_of(client.post(slide(discussion), {"take_up": "now"}, follow=True))
    assert "Start the meeting first." in html


def test_queries_do_not_grow_with_the_agenda(
    board: Board,
    discussion: Discussion,
    meeting: Meeting,
    alice: User,
    dora: User,
) -> None:
    client = logged_in(alice)
    client.get(slide(discussion))
    with CaptureQueriesContext(connection) as few:
        client.get(slide(discussion))
    for name in ("Second", "Third", "Fourth", "Fifth"):
        another(board, alice, meeting, name)
    call_roll(by=dora, meeting=meeting, present=[Present(name) for name in ("A", "B", "C", "D")])
    with CaptureQueriesContext(connection) as many:
        client.get(slide(discussion))
    assert len(few) == len(many) <= MOST_QUERIES


# --- How it looks -------------------------------------------------------------------------------------


def test_identity_is_masked_for_the_sitting_on_request(
    board: Board, discussion: Discussion, meeting: Meeting, alice: User
) -> None:
    other = another(board, alice, meeting, "Second")
    client = logged_in(alice)
    html = shown(client, discussion)
    assert SURNAME in html
    assert RECORD_NUMBER in html
    assert client.post(slide(discussion), {"look": "masked"}).status_code == 302
    for one in (discussion, other):
        html = client.get(slide(one)).content.decode()
        assert [word for word in (SURNAME, "Second,", RECORD_NUMBER, "14-Aug-1961") if word in html] == []
    assert "Patient Q. A. 65 years" in shown(client, discussion)
    client.post(slide(discussion), {"look": "named"})
    assert SURNAME in shown(client, discussion)


def test_a_frozen_page_is_masked_as_well(
    case: Case, discussion: Discussion, meeting: Meeting, alice: User, dora: User
) -> None:
    start_meeting(by=dora, meeting=meeting)
    client = logged_in(alice)
    client.post(slide(discussion), {"look": "masked"})
    defer(by=dora, discussion=discussion, deferral=Deferral("imaging", "SSTR PET"))
    close_meeting(by=dora, meeting=meeting)
    html = client.get(slide(discussion)).content.decode()
    assert "Patient Q. A." in html
    assert [word for word in (SURNAME, RECORD_NUMBER) if word in html] == []


def test_it_is_dark_on_request_and_an_odd_wish_changes_nothing(discussion: Discussion, alice: User) -> None:
    client = logged_in(alice)
    assert "projector dark" not in client.get(slide(discussion)).content.decode()
    client.post(slide(discussion), {"look": "dark"})
    client.post(slide(discussion), {"look": "pink"})
    assert "projector dark" in client.get(slide(discussion)).content.decode()
    client.post(slide(discussion), {"look": "light"})
    assert "projector dark" not in client.get(slide(discussion)).content.decode()


# --- The decision line --------------------------------------------------------------------------------


def asked_again(html: str) -> str:
    """The address that the page asks by itself."""
    found = re.search(r'hx-get="([^"]+)"', html)
    assert found is not None
    return found[1]


def test_the_page_learns_of_a_save_and_of_nothing_else(
    case: Case, discussion: Discussion, meeting: Meeting, alice: User, bob: User, dora: User
) -> None:
    client = logged_in(alice)
    address = asked_again(client.get(slide(discussion)).content.decode())
    assert client.get(address).status_code == 204
    draft = drafted(discussion, bob)
    response = client.get(address)
    assert "Draft, not signed Palliative: Second opinion" in words_of(response)
    assert "If HER2 is positive: trastuzumab" in words_of(response)
    assert 'id="announcer"' in response.content.decode()
    address = asked_again(response.content.decode())
    assert client.get(address).status_code == 204
    start_meeting(by=dora, meeting=meeting)
    call_roll(by=dora, meeting=meeting, present=[Present("Ann Path")])
    response = client.get(address)
    assert "1 present" in words_of(response)
    assert 'id="announcer"' not in response.content.decode()
    sign_decision(by=dora, decision=draft, version=draft.version, record_number=RECORD_NUMBER)
    response = client.get(asked_again(response.content.decode()))
    assert "Signed by Dora Diaz" in words_of(response)
    assert "hx-get" not in response.content.decode()
    assert AuditEvent.objects.filter(case=case, user=alice, action="read").count() == 1


def test_what_the_page_asks_by_itself_does_not_keep_the_session(
    discussion: Discussion, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = logged_in(alice)
    client.get(slide(discussion))
    before = Session.objects.get().get_decoded()["seen"]
    later = time.time() + 2 * middleware.SLIDE_EVERY
    monkeypatch.setattr(middleware.time, "time", lambda: later)
    client.get(slide(discussion, "slide_standing"))
    assert Session.objects.get().get_decoded()["seen"] == before
    client.get(slide(discussion))
    assert Session.objects.get().get_decoded()["seen"] == int(later)


def test_minutes_are_counted_from_taking_the_case_up(
    discussion: Discussion, meeting: Meeting, alice: User, dora: User
) -> None:
    assert "6 min planned" in shown(logged_in(alice), discussion)
    start_meeting(by=dora, meeting=meeting)
    take_up(by=dora, discussion=discussion)
    Discussion.objects.filter(pk=discussion.pk).update(
        started_at=timezone.now() - datetime.timedelta(minutes=7)
    )
    html = logged_in(alice).get(slide(discussion)).content.decode()
    assert '<b class="over">7 of 6 min</b>' in html
