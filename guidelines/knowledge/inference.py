"""What follows between facts: which only some cases have, what is presumed, what is concluded."""

from dataclasses import dataclass
from typing import Any

from guidelines.knowledge.fields import STRICT, Asked, Known
from guidelines.vocabulary.facts import Fact


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A value of a concluded fact, where `when` certainly holds on what is stated.

    `presumed`: it holds only while nothing more is stated, and learning a fact may overturn it.
    """

    __pydantic_config__ = STRICT

    value: bool
    when: Asked
    presumed: bool = False


@dataclass(frozen=True, slots=True)
class Concluded:
    """A fact that nobody states: the first of `conclusions` that certainly holds; else open, and `asks` are
    the facts that would settle it.
    """

    fact: Fact
    conclusions: tuple[Conclusion, ...]
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arises:
    """A fact that only some cases have: those in which `only` holds (reading 34).

    `grounded`: a test of the fact then implies its ground; not for grounds of several facts, any of which is
    enough. `silent`: stated values that are passed over without a caution, besides false, none and 0.
    `outranks`: a finding that goes before the list it rests on. `asked_after`: asked after its ground.
    `words`: the ground in words, where the condition would be too long to read.
    """

    __pydantic_config__ = STRICT

    fact: Known
    only: Asked
    grounded: bool = True
    silent: tuple[Any, ...] = ()
    outranks: bool = False
    asked_after: bool = True
    words: str = ""


@dataclass(frozen=True, slots=True)
class Presumption:
    """While `fact` is unstated it counts as `value`, unless `given` certainly fails (reading 38).

    `certain`: only where `given` certainly holds: one stated fact says another.
    """

    __pydantic_config__ = STRICT

    fact: Known
    value: Any
    given: Asked
    certain: bool = False
    reason: str = ""
