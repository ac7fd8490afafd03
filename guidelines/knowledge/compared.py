"""What another edition says otherwise, statement by statement: no case and no facts are needed for that."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from guidelines.knowledge.conditions import Condition, Named, Test, conjuncts, parts_of
from guidelines.knowledge.labels import AGREEMENTS, KINDS, SETTINGS, STANCES
from guidelines.knowledge.model import Guideline, Statement
from guidelines.knowledge.phrases import comparison, describe
from guidelines.vocabulary.facts import FACTS

NEW, GONE, CHANGED = "new", "gone", "changed"
WORDING, LINES = "Wording", "Lines"
SAID_ONLY = (WORDING, LINES)
"""Changes that no verdict follows from."""


@dataclass(frozen=True, slots=True)
class StatementChange:
    """One thing that a statement says otherwise: what, as it was and as it is, in words; "" for nothing.

    Of a condition and of provisos only the parts that are not alike.
    """

    what: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """ "Stance: Consider instead of Recommended", "Condition added: Extent Localized"."""
        if self.before and self.after:
            return f"{self.what}: {self.after} instead of {self.before}"
        return f"{self.what} added: {self.after}" if self.after else f"{self.what} dropped: {self.before}"


@dataclass(frozen=True, slots=True)
class ComparedStatement:
    """A statement that is new, gone or changed (`state`), as the later edition that has it says it."""

    statement: Statement
    state: str
    changes: tuple[StatementChange, ...] = ()


@lru_cache(maxsize=8)
def compared(before: Guideline, after: Guideline) -> Mapping[str, ComparedStatement]:
    """Id → the statement that is new, gone or changed; in the order of the later edition, gone ones last."""
    old = {one.id: one for one in before.statements}
    kinds = before.has_options and after.has_options  # an edition without options tells no kinds apart
    found: dict[str, ComparedStatement] = {}
    for now in after.statements:
        was = old.pop(now.id, None)
        changes = tuple(_changes(was, now, kinds)) if was else ()
        if was is None or changes:
            found[now.id] = ComparedStatement(now, CHANGED if was else NEW, changes)
    return found | {name: ComparedStatement(one, GONE) for name, one in old.items()}


@lru_cache(maxsize=8)
def redefined(before: Guideline, after: Guideline) -> Mapping[str, str]:
    """The derived facts of both editions that follow from other facts than before, with their label."""
    return {
        name: one.label
        for name, one in after.derived.items()
        if name in before.derived and _definition(before, name) != _definition(after, name)
    }


def names_in(condition: Condition) -> Iterator[str]:
    """The derived facts that a condition names itself."""
    if isinstance(condition, Named):
        yield condition.name
        return
    for part in parts_of(condition):
        yield from names_in(part)


def _changes(before: Statement, after: Statement, kinds: bool) -> Iterator[StatementChange]:
    if kinds and before.kind is not after.kind:
        yield StatementChange("Kind", KINDS[before.kind], KINDS[after.kind])
    for what, was, now in (
        ("Intervention", before.label, after.label),
        ("Setting", SETTINGS[before.setting], SETTINGS[after.setting]),
        ("Stance", STANCES[before.stance], STANCES[after.stance]),
        ("Agreement", AGREEMENTS[before.agreement], AGREEMENTS[after.agreement]),
    ):
        if was != now:
            yield StatementChange(what, was, now)
    yield from _moved_bounds(before.when, after.when)
    for what, was, now in (
        ("Condition", *_apart(_parts(before), _parts(after))),
        ("Proviso", *_apart(_provisos(before), _provisos(after))),
        (WORDING, f"“{before.statement}”", f"“{after.statement}”"),
        (LINES, before.source.lines, after.source.lines),
    ):
        if was != now:
            yield StatementChange(what, was, now)


def _moved_bounds(before: Condition, after: Condition) -> Iterator[StatementChange]:
    """The facts that both conditions bound, by other numbers."""
    was, now = _bounds(before), _bounds(after)
    for name in was:
        if name in now and was[name] != now[name]:
            yield StatementChange(f"Bound of {FACTS[name].label}", was[name], now[name])


def _bounds(condition: Condition) -> dict[str, str]:
    """Fact → its bounds in words, as the condition itself writes them: those of derived facts are theirs."""
    found: dict[str, list[str]] = {}
    for test in _own_tests(condition):
        if words := comparison(test):
            found.setdefault(test.fact.name, []).append(words)
    return {name: " and ".join(sorted(set(words))) for name, words in found.items()}


def _own_tests(condition: Condition) -> Iterator[Test]:
    if isinstance(condition, Test):
        yield condition
        return
    for part in parts_of(condition):
        yield from _own_tests(part)


def _parts(statement: Statement) -> list[str]:
    return [describe(part) for part in conjuncts(statement.when)]


def _provisos(statement: Statement) -> list[str]:
    return [describe(Test(FACTS[name], "is", (value,))) for name, value in statement.provided.items()]


def _apart(before: list[str], after: list[str]) -> tuple[str, str]:
    """What stands on one side only, in words."""
    was = [part for part in before if part not in after]
    now = [part for part in after if part not in before]
    return " and ".join(was), " and ".join(now)


def _definition(guideline: Guideline, name: str) -> dict[Any, Any]:
    return {value: _opened(named.condition) for value, named in guideline.derived[name].values.items()}


def _opened(condition: Condition) -> tuple[Any, ...]:
    """The tree with its derived facts opened: what it asks, whatever the editions call it."""
    match condition:
        case Test():
            return (condition.fact.name, condition.operator, condition.operand)
        case Named():
            return _opened(condition.condition)
    return (type(condition).__name__, *map(_opened, parts_of(condition)))
