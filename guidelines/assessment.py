"""From a guideline and the facts of a case to an answer with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from guidelines import labels
from guidelines.conditions import Truth, conjuncts, describe, evaluate
from guidelines.engine import Case, Engine, engine_for
from guidelines.facts import Range, Value
from guidelines.model import Caution, Guideline, Statement, Study, Trial
from guidelines.reasons import Reason, excluded_by, reasons_for
from guidelines.schedules import schedule_as_json

TRIAL_CAUTION = "The list of trials dates from 2023: check whether it still recruits."


@dataclass(frozen=True, slots=True)
class GuidelineStamp:
    """Which encoding answered."""

    id: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Classification:
    """The entity (`g3_net`, `nec`, `indeterminate`, `not_high_grade` or `unknown`) with its reasons and cautions."""

    entity: str
    label: str
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CitedSource:
    """Section path, table and lines of the source."""

    section: tuple[str, ...]
    table: str | None
    lines: str


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class MissingFact:
    """An unknown fact and the ids of the recommendations that it decides."""

    fact: str
    decides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrialMatch:
    """A trial the case may fit, as far as the eligibility in the source goes."""

    nct: str
    title: str
    eligibility: str
    status: str
    missing: tuple[str, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
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
                    **_frozen({key: value for key, value in one.items() if key not in ("because", "source", "schedule")}),
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

    `facts` are parsed values by name; a fact that is absent is unknown. `provenance` gives, by fact, the words for
    where it comes from ("pathology, 05-Mar-2026"), which the reasons then carry.
    """
    engine = engine_for(guideline)
    case = engine.case(facts)
    answer = _Answer(engine, case, facts, provenance or {})
    recommendations = tuple(answer.recommendations(include_excluded))
    return Assessment(
        GuidelineStamp(guideline.id, guideline.version, guideline.digest),
        answer.classification(),
        recommendations,
        _missing(recommendations, engine.fact_names),
        answer.not_covered(),
        tuple(answer.trials()),
        guideline.basis,
    )


