"""A guideline change recalled: the cases of the demonstration, asked of both editions again and again."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter_ns
from typing import Any

from tests.bench.timing import MILLI, Row, shown

CASES, MEASURED = 5_000, 400
MOST_MS = 10_000
BEFORE, AFTER = "nanets-hgnen-2023@1.0", "nanets-hgnen-2023@1.1"


def rows() -> list[Row]:
    """Reading, facts, and both answers compared, of some hundred cases, as so many thousand would take."""
    from cases.models import Case  # need Django set up
    from cases.queries import with_record
    from cases.screens.recall import recalled
    from guidelines.knowledge.releases import guideline_at

    editions = [guideline_at(address) for address in (BEFORE, AFTER)]
    keys = list(Case.objects.filter(is_demo=True).values_list("pk", flat=True))

    def piece(size: int) -> Any:
        return with_record(Case.objects.filter(pk__in=keys[:size]))

    list(recalled(piece(3), *editions))
    begun, looked_at = perf_counter_ns(), 0
    while looked_at < MEASURED:
        found = list(recalled(piece(len(keys)), *editions))
        looked_at += len(keys)
    spent = (perf_counter_ns() - begun) / looked_at * CASES
    row = Row(f"recall of {CASES:,} cases, by {looked_at} of them", "", shown(spent, MILLI), None)
    told = f"{len(found)} of {len(keys)} differ"
    return [replace(row, baseline=told, target=f"≤ {MOST_MS:,} ms", met=spent <= MOST_MS * MILLI)]
