"""On which day the rules may say something else of a record to which nothing was added.

The rules ask today's date whether something lies so many days or months back, how many months are completed,
and whether a day has come. So their answer can turn only near a written date, or near that distance from one.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from cases.course.conventions import Conventions
from cases.course.spans import months_between, plus_months
from cases.reading import PartialDate
from cases.reading.measures import Bound

A_DAY = timedelta(days=1)


def next_turn(
    dates: Iterable[PartialDate], today: date, conventions: Conventions, bounds: Iterable[Bound]
) -> date | None:
    """The first day after `today` on which the rules may answer otherwise, None if there is none: never too
    late, perhaps too early. `dates`: every date that is written; `bounds`: of the months since treatment.
    """
    months = {
        conventions.under_way_months,
        conventions.newly_diagnosed_months,
        conventions.follow_up_months,
        *(int(bound) + beyond for bound in bounds for beyond in (0, 1)),
    }
    days = {day for when in set(dates) for day in _turns(when, today, months, conventions.board_limit_days)}
    return min((day for day in days if day > today), default=None)


def _turns(when: PartialDate, today: date, months: Collection[int], limit_days: int) -> Iterator[date]:
    for end in {when.first, when.last}:
        for day in (
            end,
            end + timedelta(days=limit_days),
            *(plus_months(end, number) for number in months),
            *(_anniversaries(end, today) if when.day is None else ()),
        ):
            yield day
            yield day + A_DAY


def _anniversaries(end: date, today: date) -> Iterator[date]:
    """Where the day is not known, the number of completed months is known and not known in turn."""
    since = months_between(end, today)
    return (plus_months(end, since + more) for more in range(3))
