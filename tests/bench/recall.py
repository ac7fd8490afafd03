"""A guideline change recalled: the cases of the demonstration, asked of both editions again and again."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter_ns
from typing import Any

from tests.bench.timing import MILLI, Row, shown

CASES, ANEW = 5_000, 400
MOST_MS = 10_000
BEFORE, AFTER = "nanets-hgnen-2023@1.0", "nanets-hgnen-2023@1.1"


def rows() -> list[Row]:
    """Reading what is kept and both answers compared, of as many cases; and of some hundred, as so many would
    take, where nothing kept holds and every record is read anew.
    """
    from cases.models import Case, StoredReadiness  # need Django set up
    from cases.queries import for_recall
    from cases.screens.recall import recalled
    from guidelines.knowledge.releases import guideline_at

    editions = [guideline_at(address) for address in (BEFORE, AFTER)]
    keys = list(Case.objects.filter(is_demo=True).values_list("pk", flat=True))

    def look() -> Any:
        return list(recalled(for_recall(Case.objects.filter(pk__in=keys)), *editions))

    def look_anew() -> Any:
        StoredReadiness.objects.update(basis="")
        return look()

    told = f"{len(look())} of {len(keys)} differ"
    spent = _spent(look, len(keys), CASES)
    anew = _spent(look_anew, len(keys), ANEW)
    target = f"≤ {MOST_MS:,} ms"
    return [
        Row(f"recall of {CASES:,} cases", told, shown(spent, MILLI), None, target, spent <= MOST_MS * MILLI),
        Row(f"  · where no row of the index holds, by {ANEW} of them", "", shown(anew, MILLI)),
    ]


def _spent(look: Callable[[], Any], at_once: int, measured: int) -> float:
    """Nanoseconds that all cases take, by those measured."""
    begun, looked_at = perf_counter_ns(), 0
    while looked_at < measured:
        look()
        looked_at += at_once
    return (perf_counter_ns() - begun) / looked_at * CASES
