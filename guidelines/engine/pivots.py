"""What would change the answer: every fact, known or not, whose change alone alters the treatment statements.

Each fact is set to a value that stands for each of its bands; all other facts stay as they are. Values that
contradict what is known are left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from guidelines.engine.bands import BandedFact
from guidelines.engine.engine import Engine, engine_for
from guidelines.knowledge import labels
from guidelines.knowledge.model import Guideline
from guidelines.vocabulary.contradictions import contradictions
from guidelines.vocabulary.facts import Fact, Value


@dataclass(frozen=True, slots=True)
class Change:
    """A statement whose status differs. `before` and `after` are applies, possible, blocked or excluded."""

    statement: str
    before: str
    after: str

    @property
    def kind(self) -> str:
        """Whether it appears, disappears, or changes between applying and being possible."""
        if self.before == "excluded":
            return "appears"
        return "disappears" if self.after == "excluded" else "changes"


@dataclass(frozen=True, slots=True)
class Turn:
    """One other value of a fact, in words, and what it changes."""

    value: Value
    label: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Pivot:
    """A fact with the values that would change the answer."""

    fact: Fact
    turns: tuple[Turn, ...]


def statuses(guideline: Guideline, facts: Mapping[str, Value]) -> dict[str, str]:
    """The status of every statement, by its id."""
    engine = engine_for(guideline)
    return _statuses(engine, facts, range(len(guideline.statements)))


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    """The statements whose status differs."""
    return tuple(Change(one, status, after[one]) for one, status in before.items() if after[one] != status)


def pivots(
    guideline: Guideline, facts: Mapping[str, Value], topics: Sequence[str] = labels.TREATMENT_TOPICS
) -> tuple[Pivot, ...]:
    """Every fact whose change alters a statement of these topics, those that alter most first."""
    engine = engine_for(guideline)
    asked = [index for index, one in enumerate(guideline.statements) if one.topic in topics]
    today = _statuses(engine, facts, asked)
    found = []
    stated = [one for one in engine.space.facts if one.fact.name not in guideline.concluded]
    for banded in stated:
        turns = []
        for value, label in alternatives(banded, facts.get(banded.fact.name)):
            changed = {**facts, banded.fact.name: value}
            if contradictions(changed):
                continue
            altered = changes(today, _statuses(engine, changed, asked))
            if altered:
                turns.append(Turn(value, label, altered))
        if turns:
            found.append(Pivot(banded.fact, tuple(turns)))
    return tuple(sorted(found, key=lambda pivot: -max(len(turn.changes) for turn in pivot.turns)))


def _statuses(engine: Engine, facts: Mapping[str, Value], asked: Sequence[int]) -> dict[str, str]:
    case = engine.case(facts)
    found = {}
    for index in asked:
        prepared = engine.statements[index]
        status = "excluded"
        if case.can_hold(prepared):
            status = "possible" if case.can_fail(prepared) else "applies"
            if case.blocked_by(engine.provisos[index]):
                status = "blocked"
        found[engine.guideline.statements[index].id] = status
    return found


def alternatives(banded: BandedFact, known: Value | None) -> Iterator[tuple[Value, str]]:
    """A value for every band other than the one the fact is known to be in, with the band in words.

    A list changes by one step: one kind of entry more or less, or none at all.
    """
    if banded.fact.type == "list":
        yield from _steps(banded, known if isinstance(known, tuple) else None)
        return
    now = banded.possible(known)
    for bit, band in enumerate(banded.bands):
        if band.value is not None and now != 1 << bit:
            unit = banded.fact.unit if banded.bounds else ""
            yield band.value, f"{band.label} {unit}".strip()


def _steps(banded: BandedFact, known: tuple[str, ...] | None) -> Iterator[tuple[Value, str]]:
    order = [choice.value for choice in banded.fact.choices]
    if known != ():
        yield (), banded.fact.show(())
    for kind in banded.classes:
        listed = set(known or ())
        changed = listed - kind if listed & kind else listed | {min(kind, key=order.index)}
        value = tuple(code for code in order if code in changed)
        if value:
            yield value, banded.fact.show(value)
