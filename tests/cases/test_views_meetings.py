"""Meetings: who sees and changes which, what is refused and how, and what it costs."""

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
from cases.actions.entry import add_part, create_case
from cases.actions.meetings import create_meeting
from cases.actions.status import set_status
from cases.models import AuditEvent, Board, Case, Meeting
from cases.views import meetings
from tests.cases.pages import QUESTION, full_case, logged_in, of_an_event

pytestmark = pytest.mark.django_db

LIST, NEW = reverse("cases:meetings"), reverse("cases:new_meeting")
LIST_QUERIES = 7
AGENDA_QUERIES = 7


def url(name: str, meeting: Meeting) -> str:
    return reverse(f"cases:{name}", args=[meeting.uid])


def soon(days: int = 3) -> datetime.datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0) + datetime.timedelta(days=days)


@pytest.fixture
def meeting(board: Board, alice: User) -> Meeting:
    return create_meeting(by=alice, board=board, starts_at=soon(), place="Room 7")


def enter(by: User, board: Board, name: str, meeting: Meeting | None = None) -> Case:
    patient = {
        "record_number": f"R-{name}",
        "surname": name,
        "given_names": "Ada",
        "birth_date": "1960-01-01",
    }
    case = create_case(by=by, board=board, patient=patient, fields={"question": f"{name}?"})
    return list_case(by=by, case=case, meeting=meeting).case if meeting else case


def listed(case: Case) -> str:
    """The id of the case's discussion, as the agenda's buttons send it."""
    return str(case.discussions.get().uid)


def order(meeting: Meeting) -> list[str]:
    return list(meeting.discussions.order_by("place").values_list("case__patient__surname", flat=True))


def given(**changes: str) -> dict[str, str]:
    return {"board": "gi-net", "day": f"{soon():%d-%b-%Y}", "time": "16:00", "place": "Room 7", **changes}


def shown(response: Any) -> list[Meeting]:
    return [*response.context["ahead"], *response.context["past"]]


def test_the_list_is_that_of_the_readers_boards(
    board: Board, other_board: Board, alice: User, bob: User, charlie: User, meeting: Meeting
) -> None:
    past = create_meeting(by=alice, board=board, starts_at=soon(-7))
    later = create_meeting(by=alice, board=board, starts_at=soon(9))
    enter(alice, board, "One", meeting)
    for user, expected in ((alice, [meeting, later, past]), (bob, [meeting, later, past]), (charlie, [])):
        assert shown(logged_in(user).get(LIST)) == expected
    first = shown(logged_in(bob).get(LIST))[0]
    assert (first.listed, first.decided) == (1, 0)  # type: ignore[attr-defined]
    assert NEW in logged_in(alice).get(LIST).content.decode()
    assert NEW not in logged_in(bob).get(LIST).content.decode()


def test_older_meetings_follow_without_gap(
    board: Board, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meetings, "PAGE", 2)
    made = [create_meeting(by=alice, board=board, starts_at=soon(-day)) for day in (1, 2, 3, 4, 5)]
    client, query, seen = logged_in(alice), "", []
    while query is not None:
        context = client.get(LIST + query).context
        seen += context["past"]
        query = f"?before={context['older']}" if context["older"] else None
    assert seen == made
    assert client.get(LIST + "?before=nonsense").context["past"] == made[:2]


