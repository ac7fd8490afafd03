"""The conditions of a guideline as formulas for an SMT solver, read straight from their trees.

Written apart from `bands` and `boxes` on purpose: numbers are numbers here, not bands, and a list is one
truth value a member. So an error in either would show as a difference.

A test of a fact that rests on a ground means the test and the ground; where the ground fails, a bool counts
as no, a list as empty, and anything else fulfills no test. Concluded facts are variables like any other, and
an optional fact has, besides its values, the case that it has none.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import z3

from guidelines.engine.bands import BandedFact
from guidelines.engine.boxes import Box, Space
from guidelines.knowledge.conditions import AllOf, AnyOf, Condition, Implies, Named, Not, Test, Xor, tests_in
from guidelines.knowledge.model import Guideline
from guidelines.vocabulary.facts import Fact

Formula = Any
"""A Boolean z3 expression; the solver's package brings no types."""


class SecondReading:
    """One variable a fact, and what makes a case consistent."""

    def __init__(self, guideline: Guideline) -> None:
        self.facts = {**guideline.facts, **{name: one.fact for name, one in guideline.concluded.items()}}
        self.variables: Mapping[str, Any] = {name: _variable(fact) for name, fact in self.facts.items()}
        self.grounds = {one.fact: one.only for one in guideline.arises if one.grounded}
        self.has_value: Mapping[str, Formula] = {
            name: z3.Bool(f"{name} has a value") for name in _without_value(guideline)
        }
        self._trees: dict[Condition, Formula] = {}
        self.solver = z3.Solver()
        for fact in self.facts.values():
            self.solver.add(*self._limits(fact))
        for rule in guideline.rules:
            self.solver.add(self.tree(rule))

    def some_case(self, *formulas: Formula) -> "FoundCase | None":
        """A consistent case that meets all of them, or None. Raises `RuntimeError` if the solver gives up."""
        self.solver.push()
        try:
            self.solver.add(*formulas)
            answer = self.solver.check()
            if answer == z3.unknown:
                raise RuntimeError(f"the solver gave up: {self.solver.reason_unknown()}")
            return FoundCase(self, self.solver.model()) if answer == z3.sat else None
        finally:
            self.solver.pop()

    def _limits(self, fact: Fact) -> list[Formula]:
        variable = self.variables[fact.name]
        if fact.type == "enum":
            answers = [bit for bit, choice in enumerate(fact.choices) if choice.value != fact.leaves_open]
            return [z3.Or([variable == bit for bit in answers])]
        limits = []
        if fact.minimum is not None:
            limits.append(variable > fact.minimum if fact.exclusive_minimum else variable >= fact.minimum)
        if fact.maximum is not None:
            limits.append(variable <= fact.maximum)
        return limits

    def tree(self, condition: Condition) -> Formula:
        """The condition as a formula."""
        if condition not in self._trees:
            self._trees[condition] = self._tree(condition)
        return self._trees[condition]

    def _tree(self, condition: Condition) -> Formula:
        match condition:
            case Test():
                return self._test(condition)
            case Named():
                return self.tree(condition.condition)
            case AllOf():
                return z3.And([self.tree(part) for part in condition.parts])
            case AnyOf():
                return z3.Or([self.tree(part) for part in condition.parts])
            case Not():
                return z3.Not(self.tree(condition.part))
            case Implies():
                return z3.Implies(self.tree(condition.premise), self.tree(condition.conclusion))
            case Xor():
                return z3.Xor(self.tree(condition.left), self.tree(condition.right))

    def _test(self, test: Test) -> Formula:
        fact = self.facts[test.fact.name]
        answer = self._answer(test, fact)
        if fact.name in self.has_value:
            answer = z3.And(self.has_value[fact.name], answer)
        if fact.name not in self.grounds:
            return answer
        ground = self.tree(self.grounds[fact.name])
        return z3.If(ground, answer, z3.BoolVal(_of_nothing(test, fact)))

    def _answer(self, test: Test, fact: Fact) -> Formula:
        variable = self.variables[fact.name]
        match test.operator:
            case "is":
                return z3.Or([variable == _constant(fact, value) for value in test.operand])
            case "includes":
                return z3.Or([variable[member] for member in test.operand])
            case "includes_other_than":
                return z3.Or([one for member, one in variable.items() if member not in test.operand])
            case "empty":
                some = z3.Or(list(variable.values()))
                return z3.Not(some) if test.operand else some
            case "above":
                return variable > test.operand
            case "at_least":
                return variable >= test.operand
            case "below":
                return variable < test.operand
        return variable <= test.operand

    def region(self, space: Space, boxes: Iterable[Box]) -> Formula:
        """Boxes as a formula: what the engine believes, in the solver's words."""
        return z3.Or(
            [z3.And([self._bands(space.facts[index], mask) for index, mask in box]) for box in boxes]
        )

    def _bands(self, fact: BandedFact, mask: int) -> Formula:
        return z3.Or([self._band(fact, bit) for bit in range(len(fact.bands)) if mask >> bit & 1])

    def _band(self, banded: BandedFact, bit: int) -> Formula:
        """The band of a fact as such, whatever it rests on: that is what the engine's boxes are of."""
        fact, value = banded.fact, banded.bands[bit].value
        variable = self.variables[fact.name]
        if value is None:
            return z3.Not(self.has_value[fact.name])
        if fact.type == "list":
            held = [z3.Or([variable[member] for member in group]) for group in banded.classes]
            return z3.And([one if bit >> number & 1 else z3.Not(one) for number, one in enumerate(held)])
        if fact.type in ("enum", "bool"):
            meant = variable == _constant(fact, value)
        else:
            meant = _stretch(variable, value, banded.bounds)
        return z3.And(self.has_value[fact.name], meant) if fact.name in self.has_value else meant


