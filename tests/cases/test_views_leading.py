"""A meeting on its way: who may do what, what closing says and freezes, what stands beneath its minutes."""

import datetime
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cases.actions.agenda import list_case
from cases.actions.deciding import DecisionContent, save_draft
from cases.actions.leading import Deferral, close_meeting, defer, start_meeting, take_up
from cases.actions.meetings import change_meeting, create_meeting
from cases.choices import MeetingState
from cases.models import AuditEvent, Board, Case, Discussion, Meeting
from tests import factories
from tests.cases.pages import SURNAME, form_of, full_case, logged_in, of_an_event, sign

pytestmark = pytest.mark.django_db

CLOSED_QUERIES = 10


def url(name: str, meeting: Meeting) -> str:
    return reverse(f"cases:{name}", args=[meeting.uid])


def moment(days: int, hours: int = 0) -> datetime.datetime:
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    return now + datetime.timedelta(days=days, hours=hours)


def earlier_today() -> datetime.datetime:
    """An hour ago, or midnight where that was yesterday."""
    return max(moment(0, -1), timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0))


@pytest.fixture
def meeting(board: Board, alice: User) -> Meeting:
    return create_meeting(by=alice, board=board, starts_at=earlier_today(), place="Room 7")


@pytest.fixture
def later(board: Board, alice: User) -> Meeting:
    return create_meeting(by=alice, board=board, starts_at=moment(7), place="Room 8")


def enter(board: Board, meeting: Meeting, alice: User, surname: str, **patient: Any) -> Discussion:
    case = factories.CaseFactory(
        board=board, created_by=alice, stage="ready", patient__surname=surname, question=f"{surname}?"
    )
    for name, value in patient.items():
        setattr(case.patient, name, value)
        case.patient.save()
    return list_case(by=alice, case=case, meeting=meeting)


def text(client: Client, address: str) -> str:
    """What the page says between its bars."""
    html = client.get(address).content.decode()
    return " ".join(html.partition("<main")[2].partition("</main>")[0].split())


# --- Role × act ---------------------------------------------------------------------------------------

PEOPLE = ("alice", "bob", "dora", "victor", "charlie", "dana")
# Which answer each of the people gets to the request: alice schedules, bob and alice write, dora leads.
ACTS: dict[str, tuple[int, ...]] = {
    "start_meeting": (403, 403, 302, 403, 404, 404),
    "take_up": (302, 302, 302, 403, 404, 404),
    "close_meeting": (403, 403, 302, 403, 404, 404),
    "change_meeting": (302, 403, 302, 403, 404, 404),
    "cancel_meeting": (302, 403, 302, 403, 404, 404),
    "carry_over": (302, 403, 302, 403, 404, 404),
    "put_on_agenda": (302, 403, 302, 403, 404, 404),
    "move_on_agenda": (302, 403, 302, 403, 404, 404),
    "take_off_agenda": (302, 403, 302, 403, 404, 404),
    "meeting_note": (403, 403, 302, 403, 404, 404),
}


def sent_for(
    act: str, meeting: Meeting, later: Meeting, discussion: Discussion, free: Case
) -> dict[str, str]:
    uid = str(discussion.uid)
    starts = timezone.localtime(meeting.starts_at)
    return {
        "close_meeting": {"seen": f"{uid}:{discussion.version}"},
        "take_up": {"discussion": uid},
        "change_meeting": {
            "day": f"{starts:%d-%b-%Y}",
            "time": f"{starts:%H:%M}",
            "title": "Renamed",
            "version": str(meeting.version),
        },
        "cancel_meeting": {"reason": "Nobody can come"},
        "carry_over": {"to": str(later.uid)},
        "put_on_agenda": {"case": str(free.uid)},
        "move_on_agenda": {"move": f"{uid}:1"},
        "take_off_agenda": {"off": uid},
        "meeting_note": {"text": "Bob was remote."},
    }.get(act, {})


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("person", PEOPLE)
def test_each_role_may_do_what_is_its_own(
    request: pytest.FixtureRequest,
    board: Board,
    alice: User,
    dora: User,
    meeting: Meeting,
    later: Meeting,
    act: str,
    person: str,
) -> None:
    client = logged_in(request.getfixturevalue(person))
    free = factories.CaseFactory(board=board)
    if act == "cancel_meeting":
        discussion = factories.DiscussionFactory()
    else:
        discussion = enter(board, meeting, alice, "One")
    if act in ("take_up", "close_meeting", "meeting_note"):
        start_meeting(by=dora, meeting=meeting)
    if act == "meeting_note":
        close_meeting(by=dora, meeting=meeting)
    meeting.refresh_from_db()
    before = AuditEvent.objects.exclude(action="denied").count()
    response = client.post(url(act, meeting), sent_for(act, meeting, later, discussion, free))
    assert response.status_code == ACTS[act][PEOPLE.index(person)]
    written = AuditEvent.objects.exclude(action="denied").count() - before
    if response.status_code == 302:
        assert written == (0 if act == "move_on_agenda" else 1), (
            "one event an act; moved to where it stands: none"
        )
    else:
        assert (written, AuditEvent.objects.filter(action="denied").count()) == (0, 1)


