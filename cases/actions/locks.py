"""One order of locks for everything around a meeting: the meeting, then its cases by id, then a decision.

PostgreSQL may nevertheless end a transaction for the sake of another one (a deadlock with a foreign lock, a
row that changed meanwhile); an action that wrote nothing is then done again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection

from cases.models import Case, Meeting

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 5
FIRST_PAUSE = 0.02  # seconds; twice as long before each further attempt
AGAIN = {"40P01", "40001"}  # SQLSTATE: deadlock detected, could not serialize


def lock_meeting(meeting: Meeting | int) -> Meeting:
    """The meeting as it is now, for this transaction alone."""
    key = meeting.pk if isinstance(meeting, Meeting) else meeting
    return Meeting.objects.select_for_update(of=("self",)).select_related("board").get(pk=key)


def lock_cases(cases: Iterable[Case | int]) -> list[Case]:
    """The cases as they are now, locked in the order of their ids."""
    keys = {case.pk if isinstance(case, Case) else case for case in cases}
    return list(Case.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def retried(action: Callable[P, R]) -> Callable[P, R]:
    """The action, done again where the database ended its transaction for the sake of another."""

    @wraps(action)
    def again(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(ATTEMPTS):
            try:
                return action(*args, **kwargs)
            except OperationalError as error:
                last = attempt == ATTEMPTS - 1
                if last or connection.in_atomic_block or not _is_transient(error):
                    raise
                time.sleep(FIRST_PAUSE * 2**attempt)
        raise AssertionError("unreachable")

    return again


def _is_transient(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) in AGAIN
