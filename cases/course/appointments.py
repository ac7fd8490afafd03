"""Which appointment of a schedule an examination was."""

from collections.abc import Sequence
from datetime import date, timedelta

LEAD = timedelta(days=45)
"""How long before it is due an examination counts for an appointment: the app's own convention."""


def appointment_at(windows: Sequence[tuple[date, date]], day: date) -> int | None:
    """The place of the window, first and last day, that is nearest to the day; of two the earlier.

    None where even that one is more than `LEAD` ahead. However late, an examination counts for the nearest.
    """
    places = range(len(windows))
    nearest = min(places, key=lambda place: (_distance(windows[place], day), place), default=None)
    return None if nearest is None or windows[nearest][0] - day > LEAD else nearest


def _distance(window: tuple[date, date], day: date) -> timedelta:
    first, last = window
    return max(first - day, day - last, timedelta())