@pytest.mark.parametrize(
    ("person", "offered"),
    [
        ("alice", {"Move or rename", "Cancel …", "Find"}),
        ("bob", set()),
        ("dora", {"Start", "Move or rename", "Cancel …", "Find"}),
        ("victor", set()),
    ],
)
def test_the_page_offers_what_the_role_may_do(
    request: pytest.FixtureRequest, meeting: Meeting, person: str, offered: set[str]
) -> None:
    html = logged_in(request.getfixturevalue(person)).get(url("meeting", meeting)).content.decode()
    controls = {"Start", "Close …", "Move or rename", "Cancel …", "Find"}
    assert {one for one in controls if f">{one}" in html} == offered


# --- Before -------------------------------------------------------------------------------------------


def test_the_agenda_marks_late_additions_the_dead_and_what_was_closed_since(
    board: Board, alice: User, later: Meeting
) -> None:
    enter(board, later, alice, "Early")
    assert "Late addition" not in text(logged_in(alice), url("meeting", later))
    soon = create_meeting(by=alice, board=board, starts_at=moment(0, 2))
    enter(board, soon, alice, "Dead", deceased=True)
    Case.objects.filter(pk=enter(board, soon, alice, "Shut").case_id).update(stage="closed", status="closed")
    html = text(logged_in(alice), url("meeting", soon))
    assert html.count("Late addition") == 2
    assert "The patient has died" in html
    assert "The case is closed" in html


def test_clock_times_run_on_by_the_planned_minutes(board: Board, alice: User, later: Meeting) -> None:
    for surname in ("One", "Two", "Three"):
        enter(board, later, alice, surname)
    Discussion.objects.filter(case__patient__surname="One").update(minutes=15)
    response = logged_in(alice).get(url("meeting", later))
    clock = [timezone.localtime(line.expected) for line in response.context["lines"]]
    start = timezone.localtime(later.starts_at)
    minutes = [(one - start).total_seconds() / 60 for one in clock]
    assert minutes == [0, 15, 21]
    assert "27 minutes planned" in " ".join(response.content.decode().split())


def test_a_meeting_is_moved_and_renamed_with_a_trace(alice: User, later: Meeting) -> None:
    address = url("change_meeting", later)
    day = timezone.localtime(later.starts_at) + datetime.timedelta(days=1)
    sent = form_of(logged_in(alice), address, title="Extra board", day=f"{day:%d-%b-%Y}")
    assert logged_in(alice).post(address, sent).status_code == 302
    before = later.starts_at
    later.refresh_from_db()
    assert (later.title, later.place, later.starts_at - before) == (
        "Extra board",
        "Room 8",
        datetime.timedelta(1),
    )
    event = AuditEvent.objects.filter(action="changed").get()
    assert event.detail == {"fields": ["starts_at", "title"], "from": before.isoformat()}


def test_what_somebody_else_changed_is_shown_and_what_was_typed_is_kept(
    alice: User, dora: User, later: Meeting
) -> None:
    address = url("change_meeting", later)
    client = logged_in(alice)
    sent = form_of(client, address, title="Mine")
    change_meeting(
        by=dora,
        meeting=later,
        starts_at=later.starts_at,
        place="Room 9",
        title="Theirs",
        version=later.version,
    )
    response = client.post(address, sent)
    html = response.content.decode()
    assert response.status_code == 409
    assert "Theirs, Room 9" in " ".join(html.split()).replace(" ,", ",")
    assert 'value="Mine"' in html
    later.refresh_from_db()
    assert later.title == "Theirs"
    assert client.post(address, {**sent, "version": str(later.version)}).status_code == 302


def test_a_time_that_is_taken_is_refused_at_the_field(alice: User, meeting: Meeting, later: Meeting) -> None:
    taken = timezone.localtime(meeting.starts_at)
    sent = form_of(
        logged_in(alice), url("change_meeting", later), day=f"{taken:%d-%b-%Y}", time=f"{taken:%H:%M}"
    )
    response = logged_in(alice).post(url("change_meeting", later), sent)
    assert response.status_code == 422
    assert "already has a meeting at that time" in response.context["form"].errors["time"][0]