def test_a_meeting_is_made_once(alice: User, board: Board) -> None:
    client = logged_in(alice)
    for _ in range(2):
        response = client.post(NEW, given())
        made = Meeting.objects.get()
        assert response.headers["Location"] == url("meeting", made)
    local = timezone.localtime(made.starts_at)
    assert (f"{local:%d-%b-%Y %H:%M}", made.place, made.board) == (
        f"{soon():%d-%b-%Y} 16:00",
        "Room 7",
        board,
    )
    again = client.post(NEW, given(place="Room 8"), follow=True).content.decode()
    assert "had a meeting at that time already, in Room 7" in again
    assert Meeting.objects.get().place == "Room 7"


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("day", "", "This field is required."),
        ("day", "31-Feb-2027", "Enter a date such as 05-Mar-2026."),
        ("day", "01-Mar-2126", "This is more than two years away; check the year."),
        ("time", "25:00", "Enter a time from 00:00 to 23:59, such as 16:00."),
        ("time", "four", "Enter a time from 00:00 to 23:59, such as 16:00."),
        ("place", "x" * 121, "at most 120 characters"),
        ("place", "a\0b", "Null characters are not allowed."),
        ("board", "lung", "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_kept(
    alice: User, other_board: Board, field: str, typed: str, message: str
) -> None:
    response = logged_in(alice).post(NEW, given(**{field: typed}))
    html = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: " in html
    (text,) = response.context["form"].errors[field]
    assert message in text
    assert f'href="#id_{field}"' in html
    assert response.context["form"][field].value() == typed
    assert not Meeting.objects.exists()


def test_a_past_meeting_is_entered_afterwards_with_a_warning(alice: User) -> None:
    html = logged_in(alice).post(NEW, given(day="01-Mar-2020"), follow=True).content.decode()
    assert Meeting.objects.get().starts_at.year == 2020
    assert "This day is over: list its cases" in html
    assert "Past, not started" in html
    assert "Past, not started" in logged_in(alice).get(LIST).content.decode()


def test_a_series_keeps_its_hour_when_the_clocks_change(alice: User, board: Board, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    year = timezone.localdate().year + 1
    sent = given(day=f"02-Mar-{year}", title="Tuesday board", every_weeks="2", how_many="4")
    response = logged_in(alice).post(NEW, sent, follow=True)
    assert "4 meetings are entered." in response.content.decode()
    starts = [timezone.localtime(one.starts_at) for one in Meeting.objects.order_by("starts_at")]
    assert [f"{one:%d-%b %H:%M}" for one in starts] == [
        "02-Mar 16:00",
        "16-Mar 16:00",
        "30-Mar 16:00",
        "13-Apr 16:00",
    ]
    assert {one.utcoffset() for one in starts} == {datetime.timedelta(hours=1), datetime.timedelta(hours=2)}
    assert set(Meeting.objects.values_list("title", flat=True)) == {"Tuesday board"}
    again = logged_in(alice).post(NEW, {**sent, "how_many": "5", "title": "Other"}, follow=True)
    assert f"had a meeting already on 02-Mar-{year}" in again.content.decode()
    assert Meeting.objects.count() == 5


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"every_weeks": "2"}, "how_many"),
        ({"how_many": "2"}, "every_weeks"),
        ({"every_weeks": "53", "how_many": "2"}, "every_weeks"),
        ({"every_weeks": "1", "how_many": "61"}, "how_many"),
        ({"every_weeks": "x", "how_many": "2"}, "every_weeks"),
    ],
)
def test_half_a_series_is_refused_with_what_is_allowed(
    alice: User, changes: dict[str, str], field: str
) -> None:
    response = logged_in(alice).post(NEW, given(**changes))
    (text,) = response.context["form"].errors[field]
    assert response.status_code == 422
    assert "1 to " in text
    assert not Meeting.objects.exists()


