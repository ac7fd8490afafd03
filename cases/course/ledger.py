"""The facts of a case as they are settled, one after the other: findings against statements.

Between a statement and a derived value: a caution, and the dated finding decides unless the statement is
dated after it; an undated statement loses to a dated finding; what was done outranks every statement
(record.md, 3).
"""

from collections.abc import Iterable
from dataclasses import replace
from enum import IntEnum

from cases.course.contests import Contest, ContestSide
from cases.course.sourced import Sourced
from cases.course.statements import Statements, shown
from cases.reading import PartialDate
from guidelines.vocabulary.facts import FACTS, Value


class Weight(IntEnum):
    """What a value rests on: on other statements; on a report, study or course; on what was done."""

    INFERRED = 0
    FOUND = 1
    DONE = 2


class Ledger:
    """Facts settled so far, with their sources, and the cautions on the way."""

    def __init__(self, statements: Statements) -> None:
        self.statements = statements
        self.facts: dict[str, Sourced] = {}
        self.cautions: list[str] = []
        self.beside: dict[str, str] = {}
        self._closed: set[str] = set()
        self._contests: dict[str, Contest] = {}

    def value(self, name: str) -> Value | None:
        """The settled value of a fact; None if it is not known."""
        return self.facts[name].value if name in self.facts else None

    def is_contested(self, name: str) -> bool:
        """Whether findings contradict each other on a fact, and no statement has settled it."""
        return name in self._contests and name not in self.facts

    @property
    def contests(self) -> tuple[Contest, ...]:
        """Every contradiction between findings, in the vocabulary's order; open while its fact is unknown."""
        found = [self._contests[name] for name in FACTS if name in self._contests]
        return tuple(replace(one, is_open=one.fact not in self.facts) for one in found)

    def caution(self, text: str, *asked: str, beside: str = "") -> None:
        """Say it once. `asked`: facts that somebody has to state with this, or with what is said `beside`, in
        mind.
        """
        if text not in self.cautions:
            self.cautions.append(text)
        self.beside |= dict.fromkeys(asked, beside or text)

    def settle(self, name: str, found: Sourced | None, weight: Weight = Weight.FOUND) -> None:
        """Settle a fact by what was found, what is stated, or both; by neither it stays unknown."""
        self._closed.add(name)
        stated = self.statements.of(name)
        if found is None or stated is None:
            chosen = found or stated
        elif found.value == stated.value:
            chosen = stated if weight is Weight.INFERRED else found
        else:
            chosen = stated if stated_decides(stated, found, weight) else found
            self.caution(
                f"{FACTS[name].label}: stated as {shown(name, stated.value)} ({stated.origin}), but "
                f"{shown(name, found.value)} by {found.text}, {found.date or 'undated'}. "
                f"{'The statement is newer and decides.' if chosen is stated else _why_found(weight)}"
            )
        if chosen is not None:
            self.facts[name] = chosen

    def contest(
        self, name: str, newest_finding: PartialDate | None, caution: str, sides: Iterable[ContestSide]
    ) -> None:
        """Findings contradict each other: the fact is unknown, but for a statement dated after them all."""
        self._closed.add(name)
        self._contests[name] = Contest(name, tuple(sides))
        self.caution(caution)
        stated = self.statements.of(name)
        if stated is None or stated.date is None or newest_finding is None:
            return
        if stated.date.newer_than(newest_finding):
            self.facts[name] = stated

    def note_named(self, name: str, sides: Iterable[ContestSide], named: str) -> None:
        """A clinician has named which of the findings decides: the part at the path `named`."""
        self._contests[name] = Contest(name, tuple(sides), named)

    def close(self, name: str, settled: Sourced) -> None:
        """Settle a fact whose rule has weighed the statements itself."""
        self._closed.add(name)
        self.facts[name] = settled

    def drop(self, name: str) -> None:
        """Take back a fact that another one has overruled."""
        self.facts.pop(name, None)

    def settle_statements(self) -> None:
        """Settle every fact that no rule has looked at by its statement."""
        for name in self.statements.names:
            if name not in self._closed:
                self.settle(name, None)


def stated_decides(stated: Sourced, found: Sourced, weight: Weight) -> bool:
    """Whether a statement goes before a differing finding."""
    if weight is Weight.DONE:
        return False
    if stated.date is None:
        return found.date is None and weight is Weight.INFERRED
    return found.date is None or stated.date.newer_than(found.date)


def _why_found(weight: Weight) -> str:
    return "What was done decides." if weight is Weight.DONE else "The finding decides."
