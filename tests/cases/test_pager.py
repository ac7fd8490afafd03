"""Pages of a list: all of it, each row once, in order, however many rows are alike."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import Board, FollowUpItem, Meeting
from cases.views.pager import ListPage, composed_page_of, merged_page_of, page_of
from tests import factories

pytestmark = pytest.mark.django_db

Way = Callable[[tuple[str, ...], str, int], ListPage[Meeting]]
START = datetime.datetime(2026, 1, 5, 16, tzinfo=datetime.UTC)
ORDERS = [
    ("-starts_at", "-pk"),
    ("starts_at", "pk"),
    ("place", "-starts_at", "pk"),
    ("-place", "pk"),
    ("pk",),
]
# Which board, at which hour, where: few values, so that many are alike. A board has one meeting at a time.
ROWS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 3), st.sampled_from(["", "A", "B"])),
    unique_by=lambda row: row[:2],
)


@pytest.fixture
def boards() -> list[Board]:
    return factories.BoardFactory.create_batch(5)


def stored(rows: list[tuple[int, int, str]], boards: list[Board], by: User) -> None:
    Meeting.objects.bulk_create(
        Meeting(
            board=boards[board],
            starts_at=START + datetime.timedelta(hours=hour),
            place=place,
            created_by=by,
            updated_by=by,
        )
        for board, hour, place in rows
    )


def of_boards_from(*, board: Any) -> QuerySet[Meeting]:
    return Meeting.objects.filter(board__gte=board)


def at_once(order: tuple[str, ...], after: str, size: int) -> ListPage[Meeting]:
    return page_of(Meeting.objects.all(), order, after, size)


def composed(order: tuple[str, ...], after: str, size: int) -> ListPage[Meeting]:
    return composed_page_of(of_boards_from, {"board": 0}, order, after, size, Meeting.objects.all)


def found_first(order: tuple[str, ...], after: str, size: int) -> ListPage[Meeting]:
    every = Meeting.objects.all
    return composed_page_of(of_boards_from, {"board": 0}, order, after, size, every, every())


WAYS = [at_once, composed, found_first]


def paged(order: tuple[str, ...], size: int, way: Way = at_once) -> list[list[Meeting]]:
    """Every page in turn."""
    pages, after = [], ""
    while True:
        page = way(order, after, size)
        assert page.is_later == bool(pages)
        pages.append(page.rows)
        assert len(pages) <= Meeting.objects.count() + 1, "It goes round in circles."
        if page.next is None:
            return pages
        after = str(page.next)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(rows=ROWS, order=st.sampled_from(ORDERS), size=st.integers(1, 7), way=st.sampled_from(WAYS))
def test_pages_hold_every_row_once_in_order(
    boards: list[Board],
    alice: User,
    rows: list[tuple[int, int, str]],
    order: tuple[str, ...],
    size: int,
    way: Way,
) -> None:
    with transaction.atomic():
        stored(rows, boards, alice)
        pages = paged(order, size, way)
        assert [one for page in pages for one in page] == list(Meeting.objects.order_by(*order))
        assert all(len(page) == size for page in pages[:-1])
        assert len(pages[-1]) <= size
        transaction.set_rollback(True)


def test_forty_meetings_in_pairs(boards: list[Board], alice: User) -> None:
    stored([(board, hour, "") for hour in range(20) for board in (0, 1)], boards, alice)
    pages = paged(("-starts_at", "-pk"), 7)
    found = [one.pk for page in pages for one in page]
    assert (len(found), len(set(found)), len(pages)) == (40, 40, 6)


def test_what_is_added_meanwhile_shifts_nothing(boards: list[Board], alice: User) -> None:
    stored([(0, hour, "") for hour in range(4)], boards, alice)
    first = page_of(Meeting.objects.all(), ("-starts_at", "-pk"), "", 2)
    rest = list(Meeting.objects.order_by("-starts_at", "-pk")[2:])
    stored([(1, 9, "")], boards, alice)
    assert page_of(Meeting.objects.all(), ("-starts_at", "-pk"), str(first.next), 2).rows == rest


def test_a_row_that_has_left_the_list_still_marks_its_place(boards: list[Board], alice: User) -> None:
    stored([(0, hour, "A") for hour in range(4)], boards, alice)
    last = Meeting.objects.order_by("starts_at")[1]
    Meeting.objects.filter(pk=last.pk).update(place="B")
    here = Meeting.objects.filter(place="A")
    found = page_of(here, ("starts_at", "pk"), str(last.uid), 9, Meeting.objects.all)
    assert [one.starts_at.hour for one in found.rows] == [18, 19]
    assert len(page_of(here, ("starts_at", "pk"), str(last.uid), 9).rows) == 3


@pytest.mark.parametrize("after", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_what_names_no_row_begins_at_the_top(boards: list[Board], alice: User, after: str) -> None:
    stored([(0, hour, "") for hour in range(3)], boards, alice)
    page = page_of(Meeting.objects.all(), ("starts_at", "pk"), after, 2)
    assert [one.starts_at.hour for one in page.rows] == [16, 17]
    assert not page.is_later


def test_an_order_without_an_end_is_refused() -> None:
    with pytest.raises(ValueError, match="does not end in pk"):
        page_of(Meeting.objects.all(), ("starts_at",), "", 2)


# --- Several lists in one order -----------------------------------------------------------------------------


@dataclass(frozen=True)
class OfKind:
    kind: str

    def __call__(self, **values: Any) -> QuerySet[FollowUpItem]:
        return FollowUpItem.objects.filter(kind=self.kind, **values)


@given(rows=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=9), size=st.integers(1, 4))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_of_several_lists_hold_each_row_once_in_one_order(
    board: Board, rows: list[tuple[int, int]], size: int
) -> None:
    case = factories.CaseFactory(board=board)
    for kind, day in rows:
        due = START.date() + datetime.timedelta(days=day)
        factories.FollowUpFactory(case=case, kind=f"k{kind}", due_from=due, due_to=due, due_now=due)
    lists = {f"k{kind}": OfKind(f"k{kind}") for kind in range(3)}
    found: list[tuple[str, int]] = []
    after = ""
    for nth in range(len(rows) + 1):
        page = merged_page_of(lists, {"case": case.pk}, "due_now", after, size, lists)
        assert page.is_later == bool(nth)
        found += page.keys
        after = page.next
        if not after:
            break
    expected = FollowUpItem.objects.filter(case=case).order_by("due_now", "kind", "pk")
    assert found == [(item.kind, item.pk) for item in expected]
