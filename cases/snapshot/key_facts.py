"""The few facts that an answer rests on: what a board looks at before it decides. Nothing of today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from cases.snapshot.frozen import Frozen, FrozenFact

PLACE = ("primary_site", "extent", "metastatic_sites")
"""Where the disease is: it stands in the diagnosis."""


def most_relied_on(facts: Iterable[str], most: int) -> list[str]:
    """The facts that come most often, but for those of the diagnosis."""
    counted = Counter(name for name in facts if name not in PLACE)
    return [name for name, _ in counted.most_common(most)]


def key_facts_in(frozen: Frozen, most: int) -> list[FrozenFact]:
    """Those that most of what applied rested on, in order of time, without a day first."""
    names = most_relied_on(
        (
            reason.fact
            for one in frozen.answer.recommendations
            if one.status.code == "applies" and one.stance.direction == "for"
            for reason in one.because
            if reason.fact in frozen.facts
        ),
        most,
    )
    found = [frozen.facts[name] for name in names]
    return sorted(found, key=lambda fact: fact.date.first if fact.date else date.min)
