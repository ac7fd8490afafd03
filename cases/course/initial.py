"""`initial_chemotherapy_completed`: localized NEC, 4 or more cycles of platinum and etoposide, ended
(record.md, 3)."""

from cases.course.conventions import Conventions
from cases.course.courses import Courses, CourseState
from cases.course.ledger import Ledger
from cases.course.sourced import Sourced
from cases.course.sources import TREATMENTS, course_span
from cases.course.spans import latest
from guidelines.answer.assessment import assess
from guidelines.knowledge.labels import Entity
from guidelines.knowledge.model import Guideline

_LOCALIZED = "localized"


def settle_initial(ledger: Ledger, courses: Courses, guideline: Guideline, conventions: Conventions) -> None:
    """Settle it; whether it is a NEC, the guideline says. Fewer cycles say nothing: it is asked."""
    name = "initial_chemotherapy_completed"
    given = [one for one in courses.systemic if one.given.initial and not one.palliative]
    found = None
    if given and ledger.value("extent") == _LOCALIZED and _is_nec(ledger, guideline):
        cycles = sum(one.cycles or 0 for one in given)
        if cycles >= conventions.initial_cycles and all(
            courses.state(one) is CourseState.ENDED for one in given
        ):
            words = f"{cycles} cycles, ended: {'; '.join(course_span(one) for one in given)}"
            found = Sourced(True, TREATMENTS, words, latest(one.ended_on for one in given), derived=True)
    ledger.settle(name, found)


def _is_nec(ledger: Ledger, guideline: Guideline) -> bool:
    facts = {name: one.value for name, one in ledger.facts.items()}
    return assess(guideline, facts).classification.entity == Entity.NEC
