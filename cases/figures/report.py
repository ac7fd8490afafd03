"""The figures of some boards over a period, as plain data: all that pages, files and papers are made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import quantiles

from cases.figures.definitions import DEFINITIONS, FigureDefinition


@dataclass(frozen=True, slots=True)
class FigureCount:
    """One line of a figure: how many. `cases`: those behind it by id, empty where it counts no cases."""

    code: str
    label: str
    number: int
    cases: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Spread:
    """How `number` values lie: the least, the quartiles, the greatest, in `unit`."""

    number: int
    least: float
    low: float
    median: float
    high: float
    most: float
    unit: str

    @classmethod
    def over(cls, values: Sequence[float], unit: str) -> Spread | None:
        """None of no values; quartiles by linear interpolation between the values, both ends counted."""
        if not values:
            return None
        found = sorted(values)
        low, median, high = quantiles(found, n=4, method="inclusive") if len(found) > 1 else found * 3
        return cls(len(found), found[0], low, median, high, found[-1], unit)


@dataclass(frozen=True, slots=True)
class BoardFigure:
    """`of`: what its counts are out of, the denominator. `counted`: the codes of the counts that make up the
    numerator, empty where it is no share. `spread`: of a figure that measures. `cases`: those behind `of`.
    """

    code: str
    of: int
    counts: tuple[FigureCount, ...] = ()
    counted: tuple[str, ...] = ()
    spread: Spread | None = None
    cases: frozenset[int] = frozenset()

    @property
    def definition(self) -> FigureDefinition:
        """What it is called, and what it counts."""
        return DEFINITIONS[self.code]

    @property
    def number(self) -> int:
        """The numerator."""
        return sum(one.number for one in self.counts if one.code in self.counted)


@dataclass(frozen=True, slots=True)
class FigureGroup:
    title: str
    figures: tuple[BoardFigure, ...]


@dataclass(frozen=True, slots=True)
class FiguresReport:
    """From `first` to `last`, as it stands on the day `today`; `boards` by name."""

    boards: tuple[str, ...]
    first: date
    last: date
    today: date
    groups: tuple[FigureGroup, ...]

    @property
    def figures(self) -> dict[str, BoardFigure]:
        """Every figure by its code."""
        return {figure.code: figure for group in self.groups for figure in group.figures}
