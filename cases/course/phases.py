"""Where in the course a patient is: newly diagnosed, in follow-up, months since treatment (record.md, 3)."""

from datetime import date

from cases.casefile.codes import NOT_NEW_AFTER, PROGRESSION, REMOVALS
from cases.casefile.shape import CaseFile, TreatmentPart
from cases.course.conventions import Conventions
from cases.course.courses import Courses, CourseState
from cases.course.extent import METASTATIC
from cases.course.imaging import was_made
from cases.course.ledger import Ledger, Weight
from cases.course.removals import done_on
from cases.course.response import progression_of
from cases.course.samples import TissueSample
from cases.course.sourced import Sourced
from cases.course.sources import (
    REFERRAL,
    TREATMENTS,
    course_span,
    report_name,
    study_name,
    treatment_name,
    written,
)
from cases.course.spans import completed_months, latest, oldest, plus_months, within_months
from cases.reading import PartialDate


def settle_months(ledger: Ledger, courses: Courses, today: date) -> None:
    """`months_since_treatment`: completed months since the last curative treatment ended; adjuvant courses
    count as curative. Unknown while one has no end, and where the days not known would change the number.
    """
    ended = last_curative(courses)
    found = None
    if ended is not None:
        treatment, end = ended
        fewest, most = completed_months(end, PartialDate.of(today))
        if fewest == most:
            words = f"completed months since its end, {end}"
            found = Sourced(most, treatment_name(treatment), words, end, derived=True)
        else:
            ledger.caution(
                f"{course_span(treatment)} ended {fewest} to {most} months ago; the number needs the day."
            )
    ledger.settle("months_since_treatment", found, Weight.DONE)


def last_curative(courses: Courses) -> tuple[TreatmentPart, PartialDate] | None:
    """The curative treatment that ended last, with its end; None where none is, or one has no end.

    A course without an end after which another curative treatment began has ended by then.
    """
    curative = [one for one in courses.treatments if one.curative is True]
    ends = [(one, end_of(one)) for one in curative]
    known = [(one, end) for one, end in ends if end is not None]
    for one, end in ends:
        begun = one.started_on
        followed = begun is not None and any(
            other.started_on is not None and other.started_on.newer_than(begun) for other, _ in known
        )
        if end is None and not followed:
            return None
    return max(known, key=lambda pair: (pair[1].last, pair[1].first)) if known else None


def end_of(treatment: TreatmentPart) -> PartialDate | None:
    """The day it ended; an operation or ablation ends on its day."""
    return done_on(treatment) if treatment.kind in REMOVALS else treatment.ended_on


def settle_newly_diagnosed(
    ledger: Ledger, file: CaseFile, samples: list[TissueSample], today: date, conventions: Conventions
) -> None:
    """`newly_diagnosed`: true if the list is complete and empty and the diagnosis (else the first specimen)
    is at most 6 months old; false after any systemic, radiation or radioligand treatment or recorded
    progression; after an operation alone it is asked.
    """
    treated = [one for one in file.treatments if one.kind in NOT_NEW_AFTER or one.is_systemic]
    if treated:
        begun = latest(one.started_on for one in treated)
        words = "; ".join(course_span(one) for one in treated)
        ledger.settle("newly_diagnosed", Sourced(False, TREATMENTS, words, begun, True), Weight.DONE)
        return
    progression = _recorded_progression(file)
    if progression is not None:
        ledger.settle("newly_diagnosed", progression)
        return
    found = None
    stated = any(ledger.value(name) for name in ("prior_regimens", "resected", "on_systemic_treatment"))
    if not file.treatments and file.case.treatment_list == "complete" and not stated:
        found = _new_by_date(file, samples, today, conventions)
    ledger.settle("newly_diagnosed", found)


def _recorded_progression(file: CaseFile) -> Sourced | None:
    for study in file.imaging:
        if study.course == PROGRESSION and was_made(study):
            words = written(study, "course", "course")
            return Sourced(False, study_name(study), words, study.performed_on, derived=True)
    for treatment in file.treatments:
        progressed, when = progression_of(treatment)
        if progressed:
            return Sourced(False, treatment_name(treatment), "progression", when, derived=True)
    return None


def _new_by_date(
    file: CaseFile, samples: list[TissueSample], today: date, conventions: Conventions
) -> Sourced | None:
    months = conventions.newly_diagnosed_months
    words = f"no treatment so far, the list is complete, and not older than {months} months"
    diagnosed = file.case.diagnosed_on
    if diagnosed is not None:
        if within_months(diagnosed, months, today):
            return Sourced(True, REFERRAL, f"diagnosed {diagnosed}; {words}", diagnosed, derived=True)
        return None
    first = oldest(samples, lambda sample: sample.place)
    if not first or any(sample.place is None for sample in samples):
        return None
    place, report = first[0].place, first[0].reports[0]
    if place is None or not all(within_months(one.place, months, today) for one in first if one.place):
        return None
    return Sourced(True, report_name(report), f"first specimen {place}; {words}", place, derived=True)


def settle_surveillance(ledger: Ledger, courses: Courses, today: date, conventions: Conventions) -> None:
    """`under_surveillance`: false when metastatic, newly diagnosed, nothing curative was given (complete
    list), or less than 3 months after it, a convention of the record; otherwise it is asked.
    """
    found, weight = None, Weight.FOUND
    extent, new = ledger.facts.get("extent"), ledger.facts.get("newly_diagnosed")
    curative = [one for one in courses.treatments if one.curative is not False]
    ended = last_curative(courses)
    running = [
        one for one in courses.systemic if one.curative and courses.state(one) is CourseState.UNDER_WAY
    ]
    if extent is not None and extent.value == METASTATIC:
        found = Sourced(False, extent.source, "the disease is metastatic", extent.date, derived=True)
    elif new is not None and new.value is True:
        found = Sourced(False, new.source, "newly diagnosed", new.date, derived=True)
    elif courses.list_complete and not curative:
        words = "the list is complete and holds no treatment meant to cure"
        found, weight = Sourced(False, TREATMENTS, words, derived=True), Weight.INFERRED
    elif running:
        words = f"treatment is under way: {course_span(running[0])}"
        found = Sourced(False, TREATMENTS, words, running[0].started_on, derived=True)
    elif ended is not None:
        treatment, end = ended
        months = conventions.follow_up_months
        if plus_months(end.first, months) > today:
            convention = (
                f"less than {months} months after treatment is not yet follow-up, a convention of this record"
            )
            found = Sourced(False, treatment_name(treatment), f"ended {end}; {convention}", end, derived=True)
            ledger.caution(f"{course_span(treatment)}: {convention}.")
    ledger.settle("under_surveillance", found, weight)
