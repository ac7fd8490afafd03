"""What takes long lets the other requests of its process go first: people are entering cases meanwhile.

A process answers several requests by turns. What a document is made of takes twice as long to collect as a
preview takes to answer, and a preview that meets it would wait for all of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from threading import Condition
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

LONGEST = 1.0  # seconds that one request waits for others; then it takes turns like everybody
QUIET = 0.003  # seconds without a request; who sends one after the other has sent the next by then


class UnderWay:
    """Counts the requests of this process that are at work and give way to nobody."""

    def __init__(self) -> None:
        self._count, self._quiet_since, self._changed = 0, 0.0, Condition()

    @contextmanager
    def one_more(self, number: int = 1) -> Iterator[None]:
        """Within, it is one more, or one less."""
        self._add(number)
        try:
            yield
        finally:
            self._add(-number)

    def wait(self, longest: float) -> float:
        """Until it is quiet, `longest` seconds at most; how many it took."""
        begun = time.monotonic()
        with self._changed:
            while (rest := self._until_quiet()) and (left := begun + longest - time.monotonic()) > 0:
                self._changed.wait(min(rest, left))
        return time.monotonic() - begun

    def _until_quiet(self) -> float:
        """How many seconds that takes, if nothing happens."""
        return inf if self._count > 0 else max(0.0, self._quiet_since + QUIET - time.monotonic())

    def _add(self, number: int) -> None:
        with self._changed:
            self._count += number
            if self._count <= 0:
                self._quiet_since = time.monotonic()
                self._changed.notify_all()


under_way = UnderWay()


class CountsRequests:
    """Every request is under way from here on, until it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with under_way.one_more():
            return self.get_response(request)


@contextmanager
def giving_way(longest: float = LONGEST) -> Iterator[Callable[[], None]]:
    """Within a request: it waits before each of its queries, and where it calls what it is given, until no
    other is under way, `longest` seconds in all. Not to be used within a transaction: others may need what
    it has locked.
    """
    left = longest

    def others_first() -> None:
        nonlocal left
        if left > 0:
            left -= under_way.wait(left)

    def after_the_others(execute: Callable[..., Any], *query: Any) -> Any:
        others_first()
        return execute(*query)

    with under_way.one_more(-1), connection.execute_wrapper(after_the_others):
        yield others_first
