"""The record as entries in the words of today, which a snapshot keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models

from cases import choices
from cases.facts import Provenance, RecordFacts, ki67_of, plain_value, report_name
from cases.models import (
    ClinicalAssessment,
    ImagingStudy,
    MolecularReport,
    PathologyReport,
    Treatment,
)
from cases.models.base import Stamped
from cases.record import DATED_BY, FIELD_OF, CaseRecord
from cases.snapshot.frozen import FrozenEntry, FrozenFinding
from guidelines.vocabulary.facts import FACTS, FactError

# Said by the title, the date, or another line of the same entry.
NOT_LISTED: dict[type[Stamped], set[str]] = {
    PathologyReport: {"specimen", "specimen_site", "lab_number", "ki67_max"},
    ImagingStudy: {"modality"},
    MolecularReport: {"method"},
    Treatment: {"kind", "procedure", "line", "regimen", "regimen_text"},
    ClinicalAssessment: set(),
}
# Facts that repeat, under another name, what the entry says anyway.
REPEATS = {"ki67", "sstr_imaging", "fdg_pet", "resected", "prior_regimens"}
BOOKKEEPING = {"id", "case", *(field.name for field in Stamped._meta.local_fields)}


def entries_of(record: CaseRecord, facts: RecordFacts) -> tuple[FrozenEntry, ...]:
    """The referral, then each kind newest first."""
    told = _by_source(facts)
    return (
        *_referral(record, facts, told),
        *(
            _entry(kind, part, told.get(part.uid, {}))
            for kind in FIELD_OF.values()
            for part in getattr(record, kind)
        ),
    )


def fields_of(part: Stamped) -> list[models.Field[Any, Any]]:
    """The columns that hold the record itself."""
    return [field for field in part._meta.concrete_fields if field.name not in BOOKKEEPING]


def _by_source(facts: RecordFacts) -> dict[UUID | None, dict[str, FrozenFinding]]:
    """What the guideline was told of each entry, fact by fact."""
    told: dict[UUID | None, dict[str, FrozenFinding]] = {}
    for name, value in facts.values.items():
        found = FrozenFinding(FACTS[name].label, FACTS[name].show(value))
        told.setdefault(facts.provenance[name].source_uid, {})[name] = found
    return told


def _referral(
    record: CaseRecord, facts: RecordFacts, told: Mapping[UUID | None, Mapping[str, FrozenFinding]]
) -> Iterator[FrozenEntry]:
    uid = record.case.uid
    if uid in told:
        source: Provenance = next(each for each in facts.provenance.values() if each.source_uid == uid)
        findings = tuple(told[uid].values())
        yield FrozenEntry("referral", str(uid), source.date, None, source.text, findings, ())


def _entry(kind: str, part: Stamped, told: Mapping[str, FrozenFinding]) -> FrozenEntry:
    model = type(part)
    skipped = NOT_LISTED[model] | set(DATED_BY[model])
    findings, remarks = [], []
    for field in fields_of(part):
        value = plain_value(getattr(part, field.name))
        if value is None or field.name in skipped:
            continue
        if isinstance(field, models.TextField):
            remarks.append(FrozenFinding(str(field.verbose_name), value))
        else:
            findings.append(_finding(field, part, value, told))
    columns = {field.name for field in model._meta.concrete_fields}
    findings += [found for name, found in told.items() if name not in columns | REPEATS]
    start, end = _when(part)
    return FrozenEntry(kind, str(part.uid), start, end, _title(part), tuple(findings), tuple(remarks))


def _finding(
    field: models.Field[Any, Any], part: Any, value: Any, told: Mapping[str, FrozenFinding]
) -> FrozenFinding:
    """As the guideline was told; else in the words of the vocabulary; else in the record's own."""
    name = "ki67" if field.name == "ki67_min" else field.name
    if name in told:
        return told[name]
    if name == "ki67":
        return FrozenFinding(FACTS[name].label, FACTS[name].show(ki67_of(part)))
    if name in FACTS:
        return FrozenFinding(FACTS[name].label, _shown(name, value))
    if isinstance(value, bool):
        return FrozenFinding(str(field.verbose_name), "Yes" if value else "No")
    words = dict(field.flatchoices).get(value, value)
    unit = f" {field.help_text}" if field.help_text else ""
    return FrozenFinding(str(field.verbose_name), f"{words}{unit}")


def _shown(name: str, value: Any) -> str:
    try:
        return FACTS[name].show(FACTS[name].parse(value))
    except FactError:  # stored before the vocabulary refused it
        return str(value)


def _when(part: Stamped) -> tuple[date | None, date | None]:
    """The entry's date; of a course that has both, its start and end."""
    start, end = getattr(part, "started_on", None), getattr(part, "ended_on", None)
    if start and end and start != end:
        return start, end
    return next((value for name in DATED_BY[type(part)] if (value := getattr(part, name))), None), None


# --- Titles -------------------------------------------------------------------------------------------------


def _title(part: Any) -> str:
    match part:
        case PathologyReport():
            return report_name(part)
        case ImagingStudy():
            other = part.modality == choices.Modality.OTHER
            return "Other imaging" if other else str(part.get_modality_display())
        case MolecularReport():
            return f"Molecular report: {part.method}" if part.method else "Molecular report"
        case Treatment():
            return _treatment(part)
    return "Clinical assessment"


def _treatment(treatment: Treatment) -> str:
    """ "Surgery: right hemicolectomy", "Systemic therapy, line 2: CAPTEM"."""
    line = f", line {treatment.line}" if treatment.line else ""
    what = treatment.procedure or _regimen(treatment)
    return f"{treatment.get_kind_display()}{line}{': ' if what else ''}{what}"


def _regimen(treatment: Treatment) -> str:
    known = {choice.value: choice.label for choice in FACTS["prior_regimens"].choices}
    label, words = known.get(treatment.regimen, ""), treatment.regimen_text
    if treatment.regimen == choices.OTHER_REGIMEN and not words:
        return "another regimen"
    return f"{label} ({words})" if label and words else words or label
