"""Does a condition hold under every completion of the unknown facts, under some, or under none?

A condition is turned, once, into boxes: a box gives each fact a set of bands, and the condition is true
exactly where one of its `true` boxes is, false exactly where one of its `false` boxes is. What can still
happen to a case is itself a box, so one pass over a few integers answers exactly; nothing is tried out and
nothing is sampled.

Facts constrain each other. A fact that only some cases have rests on its ground (a margin: the primary was
resected): where the ground fails, a bool counts as no, a list as empty, anything else fulfils no test. Where
a condition reads facts that a rule ties together, its boxes are cut down to the consistent part of the space.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from guidelines.engine.bands import BandedFact, banded, by_fact
from guidelines.knowledge.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Implies,
    Named,
    Not,
    Test,
    Truth,
    Xor,
    conjuncts,
    tests_in,
)
from guidelines.vocabulary.facts import ABSENT, Fact, Value

Box = tuple[tuple[int, int], ...]
"""Pairs of (index of the fact, set of bands), sorted by index; a fact that is absent may have any band."""

ALWAYS: tuple[Box, ...] = ((),)
NEVER: tuple[Box, ...] = ()

ANY = -1
"""The bands of a fact that a box does not name: every bit, so that they lie inside no set of bands."""

REMEMBERED = 1024
"""Values kept for one fact with the bands they leave open; numbers such as Ki-67 take many values."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """Where a condition is true and where it is false, inside the consistent space."""

    true: tuple[Box, ...]
    false: tuple[Box, ...]

    @property
    def reads(self) -> tuple[int, ...]:
        """Indices of the facts that can make a difference."""
        return tuple(sorted({index for box in (*self.true, *self.false) for index, _ in box}))


class Space:
    """All facts with their bands, and the rules that tie facts together.

    `conditions` are all the conditions that will be decided: they define the bands, and so do the numbers in
    `worded` ones, which are only read against stated facts. `rules` must hold in every consistent case.
    `grounds` names, for facts that only some cases have, the condition under which they arise; `optional` are
    facts that may have no value though nothing rules them out.
    """

    def __init__(
        self,
        facts: Mapping[str, Fact],
        conditions: Iterable[Condition],
        worded: Iterable[Condition],
        rules: Sequence[Condition],
        grounds: Mapping[str, Condition],
        optional: Collection[str] = (),
    ) -> None:
        tests = [test for one in (*conditions, *rules, *grounds.values()) for test in tests_in(one)]
        # A list has a band for each set of entries told apart: words may tell apart too many.
        tests += [test for one in worded for test in tests_in(one) if test.fact.type != "list"]
        gathered = by_fact(tests)
        self.facts: tuple[BandedFact, ...] = tuple(
            banded(fact, gathered.get(name, ()), conditional=name in optional) for name, fact in facts.items()
        )
        self.definitions = facts
        self.grounds = grounds
        self.index = {one.fact.name: index for index, one in enumerate(self.facts)}
        self.everything = tuple(one.everything for one in self.facts)
        self._bands: dict[str, tuple[int, Callable[[Value], int]]] = {
            one.fact.name: (index, lru_cache(REMEMBERED)(one.possible))
            for index, one in enumerate(self.facts)
        }
        self._memo: dict[tuple[Condition, bool], tuple[Box, ...]] = {}
        self._consistent = ALWAYS
        for rule in rules:
            self._consistent = self._meet(self._consistent, self._boxes(rule, True))

    @cached_property
    def tied(self) -> frozenset[int]:
        """Indices of the facts that consistency ties together."""
        return frozenset(index for box in self._consistent for index, _ in box)

    def possible(self, values: Mapping[str, Value]) -> list[int]:
        """The bands that a case leaves open, by index of the fact."""
        open_bands = list(self.everything)
        for name, value in values.items():
            index, bands = self._bands[name]
            open_bands[index] = bands(value)
        return open_bands

    def plain_boxes(self, condition: Condition) -> Boxes:
        """The condition's boxes without regard to rules."""
        return Boxes(self._boxes(condition, True), self._boxes(condition, False))

    def reads(self, condition: Condition) -> set[int]:
        """Indices of the facts a condition reads, and of those that they rest on."""
        found: set[int] = set()
        for test in tests_in(condition):
            name = test.fact.name
            if self.index[name] not in found:
                found.add(self.index[name])
                if name in self.grounds:
                    found |= self.reads(self.grounds[name])
        return found

    def boxes(self, condition: Condition) -> Boxes:
        """The condition's boxes, cut down to the consistent space."""
        return Boxes(*(self._within(self._boxes(condition, wanted)) for wanted in (True, False)))

    def groups(self, condition: Condition) -> tuple[Condition, ...]:
        """Split a condition into parts that must all hold and share no fact: each is decided alone."""
        clusters: list[tuple[set[int], list[Condition]]] = []
        for part in conjuncts(condition):
            reads = self.reads(part)
            if reads & self.tied:
                reads |= self.tied
            touching = [cluster for cluster in clusters if cluster[0] & reads]
            merged = (reads.union(*(c[0] for c in touching)), [*(p for c in touching for p in c[1]), part])
            clusters = [cluster for cluster in clusters if cluster not in touching] + [merged]
        return tuple(parts[0] if len(parts) == 1 else AllOf(tuple(parts)) for _, parts in clusters)

    def _within(self, boxes: tuple[Box, ...]) -> tuple[Box, ...]:
        if any(index in self.tied for box in boxes for index, _ in box):
            boxes = self._meet(boxes, self._consistent)
        return minimal(self._without_idle(box) for box in boxes)

    def _without_idle(self, box: Box) -> Box:
        """Leave out the facts that the box leaves entirely open."""
        return tuple((index, mask) for index, mask in box if mask != self.facts[index].everything)

    def _boxes(self, condition: Condition, wanted: bool) -> tuple[Box, ...]:
        key = (condition, wanted)
        if key not in self._memo:
            self._memo[key] = self._make(condition, wanted)
        return self._memo[key]

    def _make(self, condition: Condition, wanted: bool) -> tuple[Box, ...]:
        match condition:
            case Test():
                return self._test_box(condition, wanted)
            case Named():
                return self._boxes(condition.condition, wanted)
            case Not():
                return self._boxes(condition.part, not wanted)
            case Implies():
                return self._boxes(AnyOf((Not(condition.premise), condition.conclusion)), wanted)
            case Xor():
                left, right = condition.left, condition.right
                either = AnyOf((AllOf((left, Not(right))), AllOf((Not(left), right))))
                return self._boxes(either, wanted)
            case AllOf() | AnyOf():
                parts = [self._boxes(part, wanted) for part in condition.parts]
        if isinstance(condition, AllOf) is wanted:
            boxes = ALWAYS
            for part in parts:
                boxes = self._meet(boxes, part)
            return boxes
        return minimal([box for part in parts for box in part])

    def _test_box(self, test: Test, wanted: bool) -> tuple[Box, ...]:
        index = self.index[test.fact.name]
        mask = self.facts[index].mask(test)
        if not wanted:
            mask = self.facts[index].everything & ~mask
        boxes: tuple[Box, ...] = ALWAYS
        if mask != self.facts[index].everything:
            boxes = (((index, mask),),) if mask else NEVER
        ground = self.grounds.get(test.fact.name)
        if ground is None:
            return boxes
        without = test.holds(without_ground(test.fact)) is Truth.TRUE
        elsewhere = self._boxes(ground, False) if without is wanted else NEVER
        return minimal([*self._meet(boxes, self._boxes(ground, True)), *elsewhere])

    def _meet(self, left: tuple[Box, ...], right: tuple[Box, ...]) -> tuple[Box, ...]:
        met = []
        for a in left:
            for b in right:
                box = meet(a, b)
                if box is not None:
                    met.append(box)
        return minimal(met)


