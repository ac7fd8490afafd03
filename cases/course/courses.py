"""Systemic courses in their order: which is the newest, which is under way (record.md, 3, *Under way*)."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from cases.casefile.codes import LOCAL_COURSES, RADIATION
from cases.casefile.shape import AssessmentPart, CaseFile, TreatmentPart
from cases.course.conventions import Conventions
from cases.course.spans import newest, within_months
from cases.reading import PartialDate

COMPLETE = "complete"
_EVALUATES = frozenset({"response", "stable", "progression"})


class CourseState(StrEnum):
    """`UNCLEAR`: nobody says that it ended, and it began too long ago to presume that it did not."""

    UNDER_WAY = "under way"
    ENDED = "ended"
    UNCLEAR = "unclear"


class Courses:
    """The treatments of a case, and what is known of how its systemic courses follow each other.

    A somatostatin analog given for symptoms is a systemic course that ends no other and begins no line.
    """

    def __init__(self, file: CaseFile, today: date, conventions: Conventions) -> None:
        self.treatments = file.treatments
        self.systemic = tuple(one for one in file.treatments if one.is_systemic)
        self.against_tumor = tuple(one for one in self.systemic if not one.given.for_symptoms)
        self.list_complete = file.case.treatment_list == COMPLETE
        self._imaging = file.imaging
        self._assessments = file.assessments
        self._today = today
        self._conventions = conventions

    def state(self, course: TreatmentPart) -> CourseState:
        """Under way: begun, no end, no reason for stopping, no later course, and begun within 12 months or
        confirmed since by a dated statement or study of that course. A dated statement that no treatment is
        under way ends it too.
        """
        if course.ended_on is not None or course.stop_reason is not None:
            return CourseState.ENDED
        if any(is_later(other, course) for other in self.against_tumor):
            return CourseState.ENDED
        begun = course.started_on
        if begun is None:
            return CourseState.UNCLEAR
        if any(one.stated.get("on_systemic_treatment") is False for one in self._stated_since(begun)):
            return CourseState.ENDED
        if self._is_recent(begun) or any(self._is_recent(when) for when in self._confirmations(begun)):
            return CourseState.UNDER_WAY
        return CourseState.UNCLEAR

    def newest(self) -> list[TreatmentPart]:
        """The newest courses that the disease can answer to: several where none is certainly later. Radiation
        counts only where it was meant to cure.
        """
        answered = [
            one
            for one in self.treatments
            if one in self.against_tumor
            or one.kind in LOCAL_COURSES
            or (one.kind in RADIATION and one.curative)
        ]
        return newest_courses(answered)

    def _confirmations(self, begun: PartialDate) -> Iterable[PartialDate]:
        """Days on which somebody saw that the course begun then was being given, or what it did."""
        for assessment in self._stated_since(begun):
            stated = assessment.stated
            says_so = stated.get("on_systemic_treatment") or stated.get("tolerating_treatment") is not None
            if says_so and assessment.assessed_on is not None:
                yield assessment.assessed_on
        for study in self._imaging:
            if _is_since(study.performed_on, begun) and study.course in _EVALUATES:
                yield from (when for when in (study.performed_on,) if when is not None)

    def _stated_since(self, begun: PartialDate) -> Iterable[AssessmentPart]:
        return [one for one in self._assessments if _is_since(one.assessed_on, begun)]

    def _is_recent(self, when: PartialDate) -> bool:
        return within_months(when, self._conventions.under_way_months, self._today)


def is_later(one: TreatmentPart, other: TreatmentPart) -> bool:
    """Whether a course began certainly after another: by their dates, else by the numbers of their lines."""
    if one.started_on is not None and other.started_on is not None:
        if one.started_on.newer_than(other.started_on):
            return True
        if other.started_on.newer_than(one.started_on):
            return False
    return one.line is not None and other.line is not None and one.line > other.line


def newest_courses(courses: Sequence[TreatmentPart]) -> list[TreatmentPart]:
    """Those that no other is later than; an undated one only where its line or nothing dated speaks."""
    last = [one for one in courses if not any(is_later(other, one) for other in courses)]
    return newest(last, lambda one: one.started_on)


def _is_since(when: PartialDate | None, begun: PartialDate) -> bool:
    return when is not None and when.newer_than(begun)
