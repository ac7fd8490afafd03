"""What time it is, for whatever is written down with its moment.

Only the demonstration and the tests set it: a meeting of last month is then held through the same actions as
one of today, and its signatures bear its date.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_set_to: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The moment; of this thread and request alone, if it was set."""
    return _set_to.get() or timezone.now()


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Within this block it is `moment`. For the demonstration and for tests, and nobody else."""
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)
