"""`response` and `progressive`: the newest of course, best response (dated by its end) and progression since
the newest course began; a clinician's `exceptional` refines a response (record.md, 3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cases.casefile.codes import PROGRESSION
from cases.casefile.shape import CaseFile, RecordPart, TreatmentPart
from cases.course.contests import side_of
from cases.course.courses import Courses
from cases.course.imaging import was_made
from cases.course.ledger import Ledger
from cases.course.removals import done_on, removals_of
from cases.course.sourced import Sourced, dated
from cases.course.sources import study_name, treatment_name, written
from cases.course.spans import latest, newest
from cases.reading import PartialDate
from guidelines.vocabulary.facts import FACTS

RESPONSE, STABLE, EXCEPTIONAL = "response", "stable", "exceptional"
_OF_COURSE = {RESPONSE: RESPONSE, STABLE: STABLE, PROGRESSION: PROGRESSION}
_OF_BEST = {"complete": RESPONSE, "partial": RESPONSE, "stable": STABLE}
FACT_NAMES = ("response", "progressive")


@dataclass(frozen=True, slots=True)
class SeenOutcome:
    """What a study or a course says of how the disease answered; `date` None: not known. `is_best`: the best
    that a course reached, dated by its end. `part`: what says it.
    """

    outcome: str
    date: PartialDate | None
    source: str
    words: str
    part: RecordPart
    is_best: bool = False


def settle_response(ledger: Ledger, file: CaseFile, courses: Courses) -> None:
    """Settle both. What was seen, or stated, before the newest course began, or before everything then known
    was removed, says nothing of now.
    """
    newest_ones = courses.newest()
    begun = latest([*(one.started_on for one in newest_ones), *_removed(file)])
    for name in FACT_NAMES:
        ledger.statements.drop_before(name, begun)
    seen = [*_of_courses(newest_ones), *_of_studies(file, newest_ones, begun)]
    seen += _of_earlier_courses(file, newest_ones, begun)
    if any(one.outcome == PROGRESSION for one in seen):
        # A best response is reached before the disease progresses, whenever the course ended.
        seen = [one for one in seen if not one.is_best]
    deciding = newest(seen, lambda one: one.date)
    outcomes = {one.outcome: one for one in deciding}
    if len(outcomes) > 1:
        _contest(ledger, list(outcomes.values()))
        return
    for outcome, one in outcomes.items():
        if newest_ones:
            _settle_outcome(ledger, outcome, one)
        else:
            ledger.settle("response", None)
        found = Sourced(outcome == PROGRESSION, one.source, one.words, one.date, derived=True)
        ledger.settle("progressive", found)
    if not outcomes:
        for name in FACT_NAMES:
            ledger.settle(name, None)


def progression_of(course: TreatmentPart) -> tuple[bool, PartialDate | None]:
    """Whether a course is recorded to have ended in progression, and when; else by its end."""
    if course.progressed_on is not None:
        return True, course.progressed_on
    progressed = PROGRESSION in (course.best_response, course.stop_reason)
    return progressed, course.ended_on if progressed else None


def _removed(file: CaseFile) -> list[PartialDate | None]:
    return [done_on(one) for one in removals_of(file.treatments)]


def _of_courses(newest_ones: Sequence[TreatmentPart]) -> Iterator[SeenOutcome]:
    for course in newest_ones:
        name = treatment_name(course)
        progressed, when = progression_of(course)
        if progressed:
            words = "progression" if when is None else f"progression {when}"
            yield SeenOutcome(PROGRESSION, when, name, words, course)
        elif course.best_response in _OF_BEST:
            words = written(course, "best_response", "best response")
            best = _OF_BEST[course.best_response]
            yield SeenOutcome(best, course.ended_on, name, words, course, is_best=True)


def _of_studies(
    file: CaseFile, newest_ones: Sequence[TreatmentPart], begun: PartialDate | None
) -> Iterator[SeenOutcome]:
    """Studies since the newest course began; without any course, all; of an undated course, none."""
    if newest_ones and any(one.started_on is None for one in newest_ones):
        return
    for study in file.imaging:
        since = begun is None or (study.performed_on is not None and study.performed_on.newer_than(begun))
        if study.course in _OF_COURSE and since and was_made(study):
            words = written(study, "course", "course")
            outcome = _OF_COURSE[study.course]
            yield SeenOutcome(outcome, study.performed_on, study_name(study), words, study)


def _of_earlier_courses(
    file: CaseFile, newest_ones: Sequence[TreatmentPart], begun: PartialDate | None
) -> Iterator[SeenOutcome]:
    """Progression that an older treatment holds, but that came after the newest course began."""
    for treatment in file.treatments:
        when = treatment.progressed_on
        if treatment not in newest_ones and when is not None and (begun is None or when.newer_than(begun)):
            words = f"progression {when}"
            yield SeenOutcome(PROGRESSION, when, treatment_name(treatment), words, treatment)


def _settle_outcome(ledger: Ledger, outcome: str, one: SeenOutcome) -> None:
    stated = ledger.statements.of("response")
    found = Sourced(outcome, one.source, one.words, one.date, derived=True)
    if outcome == RESPONSE and stated is not None and stated.value == EXCEPTIONAL:
        found = stated
    ledger.settle("response", found)


def _contest(ledger: Ledger, outcomes: Sequence[SeenOutcome]) -> None:
    said = " and ".join(
        f"{FACTS['response'].show(one.outcome)} ({dated(one.source, one.date)})" for one in outcomes
    )
    caution = f"The record says {said} of the course, and neither is newer: it counts as not known."
    date = latest(one.date for one in outcomes)
    sides = [side_of("response", one.outcome, one.part, dated(one.source, one.date)) for one in outcomes]
    ledger.contest("response", date, caution, sides)
    if any(one.outcome == PROGRESSION for one in outcomes):
        ledger.contest("progressive", date, caution, sides)
    else:
        one = outcomes[0]
        ledger.settle("progressive", Sourced(False, one.source, "no progression", one.date, derived=True))
