"""What is odd in a record and not impossible: before birth, after death, an organ the sex does not have."""

from collections.abc import Iterator
from pathlib import Path

from cases.casefile.codes import SEXES
from cases.casefile.shape import CaseFile
from cases.course.sources import (
    ASSESSMENT,
    course_span,
    molecular_name,
    report_name,
    study_name,
    treatment_name,
)
from cases.reading import PartialDate, cautions_of_life
from guidelines.vocabulary.facts import FACTS
from guidelines.vocabulary.yamlfile import read_yaml

_ORGANS = read_yaml(Path(__file__).parent / "organs.yaml")


def oddities(file: CaseFile) -> Iterator[str]:
    """Cautions on the record as a whole, and those of the readers on single values."""
    parts = (file.patient, file.case, *file.pathology, *file.imaging, *file.molecular, *file.markers)
    for part in (*parts, *file.treatments, *file.assessments):
        yield from part.cautions
    born, died = file.patient.birth_date, file.patient.deceased_on
    for what, when in _dates(file):
        if when is not None:
            yield from cautions_of_life(what, when, born=born, died=died)
    if born is not None and died is not None and born.newer_than(died):
        yield f"The death, {died}, is before the birth, {born}."
    sex, site = file.patient.sex, file.case.primary_site
    if site in _ORGANS.get(sex or "", ()):
        organ = FACTS["primary_site"].show(site).lower()
        yield f"The primary site is the {organ}, but the sex is {SEXES[sex or ''].lower()}."
    for treatment in file.treatments:
        begun, progressed = treatment.started_on, treatment.progressed_on
        if begun is not None and progressed is not None and begun.newer_than(progressed):
            yield f"{course_span(treatment)}: its progression, {progressed}, is before its start."


def _dates(file: CaseFile) -> Iterator[tuple[str, PartialDate | None]]:
    yield "Diagnosis", file.case.diagnosed_on
    for report in file.pathology:
        yield report_name(report), report.sampled_on or report.reported_on
    for study in file.imaging:
        yield study_name(study), study.performed_on
    for report_of_genes in file.molecular:
        yield molecular_name(report_of_genes), report_of_genes.reported_on
    for marker in file.markers:
        yield marker.name or "Marker", marker.measured_on
    for treatment in file.treatments:
        for when in (treatment.started_on, treatment.ended_on):
            yield treatment_name(treatment), when
    for assessment in file.assessments:
        yield ASSESSMENT, assessment.assessed_on
