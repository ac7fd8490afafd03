"""`prior_regimens`: every course begun, the one under way too (record.md, 3)."""

from collections.abc import Iterator

from cases.casefile.shape import CaseFile, TreatmentPart
from cases.course.courses import Courses
from cases.course.ledger import Ledger, Weight
from cases.course.sourced import Sourced
from cases.course.sources import TREATMENTS, course_span
from cases.course.spans import latest
from cases.course.statements import shown
from guidelines.vocabulary.facts import FACTS, Value

_FACT = "prior_regimens"


def settle_regimens(ledger: Ledger, file: CaseFile, courses: Courses) -> None:
    """Settle the earlier regimens. What was done outranks every statement: a statement only adds to it."""
    site = file.case.primary_site
    codes = [code for course in courses.systemic for code in course.given.codes_at(site)]
    for course in courses.systemic:
        if course.is_unnamed:
            ledger.caution(
                f"{course_span(course)}: no regimen is stated; it counts as {course.given.label.lower()}."
            )
    stated = ledger.statements.of(_FACT)
    if not courses.systemic:
        empty = Sourced((), TREATMENTS, "the list is complete and holds no systemic course", derived=True)
        ledger.settle(_FACT, empty if courses.list_complete else None, Weight.INFERRED)
        return
    if not courses.list_complete:
        ledger.caution(
            "The list of treatments is not stated as complete: the earlier regimens may be incomplete."
        )
    given = _listed(codes)
    every = _listed([*codes, *_codes(stated)])
    for caution in _differences(given, stated, courses):
        ledger.caution(caution)
    words = "; ".join(course_span(course) for course in courses.systemic)
    date = latest(course.started_on for course in courses.systemic)
    found = Sourced(every, TREATMENTS, words, date, derived=True)
    if stated is not None and every != given:
        found = Sourced(
            every, f"{TREATMENTS} and {stated.source.lower()}", f"{words}; {stated.words}", date, True
        )
    ledger.close(_FACT, found)


def _listed(codes: list[str]) -> tuple[str, ...]:
    parsed = FACTS[_FACT].parse(codes)
    return parsed if isinstance(parsed, tuple) else ()


def _codes(stated: Sourced | None) -> tuple[str, ...]:
    return stated.value if stated is not None and isinstance(stated.value, tuple) else ()


def _differences(given: tuple[str, ...], stated: Sourced | None, courses: Courses) -> Iterator[str]:
    """What the statement lacks though it was begun by then, and what it adds to a complete list."""
    if stated is None:
        return
    begun = [course for course in courses.systemic if not _began_after(course, stated)]
    lacking = [course for course in begun if not set(course.given.counts_as) <= set(_codes(stated))]
    if lacking:
        listed = "; ".join(course_span(course) for course in lacking)
        yield (
            f"{FACTS[_FACT].label}: stated as {shown(_FACT, stated.value)} ({stated.origin}), but the "
            f"treatments hold {listed}. What was done decides."
        )
    added: Value = tuple(code for code in _codes(stated) if code not in given)
    if added and courses.list_complete:
        yield (
            f"{FACTS[_FACT].label}: {shown(_FACT, added)} ({stated.origin}) is not among the treatments, "
            "though their list is said to be complete. It is counted."
        )


def _began_after(course: TreatmentPart, stated: Sourced) -> bool:
    when = course.started_on
    return when is not None and stated.date is not None and when.newer_than(stated.date)
