"""Meetings, agendas, statuses and memberships."""

import datetime
import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.actions import membership, scheduling
from cases.choices import STATUS_MOVES, CaseStatus
from cases.models import AuditEvent, Board, Case, Meeting, Membership
from tests import factories

pytestmark = pytest.mark.django_db

AT = datetime.datetime(2026, 12, 1, 16, tzinfo=datetime.UTC)


@pytest.fixture
def meeting(alice: User, board: Board) -> Meeting:
    return scheduling.create_meeting(by=alice, board=board, starts_at=AT, place="Room 4")


@pytest.fixture
def cases(board: Board) -> list[Case]:
    return [factories.CaseFactory(board=board, status="ready") for _ in range(3)]


@pytest.fixture
def agenda(alice: User, meeting: Meeting, cases: list[Case]) -> list[Case]:
    return [scheduling.put_on_agenda(by=alice, case=case, meeting=meeting) for case in cases]


def order(meeting: Meeting) -> list[tuple[int, int | None]]:
    listed = Case.objects.filter(meeting=meeting).order_by("position")
    return [(case.pk, case.position) for case in listed]


def actions() -> list[str]:
    return list(AuditEvent.objects.values_list("action", flat=True))


def test_a_meeting_is_made_once(alice: User, board: Board, meeting: Meeting) -> None:
    again = scheduling.create_meeting(by=alice, board=board, starts_at=AT, place="Elsewhere")
    assert (again, again.place, Meeting.objects.count(), actions()) == (meeting, "Room 4", 1, ["created"])
    with pytest.raises(ValidationError):
        scheduling.create_meeting(
            by=alice, board=board, starts_at=AT + datetime.timedelta(1), place="x" * 200
        )


def test_cases_line_up_on_the_agenda(alice: User, meeting: Meeting, agenda: list[Case]) -> None:
    assert order(meeting) == [(case.pk, place) for place, case in enumerate(agenda, 1)]
    assert {case.status for case in Case.objects.all()} == {"scheduled"}
    scheduling.put_on_agenda(by=alice, case=agenda[0], meeting=meeting)
    assert order(meeting)[0] == (agenda[0].pk, 1)
    assert actions() == ["created", *["scheduled"] * 3]


def test_moving_to_another_meeting_closes_the_gap(
    alice: User, board: Board, meeting: Meeting, agenda: list[Case]
) -> None:
    later = scheduling.create_meeting(by=alice, board=board, starts_at=AT + datetime.timedelta(days=14))
    scheduling.put_on_agenda(by=alice, case=agenda[0], meeting=later)
    assert order(meeting) == [(agenda[1].pk, 1), (agenda[2].pk, 2)]
    assert order(later) == [(agenda[0].pk, 1)]


def test_taking_a_case_off_makes_it_ready_and_closes_the_gap(
    alice: User, meeting: Meeting, agenda: list[Case]
) -> None:
    for _ in range(2):
        taken = scheduling.take_off_agenda(by=alice, case=agenda[1])
    assert (taken.status, taken.meeting, taken.position) == ("ready", None, None)
    assert order(meeting) == [(agenda[0].pk, 1), (agenda[2].pk, 2)]
    assert actions().count("scheduled") == 4


def test_a_decided_case_stays_on_the_agenda_it_was_decided_at(
    alice: User, meeting: Meeting, agenda: list[Case]
) -> None:
    Case.objects.filter(pk=agenda[0].pk).update(status="decided")
    scheduling.take_off_agenda(by=alice, case=agenda[0])
    assert order(meeting)[0] == (agenda[0].pk, 1)


def test_neither_a_closed_case_nor_another_boards_meeting(
    alice: User, meeting: Meeting, cases: list[Case]
) -> None:
    elsewhere = factories.MeetingFactory()
    with pytest.raises(ValidationError, match="another board"):
        scheduling.put_on_agenda(by=alice, case=cases[0], meeting=elsewhere)
    Case.objects.filter(pk=cases[0].pk).update(status="closed")
    with pytest.raises(ValidationError, match="reopen it first"):
        scheduling.put_on_agenda(by=alice, case=cases[0], meeting=meeting)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(data=st.data())
def test_any_order_can_be_set(alice: User, meeting: Meeting, agenda: list[Case], data: st.DataObject) -> None:
    wanted = data.draw(st.permutations(agenda))
    scheduling.reorder(by=alice, meeting=meeting, order=[case.uid for case in wanted])
    assert order(meeting) == [(case.pk, place) for place, case in enumerate(wanted, 1)]


def test_the_same_order_again_changes_nothing(alice: User, meeting: Meeting, agenda: list[Case]) -> None:
    before = actions()
    scheduling.reorder(by=alice, meeting=meeting, order=[case.uid for case in agenda])
    assert actions() == before


