"""The whole space of consistent cases, ready to be asked: where is a condition true, where false?"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from itertools import combinations
from types import MappingProxyType

from guidelines.engine.boxes import Space
from guidelines.engine.engine import Engine
from guidelines.knowledge.conditions import AllOf, Condition, Implies, Test, tests_in
from guidelines.knowledge.inference import Arises
from guidelines.knowledge.labels import Kind
from guidelines.knowledge.model import Guideline, Statement
from guidelines.verification.expectations import Expectations
from guidelines.verification.regions import Region, in_words
from guidelines.vocabulary.facts import Fact

ENTITIES_IN_SCOPE = ("g3_net", "nec", "indeterminate")


class Proof:
    """A guideline with its expectations."""

    def __init__(self, guideline: Guideline, expectations: Expectations) -> None:
        self.guideline = as_known(guideline)
        self.expectations = expectations

    @cached_property
    def engine(self) -> Engine:
        """Built anew: what is tried out here leaves nothing behind in the engine that answers."""
        return Engine(self.guideline)

    @property
    def space(self) -> Space:
        """The facts with their bands."""
        return self.engine.space

    @cached_property
    def consistent(self) -> Region:
        """Every consistent case."""
        return self.space.boxes(AllOf(self.guideline.rules)).true

    @cached_property
    def arising(self) -> Mapping[str, Condition]:
        """Of facts whose grounds a test does not imply by itself: what says something can arise."""
        return {
            one.fact: Implies(_says_something(self.guideline, one), one.only)
            for one in self.guideline.arises
            if not one.grounded
        }

    @cached_property
    def optional(self) -> frozenset[str]:
        """Facts that may have no value though nothing rules them out."""
        return frozenset(one.fact.name for one in self.space.facts if one.absent)

    @cached_property
    def meeting(self) -> tuple[tuple[Statement, Statement], ...]:
        """Pairs of statements on one intervention, no principles, that some case meets together."""
        options = [one for one in self.guideline.statements if one.kind is not Kind.PRINCIPLE]
        return tuple(
            (left, right)
            for left, right in combinations(options, 2)
            if left.intervention == right.intervention and self.together(left.when, right.when)
        )

    def where(self, *conditions: Condition) -> Region:
        """The consistent cases in which all of the conditions hold."""
        joined = conditions[0] if len(conditions) == 1 else AllOf(conditions)
        return self.space.boxes(joined).true

    def together(self, *conditions: Condition) -> Region:
        """The same, of cases as they are once settled: no fact says anything where it cannot arise."""
        if not self.where(*conditions):
            return ()
        # A fact that none of these conditions reads can always say nothing.
        needed: dict[str, Condition] = {}
        waiting = list(conditions)
        while waiting:
            for test in tests_in(waiting.pop()):
                name = test.fact.name
                if name in self.arising and name not in needed:
                    needed[name] = self.arising[name]
                    waiting.append(needed[name])
        return self.where(*conditions, *needed.values())

    def entity(self, value: str) -> Condition:
        """The condition of one value of the entity."""
        return self.guideline.derived["entity"].values[value]

    def known(self, statement_id: str) -> Statement | None:
        """The statement of that id, or None."""
        return next((one for one in self.guideline.statements if one.id == statement_id), None)

    def words(self, region: Region) -> str:
        """One case of the region in words."""
        return in_words(self.space, region[0])


def as_known(guideline: Guideline) -> Guideline:
    """The guideline with the facts cut down to the values that it has codes for.

    The vocabulary grows with later editions; an older one takes what it has no code for as unknown.
    """
    facts = {name: _known(fact, guideline.knows.get(name)) for name, fact in guideline.facts.items()}
    if facts == dict(guideline.facts):
        return guideline
    return replace(guideline, facts=MappingProxyType(facts))


def _known(fact: Fact, codes: frozenset[str] | None) -> Fact:
    choices = tuple(choice for choice in fact.choices if codes is None or choice.value in codes)
    return fact if choices == fact.choices else replace(fact, choices=choices)


def _says_something(guideline: Guideline, one: Arises) -> Condition:
    """Any value but the one that the fact counts as where it cannot arise."""
    fact = guideline.facts[one.fact]
    if fact.type == "bool":
        return Test(fact, "is", (True,))
    if fact.type == "list":
        return Test(fact, "empty", False)
    if fact.type == "enum":
        values = tuple(choice.value for choice in fact.choices if choice.value != fact.leaves_open)
        return Test(fact, "is", values)
    raise AssertionError(f"{fact.name}: a number with several grounds is not foreseen")
