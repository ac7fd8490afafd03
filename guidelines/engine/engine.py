"""The guideline made ready to answer: each condition as parts and clauses, shared by all that use them.

A *part* is decided under completions of the unknown facts (does it hold in all of them, in some, in none?);
`arithmetic` decides all at once. A *clause* is read against the facts as stated, for reasons in words.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter
from types import MappingProxyType

from guidelines.engine.alike import alike
from guidelines.engine.bitset import Arithmetic
from guidelines.engine.boxes import Boxes, Space, deciders, meets
from guidelines.engine.clauses import REMEMBERED, Clause, ClauseAnswer
from guidelines.engine.memory import Memory
from guidelines.engine.remarks import PreparedRemark, Remarks
from guidelines.engine.settling import Settled, Settling
from guidelines.knowledge.conditions import Condition, Truth, conjuncts, tests_in
from guidelines.knowledge.gathered import deciding, worded
from guidelines.knowledge.model import Caution, Guideline
from guidelines.vocabulary.facts import ABSENT, Value

NOTHING: Mapping[str, Value] = MappingProxyType({})
NOBODY: frozenset[int] = frozenset()
NO_NAMES: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """Whether a part can still fail, and the unknown facts (by index) that decide it.

    `always` settle it as failing, or turn it; `if_last` can only settle it as holding, which settles a
    statement when no other part is open.
    """

    can_fail: bool
    always: frozenset[int]
    if_last: frozenset[int]


class Part:
    """A condition as boxes, decided without regard to any other part."""

    def __init__(self, boxes: Boxes) -> None:
        self.boxes = boxes
        self._key: Callable[[Sequence[int]], object] = (
            itemgetter(*boxes.reads) if boxes.reads else lambda _: ()
        )
        self._remembered: Memory[object, PartAnswer] = Memory(REMEMBERED)

    def answer(self, possible: Sequence[int]) -> PartAnswer:
        """The answer for a case that leaves these bands open and in which the part can hold."""
        key = self._key(possible)
        found = self._remembered.get(key)
        if found is None:
            can_fail = meets(self.boxes.false, possible)
            found = PartAnswer(can_fail, *(deciders(self.boxes, possible) if can_fail else (NOBODY, NOBODY)))
            self._remembered[key] = found
        return found


@dataclass(frozen=True, slots=True)
class Prepared:
    """A condition ready to be asked: its place in the verdicts, indices of its parts and of its clauses."""

    place: int
    parts: tuple[int, ...]
    clauses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Proviso:
    """A fact that a statement depends on in practice, with the bands that it needs."""

    name: str
    index: int
    mask: int


class Engine:
    """Answers for one guideline. Build it through `engine_for`, which keeps it."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        facts = {**guideline.facts, **{name: one.fact for name, one in guideline.concluded.items()}}
        grounds = {one.fact: one.only for one in guideline.arises if one.grounded}
        self.space = Space(
            facts, deciding(guideline), worded(guideline), guideline.rules, grounds, _optional(guideline)
        )
        self.settling = Settling(guideline, self.space)
        self.parts: list[Part] = []
        self._part_index: dict[Condition, int] = {}
        self.clauses: list[Clause] = []
        self._clause_index: dict[Condition, int] = {}
        self.fact_names = tuple(facts)
        self.dependents = tuple((self.space.index[one.fact], one.fact) for one in guideline.arises)
        self.lists = tuple(name for name, fact in facts.items() if fact.type == "list")
        self._places: dict[str, tuple[int, ...]] = {
            name: (index,) for index, name in enumerate(self.fact_names)
        }
        self._places |= {
            name: (*self._places[name], place) for place, name in enumerate(self.lists, len(facts))
        }
        self._placed: list[tuple[int, ...]] = []
        # Statements come first, so that their verdicts are the first ones.
        self.statements = [self._prepare(statement.when) for statement in guideline.statements]
        self.not_covered = [self._prepare(remark.when) for remark in guideline.not_covered]
        self.not_covered_unless = [
            None if remark.unless is None else self._clause(remark.unless) for remark in guideline.not_covered
        ]
        self.trials = [self._prepare(trial.when) for trial in guideline.trials]
        self.entity = {
            str(value): self._prepare(named) for value, named in guideline.derived["entity"].values.items()
        }
        self.provisional = [self._prepare(one.given) for one in guideline.provisional]
        reasons = [PreparedRemark(remark.text, self._clause(remark.when)) for remark in guideline.reasons]
        self.reasons = Remarks(reasons, self.clauses)
        self.cautions = Remarks(self._prepare_cautions(guideline.cautions), self.clauses)
        self.statement_cautions = [self._prepare_cautions(one.cautions) for one in guideline.statements]
        self.results: dict[str, tuple[tuple[str, ...] | int, ...]] = {
            code: tuple(one if isinstance(one, tuple) else self._clause(one) for one in intervention.result)
            for code, intervention in guideline.interventions.items()
            if intervention.result
        }
        self.result_names = {
            code: frozenset(name for one in result for name in self._names_in(one))
            for code, result in self.results.items()
        }
        self._known_provisos: dict[tuple[str, Value], Proviso] = {}
        self.provisos = [self._provisos(one.provided) for one in guideline.statements]
        self.trial_provisos = [self._provisos(one.provided) for one in guideline.trials]
        self.concluded_asks = {
            self.space.index[name]: tuple(self.space.index[fact] for fact in one.asks)
            for name, one in guideline.concluded.items()
        }
        self.every_proviso = tuple(self._known_provisos.values())
        boxes = [part.boxes for part in self.parts]
        self.arithmetic = Arithmetic(self.space, [[boxes[part] for part in parts] for parts in self._placed])

    @cached_property
    def fact_order(self) -> Mapping[str, int]:
        """Position of each fact in the vocabulary."""
        return {name: index for index, name in enumerate(self.fact_names)}

    def _prepare(self, condition: Condition) -> Prepared:
        parts = tuple(self._part(part) for part in self.space.groups(condition))
        self._placed.append(parts)
        place = len(self._placed) - 1
        return Prepared(place, parts, tuple(self._clause(part) for part in conjuncts(condition)))

    def _provisos(self, provided: Mapping[str, Value]) -> tuple["Proviso", ...]:
        return tuple(self._proviso(name, value) for name, value in provided.items())

    def _proviso(self, name: str, value: Value) -> "Proviso":
        """One object for each fact and value: a case asks each once, for all statements."""
        if (name, value) not in self._known_provisos:
            index = self.space.index[name]
            self._known_provisos[name, value] = Proviso(name, index, self.space.facts[index].possible(value))
        return self._known_provisos[name, value]

    def _part(self, condition: Condition) -> int:
        if condition not in self._part_index:
            self._part_index[condition] = len(self.parts)
            self.parts.append(Part(self.space.boxes(condition)))
        return self._part_index[condition]

    def _clause(self, condition: Condition) -> int:
        if condition not in self._clause_index:
            self._clause_index[condition] = len(self.clauses)
            self.clauses.append(Clause(condition, self._places))
        return self._clause_index[condition]

    def _names_in(self, alternative: tuple[str, ...] | int) -> tuple[str, ...]:
        return self.clauses[alternative].names if isinstance(alternative, int) else alternative

    def _prepare_cautions(self, cautions: Iterable[Caution]) -> tuple[PreparedRemark, ...]:
        return tuple(
            PreparedRemark(
                caution.text,
                None if caution.when is None else self._clause(caution.when),
                None if caution.unless_settled is None else self._clause(caution.unless_settled),
            )
            for caution in cautions
        )

    def reads(self, prepared: Prepared, cautions: Iterable[PreparedRemark]) -> tuple[int, ...]:
        """What a condition and the cautions with it depend on, as places in `EngineCase.told`."""
        found = {index for part in prepared.parts for index in self.parts[part].boxes.reads}
        for clause in prepared.clauses:
            found |= {self.space.index[name] for name in self.clauses[clause].names}
        for one in cautions:
            found |= one.places(self.clauses)
        idle = len(self.fact_names) + len(self.lists)
        bases = enumerate(self.concluded_asks, idle + 1)
        return (*sorted(found), idle, *[place for place, index in bases if index in found])

    def alike(
        self, prepared: Prepared, cautions: Iterable[PreparedRemark], provisos: Iterable[Proviso]
    ) -> Mapping[int, Mapping[int, int]]:
        """Bands that neither a condition nor the cautions and provisos with it tell apart."""
        asked = [(one.index, one.mask) for one in provisos]
        for part in prepared.parts:
            boxes = self.parts[part].boxes
            asked += [pair for box in (*boxes.true, *boxes.false) for pair in box]
        clauses = {*prepared.clauses, *[index for one in cautions for index in one.clauses]}
        for test in [test for index in clauses for test in tests_in(self.clauses[index].condition)]:
            index = self.space.index[test.fact.name]
            asked.append((index, self.space.facts[index].mask(test)))
        return alike(self.space.facts, asked)

    def case(self, facts: Mapping[str, Value]) -> "EngineCase":
        """The case as the engine sees it. `facts` are parsed values; what is absent is unknown."""
        settled = self.settling.settle(facts)
        return EngineCase(self, settled.possible, settled.facts, settled)


