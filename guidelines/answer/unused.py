"""Cautions on the facts themselves: stated and not used, counted with care, or unknown to an edition."""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from guidelines.answer.sentences import facts_read
from guidelines.engine.engine import Engine, EngineCase, Prepared, engine_for
from guidelines.knowledge.conditions import Condition, Test, Truth, tests_in
from guidelines.knowledge.model import Guideline
from guidelines.knowledge.spoken import spoken
from guidelines.vocabulary.facts import Range, Value, plain


def cautions_on_facts(engine: Engine, case: EngineCase, stated: Mapping[str, Value]) -> Iterator[str]:
    """Stated values that cannot arise, findings that go before another statement, ranges across a bound."""
    if case.settled is not None:
        yield from (_unused(engine, name, stated[name]) for name in case.settled.unused)
        for name, ground in case.settled.outranked.items():
            finding, other = engine.guideline.facts[name], engine.guideline.facts[ground]
            yield (
                f"{finding.label}: {finding.show(stated[name])}, though {other.label.lower()} are stated as "
                f"{other.show(stated[ground])}. The finding is used."
            )
    yield from _spanning_ranges(engine, case, stated)


def _unused(engine: Engine, name: str, value: Value) -> str:
    fact = engine.guideline.facts[name]
    return (
        f"{fact.label}: {fact.show(value)} is stated, but what else is stated rules it out "
        f"(it can only be where {_where(engine.guideline, name)}). It is not used."
    )


def cannot_arise(guideline: Guideline, facts: Mapping[str, Value]) -> dict[str, str]:
    """The facts that a case with these has not, nobody having stated them → which cases have them, in words:
    "the primary is in the cervix".
    """
    settled = engine_for(guideline).settling.settle(known_to(guideline, facts)[0])
    return {
        one.fact: _where(guideline, one.fact) for one in guideline.arises if one.fact in settled.groundless
    }


def grounds(guideline: Guideline, names: Collection[str]) -> frozenset[str]:
    """The facts by which it is told whether a case has these."""
    return frozenset(
        fact.name for one in guideline.arises if one.fact in names for fact in facts_read(one.only)
    )


def _where(guideline: Guideline, name: str) -> str:
    arises = next(one for one in guideline.arises if one.fact == name)
    return arises.words or spoken(arises.only)


def _spanning_ranges(engine: Engine, case: EngineCase, stated: Mapping[str, Value]) -> Iterator[str]:
    for name, value in stated.items():
        if isinstance(value, Range):
            one = engine.space.facts[engine.fact_order[name]]
            spanned = one.spanned(value, _tests_left_open(engine, case, name))
            if spanned:
                reported = f"{one.fact.label} is reported as {one.fact.show(value)}"
                bounds = " and ".join(f"{plain(bound)} {one.fact.unit}".strip() for bound in spanned)
                yield f"{reported}: for the bound at {bounds} it counts as not known."


def _tests_left_open(engine: Engine, case: EngineCase, name: str) -> Iterator[Test]:
    """The tests of a fact that this case may leave open: other bounds do not concern it."""
    for tests, prepared, caution in _tests_of(engine, name):
        if prepared is None:
            yield from tests
        elif case.can_hold(prepared):
            open_caution = caution is not None and case.clause(caution).truth is Truth.UNKNOWN
            decides = caution is None and case.can_fail(prepared) and name in case.missing(prepared)
            if open_caution or decides:
                yield from tests


Asking = tuple[tuple[Test, ...], Prepared | None, int | None]
"""Tests of one fact: of a conclusion (no condition), of a condition, or of a caution (its clause)."""


@lru_cache(maxsize=64)
def _tests_of(engine: Engine, name: str) -> tuple[Asking, ...]:
    guideline = engine.guideline
    found: list[tuple[Condition, Prepared | None, int | None]] = [
        (each.when, None, None)
        for one in guideline.concluded.values()
        if name in one.asks
        for each in one.conclusions
    ]
    asked = [statement.when for statement in guideline.statements]
    asked += [trial.when for trial in guideline.trials]
    asked += [remark.when for remark in guideline.not_covered]
    ready = (*engine.statements, *engine.trials, *engine.not_covered)
    found += [(condition, prepared, None) for condition, prepared in zip(asked, ready, strict=True)]
    for prepared, cautions in zip(engine.statements, engine.statement_cautions, strict=True):
        clauses = [caution.when for caution in cautions if caution.when is not None]
        found += [(engine.clauses[clause].condition, prepared, clause) for clause in clauses]
    mine = (
        (tuple(test for test in tests_in(condition) if test.fact.name == name), prepared, clause)
        for condition, prepared, clause in found
    )
    return tuple(one for one in mine if one[0])


def known_to(guideline: Guideline, facts: Mapping[str, Value]) -> tuple[dict[str, Value], list[str]]:
    """The facts this edition has codes for, and a note for each that it has not: unknown, never "no"."""
    used: dict[str, Value] = {}
    notes = []
    for name, value in facts.items():
        knows = guideline.knows.get(name)
        rest = value
        if knows is None or (isinstance(value, str) and value not in knows):
            rest = None  # type: ignore[assignment]
        elif isinstance(value, tuple) and not knows.issuperset(value):
            rest = tuple(one for one in value if one in knows) or None  # type: ignore[assignment]
        if rest is not None:
            used[name] = rest
        if rest != value:
            fact = guideline.facts[name]
            notes.append(
                f"{fact.label}: edition {guideline.edition} has no code for {fact.show(value)}; "
                "it counts as not known."
            )
    return used, notes