def test_a_series_does_not_meet_an_hour_that_the_clocks_leave_out(alice: User, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    year = timezone.localdate().year + 1
    sunday = max(day for day in range(25, 32) if datetime.date(year, 3, day).weekday() == 6)
    before = datetime.date(year, 3, sunday) - datetime.timedelta(weeks=1)
    sent = given(day=f"{before:%d-%b-%Y}", time="02:30", every_weeks="1", how_many="2")
    response = logged_in(alice).post(NEW, sent)
    assert "on a day of the series" in response.context["form"].errors["time"][0]
    assert not Meeting.objects.exists()


def test_an_hour_that_the_clocks_leave_out_is_refused(alice: User, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    year = timezone.localdate().year + 1
    sunday = max(day for day in range(25, 32) if datetime.date(year, 3, day).weekday() == 6)
    response = logged_in(alice).post(NEW, given(day=f"{sunday}-Mar-{year}", time="02:30"))
    assert response.context["form"].errors == {
        "time": ["The clocks change at this hour; choose another time."]
    }


@pytest.mark.parametrize("person", ["bob", "victor", "dana"])
def test_who_may_not_schedule_makes_no_meeting_here(
    request: pytest.FixtureRequest, board: Board, person: str
) -> None:
    client = logged_in(request.getfixturevalue(person))
    expected = "No board lets you enter meetings." in client.get(NEW).content.decode()
    assert expected
    assert client.post(NEW, given()).status_code == 422
    assert not Meeting.objects.exists()


def test_the_agenda_says_what_is_asked_in_its_order(board: Board, alice: User, bob: User) -> None:
    case = full_case(board, alice)
    meeting = Meeting.objects.get()
    enter(alice, board, "Second", meeting)
    response = logged_in(bob).get(url("meeting", meeting))
    html = response.content.decode()
    assert [(line.case.patient.surname, line.entity, line.site) for line in response.context["lines"]] == [
        ("Quillfeather", "G3 NET", "Pancreas"),
        ("Second", "Entity not known", "Site not known"),
    ]
    for text in (
        "<b>Quillfeather</b>, Ada",
        QUESTION,
        reverse("cases:case", args=[case.uid]),
        "2 cases, 0 with",
    ):
        assert text in html
    assert "Take off" not in html


def test_cases_are_put_on_and_taken_off_once(alice: User, board: Board, meeting: Meeting) -> None:
    one, two = enter(alice, board, "One"), enter(alice, board, "Two")
    client = logged_in(alice)
    for case in (two, one):
        response = client.post(url("put_on_agenda", meeting), {"case": str(case.uid)})
        assert response.headers["Location"].endswith("#id_words"), "at the search for the next one"
    response = client.post(url("put_on_agenda", meeting), {"case": str(one.uid)})
    assert order(meeting) == ["Two", "One"]
    assert response.status_code == 422, "a case on the agenda is not offered again"
    off = listed(two)
    for _ in range(2):
        client.post(url("take_off_agenda", meeting), {"off": off})
    assert order(meeting) == ["One"]
    two.refresh_from_db()
    assert (two.status, two.discussions.count()) == ("ready", 0)


@pytest.mark.parametrize("sent", ["", "nonsense", "00000000-0000-4000-8000-000000000000", "a\0b"])
def test_a_case_that_cannot_be_put_on_is_refused_at_the_field(
    alice: User, meeting: Meeting, sent: str
) -> None:
    response = logged_in(alice).post(url("put_on_agenda", meeting), {"case": sent})
    assert response.status_code == 422
    assert 'href="#id_words"' in response.content.decode()


def test_a_case_for_the_agenda_is_found_by_words_or_because_it_is_ready(
    alice: User, bob: User, charlie: User, board: Board, other_board: Board, meeting: Meeting
) -> None:
    enter(alice, board, "Listed", meeting)
    free, ready = enter(alice, board, "Free"), enter(alice, board, "Ready")
    enter(charlie, other_board, "Freeman")
    set_status(by=alice, case=ready, status="ready")
    address = url("find_for_agenda", meeting)

    def offered(words: str, **headers: str) -> list[Case]:
        response = logged_in(alice).post(address, {"words": words}, headers=headers)
        assert response.status_code == 200
        return list(response.context["offered"])

    assert (offered("fre"), offered("listed"), offered("")) == ([free], [], [ready])
    part = logged_in(alice).post(address, {"words": "FREE"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert f'name="case" value="{free.uid}"' in part
    assert [logged_in(user).post(address, {"words": "f"}).status_code for user in (bob, charlie)] == [
        403,
        404,
    ]


def test_a_case_of_another_board_is_not_put_on(
    alice: User, charlie: User, other_board: Board, meeting: Meeting
) -> None:
    other = enter(charlie, other_board, "Hidden")
    response = logged_in(alice).post(url("put_on_agenda", meeting), {"case": str(other.uid)})
    assert response.status_code == 422
    assert "Hidden" not in response.content.decode()
    assert order(meeting) == []


def test_moving_names_the_place_so_that_a_second_click_changes_nothing(
    alice: User, board: Board, meeting: Meeting
) -> None:
    one, _, three = (enter(alice, board, name, meeting) for name in ("One", "Two", "Three"))
    client = logged_in(alice)
    for _ in range(2):
        response = client.post(url("move_on_agenda", meeting), {"move": f"{listed(three)}:2"})
        assert order(meeting) == ["One", "Three", "Two"]
    assert response.headers["Location"].endswith(f"#case-{three.uid}")
    client.post(url("move_on_agenda", meeting), {"move": f"{listed(one)}:99"})
    assert order(meeting) == ["Three", "Two", "One"]


@pytest.mark.parametrize(("typed", "said"), [("2", "2"), (" 1 ", "1"), ("99", "3")])
def test_a_place_is_typed(alice: User, board: Board, meeting: Meeting, typed: str, said: str) -> None:
    two = [enter(alice, board, name, meeting) for name in ("One", "Two", "Three")][1]
    sent = {"discussion": listed(two), "place": typed}
    html = logged_in(alice).post(url("move_on_agenda", meeting), sent, follow=True).content.decode()
    assert f"Moved to place {said}." in html
    assert order(meeting).index("Two") == int(said) - 1


@pytest.mark.parametrize("typed", ["", "0", "first", "1.5", "9" * 6, "²"])
def test_a_typed_place_that_is_none_is_said_at_its_box_and_kept(
    alice: User, board: Board, meeting: Meeting, typed: str
) -> None:
    enter(alice, board, "One", meeting)
    two = enter(alice, board, "Two", meeting)
    sent = {"discussion": listed(two), "place": typed}
    response = logged_in(alice).post(url("move_on_agenda", meeting), sent)
    html = response.content.decode()
    assert response.status_code == 422
    assert f'href="#place-{listed(two)}">Place: enter a whole number from 1 to 2.' in html
    assert re.search(rf'id="place-{listed(two)}"[^>]*value="{typed}"[^>]*aria-invalid="true"', html)
    assert order(meeting) == ["One", "Two"]


@pytest.mark.parametrize("place", ["", "0", "0x1", "-1", "9" * 40, "²"])
def test_a_place_that_is_none_is_not_found(alice: User, board: Board, meeting: Meeting, place: str) -> None:
    one = enter(alice, board, "One", meeting)
    response = logged_in(alice).post(url("move_on_agenda", meeting), {"move": f"{listed(one)}:{place}"})
    assert response.status_code == 404


def test_only_who_schedules_changes_an_agenda(
    alice: User, bob: User, charlie: User, board: Board, meeting: Meeting
) -> None:
    case = enter(alice, board, "One", meeting)
    sent = {"case": str(case.uid), "move": f"{listed(case)}:1", "off": listed(case)}
    for user, status in ((bob, 403), (charlie, 404)):
        for name in ("put_on_agenda", "move_on_agenda", "take_off_agenda"):
            assert logged_in(user).post(url(name, meeting), sent).status_code == status
    assert order(meeting) == ["One"]
    assert AuditEvent.objects.filter(action="denied").count() == 6


def test_cost_does_not_grow_with_the_agenda(
    alice: User, board: Board, meeting: Meeting, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client: Client = logged_in(alice)
    for number in (1, 2, 3):
        case = enter(alice, board, f"Case{number}", meeting)
        add_part(by=alice, case=case, kind="pathology", fields={"differentiation": "well"})
        if number != 2:
            client.get(url("meeting", meeting))
            with django_assert_num_queries(AGENDA_QUERIES + of_an_event()):
                client.get(url("meeting", meeting))


def test_cost_does_not_grow_with_the_list(
    alice: User, board: Board, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = logged_in(alice)
    for number in (1, 2, 3):
        for days in (number, -number):
            create_meeting(by=alice, board=board, starts_at=soon(days))
        if number != 2:
            client.get(LIST)
            with django_assert_num_queries(LIST_QUERIES):
                client.get(LIST)
