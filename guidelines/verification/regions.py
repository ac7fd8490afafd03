"""Sets of cases as lists of boxes: does one lie inside another, do two meet, what is left over?

Exact, by splitting: what a box leaves uncovered is cut into disjoint boxes until each is covered or proven
not to be.
"""

from collections.abc import Iterable, Sequence

from guidelines.engine.boxes import Box, Space, meet

Region = tuple[Box, ...]


def overlap(left: Region, right: Region) -> Box | None:
    """A box that lies in both regions, or None."""
    for a in left:
        for b in right:
            met = meet(a, b)
            if met is not None:
                return met
    return None


def common(left: Region, right: Region) -> Region:
    """The region in which both hold."""
    return tuple(met for a in left for b in right if (met := meet(a, b)) is not None)


def leftover(space: Space, region: Region, covers: Iterable[Box]) -> Box | None:
    """A box of the region that none of `covers` reaches, or None where they cover it whole."""
    ordered = sorted(covers, key=len)
    return next((rest for box in region if (rest := _outside(space, box, ordered)) is not None), None)


def same(space: Space, left: Region, right: Region) -> bool:
    """Do both regions hold the same cases?"""
    return leftover(space, left, right) is None and leftover(space, right, left) is None


def _outside(space: Space, box: Box, covers: Sequence[Box]) -> Box | None:
    for position, cover in enumerate(covers):
        if meet(box, cover) is None:
            continue
        inside = dict(box)
        for index, mask in cover:
            here = inside.get(index, space.facts[index].everything)
            if here & ~mask:
                piece = tuple(sorted({**inside, index: here & ~mask}.items()))
                rest = _outside(space, piece, covers[position + 1 :])
                if rest is not None:
                    return rest
            inside[index] = here & mask
        return None
    return box


def in_words(space: Space, box: Box) -> str:
    """One case of the box in words: the facts that the box narrows, each with its first value."""
    named = []
    for index, mask in box:
        fact = space.facts[index]
        if mask != fact.everything:
            first = (mask & -mask).bit_length() - 1
            named.append(f"{fact.fact.label}: {fact.bands[first].label}")
    return "; ".join(named) or "any case"
