"""The one door: each role's rights, the outsider's 404, and the trace a denial leaves."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from cases import access
from cases.choices import Right, Role
from cases.models import AuditEvent, Board, Case, PathologyReport
from tests import factories

pytestmark = pytest.mark.django_db

RIGHTS = {
    "coordinator": {"read", "enter", "schedule", "comment", "scribe", "hand_over"},
    "clinician": {"read", "enter", "comment", "judge", "scribe"},
    "scribe": {"read", "comment", "scribe"},
    "chair": {"read", "enter", "schedule", "comment", "judge", "scribe", "chair", "sign"},
    "viewer": {"read"},
    "administrator": {"read", "hand_over", "administer"},
}


@pytest.fixture
def case(board: Board) -> Case:
    case: Case = factories.CaseFactory(board=board)
    return case


def denials() -> list[dict[str, Any]]:
    return list(AuditEvent.objects.filter(action="denied").values("user", "case", "board", "detail"))


@pytest.mark.parametrize("role", Role.values)
def test_rights_of_each_role(board: Board, role: str) -> None:
    user = factories.MembershipFactory(board=board, role=role).user
    assert access.rights_on(user, board) == RIGHTS[role]
    assert {right for right in Right.values if access.may(user, board, right)} == RIGHTS[role]


def test_an_authorized_clinician_signs(board: Board) -> None:
    user = factories.MembershipFactory(board=board, role="clinician", may_sign=True).user
    assert access.rights_on(user, board) == RIGHTS["clinician"] | {"sign"}


def test_the_roles_of_a_person_add_up(board: Board) -> None:
    person = factories.MembershipFactory(board=board, role="coordinator", further_roles=["scribe", "chair"])
    assert access.rights_on(person.user, board) == RIGHTS["coordinator"] | RIGHTS["chair"]
    assert list(access.boards_where(person.user, "chair")) == [board]
    assert list(access.people_where(board, "sign")) == [person.user]


def test_a_board_discusses_a_case_that_is_shared_with_it_while_it_is(
    case: Case, dana: User, dora: User, third_board: Board
) -> None:
    """Its members act by their roles there; the home board reads; without the grant nobody of it does."""
    chair = factories.MembershipFactory(board=third_board, role="chair").user
    grant = factories.GrantFactory(case=case, board=third_board)
    discussion = factories.DiscussionFactory(case=case, board=third_board, meeting__board=third_board)
    assert access.rights_on_discussion(chair, discussion) == RIGHTS["chair"]
    assert access.rights_on_discussion(dora, discussion) == {"read", "comment"}
    assert access.discussion_or_404(chair, discussion.uid, "sign") == discussion
    with pytest.raises(PermissionDenied):
        access.discussion_or_404(dora, discussion.uid, "sign")
    grant.revoked_at, grant.revoked_by, grant.revoke_reason = timezone.now(), dora, "Done"
    grant.save()
    for user in (chair, dana):
        assert access.rights_on_discussion(user, discussion) == frozenset()
        with pytest.raises(Http404):
            access.discussion_or_404(user, discussion.uid)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("right", Right.values)
def test_the_door_opens_for_exactly_the_rights_of_the_role(case: Case, role: str, right: str) -> None:
    user = factories.MembershipFactory(board=case.board, role=role).user
    if right in RIGHTS[role]:
        assert access.case_or_404(user, case.uid, right) == case
        assert denials() == []
        return
    with pytest.raises(PermissionDenied, match="Your role on this board does not include"):
        access.case_or_404(user, case.uid, right)
    assert denials() == [
        {
            "user": user.pk,
            "case": case.pk,
            "board": case.board_id,
            "detail": {"right": right, "member": True},
        }
    ]


@pytest.mark.parametrize("right", Right.values)
def test_an_outsider_finds_nothing_and_leaves_a_trace(case: Case, charlie: User, right: str) -> None:
    with pytest.raises(Http404) as refused:
        access.case_or_404(charlie, str(case.uid), right)
    with pytest.raises(Http404) as missing:
        access.case_or_404(charlie, uuid.uuid4(), right)
    assert str(refused.value) == str(missing.value)
    said = {"user": charlie.pk, "detail": {"right": right, "member": False}}
    assert denials() == [
        {**said, "case": case.pk, "board": case.board_id},
        {**said, "case": None, "board": None},
    ]


def test_nobody_and_the_deactivated_are_outsiders(case: Case, alice: User) -> None:
    alice.is_active = False
    for person in (AnonymousUser(), alice):
        assert access.rights_on(person, case.board) == frozenset()
        with pytest.raises(Http404):
            access.case_or_404(person, case.uid)
    assert [denial["user"] for denial in denials()] == [None, alice.pk]


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("right", Right.values)
def test_a_grant_gives_reading_and_comments_as_the_role_allows(case: Case, role: str, right: str) -> None:
    user = factories.MembershipFactory(role=role).user
    factories.GrantFactory(case=case, board=user.boards.get())
    assert access.rights_on_case(user, case) == RIGHTS[role] & {"read", "comment"}
    assert access.rights_on(user, case.board) == frozenset()
    if right in RIGHTS[role] & {"read", "comment"}:
        assert access.case_or_404(user, case.uid, right) == case
        return
    with pytest.raises(PermissionDenied, match="shared with your board to read it"):
        access.case_or_404(user, case.uid, right)
    assert [(one["user"], one["board"]) for one in denials()] == [(user.pk, case.board_id)]


def test_a_grant_is_for_one_case_and_ends(case: Case, dana: User, third_board: Board) -> None:
    grant = factories.GrantFactory(case=case, board=third_board)
    other = factories.CaseFactory(board=case.board, patient=case.patient)
    meeting = factories.MeetingFactory(board=case.board)
    assert list(Case.objects.visible_to(dana)) == [case]
    for find in (
        lambda: access.case_or_404(dana, other.uid),
        lambda: access.meeting_or_404(dana, meeting.uid),
        lambda: access.board_or_404(dana, case.board.slug),
    ):
        with pytest.raises(Http404):
            find()
    grant.revoked_by, grant.revoked_at, grant.revoke_reason = dana, grant.granted_at, "Done"
    grant.save()
    assert not Case.objects.visible_to(dana).exists()
    with pytest.raises(Http404):
        access.case_or_404(dana, case.uid)


def test_a_viewer_at_home_comments_as_a_clinician_of_a_board_with_a_grant(
    case: Case, victor: User, third_board: Board
) -> None:
    factories.MembershipFactory(user=victor, board=third_board, role="clinician")
    assert access.rights_on_case(victor, case) == {"read"}
    factories.GrantFactory(case=case, board=third_board)
    assert access.rights_on_case(victor, case) == {"read", "comment"}


def test_the_deactivated_have_no_grant(case: Case, dana: User, third_board: Board) -> None:
    factories.GrantFactory(case=case, board=third_board)
    dana.is_active = False
    assert access.rights_on_case(dana, case) == frozenset()
    assert not Case.objects.visible_to(dana).exists()


def test_a_superuser_has_no_way_around_the_door(case: Case) -> None:
    root = factories.UserFactory(is_superuser=True, is_staff=True)
    with pytest.raises(Http404):
        access.case_or_404(root, case.uid)


def test_parts_meetings_and_boards_go_through_the_same_door(case: Case, alice: User, charlie: User) -> None:
    report = factories.PathologyFactory(case=case)
    meeting = factories.MeetingFactory(board=case.board)
    assert access.part_or_404(alice, PathologyReport, report.uid, "enter") == report
    assert access.meeting_or_404(alice, meeting.uid) == meeting
    assert access.board_or_404(alice, case.board.slug) == case.board
    for find in (
        lambda: access.part_or_404(charlie, PathologyReport, report.uid),
        lambda: access.meeting_or_404(charlie, meeting.uid),
        lambda: access.board_or_404(charlie, case.board.slug),
    ):
        with pytest.raises(Http404):
            find()
    assert [denial["board"] for denial in denials()] == [case.board_id] * 3


@pytest.mark.parametrize("uid", ["", "1", "not-an-id", "../../etc/passwd", "0" * 400])
def test_what_is_no_id_is_not_found(alice: User, uid: str) -> None:
    for find in (access.case_or_404, access.meeting_or_404, access.board_or_404):
        with pytest.raises(Http404):
            find(alice, uid)


def test_a_right_that_does_not_exist_is_a_mistake_of_ours(case: Case, alice: User) -> None:
    with pytest.raises(
        ValueError,
        match="allowed: read, enter, schedule, comment, judge, scribe, chair, sign, hand_over, administer",
    ):
        access.case_or_404(alice, case.uid, "delete")
