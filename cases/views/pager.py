"""Pages of a long list, each beginning where the one before ended, whatever was added meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

RowT = TypeVar("RowT", bound=Model)


@dataclass(frozen=True, slots=True)
class ListPage(Generic[RowT]):
    """`rows`; `next`: the id that the address of the page after names, None on the last; `is_later`: whether
    this is not the first.
    """

    rows: list[RowT]
    next: UUID | None
    is_later: bool


def page_of(
    rows: QuerySet[RowT], order: Sequence[str], after: str, size: int, known: QuerySet[RowT] | None = None
) -> ListPage[RowT]:
    """The `size` rows that follow the one with the uid `after`; the first ones where that names none.

    `order`: columns that are never null, "-" before those that descend; the last is "pk", without which rows
    alike in all others would be shown twice or never. `known`: where the row named is looked for if it may
    have left `rows` meanwhile.
    """
    if order[-1].removeprefix("-") != "pk":
        raise ValueError("An order that does not end in pk has no place for rows that are alike.")
    last = _named(rows if known is None else known, after)
    following = rows.filter(_behind(last, order)) if last else rows
    found = list(following.order_by(*order)[: size + 1])
    more = len(found) > size
    return ListPage(found[:size], found[size - 1].uid if more else None, last is not None)  # type: ignore[attr-defined]


def _named(rows: QuerySet[RowT], uid: str) -> RowT | None:
    try:
        return rows.filter(uid=UUID(uid)).first()
    except ValueError:
        return None


def _behind(last: Model, order: Sequence[str]) -> Q:
    """The rows that come after this one: alike in the first columns and behind it in the next."""
    behind, alike = Q(), Q()
    for name in order:
        column = name.removeprefix("-")
        value = getattr(last, column)
        behind |= alike & Q(**{f"{column}__{'lt' if name.startswith('-') else 'gt'}": value})
        alike &= Q(**{column: value})
    return behind
