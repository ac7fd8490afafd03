"""Days → places on the axis, and the axis' own marks."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from cases.reading.partial_dates import MONTHS

SHORTEST = datetime.timedelta(days=182)  # a case of a week is not stretched over the whole width
STEPS = (1, 2, 5, 10, 25, 50)  # years from mark to mark
YEAR_APART, QUARTER_APART = 44.0, 40.0  # the least distance that keeps the words of two marks apart


@dataclass(frozen=True, slots=True)
class TimelineTick:
    """A line of the axis with its words; `strong`: the beginning of a year; `d`: its path, once drawn."""

    x: float
    text: str
    strong: bool
    d: str = ""


@dataclass(frozen=True, slots=True)
class TimeScale:
    """The days from `low` to `high` between `left` and `right`, in units of the drawing."""

    low: datetime.date
    high: datetime.date
    left: float
    right: float

    @classmethod
    def around(cls, first: datetime.date, last: datetime.date, left: float, right: float) -> TimeScale:
        """From the beginning of the first month; half a year at least."""
        low = min(first, last - SHORTEST).replace(day=1)
        return cls(low, last, left, right)

    def x(self, day: datetime.date) -> float:
        """The place of a day's beginning."""
        share = (day - self.low).days / (self.high - self.low).days
        return round(self.left + share * (self.right - self.left), 1)

    def ticks(self) -> Iterator[TimelineTick]:
        """The years, as many as have room for their words; where there is much room, the quarters too."""
        year = self.x(self.low + datetime.timedelta(days=365)) - self.left
        step = next((step for step in STEPS if year * step >= YEAR_APART), STEPS[-1])
        begins = [day for day in self._firsts((1,)) if day.year % step == 0 and self.has_room(day)]
        if not begins or self.x(begins[0]) - self.left >= YEAR_APART:
            yield TimelineTick(self.left, str(self.low.year), strong=True)
        for day in begins:
            yield TimelineTick(self.x(day), str(day.year), strong=True)
        if year / 4 >= QUARTER_APART:
            for day in self._firsts((4, 7, 10)):
                if self.x(day) - self.left >= QUARTER_APART and self.has_room(day):
                    yield TimelineTick(self.x(day), MONTHS[day.month - 1][:3], strong=False)

    def has_room(self, day: datetime.date) -> bool:
        """Whether the words of a mark end before the axis does."""
        return self.right - self.x(day) >= QUARTER_APART

    def _firsts(self, months: tuple[int, ...]) -> list[datetime.date]:
        """The first days of these months, inside the axis."""
        years = range(self.low.year, self.high.year + 1)
        days = [datetime.date(year, month, 1) for year in years for month in months]
        return [day for day in days if self.low <= day <= self.high]