class FoundCase:
    """A case that the solver found."""

    def __init__(self, reading: SecondReading, model: Any) -> None:
        self._reading = reading
        self._model = model

    def words(self, *conditions: Condition) -> str:
        """The case as far as the conditions read it."""
        names = dict.fromkeys(test.fact.name for condition in conditions for test in tests_in(condition))
        return "; ".join(f"{self._reading.facts[name].label}: {self._value(name)}" for name in names)

    def _value(self, name: str) -> str:
        fact, variable = self._reading.facts[name], self._reading.variables[name]
        if fact.type == "list":
            members = [code for code, one in variable.items() if z3.is_true(self._model.eval(one))]
            return ", ".join(members) or "none"
        value = self._model.eval(variable, model_completion=True)
        return fact.choices[value.as_long()].label if fact.type == "enum" else str(value)


def _without_value(guideline: Guideline) -> set[str]:
    """Facts that may have no value though nothing rules them out, worked out from the data once more."""
    found = {one.fact for one in guideline.presumptions if one.value is None}
    several = {one.fact for one in guideline.arises if not one.grounded}
    return found | {name for name in several if guideline.facts[name].type not in ("bool", "list")}


def _of_nothing(test: Test, fact: Fact) -> bool:
    """What a test answers where its fact cannot arise."""
    if fact.type == "bool":
        return False in test.operand
    return fact.type == "list" and test.operator == "empty" and bool(test.operand)


def _variable(fact: Fact) -> Any:
    match fact.type:
        case "bool":
            return z3.Bool(fact.name)
        case "enum" | "integer":
            return z3.Int(fact.name)
        case "list":
            return {choice.value: z3.Bool(f"{fact.name} {choice.value}") for choice in fact.choices}
    return z3.Real(fact.name)


def _constant(fact: Fact, value: Any) -> Any:
    """A value as the solver knows it: a choice is its position, everything else stands for itself."""
    if fact.type != "enum":
        return value
    return next(position for position, choice in enumerate(fact.choices) if choice.value == value)


def _stretch(variable: Any, value: Any, bounds: tuple[float, ...]) -> Formula:
    """The bound itself, or everything up to the next bound on either side."""
    if value in bounds:
        return variable == value
    return z3.And(
        [variable > bound for bound in bounds if bound < value]
        + [variable < bound for bound in bounds if bound > value]
    )
