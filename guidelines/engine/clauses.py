"""A condition read against the stated facts, with its answer remembered.

Many statements share a clause ("entity G3 NET", "extent metastatic"), and what it answers depends only on
what the case tells of the facts it reads (`EngineCase.told`): it is worked out once for each.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from operator import itemgetter

from guidelines.engine.memory import Memory
from guidelines.knowledge.conditions import Condition, Named, Test, Truth, because, evaluate, tests_in
from guidelines.knowledge.phrases import comparison
from guidelines.knowledge.spoken import spoken
from guidelines.vocabulary.facts import Value

REMEMBERED = 1024
"""Answers kept for one clause."""


class ClauseAnswer:
    """What a clause is for certain values: its truth, and the tests on known facts behind it."""

    def __init__(self, clause: "Clause", facts: Mapping[str, Value]) -> None:
        self._clause = clause
        self._facts = {name: facts[name] for name in clause.names if name in facts}
        self.truth = evaluate(clause.condition, self._facts)

    @cached_property
    def because(self) -> tuple[tuple[str, str], ...]:
        """Pairs of (fact, bound in words) that speak for the clause; the bound is empty for facts without
        one.
        """
        if self.truth is Truth.TRUE:
            found = (
                (test.fact.name, comparison(test)) for test in because(self._clause.condition, self._facts)
            )
        elif self.truth is Truth.UNKNOWN:
            found = (
                (test.fact.name, "") for test in tests_in(self._clause.condition) if self._fulfilled(test)
            )
        else:
            return ()
        return tuple(dict.fromkeys(found))

    def _fulfilled(self, test: Test) -> bool:
        value = self._facts.get(test.fact.name)
        return value is not None and value != test.fact.leaves_open and test.holds(value) is Truth.TRUE

    @cached_property
    def against(self) -> tuple[str, ...]:
        """The facts that make the clause fail."""
        tests = because(self._clause.condition, self._facts, Truth.FALSE)
        return tuple(dict.fromkeys(test.fact.name for test in tests))


class Clause:
    """A condition with the names of the facts it reads; `places` gives those of each in what a case tells."""

    def __init__(self, condition: Condition, places: Mapping[str, tuple[int, ...]]) -> None:
        self.condition = condition
        self.names = tuple(dict.fromkeys(test.fact.name for test in tests_in(condition)))
        self.places = tuple(place for name in self.names for place in places[name])
        self._key: Callable[[Sequence[object]], object] = itemgetter(*self.places)
        self._remembered: Memory[object, ClauseAnswer] = Memory(REMEMBERED)

    @cached_property
    def words(self) -> str:
        """The clause as a sentence."""
        return spoken(self.condition)

    def is_on(self, *names: str) -> bool:
        """Whether it asks for one of these derived facts, or for nothing but these stated ones."""
        derived = isinstance(self.condition, Named) and self.condition.name in names
        return derived or set(self.names) <= set(names)

    def answer(self, told: Sequence[object], facts: Mapping[str, Value]) -> ClauseAnswer:
        """The answer for a case that tells this and has these facts."""
        key = self._key(told)
        found = self._remembered.get(key)
        if found is None:
            found = self._remembered[key] = ClauseAnswer(self, facts)
        return found
