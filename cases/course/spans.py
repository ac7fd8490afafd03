"""Order in time between partial dates, and lengths of time. Never by order of entry (record.md, 2.1)."""

import calendar
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TypeVar

from cases.reading import PartialDate

ItemT = TypeVar("ItemT")


def newest(items: Iterable[ItemT], date_of: Callable[[ItemT], PartialDate | None]) -> list[ItemT]:
    """Those that no other is newer than. A partial date is a span: A is newer than B only if A's span begins
    after B's ends. What is undated never overrules what is dated (record.md, 2.1).
    """
    listed = list(items)
    if len(listed) == 1:
        return listed
    dated = [(item, when) for item in listed if (when := date_of(item)) is not None]
    if not dated:
        return listed
    return [item for item, when in dated if not any(other.newer_than(when) for _, other in dated)]


def oldest(items: Iterable[ItemT], date_of: Callable[[ItemT], PartialDate | None]) -> list[ItemT]:
    """Those dated ones that are newer than no other."""
    dated = [(item, when) for item in items if (when := date_of(item)) is not None]
    return [item for item, when in dated if not any(when.newer_than(other) for _, other in dated)]


def latest(dates: Iterable[PartialDate | None]) -> PartialDate | None:
    """The one that ends last; None without any."""
    known = [when for when in dates if when is not None]
    return max(known, key=lambda when: (when.last, when.first)) if known else None


def certainly_by(first: PartialDate, second: PartialDate) -> bool:
    """Whether `first` lies on or before `second` whatever the unknown days are."""
    return first.last <= second.first


def plus_months(day: date, months: int) -> date:
    """So many calendar months later; the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> int:
    """Completed calendar months."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def completed_months(since: PartialDate, until: PartialDate) -> tuple[int, int]:
    """The fewest and the most months completed between two dates, as far as they are known; not below 0."""
    fewest, most = months_between(since.last, until.first), months_between(since.first, until.last)
    return max(fewest, 0), max(most, 0)


def interval(since: PartialDate, until: PartialDate) -> str:
    """A length of time in words: "21 months", "9 to 21 months"."""
    fewest, most = completed_months(since, until)
    if fewest == most:
        return f"{most} month{'' if most == 1 else 's'}"
    return f"{fewest} to {most} months"


def within_months(when: PartialDate, months: int, today: date) -> bool:
    """Whether it certainly lies at most so many months back."""
    return plus_months(when.first, months) >= today


def within_days(when: PartialDate, days: int, today: date) -> bool:
    """Whether it certainly lies at most so many days back."""
    return when.first + timedelta(days=days) >= today
