"""`treatment_line` and `on_systemic_treatment`: which line of systemic therapy is to be chosen now.

Palliative courses of the present entity count, by their number, else by date; a switch for toxicity within
one class is the same line; adjuvant, neoadjuvant and definitive courses are none. Under way without
progression: that line; else the highest + 1; none given and the list complete: 1; an open list: nothing from
silence (record.md, 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.casefile.codes import PROGRESSION, TOXICITY
from cases.casefile.shape import TreatmentPart
from cases.course.courses import Courses, CourseState, newest_courses
from cases.course.extent import METASTATIC
from cases.course.ledger import Ledger, Weight
from cases.course.sourced import Sourced
from cases.course.sources import TREATMENTS, course_span
from cases.course.spans import latest
from cases.reading import PartialDate

_LINE, _ON_TREATMENT = "treatment_line", "on_systemic_treatment"


def settle_treatment(ledger: Ledger, courses: Courses) -> None:
    """`on_systemic_treatment`, for metastatic disease: true while a course is under way; false where every
    course has ended and the list is complete.
    """
    found, weight = None, Weight.FOUND
    if ledger.value("extent") == METASTATIC:
        under_way = [one for one in courses.against_tumor if _is_under_way(one, courses) and not one.curative]
        ended = [one for one in courses.against_tumor if courses.state(one) is CourseState.ENDED]
        if under_way:
            words = f"under way: {'; '.join(course_span(one) for one in under_way)}"
            begun = latest(one.started_on for one in under_way)
            found = Sourced(True, TREATMENTS, words, begun, derived=True)
        elif courses.list_complete and len(ended) == len(courses.against_tumor):
            words = "every course has ended" if ended else "the list is complete and holds no systemic course"
            date = latest([*(one.ended_on for one in ended), *(one.started_on for one in ended)])
            found = Sourced(False, TREATMENTS, words, date, derived=True)
            weight = Weight.FOUND if ended else Weight.INFERRED
    ledger.settle(_ON_TREATMENT, found, weight)


def settle_line(ledger: Ledger, courses: Courses, since: PartialDate | None) -> None:
    """Settle the line; `since`: the present entity is known since then, where there was another before."""
    counted = _counted(ledger, courses, since)
    if counted is None:
        ledger.settle(_LINE, None)
        return
    newest_ones = newest_courses(counted)
    ledger.statements.drop_before(_LINE, latest(one.started_on for one in newest_ones))
    if not counted:
        _settle_first(ledger, courses, since)
        return
    numbered = _numbered(counted)
    if numbered is None:
        ledger.caution(
            "Which line is to be chosen cannot be told: some courses have neither number nor date.", _LINE
        )
        ledger.settle(_LINE, None)
        return
    states = {courses.state(one) for one in newest_ones}
    progressed = ledger.value("progressive") is True
    if CourseState.UNCLEAR in states and not progressed:
        listed = "; ".join(course_span(one) for one in newest_ones)
        text = f"Whether this treatment is still under way is not known: {listed}. It has no end."
        ledger.caution(text, _LINE, _ON_TREATMENT)
        ledger.settle(_LINE, None)
        return
    if CourseState.UNDER_WAY in states and ledger.is_contested("progressive"):
        ledger.settle(_LINE, None)
        return
    highest = numbered[-1]
    runs = CourseState.UNDER_WAY in states and not progressed
    line = max(one.number for one in numbered if one.course in newest_ones) if runs else highest.number + 1
    words = f"{course_span(highest.course)} {'is' if runs else 'was'} line {highest.number}"
    words += ", under way without progression" if runs else _progression_words(ledger)
    stopped_by_progression = progressed and CourseState.ENDED not in states
    day = _newest_day(counted, _progression_seen(ledger) if stopped_by_progression else None)
    ledger.settle(_LINE, Sourced(line, TREATMENTS, words, day, derived=True))


def _progression_words(ledger: Ledger) -> str:
    """ ", progression 08-Feb-2026", where the disease progresses."""
    progressive = ledger.facts.get("progressive")
    if progressive is None or progressive.value is not True:
        return ""
    return ", progression" if progressive.date is None else f", progression {progressive.date}"


def _progression_seen(ledger: Ledger) -> PartialDate | None:
    """The day on which a study or course showed the progression; None where it is only stated."""
    progressive = ledger.facts.get("progressive")
    return progressive.date if progressive is not None and progressive.derived else None


@dataclass(frozen=True, slots=True)
class _NumberedCourse:
    number: int
    course: TreatmentPart


def _is_under_way(course: TreatmentPart, courses: Courses) -> bool:
    return courses.state(course) is CourseState.UNDER_WAY


def _settle_first(ledger: Ledger, courses: Courses, since: PartialDate | None) -> None:
    found = None
    if courses.list_complete:
        words = "no palliative course so far, and the list is complete"
        if since is not None:
            words = f"no palliative course since the present entity is known, {since}"
        found = Sourced(1, TREATMENTS, words, since, derived=True)
    ledger.settle(_LINE, found, Weight.INFERRED)


def _counted(ledger: Ledger, courses: Courses, since: PartialDate | None) -> list[TreatmentPart] | None:
    """The courses that are lines of the present entity; None where that cannot be told."""
    counted = []
    for course in courses.against_tumor:
        is_line = _is_line(ledger, course, courses)
        if is_line is False:
            continue
        of_present = since is None or _begun_since(course, since)
        if is_line is None and of_present is not False:
            ledger.caution(
                f"{course_span(course)}: whether it was palliative or part of curative treatment is not "
                "stated, so the line to choose cannot be told.",
                _LINE,
            )
            return None
        if of_present is None:
            ledger.caution(
                f"{course_span(course)}: whether it began before the present entity was known, {since}, "
                "cannot be told, nor therefore the line to choose.",
                _LINE,
            )
            return None
        if of_present:
            counted.append(course)
    if since is None and ledger.value("prior_entity") is not None and counted:
        ledger.caution(
            "The entity has changed, and no specimen says when: which courses were of the present one cannot "
            "be told.",
            _LINE,
        )
        return None
    return counted


def _is_line(ledger: Ledger, course: TreatmentPart, courses: Courses) -> bool | None:
    """Whether it is a line of palliative treatment; None where nobody says what it was for.

    Nothing curative in the record, and metastatic disease: there was nothing else that it can have been for.
    """
    if course.palliative:
        return True
    if course.curative is True:
        return False
    if course.curative is False or course.line is not None:
        return True
    if not course.is_drugs_alone:
        return False
    curative = any(one.curative is not False for one in courses.treatments if one not in courses.systemic)
    curative = curative or any(one.curative is True for one in courses.systemic)
    return True if ledger.value("extent") == METASTATIC and not curative else None


def _begun_since(course: TreatmentPart, since: PartialDate) -> bool | None:
    """Whether it began when the present entity was known; None where that cannot be told."""
    begun = course.started_on
    if begun is None:
        return None
    if since.newer_than(begun):
        return False
    return True if since.last <= begun.first else None


def _numbered(counted: Sequence[TreatmentPart]) -> list[_NumberedCourse] | None:
    """The courses in their order, each with its line; None where order and numbers do not suffice."""
    unplaced = [one for one in counted if one.started_on is None and one.line is None]
    if unplaced and len(unplaced) < len(counted):
        return None
    ordered = sorted(counted, key=_place)
    found: list[_NumberedCourse] = []
    number = 0
    for course in ordered:
        previous = found[-1].course if found else None
        if course.line is not None:
            number = max(number, course.line)
            found.append(_NumberedCourse(course.line, course))
            continue
        if previous is None or not _is_switch_for_toxicity(previous, course):
            number += 1
        found.append(_NumberedCourse(number, course))
    return sorted(found, key=lambda one: one.number)


def _place(course: TreatmentPart) -> tuple[int, int, int]:
    """By date; what has none by its line. A line goes before the days of its own year."""
    begun = course.started_on
    if begun is None:
        return (0, course.line or 0, 0)
    return (begun.first.toordinal(), begun.last.toordinal(), course.line or 0)


def _is_switch_for_toxicity(previous: TreatmentPart, course: TreatmentPart) -> bool:
    """Stopped for toxicity without progression, and followed by a regimen of the same class."""
    same = previous.given.family != "" and previous.given.family == course.given.family
    progressed = previous.best_response == PROGRESSION or (
        previous.progressed_on is not None
        and course.started_on is not None
        and not previous.progressed_on.newer_than(course.started_on)
    )
    return same and previous.stop_reason == TOXICITY and not progressed


def _newest_day(counted: Sequence[TreatmentPart], seen: PartialDate | None) -> PartialDate | None:
    days = [day for one in counted for day in (one.started_on, one.ended_on, one.progressed_on)]
    return latest([*days, seen])
