"""Platinum: progression off it and how long its effect lasted are asked, with the interval shown; a relapse
after adjuvant platinum is a caution with the interval (record.md, 3)."""

from collections.abc import Sequence

from cases.casefile.codes import ADJUVANT, PROGRESSION
from cases.casefile.shape import CaseFile, TreatmentPart
from cases.course.courses import Courses, CourseState, newest_courses
from cases.course.extent import METASTATIC
from cases.course.imaging import was_made
from cases.course.ledger import Ledger
from cases.course.sourced import Sourced
from cases.course.sources import course_span, treatment_name
from cases.course.spans import certainly_by, interval, oldest
from cases.reading import PartialDate
from guidelines.knowledge.model import Guideline

_OFF, _DURABLE = "progressed_off_platinum", "platinum_response_durable"


def settle_platinum(ledger: Ledger, file: CaseFile, courses: Courses, guideline: Guideline) -> None:
    """`progressed_off_platinum`: false while platinum is under way, or if it progressed on or before its end;
    true is never derived. `platinum_response_durable` is never derived.
    """
    given = newest_courses([one for one in courses.systemic if holds_platinum(one, guideline)])
    found = None
    for course in given:
        runs = courses.state(course) is CourseState.UNDER_WAY
        during = None if runs else _progression_during(course, file)
        if runs or during is not None:
            words = "platinum is under way" if runs else f"{during}, not after its end"
            date = course.started_on if runs else course.ended_on or course.progressed_on
            found = Sourced(
                False, treatment_name(course), f"{words} ({course_span(course)})", date, derived=True
            )
    ledger.settle(_OFF, found)
    ledger.settle(_DURABLE, None)
    for course in courses.systemic:
        if course.setting == ADJUVANT and holds_platinum(course, guideline):
            _caution_on_relapse(ledger, course, file)
        elif course in given and found is None:
            _show_interval(ledger, course, file)


def holds_platinum(course: TreatmentPart, guideline: Guideline) -> bool:
    """Whether it is cisplatin or carboplatin, by the regimen or by a code that it counts as."""
    interventions = guideline.interventions
    return course.given.platinum or any(
        interventions[code].platinum for code in course.given.counts_as if code in interventions
    )


def _progression_during(course: TreatmentPart, file: CaseFile) -> str | None:
    """Progression on or before the end of a course, in words; None where none certainly was."""
    end = course.ended_on
    if course.progressed_on is not None and end is not None and certainly_by(course.progressed_on, end):
        return f"progression {course.progressed_on}"
    if course.progressed_on is None and PROGRESSION in (course.stop_reason, course.best_response):
        return "progression"
    if course.stop_reason == PROGRESSION:
        return f"stopped for progression, {course.progressed_on}"
    for study in file.imaging:
        when = study.performed_on
        if study.course == PROGRESSION and was_made(study) and when is not None and end is not None:
            begun = course.started_on
            if begun is not None and when.newer_than(begun) and certainly_by(when, end):
                return f"progression on imaging, {when}"
    return None


def _progressions_after(
    end: PartialDate, course: TreatmentPart, file: CaseFile, *, was_free: bool = False
) -> list[PartialDate]:
    """Days on which progression is recorded after the end of a course; of a patient who `was_free` of distant
    disease, also those on which such disease was seen."""
    days = [course.progressed_on, *(one.progressed_on for one in file.treatments)]
    days += [
        study.performed_on
        for study in file.imaging
        if was_made(study) and (study.course == PROGRESSION or (was_free and study.sites))
    ]
    return [when for when in days if when is not None and when.newer_than(end)]


def _caution_on_relapse(ledger: Ledger, course: TreatmentPart, file: CaseFile) -> None:
    end = course.ended_on
    after = [] if end is None else _first(_progressions_after(end, course, file, was_free=True))
    if after and end is not None:
        relapse = f"{after[0]}, {interval(end, after[0])} after its end"
    elif ledger.value("extent") == METASTATIC:
        relapse = "the interval is not known"
    else:
        return
    ledger.caution(
        f"Relapse after adjuvant platinum, {course_span(course)}: {relapse}. It counts as no line of "
        "palliative treatment."
    )


def _show_interval(ledger: Ledger, course: TreatmentPart, file: CaseFile) -> None:
    """Say how long after the end of platinum the disease progressed, where somebody has to judge it."""
    end = course.ended_on
    after = [] if end is None else _first(_progressions_after(end, course, file))
    asked = [name for name in (_OFF, _DURABLE) if ledger.value(name) is None]
    if after and end is not None and asked:
        how_long = (
            f"Progression {after[0]}, {interval(end, after[0])} after the end of platinum, "
            f"{course_span(course)}"
        )
        ledger.caution(
            f"{how_long}: whether it came during a break, and whether the response was durable, has to be "
            "stated.",
            *asked,
            beside=f"{how_long}.",
        )


def _first(days: Sequence[PartialDate]) -> list[PartialDate]:
    return oldest(days, lambda day: day)
