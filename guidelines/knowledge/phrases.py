"""Conditions in words: what must hold, in the labels of the fact definitions."""

from guidelines.knowledge.conditions import (
    COMPARE,
    AllOf,
    AnyOf,
    Condition,
    Implies,
    Named,
    Not,
    Test,
    Xor,
    parts_of,
)
from guidelines.vocabulary.facts import plain

_IN_WORDS = {"above": "above", "at_least": "at least", "below": "below", "at_most": "at most"}


def describe(condition: Condition, *, negated: bool = False) -> str:
    """The condition in words."""
    match condition:
        case Test():
            return _describe_test(condition, negated)
        case Named():
            return _describe_named(condition, negated)
        case Not():
            return describe(condition.part, negated=not negated)
        case Implies():
            text = f"if {describe(condition.premise)}, then {describe(condition.conclusion)}"
            return f"not ({text})" if negated else text
        case Xor():
            text = f"either {describe(condition.left)} or {describe(condition.right)}, not both"
            return f"not ({text})" if negated else text
    joined = isinstance(condition, AllOf) is not negated
    parts = parts_of(condition)
    if not parts:
        return "never" if negated else "always"
    if joined:
        return _exactly(parts) or " and ".join(describe(part, negated=negated) for part in parts)
    texts = [_enclosed(part, negated) for part in parts]
    return texts[0] if len(texts) == 1 else "(" + " or ".join(texts) + ")"


def _exactly(parts: tuple["Condition", ...]) -> str:
    """Two bounds that leave one number, in words; empty for anything else."""
    match parts:
        case (Test(fact, "at_least", low), Test(_, "at_most", high)) if low == high:
            return f"{fact.label} exactly {plain(low)} {fact.unit}".strip()
    return ""


def _enclosed(part: "Condition", negated: bool) -> str:
    """A part of an alternative; several things that go together stand in brackets."""
    text = describe(part, negated=negated)
    together = isinstance(part, AnyOf if negated else AllOf) and len(parts_of(part)) > 1
    return f"({text})" if together and not _exactly(parts_of(part)) else text


def comparison(test: Test) -> str:
    """The bound of a numeric test in words ("below 55 %"); empty for other tests."""
    if test.operator not in COMPARE:
        return ""
    return f"{_IN_WORDS[test.operator]} {plain(test.operand)} {test.fact.unit}".strip()


def _describe_named(named: Named, negated: bool) -> str:
    if named.value_labels in ((": yes",), (": no",)):
        holds = (named.value_labels == (": yes",)) is not negated
        return f"{named.label}: {'yes' if holds else 'no'}"
    return f"{named.label} {'not ' if negated else ''}{_either(list(named.value_labels))}"


def _describe_test(test: Test, negated: bool) -> str:
    fact, unit = test.fact, f" {test.fact.unit}" if test.fact.unit else ""
    match test.operator:
        case "is" if fact.type == "bool":
            return f"{fact.label}: {'yes' if test.operand[0] is not negated else 'no'}"
        case "is":
            shown = [str(fact.show(value)).strip() for value in test.operand]
            return f"{fact.label} {'not ' if negated else ''}{_either(shown)}"
        case "includes":
            verb = "do not include" if negated else "include"
            return f"{fact.label} {verb} {_either([fact.label_of(code) for code in test.operand])}"
        case "includes_other_than":
            listed = _either([fact.label_of(code) for code in test.operand])
            return f"{fact.label} {'only' if negated else 'beyond'} {listed}"
        case "empty":
            return f"{fact.label}: {'none' if test.operand is not negated else 'at least one'}"
    operator = test.operator
    if negated:
        operator = {"above": "at_most", "at_most": "above", "below": "at_least", "at_least": "below"}[
            operator
        ]  # type: ignore[assignment]
    return f"{fact.label} {_IN_WORDS[operator]} {plain(test.operand)}{unit}"


def _either(items: list[str]) -> str:
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " or " + items[-1]