class _Answer:
    def __init__(self, engine: Engine, case: Case, facts: Mapping[str, Value], provenance: Mapping[str, str]) -> None:
        self.engine = engine
        self.guideline = engine.guideline
        self.case = case
        self.facts = facts
        self.provenance = provenance

    def classification(self) -> Classification:
        entity = self._entity()
        reasons = [one.text for one in self.guideline.reasons if evaluate(one.when, self.facts) is Truth.TRUE]
        if entity == "unknown":
            reasons.append(self._why_unknown())
        cautions = (*self._cautions(self.guideline.cautions), *self._spanning_ranges())
        return Classification(entity, labels.ENTITIES[entity], tuple(reasons), cautions)

    def _entity(self) -> str:
        outcomes = {str(value): self.case.outcome(parts) for value, parts in self.engine.entity.items()}
        possible = [value for value, outcome in outcomes.items() if outcome.can_hold]
        if len(possible) == 1:
            return possible[0]
        for one, parts in zip(self.guideline.provisional, self.engine.provisional, strict=True):
            if one.value in possible and self.case.outcome(parts).certain:
                return one.value
        return "unknown"

    def _why_unknown(self) -> str:
        names: dict[str, None] = {}
        for parts in self.engine.entity.values():
            if self.case.outcome(parts).open:
                names.update(dict.fromkeys(self.case.missing(parts)))
        listed = ", ".join(self.guideline.facts[name].label for name in names)
        return f"The entity cannot be told yet; not known and decisive: {listed}."

    def _cautions(self, cautions: tuple[Caution, ...]) -> tuple[str, ...]:
        return tuple(caution.text for caution in cautions if self._shown(caution))

    def _shown(self, caution: Caution) -> bool:
        if caution.when is not None and evaluate(caution.when, self.facts) is not Truth.TRUE:
            return False
        return caution.unless_settled is None or evaluate(caution.unless_settled, self.facts) is Truth.UNKNOWN

    def _spanning_ranges(self) -> list[str]:
        texts = []
        for one in self.engine.space.facts:
            value = self.facts.get(one.fact.name)
            if not isinstance(value, Range):
                continue
            spanned = [f"{bound:g}" for bound in one.bounds if value.low < bound < value.high or bound in (value.low, value.high)]
            if spanned:
                bounds = " and ".join(spanned)
                texts.append(
                    f"{one.fact.label} {one.fact.show(value)} reaches across {bounds} {one.fact.unit}: "
                    "there it counts as not known."
                )
        return texts

    def recommendations(self, include_excluded: bool) -> list[Recommendation]:
        found = []
        for statement, parts in zip(self.guideline.statements, self.engine.statements, strict=True):
            outcome = self.case.outcome(parts)
            if outcome.can_hold:
                found.append(self._recommendation(statement, parts, "possible" if outcome.can_fail else "applies"))
            elif include_excluded:
                found.append(self._recommendation(statement, parts, "excluded"))
        return found

    def _recommendation(self, statement: Statement, parts: tuple[int, ...], status: str) -> Recommendation:
        template = _template(statement, self.guideline)
        return replace(
            template,
            status=status,
            because=tuple(reasons_for(statement.when, self.facts, self.provenance, self.engine.space)),
            missing=self.case.missing(parts) if status == "possible" else (),
            question=self._question(statement) if status == "possible" else "",
            excluded_by=excluded_by(statement.when, self.facts, self.provenance) if status == "excluded" else "",
            cautions=self._cautions(statement.cautions),
        )

    def _question(self, statement: Statement) -> str:
        open_parts = [part for part in conjuncts(statement.when) if evaluate(part, self.facts) is Truth.UNKNOWN]
        return "; ".join(describe(part) for part in open_parts)

    def not_covered(self) -> tuple[str, ...]:
        return tuple(
            remark.text
            for remark, parts in zip(self.guideline.not_covered, self.engine.not_covered, strict=True)
            if self.case.outcome(parts).certain
        )

    def trials(self) -> list[TrialMatch]:
        found = []
        for trial, parts in zip(self.guideline.trials, self.engine.trials, strict=True):
            outcome = self.case.outcome(parts)
            if outcome.can_hold:
                found.append(self._trial(trial, parts, outcome.can_fail))
        return found

    def _trial(self, trial: Trial, parts: tuple[int, ...], is_open: bool) -> TrialMatch:
        return TrialMatch(
            trial.nct,
            trial.title,
            trial.eligibility,
            "possible" if is_open else "applies",
            self.case.missing(parts) if is_open else (),
            (*trial.cautions, TRIAL_CAUTION),
        )


_templates: dict[tuple[str, str], Recommendation] = {}


def _template(statement: Statement, guideline: Guideline) -> Recommendation:
    """What is the same for every case."""
    key = (guideline.digest, statement.id)
    if key not in _templates:
        source = statement.source
        _templates[key] = Recommendation(
            id=statement.id,
            intervention=statement.intervention,
            intervention_label=labels.INTERVENTIONS[statement.intervention],
            topic=statement.topic,
            setting=statement.setting,
            stance=statement.stance,
            agreement=statement.agreement,
            status="",
            statement=statement.statement,
            because=(),
            missing=(),
            question="",
            excluded_by="",
            cautions=(),
            source=CitedSource(source.section.path, source.table, source.lines),
            evidence=tuple(study_in_words(study) for study in statement.studies),
            trials=statement.trials,
            schedule=None if statement.schedule is None else schedule_as_json(statement.schedule),
        )
    return _templates[key]


def study_in_words(study: Study) -> str:
    """A study in one line: name, references, size, finding."""
    cited = "; ".join(f"{reference.authors} {reference.year}" for reference in study.references)
    size = f", n = {study.n}" if study.n is not None else ""
    return f"{study.name} ({cited}{size}): {study.finding}"


def _missing(recommendations: tuple[Recommendation, ...], order: tuple[str, ...]) -> tuple[MissingFact, ...]:
    """The unknown facts that decide something, those that decide most about treatment first."""
    decides: dict[str, list[str]] = {}
    weight: dict[str, int] = {}
    for one in recommendations:
        for fact in one.missing:
            decides.setdefault(fact, []).append(one.id)
            weight[fact] = weight.get(fact, 0) + (one.topic in labels.TREATMENT_TOPICS)
    ranked = sorted(decides, key=lambda fact: (-weight[fact], -len(decides[fact]), order.index(fact)))
    return tuple(MissingFact(fact, tuple(decides[fact])) for fact in ranked)
