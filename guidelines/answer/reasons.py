"""Why a statement applies, and why it does not, in the words of the fact definitions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from guidelines.engine.engine import Engine, EngineCase
from guidelines.knowledge.conditions import Truth, because
from guidelines.knowledge.spoken import all_of
from guidelines.vocabulary.facts import ABSENT, Fact, Value


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
    """Words for one case. `stated`: the facts as given; `provenance`: where each comes from."""

    def __init__(
        self, engine: Engine, case: EngineCase, stated: Mapping[str, Value], provenance: Mapping[str, str]
    ) -> None:
        self._definitions = engine.guideline.facts
        self._stated = stated
        self._case = case
        self._provenance = provenance
        self._presumptions = engine.guideline.presumptions
        self._clauses = engine.clauses
        self._answer = case.clause
        self._written: dict[tuple[str, tuple[str, ...]], Reason] = {}
        self._saying: dict[str, dict[tuple[str, tuple[str, ...]], None]] = {}
        self._listed: dict[Grounds, tuple[Reason, ...]] = {}

    def grounds(self, clauses: Iterable[int], against: Iterable[str] = ()) -> Grounds:
        """The known facts that fulfil clauses, each fact once with all its bounds; `against` are the facts
        that block the statement.
        """
        found: dict[str, tuple[str, ...]] = dict.fromkeys(against, ())
        for clause in clauses:
            for name, bound in self._answer(clause).because:
                for fact, its_bound in self._behind(name, bound):
                    bounds = found.get(fact, ())
                    found[fact] = (*bounds, its_bound) if its_bound and its_bound not in bounds else bounds
        return _grounds(tuple(found.items()))

    def _behind(self, name: str, bound: str) -> Iterable[tuple[str, str]]:
        """A fact with its bound, or, for a concluded one, the facts it was concluded from."""
        settled = self._case.settled
        if settled is None or name not in settled.concluded:
            return ((name, bound),)
        return settled.behind(name)

    def reasons(self, grounds: Grounds) -> tuple[Reason, ...]:
        """The same in words, with the values of this case."""
        found = self._listed.get(grounds)
        if found is None:
            said: dict[tuple[str, tuple[str, ...]], None] = {}
            for one in grounds.facts:
                if one[0] in self._stated:
                    said[one] = None
                else:
                    said |= self._said_by(one[0])
            found = self._listed[grounds] = tuple([self._reason(name, bounds) for name, bounds in said])
        return found

    def _said_by(self, name: str) -> dict[tuple[str, tuple[str, ...]], None]:
        """The stated facts that say a fact that nobody stated."""
        settled = self._case.settled
        if settled is None or name not in settled.presumed:
            return {}
        if name not in self._saying:
            self._saying[name] = dict.fromkeys((other, ()) for other in self._premises(name))
        return self._saying[name]

    def _premises(self, name: str) -> Iterable[str]:
        givens = [one.given for one in self._presumptions if one.fact == name and one.certain]
        tests = next(filter(None, (because(given, self._case.facts) for given in givens)), [])
        return [test.fact.name for test in tests if test.fact.name in self._stated]

    def question(self, clauses: Iterable[int]) -> str:
        """What would have to be so, for the clauses that the stated facts leave open."""
        still_open = [clause for clause in clauses if self._answer(clause).truth is Truth.UNKNOWN]
        return all_of(self._clauses[clause].words for clause in still_open) if still_open else ""

    def excluded_by(self, clauses: Iterable[int]) -> str:
        """The first clause that fails, with the facts behind it; where none does, the clauses that the facts
        leave open and that cannot all come true, by the rules that tie facts together.
        """
        still_open = []
        for clause in clauses:
            answer, words = self._answer(clause), self._clauses[clause].words
            if answer.truth is Truth.FALSE:
                return f"{'; '.join(self._against(answer.against))}. Needed: {words}."
            if answer.truth is Truth.UNKNOWN:
                still_open.append(words)
        return f"By the facts stated it cannot be that {all_of(still_open)}."

    def _against(self, names: Iterable[str]) -> list[str]:
        """Facts that speak against, each as stated, or as what it follows from."""
        listed = [fact for name in names for fact, _ in self._behind(name, "")]
        return list(dict.fromkeys(self._words(name) for name in listed))

    def _words(self, name: str) -> str:
        if name in self._stated:
            return self._reason(name, ()).text
        fact, settled = self._definitions[name], self._case.settled
        value = settled.facts.get(name) if settled is not None else None
        how = "follows from the facts stated" if settled and name in settled.follows else "presumed"
        if value is ABSENT or (settled and name not in {*settled.follows, *settled.presumed}):
            return f"{fact.label}: cannot arise here"
        return (
            f"{in_words(fact, value or False)} ({how})" if value is not None else f"{fact.label}: not known"
        )

    def _reason(self, name: str, bounds: tuple[str, ...]) -> Reason:
        key = (name, bounds)
        found = self._written.get(key)
        if found is None:
            fact, value = self._definitions[name], self._stated[name]
            text = in_words(fact, value, self._provenance.get(name), bounds)
            found = self._written[key] = Reason(name, fact.as_json(value), text)
        return found
