"""From a case file to the guideline's facts: every rule in its turn.

No rule reads the order of entry: each list is put in an order of its own first, so that shuffling a file
changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from cases.casefile.faults import CaseFileInvalid, Fault
from cases.casefile.shape import CaseFile, RecordPart
from cases.course.contests import Contest
from cases.course.conventions import CONVENTIONS, Conventions
from cases.course.courses import Courses
from cases.course.done import done_tests
from cases.course.extent import settle_extent
from cases.course.grade import settle_grade
from cases.course.imaging import settle_functional
from cases.course.initial import settle_initial
from cases.course.ledger import Ledger
from cases.course.lines import settle_line, settle_treatment
from cases.course.markers import settle_hiaa
from cases.course.molecular import settle_molecular
from cases.course.morphology import settle_morphology
from cases.course.newest import settle_others
from cases.course.oddities import oddities
from cases.course.phases import settle_months, settle_newly_diagnosed, settle_surveillance
from cases.course.platinum import settle_platinum
from cases.course.regimens import settle_regimens
from cases.course.response import settle_response
from cases.course.samples import samples_of
from cases.course.sourced import Sourced
from cases.course.statements import Statements
from cases.course.surgery import settle_resection
from cases.course.transformation import present_entity_since, settle_prior_entity
from cases.parts import REPEATED
from cases.reading import PartialDate
from guidelines.knowledge.model import Guideline
from guidelines.vocabulary.contradictions import contradictions
from guidelines.vocabulary.facts import FACTS

_DATED_BY = (
    "sampled_on",
    "reported_on",
    "performed_on",
    "measured_on",
    "started_on",
    "ended_on",
    "assessed_on",
)


LISTS = tuple(part.file_key for part in REPEATED)


@dataclass(frozen=True, slots=True)
class DerivedRecord:
    """What a case file says: facts with their sources, in the vocabulary's order; tests done with their days;
    cautions; what the question to the board is about; findings that contradict each other; and what to have
    in mind in stating a fact that is not known.
    """

    facts: Mapping[str, Sourced]
    done: Mapping[str, PartialDate | None]
    cautions: tuple[str, ...]
    asks: tuple[str, ...]
    contests: tuple[Contest, ...] = ()
    beside: Mapping[str, str] = field(default_factory=dict)


def facts_of_file(
    file: CaseFile,
    guideline: Guideline,
    today: date,
    conventions: Conventions = CONVENTIONS,
    *,
    is_stored: bool = False,
) -> DerivedRecord:
    """Apply every rule. Where two stated values cannot both be: raises `CaseFileInvalid`; of a record that is
    stored already, the one to correct is left out, with a caution.
    """
    file = _in_order(file)
    ledger = Ledger(Statements(file))
    for caution in oddities(file):
        ledger.caution(caution)
    samples, orphaned = samples_of(file.pathology)
    for caution in orphaned:
        ledger.caution(caution)
    present = settle_morphology(ledger, samples)
    settle_grade(ledger, present)
    settle_prior_entity(ledger, samples)
    settle_functional(ledger, file.imaging)
    settle_molecular(ledger, file.molecular, conventions)
    settle_hiaa(ledger, file.markers)
    settle_others(ledger, file)
    settle_extent(ledger, file)
    _settle_course(ledger, file, guideline, today, conventions)
    settle_newly_diagnosed(ledger, file, samples, today, conventions)
    courses = Courses(file, today, conventions)
    settle_surveillance(ledger, courses, today, conventions)
    settle_line(ledger, courses, present_entity_since(ledger, samples))
    ledger.settle_statements()
    settle_initial(ledger, courses, guideline, conventions)
    _see_to_contradictions(ledger, file, is_stored)
    for caution in ledger.statements.cautions:
        ledger.caution(caution)
    return DerivedRecord(
        {name: ledger.facts[name] for name in FACTS if name in ledger.facts},
        done_tests(ledger, file, present, guideline, today, conventions),
        tuple(ledger.cautions),
        file.case.asks,
        ledger.contests,
        {name: text for name, text in ledger.beside.items() if name not in ledger.facts},
    )


def _settle_course(
    ledger: Ledger, file: CaseFile, guideline: Guideline, today: date, conventions: Conventions
) -> None:
    """What was done, and what came of it."""
    courses = Courses(file, today, conventions)
    settle_resection(ledger, file, courses)
    settle_regimens(ledger, file, courses)
    settle_response(ledger, file, courses)
    settle_treatment(ledger, courses)
    settle_platinum(ledger, file, courses, guideline)
    settle_months(ledger, courses, today)


def _in_order(file: CaseFile) -> CaseFile:
    several = {name: parts for name in LISTS if len(parts := getattr(file, name)) > 1}
    lists: dict[str, Any] = {name: tuple(_sorted(parts)) for name, parts in several.items()}
    return replace(file, **lists)


def _sorted(parts: Sequence[RecordPart]) -> list[RecordPart]:
    """By the first date written, then by content: an order that no order of entry changes."""
    if len({_day(part) for part in parts}) == len(
        parts
    ):  # as nearly always; to write it all out takes longer
        return sorted(parts, key=_day)
    return sorted(parts, key=lambda part: (_day(part), repr(replace(part, path=""))))


def _day(part: RecordPart) -> str:
    dates = (getattr(part, key, None) for key in _DATED_BY)
    return next((date.iso() for date in dates if date is not None), "")


def _see_to_contradictions(ledger: Ledger, file: CaseFile, is_stored: bool) -> None:
    """Stated facts of different parts that cannot both hold. What is derived contradicts no statement."""
    values = {name: one.value for name, one in ledger.facts.items()}
    faults = []
    for error in contradictions(values):
        if is_stored:
            ledger.drop(error.fact)
            ledger.caution(f"{FACTS[error.fact].label} is not used: it {error.message}.")
            continue
        path = next(
            (part.path for part in file.assessments if error.fact in part.stated),
            f"{file.case.path or 'case'}",
        )
        shown = FACTS[error.fact].as_json(values[error.fact])
        faults.append(Fault(f"{path}.{error.fact}", shown, error.message))
    if faults:
        raise CaseFileInvalid(list(faults))
