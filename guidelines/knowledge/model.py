"""The guideline as frozen, typed objects: what the published text holds, and how it is read.

One set of classes: pydantic checks the files against them while loading (`loader`), and a condition, a
section or a study named in a file becomes the object itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from guidelines.knowledge.conditions import Condition, Named, tests_in
from guidelines.knowledge.fields import STRICT, Asked, Known, Lines, looked_up
from guidelines.knowledge.inference import Arises, Concluded, Presumption
from guidelines.knowledge.labels import Accrual, Agreement, Kind, Setting, Stance, Topic
from guidelines.knowledge.source import Reference, Section, Source, Study
from guidelines.vocabulary.facts import Fact, Value


def _caution(raw: Any) -> Any:
    return {"text": raw} if isinstance(raw, str) else raw


@dataclass(frozen=True, slots=True)
class Caution:
    """Words of care. Shown when `when` holds and `unless_settled`, if given, is still open.

    `lines` are the source's, where a number in the words comes from elsewhere than the statement's lines.
    """

    __pydantic_config__ = STRICT

    text: str
    when: Asked | None = None
    unless_settled: Asked | None = None
    lines: Lines = ""


CautionEntry = Annotated[Caution, BeforeValidator(_caution)]


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a schedule, all in months as (low, high), equal where the source gives one number.

    `every` is the interval; `start` and `end` count from the schedule's anchor; `end` None: no end given.
    """

    __pydantic_config__ = STRICT

    every: tuple[float, float]
    start: tuple[float, float]
    end: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When an assessment is repeated. `anchor`: the event that months are counted from.

    `since`: the fact that holds the months since then, or empty where the vocabulary has none.
    `listed_months`: how far dates are listed where the last phase has no end.
    """

    __pydantic_config__ = STRICT

    anchor: str
    text: str
    phases: tuple[Phase, ...]
    since: Known = ""
    listed_months: float = 24


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial the source names, with the eligibility that the text states."""

    __pydantic_config__ = STRICT

    nct: Annotated[str, Field(pattern=r"^NCT\d{8}$")]
    title: str
    eligibility: str
    when: Asked
    source: Source
    cautions: tuple[str, ...] = ()
    provided: Annotated[Mapping[str, Value], looked_up("provided")] = field(default_factory=dict)
    accrual: Accrual = Accrual.UNKNOWN


# Compared and hashed by identity, so that what is derived from it can be kept.
@dataclass(frozen=True, eq=False)
class Statement:
    """One statement of the guideline.

    `provided`: fact → the value it needs in practice (a proviso): unknown, the statement applies and names
    the fact; stated against it, the statement is blocked. `readings` are the numbers of the reading decisions
    that touch it. `label` is the intervention's; `kind` too, where the file does not say principle or
    schedule.
    """

    __pydantic_config__ = STRICT

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    intervention: Annotated[str, looked_up("intervention")]
    topic: Topic
    setting: Setting
    stance: Stance
    agreement: Agreement
    statement: Annotated[str, Field(min_length=15)]
    when: Asked
    source: Source
    kind: Kind = Kind.TREATMENT
    label: str = ""
    provided: Annotated[Mapping[str, Value], looked_up("provided")] = field(default_factory=dict)
    cautions: tuple[CautionEntry, ...] = ()
    studies: Annotated[tuple[Study, ...], looked_up("evidence"), Field(alias="evidence")] = ()
    trials: Annotated[tuple[str, ...], looked_up("trials")] = ()
    schedule: Schedule | None = None
    readings: Annotated[tuple[int, ...], looked_up("numbers")] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence on the case as a whole: a reason of the classification, or something not covered.

    Shown when `when` holds under every completion of the unknown facts and `unless` is not stated to hold.
    `about`: the interventions it answers for, when the board asks for one of them.
    """

    __pydantic_config__ = STRICT

    text: str
    when: Asked
    unless: Asked | None = None
    id: str = ""
    about: Annotated[tuple[str, ...], looked_up("interventions")] = ()


@dataclass(frozen=True, slots=True)
class Intervention:
    """A drug, procedure or test. `kind`: what a board does with it.

    `regimen`: systemic therapy a case may have had; `platinum`: it holds cisplatin or carboplatin.

    `result`: the facts that are its result, as alternatives; each a list of facts that must all be known, or
    a condition that must hold. `family`: one word for interventions that a question means together.
    """

    __pydantic_config__ = STRICT

    label: str
    kind: Kind = Kind.TREATMENT
    regimen: bool = False
    platinum: bool = False
    result: Annotated[tuple[Any, ...], looked_up("result")] = ()
    family: str = ""

    @property
    def result_facts(self) -> tuple[str, ...]:
        """Every fact that may be part of its result."""
        found = (
            one if isinstance(one, tuple) else [test.fact.name for test in tests_in(one)]
            for one in self.result
        )
        return tuple(dict.fromkeys(name for names in found for name in names))


@dataclass(frozen=True, slots=True)
class Order:
    """The order of the statements on one intervention, with the reason (reading 35).

    `specific`: sentences for a condition that the case meets, and rows of monitoring and surveillance: first,
    when they apply. `routine`: by voice, then status, then this order. `last`: a table's "as indicated".
    """

    __pydantic_config__ = STRICT

    intervention: Annotated[str, looked_up("intervention")]
    reason: str
    specific: tuple[str, ...] = ()
    routine: tuple[str, ...] = ()
    last: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived fact: named values, each with its condition. Exactly one value holds in every complete
    case.
    """

    name: str
    label: str
    values: Mapping[str | bool, Named]
    help: str = ""


