"""Lists that every page asks for, their statements composed once for the process.

To compose a statement takes Django longer than a database takes to answer it: a quarter of an agenda's time,
a third of follow-through's. Between two looks at such a list only some values differ.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Hashable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeGuard, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.expressions import Value
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

RowT = TypeVar("RowT")

Given = int | str | uuid.UUID | datetime.date
"""An aware datetime too, which is a date to Python."""

FIELDS: Mapping[type, models.Field[Any, Any]] = {
    int: models.IntegerField(),
    str: models.TextField(),
    uuid.UUID: models.UUIDField(),
    datetime.date: models.DateField(),
    datetime.datetime: models.DateTimeField(),
}
MOST_SHAPES = 64  # of one list: 15 to 70 kB each


@dataclass(frozen=True, slots=True)
class BlankKind:
    """Of a value: its type; of a list: that of its members, and how many these are."""

    of: type
    number: int | None = None

    @classmethod
    def known(cls, value: Given | tuple[Given, ...]) -> BlankKind:
        """Raises TypeError for a value of a type that `FIELDS` has not."""
        kinds = {*map(_type_of, value)} if isinstance(value, tuple) else {_type_of(value)}
        if len(kinds) != 1:
            raise TypeError("No statement is composed for a list of several kinds.")
        return cls(kinds.pop(), len(value) if isinstance(value, tuple) else None)


def _type_of(value: object) -> type:
    known = next((one for one in type(value).__mro__ if one in FIELDS), None)
    if known is None or isinstance(value, bool):
        raise TypeError(f"No statement is composed for {type(value).__name__}.")
    return known


class Blank(Value):
    """Stands in a statement for a value, or a list of values, that comes with each call."""

    def __init__(self, name: str, kind: BlankKind) -> None:
        super().__init__(None, output_field=FIELDS[kind.of])
        self.name, self.kind = name, kind

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        if self.kind.number is None:
            return "%s", [(self, None)]
        places = range(self.kind.number)
        return f"({', '.join('%s' for _ in places)})", [(self, place) for place in places]

    def filled(self, value: Any, place: int | None, connection: Any) -> Any:
        """The value, or what stands at this place of the list, as the database takes it."""
        return self.output_field.get_db_prep_value(value if place is None else value[place], connection)


class _ComposedQuery(Query):
    """One that is not composed again."""

    compiled: SQLCompiler

    def get_compiler(self, *args: Any, **options: Any) -> SQLCompiler:
        return self.compiled


@dataclass(frozen=True, slots=True)
class ComposedStatement:
    """`sql` and `params` as Django composes them. Among the params stands a blank with the place in its list,
    None where it is for one value.
    """

    queryset: Any
    query: _ComposedQuery
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]

    @classmethod
    def of(cls, queryset: Any) -> ComposedStatement | None:
        """None for one that Django sees to be empty without asking."""
        compiler = queryset.query.get_compiler(queryset.db)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        compiler.connection = None  # it belongs to this thread
        return cls(queryset, queryset.query.chain(_ComposedQuery), compiler, sql, tuple(params))

    def filled(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The params with these values in their blanks."""
        connection = connections[self.queryset.db]
        return tuple(
            one[0].filled(values[one[0].name], one[1], connection) if isinstance(one, tuple) else one
            for one in self.params
        )

    def rows(self, values: Mapping[str, Any]) -> list[Any]:
        """What the database answers."""
        params, compiler = self.filled(values), copy(self.compiler)
        compiler.connection = connections[self.queryset.db]  # each thread has its own
        compiler.as_sql = lambda *_, **__: (self.sql, params)  # type: ignore[method-assign]
        query = copy(self.query)
        query.compiled = compiler
        asked: Any = QuerySet(self.queryset.model, query, self.queryset.db)
        asked._fields = self.queryset._fields
        return list(self.queryset._iterable_class(asked))


def is_list(value: object) -> TypeGuard[Iterable[Given]]:
    """Whether it is several values."""
    return isinstance(value, Iterable) and not isinstance(value, str | bytes)


class Composed(Generic[RowT]):
    """Makes a function that gives a queryset one that gives its rows, without composing it each time. It is
    called with blanks in place of its values, once for each shape, so it may pass them on and do nothing else
    with them; what decides how the statement looks comes before them, by position.

    Of the default database. Raises TypeError for a value of a type that `FIELDS` has not.

    >>> @Composed
    ... def meetings(*, board: Any) -> QuerySet[Meeting]:
    ...     return Meeting.objects.filter(board=board)
    >>> meetings(board=board.pk)
    """

    def __init__(self, compose: Callable[..., QuerySet[Any, RowT]]) -> None:
        self.compose = compose
        self._statement = lru_cache(MOST_SHAPES)(self._composed)

    def __call__(self, *shape: Hashable, **values: Given | Iterable[Given]) -> list[RowT]:
        given: dict[str, Any] = {
            name: tuple(dict.fromkeys(value)) if is_list(value) else value for name, value in values.items()
        }
        if () in given.values():
            return []  # nothing is one of none
        statement = self.statement(*shape, **given)
        if statement is None:
            return []
        rows = statement.rows(given)
        if rows and (lookups := statement.queryset._prefetch_related_lookups):
            prefetch_related_objects(rows, *lookups)
        return cast(list[RowT], rows)

    def statement(self, *shape: Hashable, **values: Given | tuple[Given, ...]) -> ComposedStatement | None:
        """What is asked with values of this kind."""
        return self._statement(shape, tuple((name, BlankKind.known(value)) for name, value in values.items()))

    def _composed(
        self, shape: tuple[Hashable, ...], kinds: tuple[tuple[str, BlankKind], ...]
    ) -> ComposedStatement | None:
        return ComposedStatement.of(self.compose(*shape, **{name: Blank(name, kind) for name, kind in kinds}))


def beside(rows: list[RowT], **known: Any) -> list[RowT]:
    """The rows, each with what is at hand already in place of what it would read anew."""
    for row in rows:
        for name, value in known.items():
            setattr(row, name, value)
    return rows
