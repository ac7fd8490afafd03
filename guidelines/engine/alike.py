"""Values of a fact that something does not tell apart: what is remembered with one of them holds with all.

A statement that asks whether the primary is in the cervix answers alike for colon, pancreas and bladder.
"""

from collections.abc import Iterable, Mapping, Sequence

from guidelines.engine.bands import BandedFact

CHOICES = ("enum", "bool")
"""Types of fact of which each value is a band of its own."""


def alike(facts: Sequence[BandedFact], masks: Iterable[tuple[int, int]]) -> Mapping[int, Mapping[int, int]]:
    """Fact, by index → each of its bands → the first of those that lie in the same masks.

    `masks` are all the sets of bands, with the index of their fact, that are asked for. Only facts with a
    choice of values are listed, of these only the bands that are not the first themselves, and never the
    band of cases that have no value.
    """
    asked: dict[int, set[int]] = {}
    for index, mask in masks:
        asked.setdefault(index, set()).add(mask)
    found: dict[int, dict[int, int]] = {}
    for index, sets in asked.items():
        if facts[index].fact.type in CHOICES:
            found[index] = _firsts(facts[index], sorted(sets))
    return {index: bands for index, bands in found.items() if bands}


def _firsts(fact: BandedFact, masks: Sequence[int]) -> dict[int, int]:
    firsts: dict[tuple[int, ...], int] = {}
    found: dict[int, int] = {}
    for place, band in enumerate(fact.bands):
        if band.value is not None:
            bit = 1 << place
            first = firsts.setdefault(tuple(mask & bit and 1 for mask in masks), bit)
            if first != bit:
                found[bit] = first
    return found
