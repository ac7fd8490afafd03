"""Why a statement applies, and why it does not, in the words of the fact definitions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from guidelines.engine.engine import Case, Engine
from guidelines.knowledge.conditions import Truth
from guidelines.vocabulary.facts import Fact, Value


@dataclass(frozen=True, eq=False, slots=True)
class Grounds:
    """Facts that speak for a statement, each with the bounds that it keeps to. Equal ones are one object."""

    facts: tuple[tuple[str, tuple[str, ...]], ...]


@lru_cache(maxsize=8192)
def _grounds(facts: tuple[tuple[str, tuple[str, ...]], ...]) -> Grounds:
    return Grounds(facts)


@dataclass(frozen=True)
class Reason:
    """A known fact that speaks for the statement; `value` as JSON writes it, `text` in words."""

    fact: str
    value: Any
    text: str


def in_words(fact: Fact, value: Value, origin: str | None = None, bounds: Iterable[str] = ()) -> str:
    """A known fact as a phrase: "Ki-67 45 % (pathology, 05-Mar-2026), below 55 %"."""
    joint = "" if fact.type in ("number", "integer", "range") else ":"
    text = f"{fact.label}{joint} {fact.show(value)}"
    if origin:
        text += f" ({origin})"
    listed = " and ".join(bounds)
    return f"{text}, {listed}" if listed else text


class Reasoner:
    """Words for one case. `provenance` gives, by fact, where it comes from."""

    def __init__(
        self,
        definitions: Mapping[str, Fact],
        facts: Mapping[str, Value],
        provenance: Mapping[str, str],
        engine: Engine,
        case: Case,
    ) -> None:
        self._definitions = definitions
        self._facts = facts
        self._provenance = provenance
        self._clauses = engine.clauses
        self._answer = case.clause
        self._written: dict[tuple[str, tuple[str, ...]], Reason] = {}
        self._listed: dict[Grounds, tuple[Reason, ...]] = {}

    def grounds(self, clauses: Iterable[int]) -> Grounds:
        """The known facts that fulfil clauses, each fact once with all its bounds."""
        found: dict[str, tuple[str, ...]] = {}
        for clause in clauses:
            for name, bound in self._answer(clause).because:
                bounds = found.get(name, ())
                found[name] = (*bounds, bound) if bound and bound not in bounds else bounds
        return _grounds(tuple(found.items()))

    def reasons(self, grounds: Grounds) -> tuple[Reason, ...]:
        """The same in words, with the values of this case."""
        found = self._listed.get(grounds)
        if found is None:
            listed = [self._reason(name, bounds) for name, bounds in grounds.facts]
            found = self._listed[grounds] = tuple(listed)
        return found

    def question(self, clauses: Iterable[int]) -> str:
        """What would have to be so, for the clauses that the stated facts leave open."""
        return "; ".join(
            [self._clauses[clause].words for clause in clauses if self._answer(clause).truth is Truth.UNKNOWN]
        )

    def excluded_by(self, clauses: Iterable[int]) -> str:
        """The first clause that fails, with the facts behind it; where none does, the clauses that the facts
        leave open and that cannot all come true, by the rules that tie facts together.
        """
        still_open = []
        for clause in clauses:
            answer, words = self._answer(clause), self._clauses[clause].words
            if answer.truth is Truth.FALSE:
                stated = "; ".join(self._reason(name, ()).text for name in answer.against)
                return f"{stated}. Needed: {words}."
            if answer.truth is Truth.UNKNOWN:
                still_open.append(words)
        return f"The facts stated leave no consistent way to: {' and '.join(still_open)}."

    def _reason(self, name: str, bounds: tuple[str, ...]) -> Reason:
        key = (name, bounds)
        found = self._written.get(key)
        if found is None:
            fact, value = self._definitions[name], self._facts[name]
            text = in_words(fact, value, self._provenance.get(name), bounds)
            found = self._written[key] = Reason(name, fact.as_json(value), text)
        return found
