"""A statement composed once asks what Django would ask, whatever the values, in every thread.

That it does so wherever it is used, each test sees to: `tests.conftest.composed_once_as_ever`.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import QuerySet
from pytest_django.fixtures import DjangoAssertNumQueries

from cases.choices import CaseStatus
from cases.composed import Composed
from cases.models import Board, Case, Membership
from tests.cases.pages import full_case


def of_boards(*, boards: Any, username: Any) -> QuerySet[Membership, Any]:
    return Membership.objects.filter(board__in=boards, user__username=username).select_related("board")


def in_order(column: str, *, least: Any) -> QuerySet[Board, Any]:
    return Board.objects.filter(pk__gte=least).order_by(column).values_list(column, flat=True)


@pytest.mark.django_db
def test_the_values_of_each_call_and_lists_of_any_length(
    board: Board, alice: User, bob: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    members = Composed(of_boards)
    with django_assert_num_queries(4):
        found = [
            [(one.user_id, one.board.name) for one in members(boards=boards, username=username)]
            for boards in ([board.pk], {board.pk, 0}, [])
            for username in ("alice", "bob")
        ]
    assert found == [[(alice.pk, board.name)], [(bob.pk, board.name)]] * 2 + [[], []]


@pytest.mark.django_db
def test_a_list_that_names_one_twice_asks_for_it_once(board: Board, alice: User) -> None:
    members = Composed(of_boards)
    assert [one.user for one in members(boards=[board.pk, board.pk], username="alice")] == [alice]


@pytest.mark.django_db
def test_each_shape_is_a_statement_of_its_own(board: Board) -> None:
    boards = Composed(in_order)
    assert boards("slug", least=board.pk) == ["gi-net"]
    assert boards("name", least=board.pk) == ["GI-NET board"]
    assert boards("name", least=board.pk + 1) == []


@pytest.mark.django_db
def test_what_is_read_besides_is_read_besides(alice: User, bob: User, board: Board) -> None:
    case = full_case(board, alice)
    cases = Composed(
        lambda *, pk: Case.objects.filter(pk=pk).select_related("patient").prefetch_related("treatments")
    )
    [read] = cases(pk=case.pk)
    assert (read.patient, list(read.treatments.all())) == (case.patient, list(case.treatments.all()))
    assert list(case.treatments.all())


@pytest.mark.django_db
def test_a_list_that_is_empty_whatever_the_values(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert Composed(lambda *, least: Board.objects.filter(pk__gte=least).none())(least=1) == []


@pytest.mark.django_db
def test_a_value_of_a_kind_of_its_own_is_what_it_is_a_kind_of(board: Board) -> None:
    cases = Composed(lambda *, status: Case.objects.filter(status=status))
    assert cases(status=CaseStatus.CLOSED) == []


@pytest.mark.django_db
@pytest.mark.parametrize("value", [None, 1.5, b"x", True, [1, "x"], [None]])
def test_a_value_that_no_statement_is_composed_for_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="No statement is composed for"):
        Composed(in_order)("slug", least=value)


@pytest.mark.django_db(transaction=True)
def test_every_thread_asks_on_its_own_connection(board: Board) -> None:
    boards = Composed(in_order)

    def asked(number: int) -> list[str]:
        try:
            return boards("slug", least=board.pk)
        finally:
            connection.close()

    assert boards("slug", least=board.pk) == ["gi-net"]
    connection.close()
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(asked, range(12))) == [["gi-net"]] * 12
