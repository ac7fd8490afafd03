"""A condition laid out for reading: one sentence for each thing that must hold."""

from dataclasses import dataclass

from guidelines.knowledge.conditions import AnyOf, Condition, Named, conjuncts, tests_in
from guidelines.knowledge.spoken import spoken
from guidelines.vocabulary.facts import Fact


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that must hold. `said` is empty where any of several `alternatives` is enough.

    `meaning`: of a derived fact, what that means in terms of facts.
    """

    said: str
    alternatives: tuple[str, ...] = ()
    meaning: str = ""


def lines(condition: Condition) -> tuple[Line, ...]:
    """The things that must all hold."""
    return tuple(_line(part) for part in conjuncts(condition))


def _line(part: Condition) -> Line:
    match part:
        case Named():
            said, meaning = spoken(part), spoken(part.condition)
            return Line(said, meaning="" if meaning == said else meaning)
        case AnyOf():
            return Line("", tuple(spoken(one) for one in part.parts))
    return Line(spoken(part))


def facts_read(condition: Condition) -> tuple[Fact, ...]:
    """The facts a condition reads, each once."""
    return tuple(dict.fromkeys(test.fact for test in tests_in(condition)))
