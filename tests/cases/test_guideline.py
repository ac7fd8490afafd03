"""A board names its guideline, and every answer to its cases is that one's."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.http import Http404
from django.urls import reverse

from cases.actions.boards import choose_guideline
from cases.actions.deciding import look_at
from cases.guideline import guideline_of, guidelines_of
from cases.models import AuditEvent, Board, Case, Membership
from guidelines.knowledge.releases import CURRENT, current, guideline_at
from tests.cases.pages import full_case, logged_in
from tests.conftest import member

pytestmark = pytest.mark.django_db
OLD = f"{CURRENT}@1.0"


@pytest.fixture
def case(board: Board, alice: User) -> Case:
    return full_case(board, alice)


@pytest.fixture
def adam(board: Board) -> User:
    """Administrator of Alice's board."""
    return member(board, "adam", "administrator", "Adam", "Ames")


def test_a_board_that_names_none_has_the_newest_edition(case: Case, board: Board, other_board: Board) -> None:
    assert guideline_of(board) is guideline_of(case) is current()
    other_board.guideline = OLD
    assert guideline_of(other_board) is guideline_at(OLD)
    assert guidelines_of([board, other_board, board]) == (current(), guideline_at(OLD))
    assert guidelines_of([]) == (current(),)


def test_every_answer_is_that_of_the_boards_edition(
    case: Case, board: Board, adam: User, alice: User
) -> None:
    choose_guideline(by=adam, board=board, address=OLD)
    assert look_at(Case.objects.get(pk=case.pk)).assessment.guideline.version.startswith("1.0")
    page = logged_in(alice).get(reverse("cases:case", args=[case.uid])).content.decode()
    assert "version 1.0" in page
    assert "version 1.1" not in page


def test_choosing_is_the_administrators_and_leaves_one_event(
    case: Case, board: Board, adam: User, alice: User, charlie: User
) -> None:
    for person, refused in ((alice, PermissionDenied), (charlie, Http404)):
        with pytest.raises(refused):
            choose_guideline(by=person, board=board, address=OLD)
    for _ in range(2):
        choose_guideline(by=adam, board=board, address=OLD)
    assert Board.objects.get(pk=board.pk).guideline == OLD
    assert AuditEvent.objects.filter(board=board, kind="board", action="changed").count() == 1


def test_what_the_worklist_filters_by_follows_the_guideline(case: Case, board: Board, adam: User) -> None:
    Case.objects.filter(pk=case.pk).update(entity="unknown")
    choose_guideline(by=adam, board=board, address=OLD)
    assert Case.objects.get(pk=case.pk).entity == "g3_net"


@pytest.mark.parametrize("address", ["none", f"{CURRENT}@9.9", f"{CURRENT}@", "../../etc", " "])
def test_an_address_without_a_guideline_is_refused(board: Board, adam: User, address: str) -> None:
    with pytest.raises(ValidationError, match=r"allowed: .*nanets-hgnen-2023@1\.0"):
        choose_guideline(by=adam, board=board, address=address)


def test_it_is_chosen_in_the_administration(
    board: Board, other_board: Board, adam: User, alice: User
) -> None:
    User.objects.filter(pk__in=[adam.pk, alice.pk]).update(is_staff=True)
    page = reverse("admin:cases_board_change", args=[board.pk])
    for person, address in ((alice, OLD), (adam, "none")):
        logged_in(person).post(page, {"guideline": address})
        assert Board.objects.get(pk=board.pk).guideline == ""
    client = logged_in(adam)
    assert client.post(page, {"guideline": OLD, "name": "Other name"}).status_code == 302
    stored = Board.objects.get(pk=board.pk)
    assert (stored.guideline, stored.name) == (OLD, "GI-NET board")
    assert client.post(reverse("admin:cases_board_change", args=[other_board.pk])).status_code == 403
    assert Board.objects.get(pk=other_board.pk).guideline == ""


def test_a_new_board_can_name_one(db: None) -> None:
    User.objects.create_user("head")
    call_command("create_board", "Lung", "lung", "--administrator", "head", "--guideline", OLD)
    assert Board.objects.get().guideline == OLD
    with pytest.raises(CommandError, match="no such guideline"):
        call_command("create_board", "Skin", "skin", "--administrator", "head", "--guideline", "none")
    assert Membership.objects.count() == 1
