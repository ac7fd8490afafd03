"""The condition grammar of the guideline data, read in three truth values.

A condition is a tree of `Test`s on single facts, joined by `AllOf`, `AnyOf`, `Not`, `Implies` and `Xor`;
`Named` stands for a derived fact such as the entity. The tree is the readable form: it explains itself
(`because`, `describe`). Whether a condition holds under every completion of the unknown facts is decided in
`completions`, which is exact where the three-valued reading here is not (`A or not A` with A unknown).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from guidelines.vocabulary.facts import ABSENT, Fact, Range, Value


class Truth(Enum):
    """The three truth values of strong Kleene logic."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


def negation(a: Truth) -> Truth:
    """Three-valued not."""
    return {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE}.get(a, Truth.UNKNOWN)


def conjunction(*parts: Truth) -> Truth:
    """Three-valued and: false if any part is false, else unknown if any is unknown."""
    if Truth.FALSE in parts:
        return Truth.FALSE
    return Truth.UNKNOWN if Truth.UNKNOWN in parts else Truth.TRUE


def disjunction(*parts: Truth) -> Truth:
    """Three-valued or: true if any part is true, else unknown if any is unknown."""
    if Truth.TRUE in parts:
        return Truth.TRUE
    return Truth.UNKNOWN if Truth.UNKNOWN in parts else Truth.FALSE


def implication(a: Truth, b: Truth) -> Truth:
    """Three-valued if-then."""
    return disjunction(negation(a), b)


def exclusive(a: Truth, b: Truth) -> Truth:
    """Three-valued either-or."""
    if Truth.UNKNOWN in (a, b):
        return Truth.UNKNOWN
    return Truth.TRUE if a is not b else Truth.FALSE


Operator = Literal["is", "above", "at_least", "below", "at_most", "includes", "includes_other_than", "empty"]

COMPARE: dict[str, Callable[[float, float], bool]] = {
    "above": lambda value, bound: value > bound,
    "at_least": lambda value, bound: value >= bound,
    "below": lambda value, bound: value < bound,
    "at_most": lambda value, bound: value <= bound,
}


@dataclass(frozen=True, slots=True)
class Test:
    """One question to one fact.

    `operand` is a tuple of values for `is`, `includes` (any of them) and `includes_other_than` (anything
    but them), a number for the comparisons, and a truth value for `empty`.
    """

    __test__ = False  # not a test case, whatever its name

    fact: Fact
    operator: Operator
    operand: Any

    def holds(self, value: Value) -> Truth:
        """The answer for a known value; a range that spans the bound leaves it unknown, and a fact that
        cannot arise fulfils no test.
        """
        if isinstance(value, Range):
            return self._holds_within(value)
        return Truth.FALSE if value is ABSENT else _truth(self._holds(value))

    def _holds_within(self, stated: Range) -> Truth:
        bound = self.operand
        match self.operator:
            case "is":
                return Truth.UNKNOWN if any(wanted in stated for wanted in bound) else Truth.FALSE
            case "above" | "at_most":
                above = stated.low > bound or (stated.low == bound and stated.low_open)
                apart, wanted = above or stated.high <= bound, self.operator == "above"
                return _truth(above is wanted) if apart else Truth.UNKNOWN
            case _:
                below = stated.high < bound or (stated.high == bound and stated.high_open)
                apart, wanted = below or stated.low >= bound, self.operator == "below"
                return _truth(below is wanted) if apart else Truth.UNKNOWN

    def _holds(self, value: Any) -> bool:
        match self.operator:
            case "is":
                return value in self.operand
            case "includes":
                return any(item in value for item in self.operand)
            case "includes_other_than":
                return any(item not in self.operand for item in value)
            case "empty":
                return bool(not value) is self.operand
        return COMPARE[self.operator](value, self.operand)


@dataclass(frozen=True, slots=True)
class Named:
    """A derived fact has one of `values`; `condition` says what that means in terms of facts."""

    name: str
    label: str
    values: tuple[str | bool, ...]
    value_labels: tuple[str, ...]
    condition: "Condition"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Implies:
    """If `premise` holds, so does `conclusion`."""

    premise: "Condition"
    conclusion: "Condition"


@dataclass(frozen=True, slots=True)
class Xor:
    """Exactly one of the two holds."""

    left: "Condition"
    right: "Condition"


Condition = Test | Named | AllOf | AnyOf | Not | Implies | Xor
ALWAYS = AllOf(())


def _truth(answer: bool) -> Truth:
    return Truth.TRUE if answer else Truth.FALSE


def evaluate(condition: Condition, values: Mapping[str, Value]) -> Truth:
    """The three-valued reading of a condition; a fact that is absent from `values` is unknown."""
    match condition:
        case Test():
            value = values.get(condition.fact.name)
            open_value = value is None or value == condition.fact.leaves_open
            return Truth.UNKNOWN if open_value else condition.holds(value)  # type: ignore[arg-type]
        case Named():
            return evaluate(condition.condition, values)
        case AllOf():
            return conjunction(*(evaluate(part, values) for part in condition.parts))
        case AnyOf():
            return disjunction(*(evaluate(part, values) for part in condition.parts))
        case Not():
            return negation(evaluate(condition.part, values))
        case Implies():
            return implication(evaluate(condition.premise, values), evaluate(condition.conclusion, values))
        case Xor():
            return exclusive(evaluate(condition.left, values), evaluate(condition.right, values))