def _optional(guideline: Guideline) -> frozenset[str]:
    """Facts that may have no value: those of an ungrounded condition, and those presumed to have none."""
    choices = ("enum", "number", "integer", "range")
    ungrounded = {one.fact for one in guideline.arises if not one.grounded}
    named = {name for name in ungrounded if guideline.facts[name].type in choices}
    return frozenset(named | {one.fact for one in guideline.presumptions if one.value is None})


class EngineCase:
    """One case: what each condition can still be, which unknown facts decide it, what each clause answers.

    `possible` are the bands each fact leaves open, `facts` the stated values, which only the clauses read (a
    case that is asked for a clause must have them).
    `can_hold_at` and `may_fail_at` have one number for each condition, by its place; all but 0 mean yes.
    `idle`: open facts that are pointless to ask.
    """

    def __init__(
        self,
        engine: Engine,
        possible: Sequence[int],
        facts: Mapping[str, Value] = NOTHING,
        settled: Settled | None = None,
    ) -> None:
        self._engine = engine
        self.settled = settled
        self.possible = possible
        self.facts = facts
        self.idle = frozenset(settled.idle) if settled is not None else NO_NAMES
        self._clause_answers: list[ClauseAnswer | None] = [None] * len(engine.clauses)
        self.can_hold_at, self.may_fail_at = engine.arithmetic.answer(possible)
        self.against = [one for one in engine.every_proviso if not possible[one.index] & one.mask]

    def clause(self, index: int) -> ClauseAnswer:
        """What a clause answers to the stated facts."""
        found = self._clause_answers[index]
        if found is None:
            found = self._clause_answers[index] = self._engine.clauses[index].answer(self.told, self.facts)
        return found

    def can_hold(self, prepared: Prepared) -> bool:
        """Does the condition hold under some completion of the unknown facts?"""
        return self.can_hold_at[prepared.place] != 0

    def can_fail(self, prepared: Prepared) -> bool:
        """Does it fail under some completion?"""
        return self.may_fail_at[prepared.place] != 0

    def missing(self, prepared: Prepared) -> tuple[str, ...]:
        """Names of the unknown facts that can settle or change an open condition, in vocabulary order."""
        parts, possible = self._engine.parts, self.possible
        answers = [parts[part].answer(possible) for part in prepared.parts]
        undecided = [answer for answer in answers if answer.can_fail]
        found = undecided[0].always.union(*[answer.always for answer in undecided])
        if len(undecided) == 1:
            found |= undecided[0].if_last
        return self._names(found)

    def _names(self, indices: frozenset[int]) -> tuple[str, ...]:
        """Names of facts to ask, in vocabulary order: for a concluded fact those that would settle it."""
        asks, names, idle = self._engine.concluded_asks, self._engine.fact_names, self.idle
        found = set(indices)
        for index in indices & asks.keys():
            found.remove(index)
            found.update(self._open(asks[index]))
        return tuple([names[index] for index in sorted(found) if names[index] not in idle])

    @cached_property
    def told(self) -> tuple[object, ...]:
        """All that the words on a condition depend on: of each fact, by index, the bands it leaves open, or
        that it cannot arise; the values of the lists, whose bands tell less; the facts not to be asked; for
        each concluded fact what it rests on.
        """
        engine, facts = self._engine, self.facts
        bands: list[object] = list(self.possible)
        for index, name in engine.dependents:
            if facts.get(name) is ABSENT:
                bands[index] = ABSENT
        lists = [facts.get(name) for name in engine.lists]
        bases = [_one_object(self._basis(index)) for index in engine.concluded_asks]
        return (*bands, *lists, _one_object(self.idle), *bases)

    def _basis(self, index: int) -> tuple[object, ...]:
        """The facts that a concluded fact was concluded from; while it is open, those that would settle it.

        Not their bands: a Ki-67 of 40 % and one of 60 % are both high grade, and most statements ask no more.
        """
        name = self._engine.fact_names[index]
        if self.settled is not None and name in self.settled.concluded:
            return self.settled.behind(name)
        return tuple(self._open(self._engine.concluded_asks[index]))

    def _open(self, indices: Iterable[int]) -> list[int]:
        return [index for index in indices if self.possible[index] & (self.possible[index] - 1)]

    def has_result(self, intervention: str) -> bool:
        """Is the result of this test among the facts? What is only presumed is no result."""
        names = self._engine.result_names.get(intervention)
        if names is None or self.facts.keys().isdisjoint(names):  # so for most tests of most cases
            return False
        return any(map(self._result_is_there, self._engine.results[intervention]))

    def _result_is_there(self, alternative: tuple[str, ...] | int) -> bool:
        if isinstance(alternative, int):
            return self.clause(alternative).truth is Truth.TRUE
        return all(map(self._is_finding, alternative))

    def _is_finding(self, name: str) -> bool:
        value = self.facts.get(name)
        if value is None or value is ABSENT or value == self._engine.guideline.facts[name].leaves_open:
            return False
        return self.settled is None or name not in self.settled.presumed

    def blocked_by(self, provisos: Iterable[Proviso]) -> tuple[str, ...]:
        """The provisos that are stated against."""
        return tuple([one.name for one in provisos if one in self.against]) if self.against else ()

    def provided(self, provisos: Iterable[Proviso]) -> tuple[str, ...]:
        """The provisos that are still unknown."""
        return tuple([one.name for one in provisos if self.possible[one.index] & ~one.mask])


@lru_cache(maxsize=4096)
def _one_object(told: object) -> object:
    """An object that stands for all that is equal to this: every statement compares it, by identity."""
    return object()


@lru_cache(maxsize=8)
def engine_for(guideline: Guideline) -> Engine:
    """The engine of a guideline, built once."""
    return Engine(guideline)
