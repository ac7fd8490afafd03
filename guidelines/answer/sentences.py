"""A condition laid out for reading: one row for each thing that must hold."""

from dataclasses import dataclass

from guidelines.knowledge.conditions import AnyOf, Condition, Named, Not, Test, conjuncts, tests_in
from guidelines.knowledge.phrases import describe
from guidelines.vocabulary.facts import Fact


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what is asked, what it must be, and, for a derived fact, what that means in terms of facts.

    `needed` holds more than one text where any of them is enough.
    """

    subject: str
    needed: tuple[str, ...]
    meaning: str = ""
    facts: tuple[str, ...] = ()


def lines(condition: Condition) -> tuple[Line, ...]:
    """The rows of a condition; all must hold."""
    return tuple(_line(part) for part in conjuncts(condition))


def _line(part: Condition) -> Line:
    names = tuple(dict.fromkeys(test.fact.name for test in tests_in(part)))
    match part:
        case Test():
            return Line(part.fact.label, (_rest(describe(part), part.fact.label),), "", names)
        case Named():
            needed = _rest(describe(part), part.label)
            return Line(part.label, (needed,), _outside(describe(part.condition)), names)
        case Not(part=Test() as test):
            return Line(test.fact.label, (_rest(describe(part), test.fact.label),), "", names)
        case AnyOf():
            return Line("One of", tuple(_outside(describe(one)) for one in part.parts), "", names)
    return Line("It holds that", (_outside(describe(part)),), "", names)


def _rest(text: str, subject: str) -> str:
    """The words after the subject, without the colon between them."""
    return text.removeprefix(subject).lstrip(":").strip()


def _outside(text: str) -> str:
    """Without one pair of brackets around the whole."""
    inner = text[1:-1]
    whole = text.startswith("(") and text.endswith(")") and not _closes(inner)
    return inner if whole else text


def _closes(inner: str) -> bool:
    """Whether a bracket is closed in the text that it does not open."""
    depth = 0
    for sign in inner:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return True
    return False


def facts_read(condition: Condition) -> tuple[Fact, ...]:
    """The facts a condition reads, each once."""
    return tuple(dict.fromkeys(test.fact for test in tests_in(condition)))