def test_an_order_that_is_not_the_agendas_is_refused(
    alice: User, meeting: Meeting, agenda: list[Case]
) -> None:
    uids = [case.uid for case in agenda]
    for wrong in (uids[:2], [*uids, uids[0]], [*uids[:2], uuid.uuid4()], []):
        with pytest.raises(ValidationError, match="agenda has changed"):
            scheduling.reorder(by=alice, meeting=meeting, order=wrong)


@pytest.mark.parametrize("before", CaseStatus.values)
@pytest.mark.parametrize("after", CaseStatus.values)
def test_a_status_moves_only_along_the_table(
    alice: User, meeting: Meeting, cases: list[Case], before: str, after: str
) -> None:
    case = cases[0]
    place = {"meeting": meeting, "position": 1} if before == "scheduled" else {}
    Case.objects.filter(pk=case.pk).update(status=before, **place)
    if before != after and after not in STATUS_MOVES[before]:
        with pytest.raises(ValidationError, match="can become"):
            scheduling.set_status(by=alice, case=case, status=after)
        return
    moved = scheduling.set_status(by=alice, case=case, status=after)
    moved.refresh_from_db()
    assert (moved.status, moved.meeting is None) == (after, after != "scheduled")
    assert actions().count("status") == (before != after)


def test_who_may_not_schedule(
    bob: User, victor: User, charlie: User, board: Board, meeting: Meeting, agenda: list[Case]
) -> None:
    attempts: list[Callable[[User], object]] = [
        lambda user: scheduling.create_meeting(by=user, board=board, starts_at=AT),
        lambda user: scheduling.put_on_agenda(by=user, case=agenda[0], meeting=meeting),
        lambda user: scheduling.take_off_agenda(by=user, case=agenda[0]),
        lambda user: scheduling.reorder(by=user, meeting=meeting, order=[]),
    ]
    for user, error in ((bob, PermissionDenied), (victor, PermissionDenied), (charlie, Http404)):
        for attempt in attempts:
            with pytest.raises(error):
                attempt(user)
    with pytest.raises(PermissionDenied):
        scheduling.set_status(by=victor, case=agenda[0], status="ready")
    assert actions().count("denied") == 13
    assert order(meeting)[0] == (agenda[0].pk, 1)


# Membership


@pytest.fixture
def admin(board: Board) -> User:
    user: User = factories.MembershipFactory(board=board, role="administrator").user
    return user


def test_an_administrator_gives_changes_and_takes_a_role(admin: User, board: Board, charlie: User) -> None:
    for _ in range(2):
        membership.set_membership(by=admin, board=board, user=charlie, role="viewer")
    membership.set_membership(by=admin, board=board, user=charlie, role="clinician", may_sign=True)
    given_role = Membership.objects.get(board=board, user=charlie)
    assert (given_role.role, given_role.may_sign) == ("clinician", True)
    for _ in range(2):
        membership.remove_membership(by=admin, board=board, user=charlie)
    assert not Membership.objects.filter(board=board, user=charlie).exists()
    found = AuditEvent.objects.filter(action="membership").values_list("detail", flat=True)
    assert list(found) == [
        {"user": charlie.pk, "role": "viewer", "may_sign": False},
        {"user": charlie.pk, "role": "clinician", "may_sign": True},
        {"user": charlie.pk, "role": "", "may_sign": False},
    ]


def test_impossible_memberships_are_refused(admin: User, board: Board, charlie: User) -> None:
    for role, may_sign in (("owner", False), ("viewer", True)):
        with pytest.raises(ValidationError):
            membership.set_membership(by=admin, board=board, user=charlie, role=role, may_sign=may_sign)


def test_a_board_keeps_an_administrator(admin: User, board: Board) -> None:
    with pytest.raises(ValidationError, match="at least one administrator"):
        membership.set_membership(by=admin, board=board, user=admin, role="viewer")
    with pytest.raises(ValidationError, match="at least one administrator"):
        membership.remove_membership(by=admin, board=board, user=admin)
    other = factories.MembershipFactory(board=board, role="administrator").user
    membership.remove_membership(by=other, board=board, user=admin)
    assert [each.user for each in board.memberships.all()] == [other]


def test_only_administrators_touch_memberships(dora: User, charlie: User, board: Board) -> None:
    for user, error in ((dora, PermissionDenied), (charlie, Http404)):
        with pytest.raises(error):
            membership.set_membership(by=user, board=board, user=user, role="administrator")
        with pytest.raises(error):
            membership.remove_membership(by=user, board=board, user=dora)