def test_cancelling_needs_a_reason_and_an_empty_agenda(board: Board, alice: User, later: Meeting) -> None:
    client, address = logged_in(alice), url("cancel_meeting", later)
    response = client.post(address, {"reason": " "})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason"])
    discussion = enter(board, later, alice, "One")
    refused = client.post(address, {"reason": "Holiday"})
    assert refused.status_code == 422
    assert "Carry the cases of this meeting over" in refused.content.decode()
    assert 'value="Holiday"' in refused.content.decode()
    discussion.delete()
    assert client.post(address, {"reason": "Holiday"}).status_code == 302
    assert "<b>Cancelled</b>: Holiday" in text(client, url("meeting", later))
    assert client.get(address).status_code == 403


# --- During and after -----------------------------------------------------------------------------------


def test_one_case_is_discussed_at_a_time(board: Board, alice: User, dora: User, meeting: Meeting) -> None:
    one, two = (enter(board, meeting, alice, name) for name in ("One", "Two"))
    client = logged_in(alice)
    early = client.post(url("take_up", meeting), {"discussion": str(one.uid)}, follow=True)
    assert "Start the meeting first." in early.content.decode()
    logged_in(dora).post(url("start_meeting", meeting))
    for discussion in (one, two):
        response = client.post(url("take_up", meeting), {"discussion": str(discussion.uid)})
        assert response.headers["Location"] == reverse("cases:decision", args=[discussion.case.uid])
    lines = client.get(url("meeting", meeting)).context["lines"]
    assert [line.is_discussed_now for line in lines] == [False, True]


def test_closing_says_what_it_leaves_and_only_that_is_closed(
    board: Board, alice: User, dora: User, meeting: Meeting
) -> None:
    drafted, deferred, _left = (enter(board, meeting, alice, name) for name in ("Draft", "Wait", "Left"))
    client, address = logged_in(dora), url("close_meeting", meeting)
    assert "start it first" in client.get(address, follow=True).content.decode()
    start_meeting(by=dora, meeting=meeting)
    save_draft(by=dora, discussion=drafted, content=DecisionContent(intent="palliative"))
    defer(by=dora, discussion=deferred, deferral=Deferral("imaging", "SSTR PET"))
    left = client.get(address).context["left"]
    assert [[line.case.patient.surname for line in some] for some in (
        left.decided, left.signable, left.deferred, left.not_reached
    )] == [[], ["Draft"], ["Wait"], ["Left"]]  # fmt: skip
    sent = form_of(client, address)
    enter(board, meeting, alice, "Late")
    response = client.post(address, sent)
    assert response.status_code == 409
    assert "The agenda has changed" in response.content.decode()
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.RUNNING
    client.post(address, form_of(client, address))
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CLOSED
    outcomes = meeting.discussions.order_by("place").values_list("outcome", flat=True)
    assert list(outcomes) == ["open", "deferred", "not_reached", "not_reached"]


def without_tokens(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html)


@pytest.fixture
def closed(board: Board, alice: User, dora: User, later: Meeting) -> Meeting:
    """A meeting of three cases: one decided and signed, one deferred, one not reached; closed."""
    case = full_case(board, alice, in_days=-1)
    meeting = Meeting.objects.exclude(pk=later.pk).get()
    deferred = enter(board, meeting, alice, "Wait")
    enter(board, meeting, alice, "Left")
    start_meeting(by=dora, meeting=meeting, at=meeting.starts_at)
    factories.AttendanceFactory(
        meeting=meeting, name="Dora Diaz", discipline="Surgery", cover_for="Prof. Ott"
    )
    take_up(by=dora, discussion=case.discussions.get())
    sign(case, dora)
    defer(
        by=dora,
        discussion=deferred,
        deferral=Deferral("imaging", "SSTR PET", "Radiology", datetime.date(2027, 1, 5)),
    )
    return close_meeting(by=dora, meeting=meeting)


def test_a_closed_meeting_is_shown_from_its_minutes_and_nothing_of_today(
    board: Board, alice: User, closed: Meeting
) -> None:
    client = logged_in(alice)
    before = text(client, url("meeting", closed))
    for expected in (
        f"{SURNAME}, Ada", "Awaited: SSTR PET", ", from Radiology", ", by 05-Jan-2027", "Not reached",
        "in place of Prof. Ott", closed.snapshot_digest, "GI-NET board",
    ):  # fmt: skip
        assert expected in before, expected
    Board.objects.update(name="Renamed board", quorum_people=9)
    case = Case.objects.get(patient__surname=SURNAME)
    case.patient.surname = "Changed"
    case.patient.save()
    Case.objects.update(question="Another question?")
    assert without_tokens(text(client, url("meeting", closed))) == without_tokens(before)
    for act in ("put_on_agenda", "move_on_agenda", "take_off_agenda", "change_meeting", "cancel_meeting"):
        assert client.post(url(act, closed), {}).status_code == 403


