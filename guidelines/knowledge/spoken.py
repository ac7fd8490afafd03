"""Conditions as sentences: "the disease progresses and SSTR uptake is above that of the liver".

`phrases` writes the same conditions as a table would ("Progressive disease: yes"), for rules and proofs.
"""

from collections.abc import Iterable, Iterator

from guidelines.knowledge.conditions import (
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
from guidelines.knowledge.phrases import comparison, describe
from guidelines.vocabulary.facts import Fact, Value, plain
from guidelines.vocabulary.sayings import SAYINGS, Saying, either, in_running_text

_OPPOSITE = {"above": "at_most", "at_most": "above", "below": "at_least", "at_least": "below"}


def spoken(condition: Condition, *, negated: bool = False) -> str:
    """The condition as a sentence without capital and full stop."""
    match condition:
        case Test():
            return _test(condition, negated)
        case Named():
            return _named(condition, negated)
        case Not():
            return spoken(condition.part, negated=not negated)
        case Implies():
            return spoken(AnyOf((Not(condition.premise), condition.conclusion)), negated=negated)
        case Xor():
            left, right = spoken(condition.left), spoken(condition.right)
            return f"{'both or neither hold' if negated else 'just one of the two holds'}: {left}; {right}"
    if not parts_of(condition):
        return describe(condition, negated=negated)
    if isinstance(condition, AllOf) is not negated:
        return all_of(_together(condition, negated))
    return _alternatives([spoken(part, negated=negated) for part in parts_of(condition)])


def spoken_value(fact: Fact, value: Value) -> str:
    """That a fact has this value: "etoposide can be given"."""
    return spoken(Test(fact, "is", (value,)))


def all_of(sentences: Iterable[str]) -> str:
    """Sentences that hold together, alternatives last: "a, b and either c or d"."""
    once = sorted(dict.fromkeys(sentences), key=lambda text: text.startswith("either "))
    *most, last = once
    if not most:
        return last
    apart = ", and " if any(" or " in text for text in most) or len(most) > 1 else " and "
    return f"{', '.join(most)}{apart}{last}"


def _together(condition: Condition, negated: bool) -> Iterator[str]:
    """What must all hold, one sentence each; bounds that leave one number are one."""
    match parts_of(condition):
        case (Test(fact, "at_least", low), Test(_, "at_most", high)) if low == high:
            yield spoken_value(fact, low)
            return
    for part in parts_of(condition):
        inner, turned = (part.part, not negated) if isinstance(part, Not) else (part, negated)
        joined = isinstance(inner, AllOf if not turned else AnyOf)
        yield from _together(inner, turned) if joined else [spoken(inner, negated=turned)]


def _alternatives(texts: list[str]) -> str:
    """Any of several; where one is several things together, commas set them off."""
    if len(texts) == 1:
        return texts[0]
    long = any(" and " in text or "either " in text for text in texts)
    return "either " + (", or ".join(texts) if long else either(texts))


def _named(named: Named, negated: bool) -> str:
    saying = SAYINGS.get(named.name)
    if saying is None:
        return describe(named, negated=negated)
    if named.values in ((True,), (False,)):
        return saying.holds if (named.values == (True,)) is not negated else saying.fails
    labels = dict(zip(map(str, named.values), named.value_labels, strict=True))
    return _filled(saying, negated, (saying.words.get(code, label) for code, label in labels.items()))


def _filled(saying: Saying, negated: bool, words: Iterable[str]) -> str:
    return (saying.fails if negated else saying.holds).format(either(words))


def _test(test: Test, negated: bool) -> str:
    fact = test.fact
    saying = SAYINGS.get(fact.name)
    if saying is None:
        return describe(test, negated=negated)
    match test.operator:
        case "is" if fact.type == "bool":
            return saying.holds if test.operand[0] is not negated else saying.fails
        case "is" | "includes":
            return _filled(saying, negated, (_word(fact, saying, value) for value in test.operand))
        case "includes_other_than":
            clause = saying.within if negated else saying.beyond
            return clause.format(either(_word(fact, saying, value) for value in test.operand))
        case "empty":
            return saying.none if test.operand is not negated else saying.some
    operator = _OPPOSITE[test.operator] if negated else test.operator
    bound = comparison(Test(fact, operator, test.operand))  # type: ignore[arg-type]
    return saying.holds.format(bound)


def _word(fact: Fact, saying: Saying, value: Value) -> str:
    """A value inside the clause of its fact."""
    if isinstance(value, int | float):
        return f"{plain(value)} {fact.unit}".strip()
    return saying.words.get(str(value)) or in_running_text(fact.label_of(str(value)))
