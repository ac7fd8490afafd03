"""From a guideline and the facts of a case to an answer with its reasons."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from operator import itemgetter
from typing import Any

from guidelines.answer.asked import asked_of
from guidelines.answer.options import NEVER_DONE, missing_of, options_of
from guidelines.answer.parts import (
    Assessment,
    CitedSource,
    Classification,
    GuidelineStamp,
    Recommendation,
    StandingStatement,
    TrialMatch,
)
from guidelines.answer.reasons import Grounds, Reasoner
from guidelines.answer.schedules import schedule_as_json
from guidelines.answer.unused import cautions_on_facts, known_to
from guidelines.engine.engine import Engine, EngineCase, Prepared, PreparedCaution, engine_for
from guidelines.engine.memory import Memory
from guidelines.knowledge.conditions import Truth
from guidelines.knowledge.labels import Accrual, Entity, Kind, Status
from guidelines.knowledge.model import Guideline, Schedule, Statement, Trial
from guidelines.knowledge.source import Study
from guidelines.vocabulary.facts import Value

TRIAL_CAUTION = "The list of trials dates from 2023: check whether it still recruits."

_STATUSES = (Status.APPLIES.value, Status.POSSIBLE.value)
_BLOCKED, _EXCLUDED = Status.BLOCKED.value, Status.EXCLUDED.value


def assess(
    guideline: Guideline,
    facts: Mapping[str, Value],
    *,
    done: Collection[str] = (),
    asks: Sequence[str] = (),
    include_excluded: bool = False,
    provenance: Mapping[str, str] | None = None,
) -> Assessment:
    """Answer for one case.

    `facts` are parsed values by name; a fact that is absent is unknown. `done`: codes of tests already made,
    as far as no fact says so itself. `asks`: codes that the question to the board is about. `provenance`
    gives, by fact, the words for where it comes from ("pathology, 05-Mar-2026"), which the reasons carry.
    """
    engine = engine_for(guideline)
    facts, notes = known_to(guideline, facts)
    answer = _Answer(engine, engine.case(facts), facts, provenance or {}, done)
    recommendations = tuple(answer.recommendations(include_excluded))
    classification = answer.classification(notes)
    options = options_of(guideline, classification.entity, recommendations)
    not_covered = answer.not_covered()
    return Assessment(
        GuidelineStamp(guideline.id, guideline.version, guideline.digest),
        classification,
        recommendations,
        options,
        asked_of(guideline, asks, options, recommendations, not_covered, answer.excluded_by) if asks else (),
        missing_of(guideline, recommendations, options),
        tuple([text for _, text in not_covered]),
        tuple(answer.trials()),
        guideline.basis,
    )


def standing(
    guideline: Guideline, facts: Mapping[str, Value], *, done: Collection[str] = ()
) -> tuple[str, list[StandingStatement]]:
    """The entity, and the statements that are not excluded, as `assess` has them: for whoever asks many
    cases what holds and not why.
    """
    engine = engine_for(guideline)
    known, _ = known_to(guideline, facts)
    answer = _Answer(engine, engine.case(known), known, {}, done)
    return answer.entity(), answer.standing()


class _Answer:
    """One case asked everything."""

    def __init__(
        self,
        engine: Engine,
        case: EngineCase,
        stated: Mapping[str, Value],
        provenance: Mapping[str, str],
        done: Collection[str],
    ) -> None:
        self.engine = engine
        self.guideline = engine.guideline
        self.case = case
        self.stated = stated
        self.reasoner = Reasoner(engine, case, stated, provenance)
        self.finished = {*done, *(code for code in engine.results if case.has_result(code))}

    def classification(self, notes: Sequence[str]) -> Classification:
        entity = self.entity()
        reasons = [
            remark.text
            for remark, clause in zip(self.guideline.reasons, self.engine.reasons, strict=True)
            if self.case.clause(clause).truth is Truth.TRUE
        ]
        if entity == Entity.UNKNOWN:
            reasons.append(self._why_unknown())
        cautions = (
            *self._cautions(self.engine.cautions),
            *cautions_on_facts(self.engine, self.case, self.stated),
            *notes,
        )
        return Classification(entity, self.guideline.entities[entity], tuple(reasons), cautions)

    def entity(self) -> str:
        """As far as it can be told."""
        possible = [value for value, one in self.engine.entity.items() if self.case.can_hold(one)]
        if len(possible) == 1:
            return possible[0]
        for remark, given in zip(self.guideline.provisional, self.engine.provisional, strict=True):
            if remark.value in possible and not self.case.can_fail(given):
                return remark.value
        return Entity.UNKNOWN.value

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

    def _with_status(self, include_excluded: bool) -> Iterator[tuple["_Entry", str]]:
        case = self.case
        # The statements are the first conditions, in this order; what follows them are others.
        verdicts = zip(_entries(self.engine), case.can_hold_at, case.may_fail_at, strict=False)
        standing = verdicts if include_excluded else compress(verdicts, case.can_hold_at)
        for entry, can_hold, may_fail in standing:
            status = _STATUSES[may_fail != 0] if can_hold else _EXCLUDED
            if can_hold and entry.provisos and case.blocked_by(entry.provisos):
                status = _BLOCKED
            yield entry, status

    def standing(self) -> list[StandingStatement]:
        """What is not excluded, without its reasons."""
        finished = self.finished
        return [
            StandingStatement(
                *entry.said, status, entry.testable and entry.statement.intervention in finished
            )
            for entry, status in self._with_status(include_excluded=False)
        ]

    def recommendations(self, include_excluded: bool) -> list[Recommendation]:
        found = []
        finished, told = self.finished, self.case.told
        for entry, status in self._with_status(include_excluded):
            key = entry.key(told)
            if entry.testable and entry.statement.intervention in finished:
                key = (key, "done")
            outline = entry.remembered.get(key)
            if outline is None:
                outline = entry.remembered[key] = self._outline(entry, status)
            found.append(self._filled(entry, outline, status))
        return found

    def _outline(self, entry: "_Entry", status: str) -> "_Outline":
        statement, clauses = entry.statement, entry.prepared.clauses
        is_open = status == Status.POSSIBLE
        against = self.case.blocked_by(entry.provisos) if status == _BLOCKED else ()
        provided = () if status in (_BLOCKED, _EXCLUDED) else self.case.provided(entry.provisos)
        like = (
            statement.id,
            statement.intervention,
            statement.label,
            statement.kind.value,
            statement.topic.value,
            statement.setting.value,
            statement.stance.value,
            statement.agreement.value,
            status,
            statement.statement,
            self.case.missing(entry.prepared) if is_open else (),
            provided,
            entry.testable and statement.intervention in self.finished,
            self.reasoner.question(clauses) if is_open else "",
            (*self._cautions(entry.cautions), *entry.reading_cautions),
            entry.source,
            entry.evidence,
            statement.trials,
        )
        return _Outline(self.reasoner.grounds(clauses, against), like)

    def _filled(self, entry: "_Entry", outline: "_Outline", status: str) -> Recommendation:
        because = self.reasoner.reasons(outline.grounds)
        excluded_by = self.reasoner.excluded_by(entry.prepared.clauses) if status is _EXCLUDED else ""
        schedule = None if entry.statement.schedule is None else self._schedule(entry.statement.schedule)
        return Recommendation(*outline.like, because, excluded_by, schedule)  # type: ignore[call-arg]

    def _schedule(self, schedule: Schedule) -> dict[str, Any]:
        months = self.stated.get(schedule.since)
        return schedule_as_json(schedule, months if isinstance(months, int | float) else None)

    def excluded_by(self, place: int) -> tuple[tuple[bool, int], str]:
        """Whether the statement at a place is said of another entity or site, how many of its conditions this
        case fails, and why it does not apply.
        """
        clauses = self.engine.statements[place].clauses
        failing = [one for one in clauses if self.case.clause(one).truth is Truth.FALSE]
        of_another = any(self.engine.clauses[one].is_on("entity", "primary_site") for one in failing)
        return (of_another, len(failing)), self.reasoner.excluded_by(clauses)

    def not_covered(self) -> tuple[tuple[tuple[str, ...], str], ...]:
        """What the guideline does not speak to, each with the interventions that it answers for."""
        engine, found = self.engine, []
        remarks = zip(self.guideline.not_covered, engine.not_covered, engine.not_covered_unless, strict=True)
        for remark, prepared, unless in remarks:
            excepted = unless is not None and self.case.clause(unless).truth is Truth.TRUE
            if not excepted and not self.case.can_fail(prepared):
                found.append((remark.about, remark.text))
        return tuple(found)

    def trials(self) -> list[TrialMatch]:
        prepared = zip(self.guideline.trials, self.engine.trials, self.engine.trial_provisos, strict=True)
        return [
            self._trial(trial, one, provisos) for trial, one, provisos in prepared if self.case.can_hold(one)
        ]

    def _trial(self, trial: Trial, prepared: Prepared, provisos: tuple[Any, ...]) -> TrialMatch:
        is_open = self.case.can_fail(prepared)
        completed = trial.accrual is Accrual.COMPLETED
        status = Status.POSSIBLE if is_open or completed else Status.APPLIES
        blocked = bool(self.case.blocked_by(provisos))
        return TrialMatch(
            trial.nct,
            trial.title,
            trial.eligibility,
            (Status.BLOCKED if blocked else status).value,
            trial.accrual.value,
            self.case.missing(prepared) if is_open else (),
            () if blocked else self.case.provided(provisos),
            trial.cautions if completed else (*trial.cautions, TRIAL_CAUTION),
        )


@dataclass(frozen=True, slots=True)
class _Outline:
    """A statement for every case that leaves the same bands open; the values of its grounds may differ.

    `like`: the fields of its recommendation up to the reasons.
    """

    grounds: Grounds
    like: tuple[Any, ...]


class _Entry:
    """A statement as every answer needs it, and its outlines known so far, by the bands that are open."""

    def __init__(self, engine: Engine, index: int) -> None:
        guideline = engine.guideline
        self.statement = engine.guideline.statements[index]
        one = self.statement
        labels = (one.kind, one.topic, one.setting, one.stance, one.agreement)
        kind, topic, setting, stance, agreement = [label.value for label in labels]
        self.said = (one.id, one.intervention, kind, topic, setting, stance, agreement)
        self.prepared = engine.statements[index]
        self.cautions = engine.statement_cautions[index]
        self.provisos = engine.provisos[index]
        self.testable = self.statement.kind is Kind.TEST and self.statement.setting not in NEVER_DONE
        self.reading_cautions = tuple(_reading_cautions(guideline, self.statement))
        source = self.statement.source
        self.source = CitedSource(source.section.path, source.table, source.lines)
        self.evidence = tuple(study_in_words(study) for study in self.statement.studies)
        reads = {*engine.reads(self.prepared, self.cautions), *(one.index for one in self.provisos)}
        self.key: Callable[[Sequence[object]], object] = itemgetter(*sorted(reads))
        self.remembered: Memory[object, _Outline] = Memory(REMEMBERED)


def _reading_cautions(guideline: Guideline, statement: Statement) -> list[str]:
    """Edition 1.0 shows a caution for each reading decision that touches the statement and that no caution
    of its own names; later editions say the caution itself, where the case touches it.
    """
    if guideline.has_options:
        return []
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
