"""Tests whose result stands in the record and is still current (record.md, 4).

Pathology and molecular findings do not age; studies and markers count within the board's limit, and only if
made since the newest course began or ended.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from cases.casefile.shape import CaseFile, PathologyPart, TreatmentPart
from cases.course.conventions import Conventions
from cases.course.imaging import was_made
from cases.course.ledger import Ledger
from cases.course.markers import group_of
from cases.course.molecular import mmr_of
from cases.course.samples import TissueSample
from cases.course.spans import latest, within_days
from cases.reading import PartialDate, fold_number
from guidelines.knowledge.labels import Kind
from guidelines.knowledge.model import Guideline
from guidelines.vocabulary.facts import FACTS
from guidelines.vocabulary.yamlfile import read_yaml

_DATA = read_yaml(Path(__file__).parent / "done.yaml")
_STAINS = {fold_number(name): code for code, names in _DATA["stains"].items() for name in names}
_NOT_MADE = frozenset({"notdone", "pending", "notperformed"})
_PRIMARY, _METASTASIS = "primary", "metastasis"
_KEYS = {"mitotic_count": "mitoses"}

Done = Iterator[tuple[str, PartialDate | None]]


def done_tests(
    ledger: Ledger,
    file: CaseFile,
    samples: Sequence[TissueSample],
    guideline: Guideline,
    today: date,
    conventions: Conventions,
) -> dict[str, PartialDate | None]:
    """Code of a test → the day of its newest result, in the order of the guideline.

    `samples`: the specimens of the tumor as it now is; a test of another is not a test of this one.
    """
    found: dict[str, list[PartialDate | None]] = {}
    current = _Current(file, today, conventions)
    reports = [report for sample in samples for report in sample.reports]
    for code, when in (
        *_of_pathology(reports, samples, ledger, guideline),
        *_of_molecular(file),
        *_of_studies(file, current),
    ):
        found.setdefault(code, []).append(when)
    return {code: latest(found[code]) for code in guideline.interventions if code in found}


class _Current:
    """Whether a study or marker of a day still counts."""

    def __init__(self, file: CaseFile, today: date, conventions: Conventions) -> None:
        self._today = today
        self._days = conventions.board_limit_days
        turns = [
            _last_turn(one) for one in file.treatments if not (one.is_systemic and one.given.for_symptoms)
        ]
        last = [min(turn.last, today) for turn in turns if turn is not None]
        self._since = max(last) if last else None

    def __call__(self, when: PartialDate | None) -> bool:
        if when is None or not within_days(when, self._days, self._today):
            return False
        return self._since is None or when.first >= self._since


def _last_turn(treatment: TreatmentPart) -> PartialDate | None:
    """When it ended, else began."""
    return treatment.ended_on or treatment.started_on


def _of_studies(file: CaseFile, current: _Current) -> Done:
    for study in file.imaging:
        code = _DATA["studies"].get(study.modality)
        if code is not None and was_made(study) and current(study.performed_on):
            yield code, study.performed_on
    for marker in file.markers:
        code = _DATA["markers"].get(group_of(marker))
        if code is not None and marker.value is not None and current(marker.measured_on):
            yield code, marker.measured_on


def _of_molecular(file: CaseFile) -> Done:
    for report in file.molecular:
        if report.method in _DATA["methods"]:
            yield _DATA["methods"][report.method], report.reported_on
        if mmr_of(report) is not None or report.msi is not None:
            yield _DATA["mmr"], report.reported_on


def _of_pathology(
    reports: Sequence[PathologyPart], samples: Sequence[TissueSample], ledger: Ledger, guideline: Guideline
) -> Done:
    yield from _by_facts(reports, guideline)
    for report in reports:
        for stain in report.other_stains:
            if fold_number(stain.name) in _STAINS and fold_number(stain.result or "") not in _NOT_MADE:
                yield _STAINS[fold_number(stain.name)], report.report_date
    yield from _reviews(reports, samples, ledger)
    sites = {report.lesion: report.report_date for report in reports}
    if {_PRIMARY, _METASTASIS} <= sites.keys():
        yield _DATA["both_sites"], latest([sites[_PRIMARY], sites[_METASTASIS]])


def _by_facts(reports: Iterable[PathologyPart], guideline: Guideline) -> Done:
    """Tests whose result is one or several facts of pathology, by the reports that state these."""
    listed = list(reports)
    for code, names in _told_by_pathology(guideline):
        dates = [_stated_on(name, listed) for name in names]
        if all(dates):
            yield code, latest(when for days in dates for when in days)


@cache
def _told_by_pathology(guideline: Guideline) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Tests with the facts of pathology that are their result."""
    return tuple(
        (code, names)
        for code, test in guideline.interventions.items()
        if test.kind is Kind.TEST
        for names in test.result
        if isinstance(names, tuple) and all(FACTS[name].owner == "pathology" for name in names)
    )


def _stated_on(name: str, reports: Iterable[PathologyPart]) -> list[PartialDate | None]:
    """The days of the reports in which something is written of a fact, a count in words included."""
    key = _KEYS.get(name, name)
    return [report.report_date for report in reports if key in report.words]


def _reviews(reports: Sequence[PathologyPart], samples: Sequence[TissueSample], ledger: Ledger) -> Done:
    """An expert's review, of the specimen that decides the differentiation where one does."""
    decided = ledger.facts.get("differentiation")
    for sample in samples:
        states = sample.stated(lambda report: report.differentiation)
        decides = decided is None or any(one.value == decided.value for one in states)
        for report in sample.reports:
            if decides and report in reports and (report.expert_review or report.reviews is not None):
                yield _DATA["review"], report.report_date
