"""A condition with one of its tests taken away: the way to ask whether that test matters."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from guidelines.knowledge.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Condition,
    Implies,
    Named,
    Not,
    Test,
    Xor,
    tests_in,
)
from guidelines.knowledge.phrases import describe

NEVER = AnyOf(())


@dataclass(frozen=True, slots=True)
class Removal:
    """One test, or one value of a test, taken away. It matters if no variant equals the whole.

    `finer`: the member of a list that is left out is one that the guideline's bands may not tell apart.
    """

    words: str
    facts: frozenset[str]
    variants: tuple[Condition, ...]
    finer: bool = False


def removals(condition: Condition) -> Iterator[Removal]:
    """Every test and every listed value of the condition taken away in turn; derived facts stay closed."""
    match condition:
        case Test() | Named():
            yield from _of_leaf(condition)
        case Not():
            yield from (_inside(one, Not) for one in removals(condition.part))
        case Implies(premise=premise, conclusion=conclusion):
            yield from (_inside(one, lambda part: Implies(part, conclusion)) for one in removals(premise))
            yield from (_inside(one, lambda part: Implies(premise, part)) for one in removals(conclusion))
        case Xor(left=left, right=right):
            yield from (_inside(one, lambda part: Xor(part, right)) for one in removals(left))
            yield from (_inside(one, lambda part: Xor(left, part)) for one in removals(right))
        case AllOf() | AnyOf():
            yield from _of_join(condition)


def _of_join(condition: AllOf | AnyOf) -> Iterator[Removal]:
    for position, part in enumerate(condition.parts):
        before, after = condition.parts[:position], condition.parts[position + 1 :]
        for one in removals(part):
            joined = tuple(replace(condition, parts=(*before, variant, *after)) for variant in one.variants)
            yield replace(one, variants=joined)


def _inside(removal: Removal, around: Callable[[Condition], Condition]) -> Removal:
    return replace(removal, variants=tuple(around(variant) for variant in removal.variants))


def _of_leaf(leaf: Test | Named) -> Iterator[Removal]:
    facts = frozenset(test.fact.name for test in tests_in(leaf))
    yield Removal(describe(leaf), facts, (ALWAYS, NEVER))
    for words, smaller in _without_each_value(leaf):
        yield Removal(f"{words} in {describe(leaf)}", facts, (smaller,), finer=_is_of_a_list(leaf))


def _is_of_a_list(leaf: Test | Named) -> bool:
    return isinstance(leaf, Test) and leaf.fact.type == "list"


def _without_each_value(leaf: Test | Named) -> Iterator[tuple[str, Condition]]:
    if isinstance(leaf, Test):
        if isinstance(leaf.operand, tuple) and len(leaf.operand) > 1:
            for value in leaf.operand:
                rest = tuple(other for other in leaf.operand if other != value)
                yield str(value), replace(leaf, operand=rest)
    elif len(leaf.values) > 1 and isinstance(leaf.condition, AnyOf):
        for position, label in enumerate(leaf.value_labels):
            parts = leaf.condition.parts
            yield label, AnyOf((*parts[:position], *parts[position + 1 :]))
