"""Schedules as data: what they say, where a case stands in them, and the dates they give."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from guidelines.knowledge.model import Phase, Schedule


@dataclass(frozen=True, slots=True)
class Due:
    """One appointment, the first, second and so on. `earliest` and `latest` differ where the source gives a
    range, and `every` then names each interval that may hold.
    """

    earliest: date
    latest: date
    every: str


def schedule_as_json(schedule: Schedule, phases: tuple[Phase, ...] | None) -> dict[str, Any]:
    """The schedule for the answer: months as pairs, low and high.

    `phases` are those the case may be in, where it is known how long the anchor is past: `now` lists their
    intervals.
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
        "now": None if phases is None else [interval_in_words(phase) for phase in phases],
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
    """The appointments counted from `start` that every choice within the ranges brings, ranges kept.

    `earliest` is the date under the densest choice, `latest` under the sparsest. The list ends where the
    sparsest choice does; a denser one brings further appointments before that day.
    """
    return tuple(
        Due(add_months(start, early), add_months(start, late), _either(dense, sparse))
        for (early, dense), (late, sparse) in zip(
            _appointments(schedule, dense=True), _appointments(schedule, dense=False), strict=False
        )
    )


def _appointments(schedule: Schedule, *, dense: bool) -> Iterator[tuple[float, Phase]]:
    """Months from the start with the phase each lies in. Dense: the shortest intervals, and each phase as
    long as it may last, since a later phase is never denser. Sparse: the opposite.
    """
    month = 0.0
    for phase in schedule.phases:
        step = phase.every[0 if dense else 1]
        end = schedule.listed_months if phase.end is None else phase.end[1 if dense else 0]
        while month + step <= end:
            month += step
            yield month, phase


def _either(dense: Phase, sparse: Phase) -> str:
    return " or ".join(dict.fromkeys((interval_in_words(dense), interval_in_words(sparse))))


def add_months(day: date, months: float) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    total = day.month - 1 + int(months)
    year, month = day.year + total // 12, total % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
