"""From a guideline and the facts of a case to an answer with its reasons."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from typing import Any, TypeVar

import orjson

from guidelines.answer.asked import asked_of
from guidelines.answer.entries import KeptStatement, entries_of
from guidelines.answer.options import options_and_missing
from guidelines.answer.outlines import KeptOutline, reasons_written
from guidelines.answer.parts import (
    Answer,
    Assessment,
    Classification,
    GuidelineStamp,
    Recommendation,
    StandingStatement,
    TrialMatch,
)
from guidelines.answer.reasons import Grounds, Reasoner
from guidelines.answer.schedules import phases_at
from guidelines.answer.unused import cautions_on_facts, known_to
from guidelines.engine.engine import Prepared, engine_for
from guidelines.engine.remarks import PreparedRemark
from guidelines.knowledge.conditions import Truth
from guidelines.knowledge.labels import Accrual, Entity, Status
from guidelines.knowledge.model import Guideline, Phase, Schedule, Trial
from guidelines.vocabulary.facts import Value

TRIAL_CAUTION = "The list of trials dates from 2023: check whether it still recruits."

Whole = TypeVar("Whole", bound=Answer[Any])

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
    answer = _Answer(guideline, facts, provenance or {}, done)
    outlines = answer.outlines(include_excluded)
    return answer.whole(Assessment, outlines, tuple(answer.recommendations(outlines)), asks)


def outline(
    guideline: Guideline,
    facts: Mapping[str, Value],
    *,
    done: Collection[str] = (),
    asks: Sequence[str] = (),
    provenance: Mapping[str, str] | None = None,
) -> Answer[KeptOutline]:
    """The same answer without the reasons of its statements, for whoever looks at what stands and asks why
    only of one. Why something that is asked about does not apply is said with its `provenance` here too.
    Statements that stand as they did in another case are the same objects: nobody changes them.
    """
    answer = _Answer(guideline, facts, provenance or {}, done)
    outlines = answer.outlines(include_excluded=False)
    return answer.whole(Answer, outlines, tuple(outlines), asks)


def assess_as_line(
    guideline: Guideline,
    facts: Mapping[str, Value],
    *,
    done: Collection[str] = (),
    asks: Sequence[str] = (),
    include_excluded: bool = False,
) -> bytes:
    """The same answer as a line of JSON, without the line feed. Most of it are outlines, which stay written
    from case to case: that spares a fifth of the time.
    """
    answer = _Answer(guideline, facts, {}, done)
    outlines = answer.outlines(include_excluded)
    return orjson.dumps(answer.whole(Assessment, outlines, answer.written(outlines), asks))


def standing(
    guideline: Guideline, facts: Mapping[str, Value], *, done: Collection[str] = ()
) -> tuple[str, list[StandingStatement]]:
    """The entity, and the statements that are not excluded, as `assess` has them: for whoever asks many
    cases what holds and not why.
    """
    answer = _Answer(guideline, facts, {}, done)
    return answer.entity(), answer.standing()


class _Answer:
    """One case asked everything."""

    def __init__(
        self,
        guideline: Guideline,
        facts: Mapping[str, Value],
        provenance: Mapping[str, str],
        done: Collection[str],
    ) -> None:
        self.guideline = guideline
        self.engine = engine_for(guideline)
        self.stated, self.notes = known_to(guideline, facts)
        self.case = self.engine.case(self.stated)
        self.reasoner = Reasoner(self.engine, self.case, self.stated, provenance)
        self.finished = {*done, *(code for code in self.engine.results if self.case.has_result(code))}

    def whole(
        self, kind: type[Whole], outlines: Sequence[KeptOutline], recommendations: Any, asks: Sequence[str]
    ) -> Whole:
        """All of the answer; the recommendations are those of the outlines, as objects or as JSON."""
        guideline, not_covered = self.guideline, self.not_covered()
        classification = self.classification()
        options, missing = options_and_missing(guideline, classification.entity, tuple(outlines))
        return kind(
            GuidelineStamp(guideline.id, guideline.version, guideline.digest),
            classification,
            recommendations,
            options,
            asked_of(guideline, asks, options, outlines, not_covered, self.excluded_by) if asks else (),
            missing,
            tuple([text for _, text in not_covered]),
            tuple(self.trials()),
            guideline.basis,
        )

    def classification(self) -> Classification:
        entity = self.entity()
        reasons = self.engine.reasons.shown(self.case.told, self._shown)
        if entity == Entity.UNKNOWN:
            reasons.append(self._why_unknown())
        cautions = (
            *self.engine.cautions.shown(self.case.told, self._shown),
            *cautions_on_facts(self.engine, self.case, self.stated),
            *self.notes,
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

    def _shown(self, remark: PreparedRemark) -> bool:
        clause = self.case.clause
        if remark.when is not None and clause(remark.when).truth is not Truth.TRUE:
            return False
        return remark.unless_settled is None or clause(remark.unless_settled).truth is Truth.UNKNOWN

    def standing(self) -> list[StandingStatement]:
        """What is not excluded, without its reasons."""
        finished = self.finished
        return [
            StandingStatement(*entry.said, self._status(entry), entry.tests in finished)
            for entry in self._entries(include_excluded=False)
        ]

    def _entries(self, include_excluded: bool) -> Iterable[KeptStatement]:
        # The statements are the first conditions, in this order; what follows them are others.
        entries = entries_of(self.engine)
        return entries if include_excluded else compress(entries, self.case.can_hold_at)

    def _status(self, entry: KeptStatement) -> str:
        if not self.case.can_hold(entry.prepared):
            return _EXCLUDED
        if entry.provisos and self.case.blocked_by(entry.provisos):
            return _BLOCKED
        return _STATUSES[self.case.can_fail(entry.prepared)]

    def outlines(self, include_excluded: bool) -> list[KeptOutline]:
        """The statements as they stand, from memory as far as a case before was alike."""
        found = []
        finished, told = self.finished, self.case.told
        for entry in self._entries(include_excluded):
            key = entry.key(told)
            if entry.tests in finished:
                key = (key, "done")
            outline = entry.remembered.get(key)
            if outline is None:
                outline = entry.remembered[key] = self._outline(entry)
            if entry.schedule is not None:
                outline = outline.scheduled(entry.schedule, self._phases(entry.schedule))
            found.append(outline)
        return found

    def _outline(self, entry: KeptStatement) -> KeptOutline:
        """The outline, if only from a case that this statement does not tell apart from this one."""
        done = entry.tests in self.finished
        key = (entry.told_apart(self.case.told), done)
        found = entry.outlines.get(key)
        if found is None:
            found = entry.outlines[key] = self._new_outline(entry, done)
        return found

    def _new_outline(self, entry: KeptStatement, done: bool) -> KeptOutline:
        statement, clauses, status = entry.statement, entry.prepared.clauses, self._status(entry)
        is_open = status == Status.POSSIBLE
        against = self.case.blocked_by(entry.provisos) if status == _BLOCKED else ()
        provided = () if status in (_BLOCKED, _EXCLUDED) else self.case.provided(entry.provisos)
        return KeptOutline(
            statement.id,
            statement.intervention,
            statement.label,
            *entry.labels,
            status,
            statement.statement,
            self.case.missing(entry.prepared) if is_open else (),
            provided,
            done,
            self.reasoner.question(clauses) if is_open else "",
            (*[one.text for one in entry.cautions if self._shown(one)], *entry.reading_cautions),
            entry.source,
            entry.evidence,
            statement.trials,
            clauses,
            self.reasoner.grounds(clauses, against),
        )

    def recommendations(self, outlines: Iterable[KeptOutline]) -> Iterator[Recommendation]:
        """The statements with their reasons."""
        reasons = self.reasoner.reasons
        for one in outlines:
            yield one.as_recommendation(reasons(one.grounds), self._excluded_by(one))

    def written(self, outlines: Iterable[KeptOutline]) -> orjson.Fragment:
        """The same as JSON."""
        parts: list[bytes] = []  # joined in one go: they are copied once less so
        known: dict[Grounds, bytes] = {}  # a case has eight of them on average, and 55 statements
        for one in outlines:
            like_others = one.schedule is None and one.status != _EXCLUDED
            reasons = known.get(one.grounds) if like_others else None
            if reasons is None:
                because = self.reasoner.reasons(one.grounds)
                reasons = reasons_written(because, self._excluded_by(one), one.schedule)
                if like_others:
                    known[one.grounds] = reasons
            parts += (b"," if parts else b"[", one.written(), reasons)
        return orjson.Fragment(b"".join([*parts, b"]"]) if parts else b"[]")

    def _excluded_by(self, outline: KeptOutline) -> str:
        if outline.status != _EXCLUDED:
            return ""
        return self.reasoner.excluded_by(outline.clauses)

    def _phases(self, schedule: Schedule) -> tuple[Phase, ...] | None:
        """Where the case stands in a schedule; None if nobody knows."""
        months = self.stated.get(schedule.since)
        return phases_at(schedule, months) if isinstance(months, int | float) else None

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
        engine, may_fail_at, found = self.engine, self.case.may_fail_at, []
        remarks = zip(self.guideline.not_covered, engine.not_covered, engine.not_covered_unless, strict=True)
        for remark, prepared, unless in remarks:
            if may_fail_at[prepared.place]:  # so for most remarks of most cases
                continue
            if unless is None or self.case.clause(unless).truth is not Truth.TRUE:
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
