"""Why a statement applies, and why it does not, in the words of the fact definitions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from guidelines.completions import Space
from guidelines.conditions import Condition, Test, Truth, because, comparison, conjuncts, describe, evaluate, tests_in
from guidelines.facts import Value


@dataclass(frozen=True, slots=True)
class Reason:
    """A known fact that speaks for the statement; `value` as JSON writes it, `text` in words."""

    fact: str
    value: Any
    text: str


def reasons_for(
    condition: Condition, facts: Mapping[str, Value], provenance: Mapping[str, str], space: Space
) -> list[Reason]:
    """The known facts that fulfil parts of the condition, each fact once."""
    found: dict[str, list[str]] = {}
    for part in conjuncts(condition):
        truth = evaluate(part, facts)
        if truth is Truth.TRUE:
            _gather(found, because(part, facts), negated=False)
        elif truth is Truth.UNKNOWN:
            _gather(found, _known(part, facts, space), negated=None)
    return [_reason(name, texts, facts, provenance, space) for name, texts in found.items()]


def _known(part: Condition, facts: Mapping[str, Value], space: Space) -> list[Test]:
    """Tests on known facts of a part that is settled only together with what ties facts to each other, if it is."""
    return [test for test in tests_in(part) if test.fact.name in facts and test.holds(facts[test.fact.name]) is Truth.TRUE]


def _gather(found: dict[str, list[str]], tests: Iterable[Test], *, negated: bool | None) -> None:
    for test in tests:
        texts = found.setdefault(test.fact.name, [])
        text = comparison(test)
        if text and negated is not None and text not in texts:
            texts.append(text)


def _reason(
    name: str, texts: list[str], facts: Mapping[str, Value], provenance: Mapping[str, str], space: Space
) -> Reason:
    fact = space.facts[space.index[name]].fact
    return Reason(name, fact.as_json(facts[name]), in_words(fact, facts[name], provenance.get(name), texts))


def in_words(fact: Any, value: Value, origin: str | None, comparisons: Iterable[str] = ()) -> str:
    """A known fact as a phrase: "Ki-67 45 % (pathology, 05-Mar-2026), below 55 %"."""
    joint = ": " if fact.type in ("bool", "list") else " "
    text = f"{fact.label}{joint}{fact.show(value)}"
    if origin:
        text += f" ({origin})"
    listed = " and ".join(comparisons)
    return f"{text}, {listed}" if listed else text


def excluded_by(condition: Condition, facts: Mapping[str, Value], provenance: Mapping[str, str]) -> str:
    """The first reason why the condition fails, in words."""
    for part in conjuncts(condition):
        if evaluate(part, facts) is Truth.FALSE:
            tests = because(part, facts, Truth.FALSE)
            known = dict.fromkeys(
                in_words(test.fact, facts[test.fact.name], provenance.get(test.fact.name)) for test in tests
            )
            return f"{'; '.join(known)}. Needed: {describe(part)}."
    return f"The facts known leave no consistent way to: {describe(condition)}."