def without_ground(fact: Fact) -> Value:
    """What a fact counts as where its ground fails."""
    if fact.type == "bool":
        return False
    return () if fact.type == "list" else ABSENT


def meet(a: Box, b: Box) -> Box | None:
    """The box in which both hold, or None where there is none."""
    bands = dict(a)
    for index, mask in b:
        bands[index] = bands[index] & mask if index in bands else mask
        if not bands[index]:
            return None
    return tuple(sorted(bands.items()))


def minimal(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Drop boxes that lie inside another, and join boxes that differ in one fact only."""
    kept = list(dict.fromkeys(boxes))
    joined = True
    while joined:
        kept = [box for box in kept if not _inside_another(box, kept)]
        joined = _join_once(kept)
    return tuple(kept)


def _inside_another(box: Box, others: Iterable[Box]) -> bool:
    bands = dict(box)
    for other in others:  # written out: half of the time of a proof went into any() of all() here
        if len(other) <= len(box) and other is not box:
            for index, mask in other:
                if bands.get(index, ANY) & ~mask:
                    break
            else:
                return True
    return False


def _join_once(boxes: list[Box]) -> bool:
    for left in range(len(boxes)):
        for right in range(left + 1, len(boxes)):
            a, b = boxes[left], boxes[right]
            if len(a) != len(b) or [index for index, _ in a] != [index for index, _ in b]:
                continue
            differing = [position for position in range(len(a)) if a[position] != b[position]]
            if len(differing) == 1:
                position = differing[0]
                index, mask = a[position]
                joined = (*a[:position], (index, mask | b[position][1]), *a[position + 1 :])
                boxes[left] = joined
                del boxes[right]
                return True
    return False


def meets(boxes: Iterable[Box], possible: Sequence[int]) -> bool:
    """Is some box still possible?"""
    for box in boxes:  # written out: twice as fast as any() of all(), and every case asks it fifty times
        for index, mask in box:
            if not possible[index] & mask:
                break
        else:
            return True
    return False


def deciders(boxes: Boxes, possible: Sequence[int]) -> tuple[frozenset[int], frozenset[int]]:
    """Which unknown facts (by index) decide an open condition.

    The first set: some value of the fact settles the condition as failing, or, with all other facts fixed
    in some way, the fact alone turns it. The second: some value settles it as holding, and the fact is not
    in the first set.
    """
    true = [dict(box) for box in boxes.true if meets((box,), possible)]
    false = [dict(box) for box in boxes.false if meets((box,), possible)]
    always: set[int] = set()
    if_last: set[int] = set()
    for index in boxes.reads:
        if not possible[index] & (possible[index] - 1):  # one band is left: the fact is known well enough
            continue
        can_hold, can_fail = _bands(true, index, possible), _bands(false, index, possible)
        if can_fail & ~can_hold or _turns(true, false, index, possible):
            always.add(index)
        elif can_hold & ~can_fail:
            if_last.add(index)
    return frozenset(always), frozenset(if_last)


def _bands(boxes: Iterable[Mapping[int, int]], index: int, possible: Sequence[int]) -> int:
    """The open bands of one fact that the boxes allow."""
    allowed = 0
    for box in boxes:
        allowed |= box.get(index, possible[index]) & possible[index]
    return allowed


def _turns(
    true: Iterable[Mapping[int, int]], false: Sequence[Mapping[int, int]], index: int, possible: Sequence[int]
) -> bool:
    """Are there two completions that differ in this fact alone, one holding and one failing?"""
    return any(
        all(one == index or box.get(one, mask) & mask & possible[one] for one, mask in other.items())
        for box in true
        for other in false
    )