@dataclass(frozen=True, slots=True)
class Provisional:
    """The entity reported while it is still open: `value`, as long as it is possible and `given` certainly
    holds.
    """

    __pydantic_config__ = STRICT

    value: str
    given: Asked


@dataclass(frozen=True, slots=True)
class AcceptedPair:
    """Two statements that may both apply with opposite stances, and the reason the source gives."""

    __pydantic_config__ = STRICT

    first: Annotated[str, looked_up("statement_id")]
    second: Annotated[str, looked_up("statement_id")]
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A decision on a place where the source is unclear or disagrees with itself."""

    __pydantic_config__ = STRICT

    number: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class EditionChange:
    """What a version of the encoding brought."""

    __pydantic_config__ = STRICT

    version: str
    date: date
    text: str


@dataclass(frozen=True, eq=False)  # one object a release: compared and hashed by identity
class Guideline:
    """One edition of an encoded guideline: the whole of what `assess` reads.

    `knows`: fact → the values this edition has codes for; what it has no code for is unknown to it.
    """

    id: str
    version: str
    digest: str
    title: str
    citation: str
    doi: str
    license: str
    panel_met: str
    basis: str
    facts: Mapping[str, Fact]
    knows: Mapping[str, frozenset[str]]
    concluded: Mapping[str, Concluded]
    derived: Mapping[str, Derived]
    provisional: tuple[Provisional, ...]
    rules: tuple[Condition, ...]
    arises: tuple[Arises, ...]
    presumptions: tuple[Presumption, ...]
    interventions: Mapping[str, Intervention]
    groups: Mapping[str, tuple[str, ...]]
    orders: Mapping[str, Order]
    settles_entity: tuple[str, ...]
    entities: Mapping[str, str]
    sections: Mapping[str, Section]
    statements: tuple[Statement, ...]
    reasons: tuple[Remark, ...]
    cautions: tuple[Caution, ...]
    not_covered: tuple[Remark, ...]
    studies: Mapping[str, Study]
    references: Mapping[str, Reference]
    trials: tuple[Trial, ...]
    questions: Mapping[str, str]
    accepted_pairs: tuple[AcceptedPair, ...]
    readings: tuple[Reading, ...]
    changes: tuple[EditionChange, ...] = ()

    @property
    def edition(self) -> str:
        """The edition that the version belongs to: "1.0" of version "1.0.0"."""
        return ".".join(self.version.split(".")[:2])

    @property
    def address(self) -> str:
        """How the edition is named from outside: `id@edition`."""
        return f"{self.id}@{self.edition}"

    @property
    def has_options(self) -> bool:
        """Does this edition know the order of its statements, so that each intervention has one verdict?"""
        return bool(self.orders)

    def family(self, intervention: str) -> tuple[str, ...]:
        """The interventions that a question for this one means together, itself among them."""
        name = self.interventions[intervention].family
        if not name:
            return (intervention,)
        return tuple(code for code, one in self.interventions.items() if one.family == name)

    def statement(self, statement_id: str) -> Statement:
        """The statement of that id; raises `KeyError`."""
        return self._by_id[statement_id]

    @cached_property
    def _by_id(self) -> Mapping[str, Statement]:
        return {statement.id: statement for statement in self.statements}
