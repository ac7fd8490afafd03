"""From a guideline and the facts of a case to an answer with its reasons."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from guidelines.answer.reasons import Grounds, Reason, Reasoner
from guidelines.answer.schedules import schedule_as_json
from guidelines.engine.engine import Case, Engine, Prepared, PreparedCaution, engine_for
from guidelines.engine.memory import Memory
from guidelines.knowledge import labels
from guidelines.knowledge.conditions import Truth
from guidelines.knowledge.model import Guideline, Schedule, Statement, Study, Trial
from guidelines.vocabulary.facts import Range, Value, plain

# The answer's classes have no slots: orjson writes them four times as fast by their __dict__.

TRIAL_CAUTION = "The list of trials dates from 2023: check whether it still recruits."


@dataclass(frozen=True)
class GuidelineStamp:
    """Which encoding answered."""

    id: str
    version: str
    digest: str


@dataclass(frozen=True)
class Classification:
    """The entity (`g3_net`, `nec`, `indeterminate`, `not_high_grade` or `unknown`) with its reasons and
    cautions.
    """

    entity: str
    label: str
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True)
class CitedSource:
    """Section path, table and lines of the source."""

    section: tuple[str, ...]
    table: str | None
    lines: str


@dataclass(frozen=True)
class Recommendation:
    """One statement as it stands for this case. `status`: applies, possible or excluded."""

    id: str
    intervention: str
    intervention_label: str
    topic: str
    setting: str
    stance: str
    agreement: str
    status: str
    statement: str
    because: tuple[Reason, ...]
    missing: tuple[str, ...]
    question: str
    excluded_by: str
    cautions: tuple[str, ...]
    source: CitedSource
    evidence: tuple[str, ...]
    trials: tuple[str, ...]
    schedule: dict[str, Any] | None


@dataclass(frozen=True)
class MissingFact:
    """An unknown fact and the ids of the recommendations that it decides."""

    fact: str
    decides: tuple[str, ...]


@dataclass(frozen=True)
class TrialMatch:
    """A trial the case may fit, as far as the eligibility in the source goes."""

    nct: str
    title: str
    eligibility: str
    status: str
    missing: tuple[str, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True)
class Assessment:
    """The whole answer. `as_json` and `from_json` are inverse: a signed decision keeps the JSON."""

    guideline: GuidelineStamp
    classification: Classification
    recommendations: tuple[Recommendation, ...]
    missing: tuple[MissingFact, ...]
    not_covered: tuple[str, ...]
    trials: tuple[TrialMatch, ...]
    basis: str

    def as_json(self) -> dict[str, Any]:
        """The answer in the names of the public contract, with the labels added."""
        return {
            "guideline": _plain(self.guideline),
            "classification": _plain(self.classification),
            "recommendations": [_plain(one) for one in self.recommendations],
            "missing": [_plain(one) for one in self.missing],
            "not_covered": list(self.not_covered),
            "trials": [_plain(one) for one in self.trials],
            "basis": self.basis,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Assessment":
        """Rebuild the answer from its JSON."""
        return cls(
            GuidelineStamp(**data["guideline"]),
            Classification(**_frozen(data["classification"])),
            tuple(
                Recommendation(
                    **_frozen(
                        {
                            key: value
                            for key, value in one.items()
                            if key not in ("because", "source", "schedule")
                        }
                    ),
                    because=tuple(Reason(**reason) for reason in one["because"]),
                    source=CitedSource(**_frozen(one["source"])),
                    schedule=one["schedule"],
                )
                for one in data["recommendations"]
            ),
            tuple(MissingFact(**_frozen(one)) for one in data["missing"]),
            tuple(data["not_covered"]),
            tuple(TrialMatch(**_frozen(one)) for one in data["trials"]),
            data["basis"],
        )


def _plain(item: Any) -> Any:
    """Dataclasses and tuples as the dicts and lists of JSON."""
    if hasattr(item, "__dataclass_fields__"):
        return {name: _plain(getattr(item, name)) for name in item.__dataclass_fields__}
    return [_plain(one) for one in item] if isinstance(item, tuple) else item


def _frozen(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}


def assess(
    guideline: Guideline,
    facts: Mapping[str, Value],
    *,
    include_excluded: bool = False,
    provenance: Mapping[str, str] | None = None,
) -> Assessment:
    """Answer for one case.

    `facts` are parsed values by name; a fact that is absent is unknown. `provenance` gives, by fact, the
    words for where it comes from ("pathology, 05-Mar-2026"), which the reasons then carry.
    """
    engine = engine_for(guideline)
    answer = _Answer(engine, engine.case(facts), facts, provenance or {})
    recommendations = tuple(answer.recommendations(include_excluded))
    return Assessment(
        GuidelineStamp(guideline.id, guideline.version, guideline.digest),
        answer.classification(),
        recommendations,
        _missing(recommendations, engine.fact_order),
        answer.not_covered(),
        tuple(answer.trials()),
        guideline.basis,
    )


class _Answer:
    def __init__(
        self, engine: Engine, case: Case, facts: Mapping[str, Value], provenance: Mapping[str, str]
    ) -> None:
        self.engine = engine
        self.guideline = engine.guideline
        self.case = case
        self.facts = facts
        self.reasoner = Reasoner(self.guideline.facts, facts, provenance, engine, case)

    def classification(self) -> Classification:
        entity = self._entity()
        reasons = [
            remark.text
            for remark, clause in zip(self.guideline.reasons, self.engine.reasons, strict=True)
            if self.case.clause(clause).truth is Truth.TRUE
        ]
        if entity == "unknown":
            reasons.append(self._why_unknown())
        cautions = (*self._cautions(self.engine.cautions), *self._spanning_ranges())
        return Classification(entity, labels.ENTITIES[entity], tuple(reasons), cautions)

    def _entity(self) -> str:
        possible = [value for value, one in self.engine.entity.items() if self.case.can_hold(one)]
        if len(possible) == 1:
            return possible[0]
        for remark, given in zip(self.guideline.provisional, self.engine.provisional, strict=True):
            if remark.value in possible and not self.case.can_fail(given):
                return remark.value
        return "unknown"

    def _why_unknown(self) -> str:
        names: dict[str, None] = {}
        for prepared in self.engine.entity.values():
            if self.case.can_hold(prepared) and self.case.can_fail(prepared):
                names.update(dict.fromkeys(self.case.missing(prepared)))
        listed = ", ".join(self.guideline.facts[name].label for name in names)
        return f"The entity cannot be told yet; not known and decisive: {listed}."

    def _cautions(self, cautions: tuple[PreparedCaution, ...]) -> tuple[str, ...]:
        return tuple([caution.text for caution in cautions if self._shown(caution)])

    def _shown(self, caution: PreparedCaution) -> bool:
        clause = self.case.clause
        if caution.when is not None and clause(caution.when).truth is not Truth.TRUE:
            return False
        return caution.unless_settled is None or clause(caution.unless_settled).truth is Truth.UNKNOWN

    def _spanning_ranges(self) -> list[str]:
        texts = []
        for name, value in self.facts.items():
            if isinstance(value, Range):
                one = self.engine.space.facts[self.engine.fact_order[name]]
                spanned = [f"{plain(bound)} {one.fact.unit}" for bound in one.spanned(value)]
                if spanned:
                    reported = f"{one.fact.label} is reported as {one.fact.show(value)}"
                    bounds = " and ".join(spanned)
                    texts.append(f"{reported}: for the bound at {bounds} it counts as not known.")
        return texts

    def recommendations(self, include_excluded: bool) -> list[Recommendation]:
        found = []
        # The statements are the first conditions, in this order; what follows them are others.
        verdicts = zip(_entries(self.engine), self.case.cannot_hold, self.case.may_fail, strict=False)
        for entry, cannot_hold, may_fail in verdicts:
            if not cannot_hold:
                status = "possible" if may_fail else "applies"
            elif include_excluded:
                status = "excluded"
            else:
                continue
            key = entry.key(self.case.possible)
            outline = entry.remembered.get(key)
            if outline is None:
                outline = entry.remembered[key] = self._outline(entry, status)
            found.append(self._filled(entry, outline))
        return found

    def _outline(self, entry: "_Entry", status: str) -> "_Outline":
        statement, clauses, is_open = entry.statement, entry.prepared.clauses, status == "possible"
        like = Recommendation(
            statement.id,
            statement.intervention,
            labels.INTERVENTIONS[statement.intervention],
            statement.topic,
            statement.setting,
            statement.stance,
            statement.agreement,
            status,
            statement.statement,
            (),
            self.case.missing(entry.prepared) if is_open else (),
            self.reasoner.question(clauses) if is_open else "",
            "",
            (*self._cautions(entry.cautions), *entry.reading_cautions),
            entry.source,
            entry.evidence,
            statement.trials,
            None,
        )
        return _Outline(self.reasoner.grounds(clauses), like)

    def _filled(self, entry: "_Entry", outline: "_Outline") -> Recommendation:
        # A frozen dataclass sets its fields one by one. Copying them all takes a third of the time, and an
        # answer has seventy recommendations.
        made = object.__new__(Recommendation)
        fields = made.__dict__
        fields.update(outline.like.__dict__)
        fields["because"] = self.reasoner.reasons(outline.grounds)
        if outline.like.status == "excluded":
            fields["excluded_by"] = self.reasoner.excluded_by(entry.prepared.clauses)
        if entry.statement.schedule is not None:
            fields["schedule"] = self._schedule(entry.statement.schedule)
        return made

    def _schedule(self, schedule: Schedule) -> dict[str, Any]:
        months = self.facts.get(schedule.since)
        return schedule_as_json(schedule, months if isinstance(months, int | float) else None)

    def not_covered(self) -> tuple[str, ...]:
        engine, found = self.engine, []
        remarks = zip(self.guideline.not_covered, engine.not_covered, engine.not_covered_unless, strict=True)
        for remark, prepared, unless in remarks:
            excepted = unless is not None and self.case.clause(unless).truth is Truth.TRUE
            if not excepted and not self.case.can_fail(prepared):
                found.append(remark.text)
        return tuple(found)

    def trials(self) -> list[TrialMatch]:
        return [
            self._trial(trial, prepared)
            for trial, prepared in zip(self.guideline.trials, self.engine.trials, strict=True)
            if self.case.can_hold(prepared)
        ]

    def _trial(self, trial: Trial, prepared: Prepared) -> TrialMatch:
        is_open = self.case.can_fail(prepared)
        return TrialMatch(
            trial.nct,
            trial.title,
            trial.eligibility,
            "possible" if is_open else "applies",
            self.case.missing(prepared) if is_open else (),
            (*trial.cautions, TRIAL_CAUTION),
        )


@dataclass(frozen=True, slots=True)
class _Outline:
    """A statement for every case that leaves the same bands open; the values of its grounds may differ."""

    grounds: Grounds
    like: Recommendation


class _Entry:
    """A statement as every answer needs it, and its outlines known so far, by the bands that are open."""

    def __init__(self, engine: Engine, index: int) -> None:
        self.statement = engine.guideline.statements[index]
        self.prepared = engine.statements[index]
        self.cautions = engine.statement_cautions[index]
        self.reading_cautions = tuple(_reading_cautions(engine.guideline, self.statement))
        source = self.statement.source
        self.source = CitedSource(source.section.path, source.table, source.lines)
        self.evidence = tuple(study_in_words(study) for study in self.statement.studies)
        reads = engine.reads(self.prepared, self.cautions)
        self.key: Callable[[Sequence[int]], object] = itemgetter(*reads)
        self.remembered: Memory[object, _Outline] = Memory(REMEMBERED)


def _reading_cautions(guideline: Guideline, statement: Statement) -> list[str]:
    """A caution for each reading decision that touches the statement and that no caution of its own names."""
    named = " ".join(caution.text for caution in statement.cautions if caution.when is None)
    titles = {reading.number: reading.title for reading in guideline.readings}
    return [
        f"Source unclear: read with decision {number}, {titles[number]}."
        for number in statement.readings
        if f"reading {number})" not in named
    ]


REMEMBERED = 512
"""Outlines kept for one statement: a hundred megabytes at the very most for all of them."""


@lru_cache(maxsize=8)
def _entries(engine: Engine) -> tuple[_Entry, ...]:
    return tuple(_Entry(engine, index) for index in range(len(engine.statements)))


def study_in_words(study: Study) -> str:
    """A study in one line: name, references, size, finding."""
    cited = "; ".join(f"{reference.authors} {reference.year}" for reference in study.references)
    size = f", n = {study.n}" if study.n is not None else ""
    return f"{study.name} ({cited}{size}): {study.finding}"


def _missing(
    recommendations: tuple[Recommendation, ...], order: Mapping[str, int]
) -> tuple[MissingFact, ...]:
    """The unknown facts that decide something, those that decide most about treatment first."""
    decides: defaultdict[str, list[str]] = defaultdict(list)
    treatments: defaultdict[str, int] = defaultdict(int)
    for one in recommendations:
        treats = one.topic in labels.TREATMENT_TOPICS
        for fact in one.missing:
            decides[fact].append(one.id)
            if treats:
                treatments[fact] += 1
    ranked = sorted(decides, key=lambda fact: (-treatments[fact], -len(decides[fact]), order[fact]))
    return tuple([MissingFact(fact, tuple(decides[fact])) for fact in ranked])
