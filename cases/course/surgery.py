"""`resected` and `margin`: the newest operation or endoscopic resection of the primary meant to cure."""

from collections.abc import Sequence

from cases.casefile.codes import SITES_OF_PRIMARY
from cases.casefile.shape import CaseFile, TreatmentPart
from cases.course.contests import side_of
from cases.course.courses import Courses
from cases.course.ledger import Ledger, Weight
from cases.course.removals import done_on
from cases.course.sourced import Sourced
from cases.course.sources import TREATMENTS, course_span, treatment_name, written
from cases.course.spans import latest, newest
from guidelines.vocabulary.facts import FACTS


def settle_resection(ledger: Ledger, file: CaseFile, courses: Courses) -> None:
    """Settle both. Not resected: only where the list of treatments is complete and none of them can have been
    such an operation.
    """
    operations = [one for one in file.treatments if one.is_operation]
    curative = [one for one in operations if one.site_treated in SITES_OF_PRIMARY and one.curative is True]
    if curative:
        _settle_done(ledger, newest(curative, done_on))
        return
    found = None
    if courses.list_complete and not any(_may_be_one(one) for one in operations):
        words = "the list is complete and holds no operation of the primary with curative intent"
        found = Sourced(False, TREATMENTS, words, derived=True)
    ledger.settle("resected", found, Weight.INFERRED)
    ledger.settle("margin", None)


def _settle_done(ledger: Ledger, deciding: Sequence[TreatmentPart]) -> None:
    operation = deciding[0]
    when = done_on(operation)
    words = "of the primary, with curative intent"
    ledger.settle(
        "resected", Sourced(True, treatment_name(operation), words, when, derived=True), Weight.DONE
    )
    margins = {one.margin: one for one in deciding if one.margin is not None}
    if len(margins) > 1:
        listed = " and ".join(course_span(one) for one in margins.values())
        ledger.contest(
            "margin",
            latest(done_on(one) for one in deciding),
            f"The margins of {listed} differ, and neither is newer: the margin counts as not known.",
            [side_of("margin", margin, one, course_span(one)) for margin, one in margins.items()],
        )
        return
    found = None
    for margin, one in margins.items():
        label = FACTS["margin"].label
        found = Sourced(margin, treatment_name(one), written(one, "margin", label), done_on(one))
    ledger.settle("margin", found, Weight.DONE)


def _may_be_one(operation: TreatmentPart) -> bool:
    """Whether it can have been one of the primary with curative intent, for all that is written."""
    return operation.curative is not False and operation.site_treated in (None, *SITES_OF_PRIMARY)
