"""The guideline as frozen, typed objects. Nothing here decides; it says what the published text holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from guidelines.knowledge.conditions import Condition, Named
from guidelines.vocabulary.facts import Fact


@dataclass(frozen=True, slots=True)
class Section:
    """A place in the source. `path` runs from chapter to heading; `directs_nothing` says why no statement
    encodes it.
    """

    id: str
    path: tuple[str, ...]
    lines: str
    directs_nothing: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement stands: the section, the table if it is in one, and the lines of the transcribed
    text.
    """

    section: Section
    table: str | None
    lines: str


@dataclass(frozen=True, slots=True)
class Caution:
    """Words of care. Shown when `when` holds and `unless_settled`, if given, is still open."""

    text: str
    when: Condition | None = None
    unless_settled: Condition | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a schedule, all in months as (low, high), equal where the source gives one number.

    `every` is the interval; `start` and `end` count from the schedule's anchor; `end` None: no end given.
    """

    every: tuple[float, float]
    start: tuple[float, float]
    end: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When an assessment is repeated. `anchor`: the event that months are counted from.

    `since`: the fact that holds the months since then, or empty where the vocabulary has none.
    `listed_months`: how far dates are listed where the last phase has no end.
    """

    anchor: str
    text: str
    phases: tuple[Phase, ...]
    since: str = ""
    listed_months: float = 24


@dataclass(frozen=True, slots=True)
class Reference:
    """Bibliographic facts of a work the source cites."""

    id: str
    authors: str
    year: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a study as the source gives it.

    `measure` is response_rate, pfs, os, hazard_ratio, odds_ratio or other; `unit` is "%", "months" or ""
    for ratios. `high` is set where the source gives a range.
    """

    measure: str
    unit: str
    low: float
    high: float | None = None
    arm: str = ""
    n: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Study:
    """A study the source reports, with the figures it gives and the clinical questions it bears on."""

    id: str
    name: str
    references: tuple[Reference, ...]
    design: str
    finding: str
    n: int | None = None
    figures: tuple[Figure, ...] = ()
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial the source names, with the eligibility that the text states."""

    nct: str
    title: str
    eligibility: str
    when: Condition
    source: Source
    cautions: tuple[str, ...] = ()


@dataclass(
    frozen=True, eq=False
)  # compared and hashed by identity, so that what is derived from it can be kept
class Statement:
    """One statement of the guideline. `readings` are the numbers of the reading decisions that touch it."""

    id: str
    intervention: str
    topic: str
    setting: str
    stance: str
    agreement: str
    statement: str
    when: Condition
    source: Source
    cautions: tuple[Caution, ...] = ()
    studies: tuple[Study, ...] = ()
    trials: tuple[str, ...] = ()
    schedule: Schedule | None = None
    readings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence on the case as a whole: a reason of the classification, or something not covered.

    Shown when `when` holds under every completion of the unknown facts and `unless` is not stated to hold.
    """

    text: str
    when: Condition
    id: str = ""
    unless: Condition | None = None


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

    value: str
    given: Condition


@dataclass(frozen=True, slots=True)
class AcceptedPair:
    """Two statements that may both apply with opposite stances, and the reason the source gives."""

    first: str
    second: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A decision on a place where the source is unclear or disagrees with itself."""

    number: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a version of the encoding brought."""

    version: str
    date: date
    text: str


@dataclass(frozen=True, eq=False)  # one object a release: compared and hashed by identity
class Guideline:
    """One encoded guideline: the whole of what `assess` reads."""

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
    derived: Mapping[str, Derived]
    provisional: tuple[Provisional, ...]
    rules: tuple[Condition, ...]
    arises: Mapping[str, Condition]
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
    changes: tuple[Change, ...] = field(default=())

    @property
    def edition(self) -> str:
        """The edition that the version belongs to: "1.0" of version "1.0.0"."""
        return ".".join(self.version.split(".")[:2])

    @property
    def address(self) -> str:
        """How the edition is named from outside: `id@edition`."""
        return f"{self.id}@{self.edition}"

    def statement(self, statement_id: str) -> Statement:
        """The statement of that id; raises `KeyError`."""
        for statement in self.statements:
            if statement.id == statement_id:
                return statement
        raise KeyError(statement_id)
