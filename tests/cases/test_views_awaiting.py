"""Readiness across coming meetings: what is lacking and from whom, who was asked, what deferrals wait for."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cases.actions.agenda import list_case
from cases.actions.asking import note_asked
from cases.actions.entry import add_part, create_case
from cases.actions.leading import Deferral, defer, start_meeting
from cases.actions.meetings import create_meeting
from cases.models import AskedFor, AuditEvent, Board, Case, Meeting
from tests import factories
from tests.cases.pages import SURNAME, logged_in, of_an_event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]

PAGE = reverse("cases:readiness")
QUERIES = 8  # session, person, memberships, meetings, discussions, deferred, cases, askings
TODAY = timezone.localdate()


def soon(days: int) -> datetime.datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0) + datetime.timedelta(days=days)


def deferred(board: Board, by: User, surname: str, days: int | None) -> Case:
    """A case deferred until so many days from today."""
    case = factories.CaseFactory(board=board, created_by=by, stage="ready", patient__surname=surname)
    minutes = Meeting.objects.count()
    start = soon(-1) + datetime.timedelta(minutes=minutes)
    meeting = start_meeting(by=by, meeting=create_meeting(by=by, board=board, starts_at=start))
    until = None if days is None else TODAY + datetime.timedelta(days=days)
    discussion = list_case(by=by, case=case, meeting=meeting)
    defer(by=by, discussion=discussion, deferral=Deferral("imaging", f"PET of {surname}", "Radiology", until))
    return case


def shown(user: User) -> Any:
    return logged_in(user).get(PAGE).context["awaited"]


def text(user: User, address: str = PAGE) -> str:
    return " ".join(logged_in(user).get(address).content.decode().split())


def test_every_listed_case_says_what_is_lacking_and_from_whom(board: Board, alice: User, case: Case) -> None:
    ((_, (line,)),) = shown(alice).meetings
    lacking = [item for item in line.readiness.items if item.state != "present"]
    assert lacking
    assert sorted(fact for owed in line.owed for fact, _ in owed.facts) == sorted(one.fact for one in lacking)
    assert line.stale + line.missing == len(lacking)
    html = text(alice)
    for owed in line.owed:
        assert f"<b>{owed.title}</b>" in html
        for fact, words in owed.facts:
            assert f'{reverse("cases:fact", args=[case.uid, fact])}" >{words}</a>' in html


def test_a_fact_leads_to_its_field(alice: User, case: Case) -> None:
    client = logged_in(alice)
    to_ki67 = client.get(reverse("cases:fact", args=[case.uid, "ki67"]))
    assert to_ki67.headers["Location"] == reverse("cases:part", args=[case.uid, "pathology"]) + "#id_ki67"
    study = case.imaging_studies.get()
    to_uptake = client.get(reverse("cases:fact", args=[case.uid, "sstr_uptake"]))
    assert to_uptake.headers["Location"] == (
        reverse("cases:item", args=[case.uid, "imaging", study.uid]) + "#id_sstr_uptake"
    )
    assert client.get(reverse("cases:fact", args=[case.uid, "zebra"])).status_code == 404


def test_each_sees_the_cases_of_their_boards(
    board: Board, case: Case, bob: User, victor: User, charlie: User, dana: User, third_board: Board
) -> None:
    for user, sees in ((bob, True), (victor, True), (charlie, False), (dana, False)):
        assert (SURNAME in text(user)) is sees, user
    factories.GrantFactory(case=case, board=third_board)
    assert SURNAME not in text(dana), "the meeting is another board's"
    assert "note whom you asked" not in text(victor)


def test_below_the_boards_minimum_is_marked(board: Board, alice: User, case: Case) -> None:
    assert "Below the board" not in text(alice)
    Board.objects.update(least_ready=100)
    assert "Below the board’s 100 %" in text(alice)


# --- Asked ------------------------------------------------------------------------------------------------


def test_who_was_asked_is_kept_with_what_for(alice: User, case: Case) -> None:
    ((_, (line,)),) = shown(alice).meetings
    owed = line.owed[0]
    client, address = logged_in(alice), reverse("cases:asked", args=[case.uid])
    sent = {"owner": owed.owner, "asked_of": "Dr. Baker", "asked_on": f"{TODAY:%d-%b-%Y}"}
    for _ in range(2):
        response = client.post(address, sent)
        assert response.headers["Location"] == f"{PAGE}#case-{case.uid}"
    asked = AskedFor.objects.get()
    assert (asked.owner, asked.wanted, asked.asked_of, asked.asked_on, asked.by) == (
        owed.owner,
        owed.wanted,
        "Dr. Baker",
        TODAY,
        alice,
    )
    event = AuditEvent.objects.get(kind="asking")
    assert (event.case, event.detail) == (case, {"owner": owed.owner})
    assert "Asked Dr. Baker on" in text(alice)
    assert "Dr. Baker" in text(alice, f"{address}?owner={owed.owner}")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"asked_of": " "}, "asked_of"),
        ({"asked_of": "x" * 121}, "asked_of"),
        ({"asked_on": ""}, "asked_on"),
        ({"asked_on": "01-Jan-2099"}, "asked_on"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(
    alice: User, case: Case, changes: dict[str, str], field: str
) -> None:
    ((_, (line,)),) = shown(alice).meetings
    sent = {"owner": line.owed[0].owner, "asked_of": "Dr. Baker", "asked_on": "01-Nov-2026", **changes}
    response = logged_in(alice).post(reverse("cases:asked", args=[case.uid]), sent)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["asked_of"].value() == sent["asked_of"]
    assert not AskedFor.objects.exists()


@pytest.mark.parametrize(
    ("person", "status"), [("bob", 302), ("victor", 403), ("charlie", 404), ("dana", 404)]
)
def test_who_enters_notes_it(
    request: pytest.FixtureRequest, alice: User, case: Case, person: str, status: int
) -> None:
    ((_, (line,)),) = shown(alice).meetings
    sent = {"owner": line.owed[0].owner, "asked_of": "Dr. Baker", "asked_on": f"{TODAY:%d-%b-%Y}"}
    client = logged_in(request.getfixturevalue(person))
    assert client.post(reverse("cases:asked", args=[case.uid]), sent).status_code == status
    assert AskedFor.objects.exists() is (status == 302)


def test_nobody_is_asked_for_what_is_there_or_by_an_owner_that_is_none(alice: User, case: Case) -> None:
    client, address = logged_in(alice), reverse("cases:asked", args=[case.uid])
    assert client.get(address, {"owner": "astrology"}).status_code == 404
    html = client.post(address, {"asked_of": "Dr. Baker"}, follow=True).content.decode()
    assert "Nothing is lacking there any more." in html


def test_the_action_refuses_nobody_and_the_future(alice: User, case: Case) -> None:
    said = {"by": alice, "case": case, "owner": "pathology", "wanted": "Ki-67"}
    with pytest.raises(ValidationError, match="Say who was asked"):
        note_asked(**said, asked_of=" ", asked_on=TODAY)
    with pytest.raises(ValidationError, match="has not come yet"):
        note_asked(**said, asked_of="Dr. Baker", asked_on=TODAY + datetime.timedelta(days=1))


# --- Deferred -----------------------------------------------------------------------------------------------


def test_deferred_cases_wait_overdue_ones_first(board: Board, dora: User, alice: User) -> None:
    deferred(board, dora, "Later", 9)
    deferred(board, dora, "Never", None)
    over = deferred(board, dora, "Over", -2)
    deferred(board, dora, "Today", 0)
    lines = shown(alice).deferred
    assert [(line.case.patient.surname, line.overdue) for line in lines] == [
        ("Over", True),
        ("Today", False),
        ("Later", False),
        ("Never", False),
    ]
    html = text(alice)
    assert "PET of Over, from Radiology" in html
    assert html.count("List again") == 4
    client = logged_in(alice)
    client.post(
        reverse("cases:asked", args=[over.uid]),
        {"owner": "", "asked_of": "Dr. Ray", "asked_on": f"{TODAY:%d-%b-%Y}"},
    )
    assert AskedFor.objects.get().wanted == "PET of Over"
    coming = create_meeting(by=alice, board=board, starts_at=soon(5))
    again = list_case(by=alice, case=over, meeting=coming)
    assert again.reason == "re_presentation"
    assert [line.case.patient.surname for line in shown(alice).deferred] == ["Today", "Later", "Never"]


def test_cost_does_not_grow_with_cases(
    board: Board, alice: User, dora: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = logged_in(alice)
    for number in range(3):
        meeting = create_meeting(by=alice, board=board, starts_at=soon(3 + number))
        for one in "ab":
            patient = {"record_number": f"R{number}{one}", "surname": "S", "birth_date": "1960-01-01"}
            case = create_case(by=alice, board=board, patient=patient, fields={"question": "What?"})
            add_part(by=alice, case=case, kind="pathology", fields={"differentiation": "well"})
            list_case(by=alice, case=case, meeting=meeting)
        deferred(board, dora, f"D{number}", number)
        client.get(PAGE)
        with django_assert_max_num_queries(QUERIES + of_an_event()):
            client.get(PAGE)
