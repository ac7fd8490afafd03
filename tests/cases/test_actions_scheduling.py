"""Meetings, agendas, and where a case stands."""

import datetime
import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.actions import agenda as listing
from cases.actions.agenda import carry_over, list_case, reorder
from cases.actions.meetings import create_meeting
from cases.actions.status import set_status
from cases.choices import STATUS_MOVES, CaseStatus
from cases.models import AuditEvent, Board, Case, Discussion, Meeting
from tests import factories

pytestmark = pytest.mark.django_db

AT = datetime.datetime(2026, 12, 1, 16, tzinfo=datetime.UTC)


@pytest.fixture
def meeting(alice: User, board: Board) -> Meeting:
    return create_meeting(by=alice, board=board, starts_at=AT, place="Room 4")


@pytest.fixture
def cases(board: Board) -> list[Case]:
    return [factories.CaseFactory(board=board, stage="ready", status="ready") for _ in range(3)]


@pytest.fixture
def agenda(alice: User, meeting: Meeting, cases: list[Case]) -> list[Discussion]:
    return [list_case(by=alice, case=case, meeting=meeting) for case in cases]


def order(meeting: Meeting) -> list[tuple[int, int | None]]:
    return list(meeting.discussions.order_by("place").values_list("pk", "place"))


def actions() -> list[str]:
    return list(AuditEvent.objects.values_list("action", flat=True))


def test_a_meeting_is_made_once(alice: User, board: Board, meeting: Meeting) -> None:
    again = create_meeting(by=alice, board=board, starts_at=AT, place="Elsewhere")
    assert (again, again.place, Meeting.objects.count(), actions()) == (meeting, "Room 4", 1, ["created"])
    with pytest.raises(ValidationError):
        create_meeting(by=alice, board=board, starts_at=AT + datetime.timedelta(1), place="x" * 200)


def test_cases_line_up_on_the_agenda(alice: User, meeting: Meeting, agenda: list[Discussion]) -> None:
    assert order(meeting) == [(case.pk, place) for place, case in enumerate(agenda, 1)]
    assert {case.status for case in Case.objects.all()} == {"scheduled"}
    list_case(by=alice, case=agenda[0].case, meeting=meeting)
    assert order(meeting)[0] == (agenda[0].pk, 1)
    assert actions() == ["created", *["scheduled"] * 3]


def test_moving_to_another_meeting_closes_the_gap(
    alice: User, board: Board, meeting: Meeting, agenda: list[Discussion]
) -> None:
    later = create_meeting(by=alice, board=board, starts_at=AT + datetime.timedelta(days=14))
    list_case(by=alice, case=agenda[0].case, meeting=later)
    assert order(meeting) == [(agenda[1].pk, 1), (agenda[2].pk, 2)]
    assert order(later) == [(agenda[0].pk, 1)]


def test_taking_a_case_off_makes_it_ready_and_closes_the_gap(
    alice: User, meeting: Meeting, agenda: list[Discussion]
) -> None:
    for _ in range(2):
        listing.take_off(by=alice, discussion=agenda[1])
    assert Case.objects.get(pk=agenda[1].case_id).status == "ready"
    assert order(meeting) == [(agenda[0].pk, 1), (agenda[2].pk, 2)]
    assert actions().count("scheduled") == 4


def test_what_has_ended_stays_on_the_agenda_and_a_new_listing_is_a_new_discussion(
    alice: User, board: Board, meeting: Meeting, agenda: list[Discussion]
) -> None:
    Discussion.objects.filter(pk=agenda[0].pk).update(outcome="decided")
    with pytest.raises(ValidationError, match="has ended: decided"):
        listing.take_off(by=alice, discussion=agenda[0])
    later = create_meeting(by=alice, board=board, starts_at=AT + datetime.timedelta(days=14))
    again = list_case(by=alice, case=agenda[0].case, meeting=later)
    assert order(meeting)[0] == (agenda[0].pk, 1)
    assert (again.follows, order(later)) == (agenda[0], [(again.pk, 1)])
    assert Case.objects.get(pk=again.case_id).status == "scheduled"


def test_what_is_left_is_carried_over_in_its_order(
    alice: User, board: Board, meeting: Meeting, agenda: list[Discussion]
) -> None:
    later = create_meeting(by=alice, board=board, starts_at=AT + datetime.timedelta(days=14))
    Discussion.objects.filter(pk=agenda[0].pk).update(outcome="decided")
    Case.objects.filter(pk=agenda[1].case_id).update(stage="closed")
    carried = carry_over(by=alice, meeting=meeting, to=later)
    assert [one.pk for one in carried] == [agenda[2].pk]
    assert order(meeting) == [(agenda[0].pk, 1), (agenda[1].pk, 2)]
    assert (order(later), carried[0].reason) == ([(agenda[2].pk, 1)], "carried_over")
    assert carry_over(by=alice, meeting=meeting, to=later) == []


