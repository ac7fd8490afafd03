"""Schedules as data: what they say, where a case stands in them, and the dates they give."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Any

from guidelines.model import Phase, Schedule


@dataclass(frozen=True, slots=True)
class Due:
    """One appointment. `latest` differs from `earliest` where the source gives a range of intervals."""

    earliest: date
    latest: date
    every: str


def schedule_as_json(schedule: Schedule, months: float | None = None) -> dict[str, Any]:
    """The schedule for the answer: months as pairs, low and high.

    `months` since the anchor, where known, places the case: `now` lists the intervals that may hold then.
    """
    return {
        "anchor": schedule.anchor,
        "text": schedule.text,
        "phases": [
            {
                "every_months": list(phase.every),
                "from_month": list(phase.start),
                "to_month": None if phase.end is None else list(phase.end),
            }
            for phase in schedule.phases
        ],
        "now": None
        if months is None
        else [interval_in_words(phase) for phase in phases_at(schedule, months)],
    }


def interval_in_words(phase: Phase) -> str:
    """ "every 6–12 months"."""
    low, high = phase.every
    return f"every {low:g} months" if low == high else f"every {low:g}–{high:g} months"


def phases_at(schedule: Schedule, months: float) -> tuple[Phase, ...]:
    """The phases that may cover this month; two where the source leaves open when one ends and the next
    begins.
    """
    return tuple(
        phase
        for phase in schedule.phases
        if months >= phase.start[0] and (phase.end is None or months < phase.end[1])
    )


def plan(schedule: Schedule, start: date) -> tuple[Due, ...]:
    """The appointments counted from `start`, ranges kept: the earliest and the latest date of each."""
    dues: list[Due] = []
    earliest = latest = 0.0
    for phase in schedule.phases:
        low, high = phase.every
        end_low = phase.end[0] if phase.end else schedule.listed_months
        end_high = phase.end[1] if phase.end else schedule.listed_months
        while earliest + low <= end_low or (latest + high <= end_high and earliest + low <= end_high):
            earliest, latest = earliest + low, max(latest + high, earliest + low)
            dues.append(Due(add_months(start, earliest), add_months(start, latest), interval_in_words(phase)))
    return tuple(dues)


def add_months(day: date, months: float) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    total = day.month - 1 + int(months)
    year, month = day.year + total // 12, total % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
