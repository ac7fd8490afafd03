"""Completions tried out one by one: slow, plain, and written without the engine's bands and boxes.

The rules between facts are spelled out by hand here, as the output contract has them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from guidelines.knowledge import conditions
from guidelines.knowledge.conditions import AllOf, AnyOf, Condition, Implies, Named, Not, Test, Truth, Xor
from guidelines.knowledge.gathered import deciding, worded
from guidelines.knowledge.releases import current
from guidelines.vocabulary.facts import FACTS, Fact, Range, Value

ABSENT = "(does not arise)"
TIED = ("primary_site", "extent", "figo_stage", "metastatic_sites")
# One member for each way in which conditions tell the members apart, and one that none of them names.
LISTED = {
    "metastatic_sites": ("liver", "brain", "bone"),
    "prior_regimens": (
        "captem",
        "folfiri",
        "fluoropyrimidine_oxaliplatin",
        "platinum_etoposide",
        "everolimus",
    ),
}

Case = Mapping[str, Any]


def _bounds() -> dict[str, list[float]]:
    found: dict[str, set[float]] = {}
    for condition in (*deciding(current()), *worded(current())):
        for test in conditions.tests_in(condition):
            if test.fact.type in ("number", "integer", "range"):
                operands = test.operand if isinstance(test.operand, tuple) else (test.operand,)
                found.setdefault(test.fact.name, set()).update(operands)
    return {name: sorted(bounds) for name, bounds in found.items()}


BOUNDS = _bounds()


def values_of(fact: Fact) -> tuple[Any, ...]:
    """Values that stand for all that a complete case may hold."""
    match fact.type:
        case "bool":
            return (True, False)
        case "enum":
            stated = tuple(choice.value for choice in fact.choices if choice.value != fact.leaves_open)
            return (*stated, ABSENT) if fact.name == "figo_stage" else stated
        case "list":
            members = LISTED[fact.name]
            return tuple(
                tuple(choice.value for choice in fact.choices if choice.value in chosen)
                for chosen in _subsets(members)
            )
    return numbers(fact)


def numbers(fact: Fact) -> tuple[float, ...]:
    """Every bound, and a number on either side of each."""
    step = 1 if fact.type == "integer" else 0.25
    found = {one + shift for one in BOUNDS.get(fact.name, [5]) for shift in (-step, 0, step)}
    low = -1 if fact.minimum is None else fact.minimum
    high = 10**6 if fact.maximum is None else fact.maximum
    return tuple(
        sorted(one for one in found if low <= one <= high and not (fact.exclusive_minimum and one == low))
    )


def _subsets(members: Sequence[str]) -> list[set[str]]:
    return [
        {member for bit, member in enumerate(members) if chosen >> bit & 1}
        for chosen in range(1 << len(members))
    ]


def consistent(case: Case) -> bool:
    """The rules between facts, for the facts that the case holds."""
    site, extent, figo = case.get("primary_site"), case.get("extent"), case.get("figo_stage")
    if extent == "localized" and case.get("metastatic_sites"):
        return False
    if figo == "IVB" and extent == "localized":
        return False
    return figo is None or site is None or (figo != ABSENT) == (site == "cervix")


def holds(condition: Condition, case: Case) -> bool:
    """The condition in a complete case, in two truth values."""
    match condition:
        case Test():
            value = case[condition.fact.name]
            return value != ABSENT and condition.holds(value) is Truth.TRUE
        case Named():
            return holds(condition.condition, case)
        case AllOf():
            return all(holds(part, case) for part in condition.parts)
        case AnyOf():
            return any(holds(part, case) for part in condition.parts)
        case Not():
            return not holds(condition.part, case)
        case Implies():
            return not holds(condition.premise, case) or holds(condition.conclusion, case)
        case Xor():
            return holds(condition.left, case) is not holds(condition.right, case)


def reads(condition: Condition) -> tuple[str, ...]:
    """The facts that bear on the condition, those tied to them by the rules included."""
    names = {test.fact.name for test in conditions.tests_in(condition)}
    return tuple(name for name in FACTS if name in names or (names & set(TIED) and name in TIED))


def left_open(name: str, value: Value | None) -> tuple[Any, ...]:
    """What a complete case may hold where this much is stated."""
    fact = FACTS[name]
    if value is None or value == fact.leaves_open:
        return values_of(fact)
    if isinstance(value, Range):
        between = {one for one in numbers(fact) if value.low <= one <= value.high}
        return tuple(sorted({*between, value.low, value.high}))
    return (value,)


def how_many(condition: Condition, facts: Mapping[str, Value]) -> int:
    """Number of completions to try."""
    number = 1
    for name in reads(condition):
        number *= len(left_open(name, facts.get(name)))
    return number


@dataclass(frozen=True)
class Tried:
    """Every consistent completion with the truth of the condition in it."""

    names: tuple[str, ...]
    found: tuple[tuple[tuple[Any, ...], bool], ...]

    @property
    def can_hold(self) -> bool:
        return any(truth for _, truth in self.found)

    @property
    def can_fail(self) -> bool:
        return any(not truth for _, truth in self.found)

    def missing(self) -> set[str]:
        """By the definition: a value of the fact settles the condition, or the fact alone can turn it."""
        return {name for place, name in enumerate(self.names) if self._settles(place) or self._turns(place)}

    def _settles(self, place: int) -> bool:
        """More than one value is open, and one of them leaves the condition a single way to go."""
        by_value: dict[Any, set[bool]] = {}
        for completion, truth in self.found:
            by_value.setdefault(completion[place], set()).add(truth)
        return len(by_value) > 1 and any(len(truths) == 1 for truths in by_value.values())

    def _turns(self, place: int) -> bool:
        by_others: dict[tuple[Any, ...], set[bool]] = {}
        for completion, truth in self.found:
            others = completion[:place] + completion[place + 1 :]
            by_others.setdefault(others, set()).add(truth)
        return any(len(truths) == 2 for truths in by_others.values())


def tried(condition: Condition, facts: Mapping[str, Value]) -> Tried:
    """All consistent completions of what the condition reads."""
    names = reads(condition)
    return Tried(names, tuple(_completions(condition, names, facts)))


def _completions(
    condition: Condition, names: tuple[str, ...], facts: Mapping[str, Value]
) -> Iterator[tuple[tuple[Any, ...], bool]]:
    for completion in product(*(left_open(name, facts.get(name)) for name in names)):
        case = dict(zip(names, completion, strict=True))
        if consistent(case):
            yield completion, holds(condition, case)
