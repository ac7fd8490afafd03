"""How long it takes to verify 100,000 events. The clock on the wall counts, reading the rows included."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.bench.timing import Row

EVENTS, AT_ONCE = 100_000, 2_000
MOST_SECONDS = 10


def rows() -> Iterator[Row]:
    """Written and verified within a transaction that is rolled back."""
    from django.contrib.auth.models import User  # needs Django set up
    from django.db import transaction

    from cases.integrity import verified
    from cases.models import AuditEvent, Board
    from cases.models.audit import one_act

    with transaction.atomic():
        user, board = User.objects.earliest("pk"), Board.objects.earliest("pk")
        began = time.perf_counter()
        for first in range(0, EVENTS, AT_ONCE):
            with one_act():
                for number in range(first, first + AT_ONCE):
                    detail = {"cases": [number]}
                    AuditEvent.objects.record(
                        user=user, action="read", board=board, kind="agenda", detail=detail
                    )
        each = (time.perf_counter() - began) / EVENTS
        began = time.perf_counter()
        found = verified(anchored=False)
        seconds = time.perf_counter() - began
        transaction.set_rollback(True)
    if found.faults:
        raise RuntimeError(str(found.faults[0]))
    yield Row("an event, written with 2,000 others", "", f"{each * 1e6:.0f} µs")
    yield Row(
        f"{found.events:,} events verified", "", f"{seconds:.1f} s",
        target=f"≤ {MOST_SECONDS} s", met=seconds <= MOST_SECONDS,
    )  # fmt: skip
