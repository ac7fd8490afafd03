"""Cases laid out by rule, for what no box can tell: the steps before and after the conditions are decided.

Nothing is drawn by chance. `corners` are the cases that just meet a statement, remark or trial, and the same
with one fact taken away. `Web` knows which facts bear on each other through what follows between facts, and
which of their values that tells apart: a few for each fact stand for all.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations, product

from guidelines.engine.boxes import Box
from guidelines.knowledge.conditions import Condition, Test, Truth, tests_in
from guidelines.verification.proof import Proof
from guidelines.vocabulary.contradictions import contradictions
from guidelines.vocabulary.facts import Fact, Value

Case = dict[str, Value]

NOTHING: tuple[Value, ...] = (False, 0, ())
"""Values that say that there is nothing."""


def corners(proof: Proof) -> Iterator[Case]:
    """A case for each statement, remark and trial that just meets it, and the same without one fact."""
    guideline = proof.guideline
    conditions = [one.when for one in guideline.statements]
    conditions += [one.when for one in guideline.not_covered]
    conditions += [one.when for one in guideline.trials]
    seen: set[tuple[tuple[str, Value], ...]] = set()
    for condition in conditions:
        for box in proof.together(condition)[:2]:
            whole = _stated(proof, box)
            for left_out in (None, *whole):
                case = {name: value for name, value in whole.items() if name != left_out}
                key = tuple(sorted(case.items(), key=lambda item: item[0]))
                if key not in seen and not contradictions(case):
                    seen.add(key)
                    yield case


def _stated(proof: Proof, box: Box) -> Case:
    """One case of a box, in facts that can be stated: a concluded fact by what concludes it first."""
    case: Case = {}
    for index, mask in box:
        banded = proof.space.facts[index]
        name = banded.fact.name
        value = next(band.value for bit, band in enumerate(banded.bands) if mask >> bit & 1)
        if value is None:
            continue
        if name in proof.guideline.concluded:
            case |= _concluding(proof, name, value)
        elif name not in case:
            case[name] = value
    return case


def _concluding(proof: Proof, name: str, value: Value) -> Case:
    first = next(one for one in proof.guideline.concluded[name].conclusions if one.value == value)
    (box, *_) = proof.space.plain_boxes(first.when).true
    return _stated(proof, box)


class Web:
    """Facts that bear on each other through grounds, presumptions and conclusions, with values for all."""

    def __init__(self, proof: Proof) -> None:
        self._proof = proof
        guideline = proof.guideline
        self.rules: list[tuple[str, Condition]] = [(one.fact, one.only) for one in guideline.arises]
        self.rules += [(one.fact, one.given) for one in guideline.presumptions]
        for name, concluded in guideline.concluded.items():
            self.rules += [(name, one.when) for one in concluded.conclusions]
        self._values: dict[str, tuple[Value, ...]] = {}
        self._tests: dict[str, list[Test]] = {}
        for _, condition in self.rules:
            for test in tests_in(condition):
                self._tests.setdefault(test.fact.name, []).append(test)

    @cached_property
    def clusters(self) -> tuple[tuple[str, ...], ...]:
        """Facts that can be stated, in groups that do not bear on each other; the smallest first."""
        groups: list[set[str]] = []
        for name, condition in self.rules:
            joined = {name, *(test.fact.name for test in tests_in(condition))}
            touching = [group for group in groups if group & joined]
            groups = [group for group in groups if group not in touching]
            groups.append(joined.union(*touching))
        stated = self._proof.guideline.facts
        found = [tuple(name for name in stated if name in group) for group in groups]
        return tuple(sorted((one for one in found if one), key=lambda one: (len(one), one)))

    def values(self, name: str) -> tuple[Value, ...]:
        """Values of a fact that stand for all that the rules between facts tell apart."""
        if name not in self._values:
            self._values[name] = self._told_apart(name) if name in self._kept else ()
        return self._values[name]

    def _told_apart(self, name: str) -> tuple[Value, ...]:
        banded = self._proof.space.facts[self._proof.space.index[name]]
        found: dict[object, Value] = {}
        for band in banded.bands:
            if band.value is not None:
                found.setdefault(self._signature(banded.fact, band.value), band.value)
        if banded.fact.leaves_open is not None:
            found["leaves open"] = banded.fact.leaves_open
        return tuple(found.values())

    def _signature(self, fact: Fact, value: Value) -> object:
        answers = tuple(test.holds(value) is Truth.TRUE for test in self._tests.get(fact.name, ()))
        return answers, value in NOTHING, self._presumed_as(fact, value)

    def _presumed_as(self, fact: Fact, value: Value) -> tuple[bool, ...]:
        presumptions = self._proof.guideline.presumptions
        return tuple(fact.parse(one.value) == value for one in presumptions if one.fact == fact.name)

    @cached_property
    def _kept(self) -> frozenset[str]:
        """Of facts that rest on the same ground and that nothing else tells apart, the first is enough."""
        read = {test.fact.name for _, condition in self.rules for test in tests_in(condition)}
        read |= {one.fact for one in self._proof.guideline.presumptions}
        alike: dict[object, str] = {}
        for one in self._proof.guideline.arises:
            if one.fact not in read:
                fact = self._proof.guideline.facts[one.fact]
                alike.setdefault((one.only, fact.type, one.silent, one.outranks), one.fact)
        return frozenset(read | set(alike.values()))

    @cached_property
    def _linked(self) -> frozenset[frozenset[str]]:
        """Pairs of facts that one rule names together."""
        found: set[frozenset[str]] = set()
        for name, condition in self.rules:
            named = {name, *(test.fact.name for test in tests_in(condition))}
            found |= {frozenset(pair) for pair in combinations(named, 2)}
        return frozenset(found)

    def cases(self, cluster: Sequence[str], most: int) -> Iterator[Case]:
        """Cases of a cluster with at most so many facts stated; contradictions are no cases.

        Of three facts and more, some two must stand in one rule: others are no more than their parts.
        """
        for size in range(min(most, len(cluster)) + 1):
            for names in combinations(cluster, size):
                if size > 2 and not any(frozenset(pair) in self._linked for pair in combinations(names, 2)):
                    continue
                for values in product(*(self.values(name) for name in names)):
                    case = dict(zip(names, values, strict=True))
                    if not contradictions(case):
                        yield case


def alone(proof: Proof) -> Iterator[tuple[str, Value]]:
    """Every value of every fact that any condition tells apart."""
    for banded in proof.space.facts:
        if banded.fact.name in proof.guideline.facts:
            yield from ((banded.fact.name, band.value) for band in banded.bands if band.value is not None)
            if banded.fact.leaves_open is not None:
                yield banded.fact.name, banded.fact.leaves_open


def with_one_less(case: Mapping[str, Value]) -> Iterator[tuple[str, Case]]:
    """Each fact of the case, and the case before it was learned."""
    for left_out in case:
        yield left_out, {name: value for name, value in case.items() if name != left_out}