def test_minutes_that_are_no_longer_what_was_frozen_say_so(
    alice: User, closed: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "unchanged since the meeting was closed" in text(logged_in(alice), url("meeting", closed))
    monkeypatch.setattr("cases.screens.minutes.digest", lambda _: "sha256:of something else")
    changed = text(logged_in(alice), url("meeting", closed))
    assert "the stored minutes are not the ones that closing the meeting froze" in changed
    assert "unchanged since" not in changed


def test_a_case_no_longer_shared_is_a_place_in_the_minutes(
    board: Board, third_board: Board, alice: User, dora: User, dana: User
) -> None:
    case = full_case(board, alice)
    grant = factories.GrantFactory(case=case, board=third_board)
    factories.MembershipFactory(user=dora, board=third_board, role="chair")
    meeting = create_meeting(by=dora, board=third_board, starts_at=earlier_today())
    list_case(by=dora, case=Case.objects.get(pk=_second(case, alice)), meeting=meeting)
    close_meeting(by=dora, meeting=start_meeting(by=dora, meeting=meeting))
    assert SURNAME in text(logged_in(dana), url("meeting", meeting))
    grant.revoked_at, grant.revoked_by, grant.revoke_reason = timezone.now(), alice, "Done"
    grant.save()
    html = text(logged_in(dana), url("meeting", meeting))
    assert SURNAME not in html
    assert "A case that is no longer shared with your board" in html


def _second(case: Case, alice: User) -> int:
    """The case, off its own board's agenda."""
    case.discussions.all().delete()
    return int(case.pk)


def test_corrections_stand_beneath_the_minutes(alice: User, dora: User, closed: Meeting) -> None:
    client = logged_in(dora)
    for _ in range(2):
        client.post(url("meeting_note", closed), {"text": "Bob Baker was remote."})
    html = text(client, url("meeting", closed))
    assert html.count("Bob Baker was remote.") == 1
    assert "Dora Diaz" in html
    refused = client.post(url("meeting_note", closed), {"text": " "})
    assert (refused.status_code, 'href="#id_text"' in refused.content.decode()) == (422, True)
    assert "Add the correction" not in text(logged_in(alice), url("meeting", closed))


def test_what_was_not_reached_is_carried_over_in_one_act(
    alice: User, closed: Meeting, later: Meeting
) -> None:
    client = logged_in(alice)
    refused = client.post(url("carry_over", closed), {"to": ""})
    assert (refused.status_code, 'href="#id_to"' in refused.content.decode()) == (422, True)
    html = client.post(url("carry_over", closed), {"to": str(later.uid)}, follow=True).content.decode()
    assert "1 case carried over to this meeting." in html
    again = later.discussions.get()
    assert (again.case.patient.surname, again.reason) == ("Left", "carried_over")
    assert "Left undecided" not in text(client, url("meeting", closed))
    nothing = client.post(url("carry_over", closed), {"to": str(later.uid)}, follow=True)
    assert "This meeting leaves no case to carry over." in nothing.content.decode()
    assert later.discussions.count() == 1


def test_a_past_meeting_is_entered_afterwards(board: Board, alice: User, dora: User) -> None:
    meeting = create_meeting(by=alice, board=board, starts_at=moment(-3))
    enter(board, meeting, alice, "One")
    client = logged_in(dora)
    assert "Enter as held" in text(client, url("meeting", meeting))
    client.post(url("start_meeting", meeting))
    meeting.refresh_from_db()
    assert meeting.started_at == meeting.starts_at
    assert "<b>Not closed</b>" in text(client, url("meeting", meeting))
    address = url("close_meeting", meeting)
    sent = form_of(client, address)
    missing = client.post(address, {**sent, "ended": ""})
    assert (missing.status_code, list(missing.context["form"].errors)) == (422, ["ended"])
    ended = timezone.localtime(meeting.starts_at) + datetime.timedelta(minutes=10)
    if ended.date() == timezone.localtime(meeting.starts_at).date():
        client.post(address, {**sent, "ended": f"{ended:%H:%M}"})
        meeting.refresh_from_db()
        assert meeting.closed_at == ended


def test_cost_does_not_grow_with_the_minutes(
    board: Board, alice: User, dora: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = logged_in(alice)
    for cases in (1, 4):
        meeting = create_meeting(by=alice, board=board, starts_at=moment(-cases))
        for number in range(cases):
            enter(board, meeting, alice, f"C{cases}{number}")
        close_meeting(by=dora, meeting=start_meeting(by=dora, meeting=meeting))
        client.get(url("meeting", meeting))
        with django_assert_num_queries(CLOSED_QUERIES + of_an_event()):
            client.get(url("meeting", meeting))
