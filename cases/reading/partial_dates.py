"""A date of which the year is known, and perhaps the month, and perhaps the day."""

import calendar
import datetime
import re
from dataclasses import dataclass
from typing import Literal

Precision = Literal["year", "month", "day"]

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip

FIRST_YEAR, LAST_YEAR = 1850, 2199

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month or a year; what is not known stays not known.

    `year` from 1850 to 2199; `month` from 1 to 12, or None; `day` a day of that month, or None, and only with
    a month. It stands for the span from its `first` to its `last` day. Raises `ValueError`, saying why there
    is no such date.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"the year {self.year} is not from {FIRST_YEAR} to {LAST_YEAR}")
        if self.month is None:
            if self.day is not None:
                raise ValueError("a day without its month")
            return
        if not 1 <= self.month <= 12:
            raise ValueError(f"there is no month {self.month}")
        if self.day is not None and not 1 <= self.day <= self._days_of_month():
            month = f"{MONTHS[self.month - 1]} {self.year}"
            raise ValueError(f"there is no day {self.day}: {month} has {self._days_of_month()} days")

    @classmethod
    def of(cls, day: datetime.date) -> "PartialDate":
        """A day of the calendar."""
        return cls(day.year, day.month, day.day)

    @classmethod
    def from_iso(cls, text: str) -> "PartialDate":
        """The inverse of `iso`. Raises `ValueError`."""
        found = _ISO.fullmatch(text)
        if found is None:
            raise ValueError(f"{text[:20]!r} is not YYYY-MM-DD, YYYY-MM or YYYY")
        year, month, day = (None if part is None else int(part) for part in found.groups())
        return cls(year or 0, month, day)

    @property
    def precision(self) -> Precision:
        """What is known: the year, the month too, or the day."""
        if self.day is not None:
            return "day"
        return "year" if self.month is None else "month"

    @property
    def first(self) -> datetime.date:
        """The earliest day that it may be."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> datetime.date:
        """The latest day that it may be."""
        return datetime.date(self.year, self.month or 12, self.day or self._days_of_month())

    def newer_than(self, other: "PartialDate") -> bool:
        """Whether it is later whatever the unknown days are: its span begins after the other's ends."""
        # As `self.first > other.last`, without making two dates: the rules ask this some dozen times a case.
        first = (self.year, self.month or 1, self.day or 1)
        return first > (other.year, other.month or 12, other.day or 31)

    def iso(self) -> str:
        """2026-03-05, 2026-03 or 2026: ISO at the precision known."""
        if self.month is None:
            return f"{self.year}"
        month = f"{self.year}-{self.month:02d}"
        return month if self.day is None else f"{month}-{self.day:02d}"

    def __str__(self) -> str:
        """As pages show it: 05-Mar-2026, Mar 2026, 2026."""
        if self.month is None:
            return str(self.year)
        month = MONTHS[self.month - 1][:3]
        return f"{month} {self.year}" if self.day is None else f"{self.day:02d}-{month}-{self.year}"

    def _days_of_month(self) -> int:
        return calendar.monthrange(self.year, self.month or 12)[1]
