"""Stated values that cannot both be: bad input, as in the vocabulary. What is only odd is a caution."""

from collections.abc import Iterator, Mapping
from typing import Any

from cases.casefile.declaration import CASE
from cases.casefile.faults import Fault
from cases.casefile.shape import AssessmentPart, CaseFile, CasePart, PathologyPart, PatientPart, TreatmentPart
from cases.parts import REFERRAL
from cases.reading import PartialDate
from guidelines.vocabulary.contradictions import contradictions
from guidelines.vocabulary.facts import FACTS, Value

_CASE_KEYS = {key.fact: key.name for key in CASE.keys if key.fact}


def contradictions_in(file: CaseFile) -> Iterator[Fault]:
    """Each value that cannot stand beside another of the same part."""
    yield from _in_facts(file.case.path, case_statements(file.case), _CASE_KEYS)
    yield from _in_patient(file.patient)
    for assessment in file.assessments:
        yield from _in_facts(assessment.path, assessment_statements(assessment), {})
    for report in file.pathology:
        yield from _in_report(report)
    for treatment in file.treatments:
        yield from _in_treatment(treatment)


def case_statements(case: CasePart) -> dict[str, Value]:
    """The facts that the case itself states."""
    raw = {name: case.says(name) for name in REFERRAL.fact_names}
    raw["tumor_size_cm"] = None if case.tumor_size is None else case.tumor_size.as_json()
    return _parsed(raw)


def assessment_statements(assessment: AssessmentPart) -> dict[str, Value]:
    """The facts that a clinician states."""
    return _parsed(assessment.stated)


def _parsed(raw: Mapping[str, Any]) -> dict[str, Value]:
    values = {name: FACTS[name].parse(_as_vocabulary(value)) for name, value in raw.items()}
    return {name: value for name, value in values.items() if value is not None}


def _as_vocabulary(value: Any) -> Any:
    """A value of a part as the vocabulary writes it in JSON."""
    if hasattr(value, "as_json"):
        return value.as_json()
    if hasattr(value, "as_tuple"):  # a decimal
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _in_facts(path: str, values: Mapping[str, Value], keys: Mapping[str, str]) -> Iterator[Fault]:
    for error in contradictions(values):
        shown = FACTS[error.fact].as_json(values[error.fact])
        yield Fault(f"{path}.{keys.get(error.fact, error.fact)}", shown, error.message)


def _in_patient(patient: PatientPart) -> Iterator[Fault]:
    if patient.deceased is False and patient.deceased_on is not None:
        yield Fault(f"{patient.path}.deceased", False, "contradicts deceased_on; allowed: true")


def _in_report(report: PathologyPart) -> Iterator[Fault]:
    yield from _in_order(report.path, ("sampled_on", "reported_on"), report.sampled_on, report.reported_on)
    examined, positive = report.nodes_examined, report.nodes_positive
    if examined is not None and positive is not None and positive > examined:
        message = f"more than nodes_examined; allowed: 0 to {examined}"
        yield Fault(f"{report.path}.nodes_positive", positive, message)


def _in_treatment(course: TreatmentPart) -> Iterator[Fault]:
    yield from _in_order(course.path, ("started_on", "ended_on"), course.started_on, course.ended_on)
    stated = course.curative_intent
    if stated is not None and course.setting is not None and stated is course.palliative:
        allowed = str(not stated).lower()
        message = f"contradicts setting: {course.setting}; allowed: {allowed}"
        yield Fault(f"{course.path}.curative_intent", stated, message)


def _in_order(
    path: str, keys: tuple[str, str], first: PartialDate | None, second: PartialDate | None
) -> Iterator[Fault]:
    if first is not None and second is not None and first.newer_than(second):
        message = f"before {keys[0]}, {first}; allowed: a date from {first} on"
        yield Fault(f"{path}.{keys[1]}", second.iso(), message)
