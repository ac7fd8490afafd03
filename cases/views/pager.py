"""Pages of a long list, each beginning where the one before ended, whatever was added meanwhile."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from cases.composed import Composed

RowT = TypeVar("RowT", bound=Model)

DIGITS = 18  # of a key that every database can hold
AT = "at_"  # before the name of a column: its value in the last row

RowsOf = Callable[..., QuerySet[Any]]
"""Makes a queryset from values; hashable, and equal to what makes the same."""


@dataclass(frozen=True, slots=True)
class ListPage(Generic[RowT]):
    """`rows`; `next`: the id that the address of the page after names, None on the last; `is_later`: whether
    this is not the first.
    """

    rows: list[RowT]
    next: UUID | None
    is_later: bool


def page_of(
    rows: QuerySet[RowT],
    order: Sequence[str],
    after: str,
    size: int,
    known: Callable[[], QuerySet[RowT]] | None = None,
) -> ListPage[RowT]:
    """The `size` rows that follow the one with the uid `after`; the first ones where that names none.

    `order`: columns that are never null, "-" before those that descend; the last is "pk", without which rows
    alike in all others would be shown twice or never. `known`: makes the rows among which the one named is
    looked for if it may have left `rows` meanwhile.
    """
    last = _named(known or rows.all, after, order)
    return _page(list(_following(rows, last, order)[: size + 1]), size, last)


def composed_page_of(
    rows: RowsOf,
    values: Mapping[str, Any],
    order: tuple[str, ...],
    after: str,
    size: int,
    known: Callable[[], QuerySet[RowT]],
    among: QuerySet[RowT] | None = None,
) -> ListPage[RowT]:
    """The same of a list that is asked for again and again: its statements are composed once. `among`: of
    these rows only, which are found first, by their keys: a database that has to put them in order reads
    little of each.
    """
    last = _named(known, after, order)
    if among is None:
        return _page(_rows(rows, order, size + 1, **_place_of(last, order), **values), size, last)
    keys = _following(among, last, order).values_list("pk", flat=True)[: size + 1]
    return _page(_rows_at(rows, order, keys=keys, **values), size, last)


def _following(rows: QuerySet[RowT], last: RowT | None, order: Sequence[str]) -> QuerySet[RowT]:
    following = rows.filter(_behind(_place_of(last, order), order)) if last else rows
    return following.order_by(*order)


def _page(found: list[RowT], size: int, last: RowT | None) -> ListPage[RowT]:
    """Of so many, and of one more that tells that there are more."""
    more = len(found) > size
    return ListPage(found[:size], found[size - 1].uid if more else None, last is not None)  # type: ignore[attr-defined]


@Composed
def _rows(rows: RowsOf, order: tuple[str, ...], number: int, **values: Any) -> QuerySet[Any]:
    at = {name: values.pop(name) for name in list(values) if name.startswith(AT)}
    found = rows(**values)
    return (found.filter(_behind(at, order)) if at else found).order_by(*order)[:number]


@Composed
def _rows_at(rows: RowsOf, order: tuple[str, ...], *, keys: Any, **values: Any) -> QuerySet[Any]:
    return rows(**values).filter(pk__in=keys).order_by(*order)


def _named(rows: Callable[[], QuerySet[RowT]], uid: str, order: Sequence[str]) -> RowT | None:
    if order[-1].removeprefix("-") != "pk":
        raise ValueError("An order that does not end in pk has no place for rows that are alike.")
    try:
        return rows().filter(uid=UUID(uid)).first() if uid else None
    except ValueError:
        return None


def _place_of(last: Model | None, order: Sequence[str]) -> dict[str, Any]:
    """Where the last row stands: its value in each column of the order."""
    if last is None:
        return {}
    return {f"{AT}{name.removeprefix('-')}": getattr(last, name.removeprefix("-")) for name in order}


def _behind(at: Mapping[str, Any], order: Sequence[str]) -> Q:
    """The rows that come after that place: alike in the first columns and behind it in the next."""
    behind, alike = Q(), Q()
    for name in order:
        column = name.removeprefix("-")
        value = at[f"{AT}{column}"]
        behind |= alike & Q(**{f"{column}__{'lt' if name.startswith('-') else 'gt'}": value})
        alike &= Q(**{column: value})
    return behind


@dataclass(frozen=True, slots=True)
class MergedPage:
    """As `ListPage`, of several lists in one order. `keys`: of each row the name of its list and its primary
    key; `next`: what the address of the page after names, "" on the last.
    """

    keys: list[tuple[str, int]]
    next: str
    is_later: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row of a list stands: its value in the column, and its key."""

    name: str
    value: Any
    key: int


ALIKE, ALIKE_AFTER = "alike", "alike, with a greater key"


def merged_page_of(
    lists: Mapping[str, RowsOf],
    values: Mapping[str, Any],
    column: str,
    after: str,
    size: int,
    known: Mapping[str, RowsOf],
) -> MergedPage:
    """The `size` rows of all `lists` that follow the row `after`, "step-12"; the first ones where that names
    none.

    In the order of `column`, which is never null; rows alike in it stand in the order of the lists, then of
    their keys. `known`: where the row named is looked for, for it may have left its list meanwhile.

    Which rows these are, and no more: of all rows read whole, two in three would be of no use.
    """
    last = _named_in(known, values, after, column)
    found: list[tuple[Any, int, int, str]] = []
    names = list(known)
    for name, rows in lists.items():
        place = names.index(name)
        if last is None:
            first = _keys(rows, column, "", size + 1, **values)
        else:
            also = _also(place, names.index(last.name))
            first = _keys(rows, column, also, size + 1, last=last.value, last_key=last.key, **values)
        found += [(value, place, key, name) for value, key in first]
    found.sort()
    keys = [(name, key) for *_, key, name in found[:size]]
    more = len(found) > size
    return MergedPage(keys, "{}-{}".format(*keys[-1]) if more else "", last is not None)


def _named_in(
    lists: Mapping[str, RowsOf], values: Mapping[str, Any], after: str, column: str
) -> _Place | None:
    name, _, key = after.partition("-")
    if name not in lists or not (key.isascii() and key.isdigit() and len(key) <= DIGITS):
        return None
    found = _value_at(lists[name], column, key=int(key), **values)
    return next((_Place(name, value, int(key)) for value in found), None)


def _also(place: int, at: int) -> str:
    """Which of the rows that are alike in the column are behind the last one, of the list at `at`."""
    if place == at:
        return ALIKE_AFTER
    return ALIKE if place > at else ""


@Composed
def _value_at(rows: RowsOf, column: str, *, key: Any, **values: Any) -> QuerySet[Any]:
    return rows(**values).filter(pk=key).order_by().values_list(column, flat=True)


@Composed
def _keys(
    rows: RowsOf,
    column: str,
    also: str,
    number: int,
    *,
    last: Any = None,
    last_key: Any = None,
    **values: Any,
) -> QuerySet[Any]:
    """Value and key of the first ones; those behind `last`, where that is given."""
    found = rows(**values)
    if last is not None:
        alike = Q(**{column: last}, pk__gt=last_key) if also == ALIKE_AFTER else Q(**{column: last})
        behind = Q(**{f"{column}__gt": last})
        found = found.filter(behind | alike if also else behind)
    return found.order_by(column, "pk").values_list(column, "pk")[:number]
