"""Who belongs to a board, and as what."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from cases.actions import membership
from cases.models import AuditEvent, Board, Membership
from tests import factories

pytestmark = pytest.mark.django_db


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