def tests_in(condition: Condition) -> Iterator[Test]:
    """Every test of the tree, derived facts opened."""
    match condition:
        case Test():
            yield condition
        case Named():
            yield from tests_in(condition.condition)
        case _:
            for part in parts_of(condition):
                yield from tests_in(part)


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The direct parts of a joined condition."""
    match condition:
        case AllOf() | AnyOf():
            return condition.parts
        case Not():
            return (condition.part,)
        case Implies():
            return (condition.premise, condition.conclusion)
        case Xor():
            return (condition.left, condition.right)
    return ()


def conjuncts(condition: Condition) -> tuple[Condition, ...]:
    """The parts that must all hold, nested `AllOf`s opened."""
    if not isinstance(condition, AllOf):
        return (condition,)
    return tuple(inner for part in condition.parts for inner in conjuncts(part))


def because(condition: Condition, values: Mapping[str, Value], wanted: Truth = Truth.TRUE) -> list[Test]:
    """The tests on known facts that make the condition `wanted`, in reading order; else nothing."""
    if evaluate(condition, values) is not wanted:
        return []
    match condition:
        case Test():
            return [condition]
        case Named():
            return because(condition.condition, values, wanted)
        case Not():
            return because(condition.part, values, negation(wanted))
        case Implies():
            return because(AnyOf((Not(condition.premise), condition.conclusion)), values, wanted)
        case Xor():
            return [test for test in tests_in(condition) if test.fact.name in values]
    every = isinstance(condition, AllOf) is (wanted is Truth.TRUE)
    found = [because(part, values, wanted) for part in parts_of(condition)]
    if every:
        return _once(test for tests in found for test in tests)
    return next((tests for tests in found if tests), [])


def _once(tests: Iterator[Test]) -> list[Test]:
    return list(dict.fromkeys(tests))


class ConditionError(ValueError):
    """The data holds a condition outside the grammar; the message names the key and what is allowed."""


_JOINS = ("all", "any", "not", "implies", "xor")
_NUMERIC = ("number", "integer", "range")


def parse_condition(
    raw: Any, facts: Mapping[str, Fact], derived: Mapping[str, Mapping[str | bool, "Named"]]
) -> Condition:
    """Read a condition from data.

    A mapping of several keys means all of them. A key is a join (`all`, `any`, `not`, `implies`, `xor`), a
    derived fact or a fact; the value of a fact is a value, a list of values or one operator. Raises
    `ConditionError`.
    """
    if not isinstance(raw, dict) or not raw:
        raise ConditionError(f"{raw!r}: a condition is a mapping of facts or of {', '.join(_JOINS)}")
    parts = tuple(_parse_entry(key, item, facts, derived) for key, item in raw.items())
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _parse_entry(key: Any, item: Any, facts: Mapping[str, Fact], derived: Mapping[str, Any]) -> Condition:
    def parse(inner: Any) -> Condition:
        return parse_condition(inner, facts, derived)

    if key in _JOINS:
        if key == "not":
            return Not(parse(item))
        if not isinstance(item, list) or len(item) < 2:
            raise ConditionError(f"{key}: a list of at least two conditions is expected")
        parts = tuple(parse(inner) for inner in item)
        if key in ("all", "any"):
            return AllOf(parts) if key == "all" else AnyOf(parts)
        if len(parts) != 2:
            raise ConditionError(f"{key}: exactly two conditions are expected")
        return Implies(*parts) if key == "implies" else Xor(*parts)
    if key in derived:
        return _parse_derived(key, item, derived[key])
    if key not in facts:
        raise ConditionError(f"{key}: no such fact or derived fact")
    return _parse_test(facts[key], item)


def _parse_derived(name: str, item: Any, named: Mapping[Any, Named]) -> Condition:
    wanted = item if isinstance(item, list) else [item]
    for value in wanted:
        if value not in named:
            raise ConditionError(f"{name}: {value!r} is not one of {', '.join(str(key) for key in named)}")
    chosen = tuple(named[value] for value in wanted)
    if len(chosen) == 1:
        return chosen[0]
    return Named(
        name,
        chosen[0].label,
        tuple(value for one in chosen for value in one.values),
        tuple(label for one in chosen for label in one.value_labels),
        AnyOf(tuple(one.condition for one in chosen)),
    )


def _parse_test(fact: Fact, item: Any) -> Condition:
    if not isinstance(item, dict):
        if fact.type in _NUMERIC:
            return Test(fact, "is", (_number(fact, item),))
        if fact.type == "list":
            raise ConditionError(f"{fact.name}: use includes, includes_other_than or empty")
        values = item if isinstance(item, list) else [item]
        return Test(fact, "is", tuple(_value(fact, value) for value in values))
    tests: list[Condition] = [_operator(fact, operator, operand) for operator, operand in item.items()]
    return tests[0] if len(tests) == 1 else AllOf(tuple(tests))


def _operator(fact: Fact, operator: str, operand: Any) -> Test:
    if operator in COMPARE and fact.type in _NUMERIC:
        return Test(fact, operator, _number(fact, operand))  # type: ignore[arg-type]
    if operator in ("includes", "includes_other_than") and fact.type == "list":
        parsed = _value(fact, operand if isinstance(operand, list) else [operand])
        return Test(fact, operator, parsed)  # type: ignore[arg-type]
    if operator == "empty" and fact.type == "list" and isinstance(operand, bool):
        return Test(fact, "empty", operand)
    raise ConditionError(f"{fact.name}: {operator} {operand!r} does not fit a fact of type {fact.type}")


def _number(fact: Fact, raw: Any) -> float:
    value = _value(fact, raw)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConditionError(f"{fact.name}: {raw!r} is not a number")
    return value


def _value(fact: Fact, raw: Any) -> Any:
    try:
        value = fact.parse(raw)
    except ValueError as error:
        raise ConditionError(str(error)) from error
    if value is None:
        raise ConditionError(f"{fact.name}: a condition cannot ask for a fact that is not known")
    return value
