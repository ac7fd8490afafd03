"""The guideline made ready to answer: every condition as boxes, decided part by part, each part once a case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from guidelines.completions import Box, Boxes, Space, meets
from guidelines.conditions import Condition
from guidelines.facts import Value
from guidelines.loader import conditions_of
from guidelines.model import Guideline


@dataclass(frozen=True, slots=True)
class Outcome:
    """What completions of the unknown facts can still make of a condition."""

    can_hold: bool
    can_fail: bool

    @property
    def certain(self) -> bool:
        """It holds under every completion."""
        return not self.can_fail

    @property
    def open(self) -> bool:
        """It holds under some completions and fails under others."""
        return self.can_hold and self.can_fail


@dataclass(frozen=True, slots=True)
class Deciders:
    """Unknown facts (by index) that bear on an open part: `settle` it as failing or turn it, or settle it as holding."""

    always: frozenset[int]
    if_last: frozenset[int]


class Engine:
    """Answers for one guideline. Build it through `engine_for`, which keeps it."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        self.space = Space(guideline.facts, conditions_of(guideline), guideline.rules, guideline.arises)
        self.parts: list[Boxes] = []
        self._part_index: dict[Condition, int] = {}
        self.statements = self._split([statement.when for statement in guideline.statements])
        self.not_covered = self._split([remark.when for remark in guideline.not_covered])
        self.trials = self._split([trial.when for trial in guideline.trials])
        self.entity = dict(
            zip(
                guideline.derived["entity"].values,
                self._split(list(guideline.derived["entity"].values.values())),
                strict=True,
            )
        )
        self.provisional = self._split([one.given for one in guideline.provisional])
        self.fact_names = tuple(guideline.facts)

    def _split(self, conditions: Iterable[Condition]) -> list[tuple[int, ...]]:
        return [tuple(self._part(part) for part in self.space.groups(condition)) for condition in conditions]

    def _part(self, condition: Condition) -> int:
        if condition not in self._part_index:
            self._part_index[condition] = len(self.parts)
            self.parts.append(self.space.boxes(condition))
        return self._part_index[condition]

    def case(self, values: Mapping[str, Value]) -> "Case":
        """The case as the engine sees it: which bands each fact leaves open, and what each part can still be."""
        possible = self.space.possible(values)
        return Case(self, possible, [(meets(part.true, possible), meets(part.false, possible)) for part in self.parts])


class Case:
    """One case: the outcome of every condition, and the facts that decide the open ones."""

    def __init__(self, engine: Engine, possible: Sequence[int], states: list[tuple[bool, bool]]) -> None:
        self.engine = engine
        self.possible = possible
        self.states = states
        self._deciders: dict[int, Deciders] = {}

    def outcome(self, parts: Sequence[int]) -> Outcome:
        """The outcome of a condition, given as the indices of its parts, which must all hold."""
        return Outcome(
            all(self.states[part][0] for part in parts),
            any(self.states[part][1] for part in parts),
        )

    def missing(self, parts: Sequence[int]) -> tuple[str, ...]:
        """Names of the unknown facts that can settle or change an open condition, in the order of the vocabulary."""
        undecided = [part for part in parts if self.states[part][1]]
        found: set[int] = set()
        for part in undecided:
            deciders = self._deciders_of(part)
            found |= deciders.always
            if len(undecided) == 1:
                found |= deciders.if_last
        return tuple(self.engine.fact_names[index] for index in sorted(found))

    def _deciders_of(self, part: int) -> Deciders:
        if part not in self._deciders:
            self._deciders[part] = deciders(self.engine.parts[part], self.possible)
        return self._deciders[part]


def deciders(boxes: Boxes, possible: Sequence[int]) -> Deciders:
    """Which unknown facts decide an open condition.

    A fact decides when some value of it leaves the condition only one way to go, or when, with all other facts fixed in
    some way, its value alone turns the condition.
    """
    true = [box for box in boxes.true if all(possible[index] & mask for index, mask in box)]
    false = [box for box in boxes.false if all(possible[index] & mask for index, mask in box)]
    always: set[int] = set()
    if_last: set[int] = set()
    for index in {index for box in (*true, *false) for index, _ in box}:
        if not possible[index] & (possible[index] - 1):  # a single band is left: the fact is known well enough
            continue
        can_hold, can_fail = _bands(true, index, possible), _bands(false, index, possible)
        if can_fail & ~can_hold or _turns(true, false, index, possible):
            always.add(index)
        elif can_hold & ~can_fail:
            if_last.add(index)
    return Deciders(frozenset(always), frozenset(if_last))


def _bands(boxes: Iterable[Box], index: int, possible: Sequence[int]) -> int:
    """The bands of one fact that the boxes allow."""
    allowed = 0
    for box in boxes:
        allowed |= dict(box).get(index, possible[index]) & possible[index]
    return allowed


def _turns(true: Iterable[Box], false: Sequence[Box], index: int, possible: Sequence[int]) -> bool:
    """Is there a pair of completions that differ in this fact alone, one holding and one failing?"""
    for box in true:
        bands = dict(box)
        for other in false:
            if all(
                one == index or bands.get(one, mask) & mask & possible[one] for one, mask in other
            ):
                return True
    return False


@lru_cache(maxsize=8)
def engine_for(guideline: Guideline) -> Engine:
    """The engine of a guideline, built once."""
    return Engine(guideline)