def test_neither_a_closed_case_nor_one_that_the_board_does_not_have(
    alice: User, meeting: Meeting, cases: list[Case]
) -> None:
    elsewhere = factories.CaseFactory()
    with pytest.raises(Http404):
        list_case(by=alice, case=elsewhere, meeting=meeting)
    factories.MembershipFactory(user=alice, board=elsewhere.board)
    with pytest.raises(ValidationError, match="another board"):
        list_case(by=alice, case=elsewhere, meeting=meeting)
    Case.objects.filter(pk=cases[0].pk).update(stage="closed")
    with pytest.raises(ValidationError, match="reopen it first"):
        list_case(by=alice, case=cases[0], meeting=meeting)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(data=st.data())
def test_any_order_can_be_set(
    alice: User, meeting: Meeting, agenda: list[Discussion], data: st.DataObject
) -> None:
    wanted = data.draw(st.permutations(agenda))
    reorder(by=alice, meeting=meeting, order=[case.uid for case in wanted])
    assert order(meeting) == [(case.pk, place) for place, case in enumerate(wanted, 1)]


def test_the_same_order_again_changes_nothing(
    alice: User, meeting: Meeting, agenda: list[Discussion]
) -> None:
    before = actions()
    reorder(by=alice, meeting=meeting, order=[case.uid for case in agenda])
    assert actions() == before


def test_an_order_that_is_not_the_agendas_is_refused(
    alice: User, meeting: Meeting, agenda: list[Discussion]
) -> None:
    uids = [case.uid for case in agenda]
    for wrong in (uids[:2], [*uids, uids[0]], [*uids[:2], uuid.uuid4()], []):
        with pytest.raises(ValidationError, match="agenda has changed"):
            reorder(by=alice, meeting=meeting, order=wrong)


LAST_OUTCOME = {"scheduled": "open", "deferred": "deferred", "decided": "decided"}


def standing(case: Case, status: str) -> Case:
    """The case as it is with that status."""
    stage = status if status in {"draft", "closed"} else "ready"
    Case.objects.filter(pk=case.pk).update(stage=stage, status=status)
    if status in LAST_OUTCOME:
        deferral = {"deferral_reason": "imaging", "awaited": "MRI"} if status == "deferred" else {}
        factories.DiscussionFactory(case=case, outcome=LAST_OUTCOME[status], **deferral)
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize("before", CaseStatus.values)
@pytest.mark.parametrize("after", CaseStatus.values)
def test_a_status_moves_only_along_the_table(alice: User, cases: list[Case], before: str, after: str) -> None:
    case = standing(cases[0], before)
    assert case.status == before
    if before != after and after not in STATUS_MOVES[before]:
        with pytest.raises(ValidationError, match="can become"):
            set_status(by=alice, case=case, status=after)
        return
    set_status(by=alice, case=case, status=after)
    case.refresh_from_db()
    assert case.status == after
    assert actions().count("status") == (before != after)


def test_a_case_reopened_stands_where_its_discussions_left_it(alice: User, cases: list[Case]) -> None:
    case = standing(cases[0], "decided")
    for status in ("closed", "draft"):
        case = set_status(by=alice, case=case, status=status)
    assert (case.stage, case.status) == ("draft", "decided")


def test_who_may_not_schedule(
    bob: User, victor: User, charlie: User, board: Board, meeting: Meeting, agenda: list[Discussion]
) -> None:
    attempts: list[Callable[[User], object]] = [
        lambda user: create_meeting(by=user, board=board, starts_at=AT),
        lambda user: list_case(by=user, case=agenda[0].case, meeting=meeting),
        lambda user: listing.take_off(by=user, discussion=agenda[0]),
        lambda user: listing.move_to(by=user, discussion=agenda[0], place=2),
        lambda user: carry_over(by=user, meeting=meeting, to=meeting),
        lambda user: reorder(by=user, meeting=meeting, order=[]),
    ]
    for user, error in ((bob, PermissionDenied), (victor, PermissionDenied), (charlie, Http404)):
        for attempt in attempts:
            with pytest.raises(error):
                attempt(user)
    with pytest.raises(PermissionDenied):
        set_status(by=victor, case=agenda[0].case, status="ready")
    assert actions().count("denied") == 19
    assert order(meeting)[0] == (agenda[0].pk, 1)
