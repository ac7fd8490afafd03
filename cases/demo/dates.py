"""Days of the demonstration's files, which count back from the day of loading."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from cases.reading import PartialDate


def dated(data: Mapping[str, Any], today: date) -> dict[str, Any]:
    """With each `..._ago` as the date of that name: `ended_ago` as `ended_on`."""
    return {
        name.removesuffix("_ago") + "_on" if name.endswith("_ago") else name: (
            day_ago(value, today) if name.endswith("_ago") else value
        )
        for name, value in data.items()
    }


def day_ago(ago: int | str, today: date) -> PartialDate:
    """The day so many days ago; the month or year, where only that is known: "14 months", "2 years"."""
    if isinstance(ago, int):
        return PartialDate.of(today - timedelta(days=ago))
    number, unit = ago.split()
    months = today.year * 12 + today.month - 1 - int(number)
    if unit.startswith("year"):
        return PartialDate(today.year - int(number))
    return PartialDate(months // 12, months % 12 + 1)
