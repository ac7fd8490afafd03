"""The record as entries in the words of today, which a snapshot keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import models

from cases import choices
from cases.casefile.codes import COMPONENT_TYPES
from cases.casefile.regimens import REGIMENS
from cases.casefile.shape import PathologyPart
from cases.course.sources import report_name
from cases.facts import Provenance, RecordFacts
from cases.filing import DECLARED, EMPTY_SAYS_NOTHING
from cases.models import (
    ClinicalAssessment,
    ImagingStudy,
    MolecularReport,
    PathologyReport,
    SerumMarker,
    Treatment,
)
from cases.models.base import Stamped
from cases.models.columns import WrittenField
from cases.reading import PartialDate
from cases.record import FIELD_OF, CaseRecord, plain_value
from cases.snapshot.frozen import FrozenEntry, FrozenFinding
from guidelines.vocabulary.facts import FACTS, FactError

# Said by the title, the date, or another line of the same entry.
NOT_LISTED: dict[type[Stamped], set[str]] = {
    PathologyReport: {"specimen", "specimen_site", "lab_number", "pasted"},
    ImagingStudy: {"modality"},
    MolecularReport: {"method"},
    SerumMarker: {"name", "unit"},
    Treatment: {"kind", "procedure", "line", "regimen", "regimen_text"},
    ClinicalAssessment: set(),
}
# Facts that repeat, under another name, what the entry says anyway.
REPEATS = {"ki67", "mitotic_count", "sstr_imaging", "fdg_pet", "resected", "prior_regimens"}
WRITTEN = {
    field.name
    for model in FIELD_OF
    for field in model._meta.concrete_fields
    if isinstance(field, WrittenField)
}
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
    """The columns that hold the record itself, in the order of its form, then what no form asks."""
    held = {field.name: field for field in part._meta.concrete_fields if field.name not in BOOKKEEPING}
    return [held[name] for name in dict.fromkeys([*part.declared.columns, *held])]


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
    skipped = NOT_LISTED[model] | set(model.declared.dates)
    findings, remarks = [], []
    for field in fields_of(part):
        value = plain_value(getattr(part, field.name))
        if value is None or field.name in skipped or (value == [] and field.name in EMPTY_SAYS_NOTHING):
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
    """As the guideline was told; else as it was written; else in the vocabulary's or the record's words."""
    name = DECLARED[type(part)].by_name[field.name].fact if field.name in WRITTEN else field.name
    if name in told:
        return told[name]
    if field.name in WRITTEN:
        unit = f" {part.unit}" if field.name in ("value", "upper_limit") and part.unit else ""
        label = FACTS[name].label if name and name != "tmb" else str(field.verbose_name)
        return FrozenFinding(label, f"{value}{unit}")
    if name in FACTS:
        return FrozenFinding(FACTS[name].label, _shown(name, value))
    return FrozenFinding(str(field.verbose_name), _in_words(field, value))


def _in_words(field: models.Field[Any, Any], value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return "; ".join(map(_entry_of_list, value))
    unit = f" {field.help_text}" if isinstance(field, models.DecimalField) else ""
    return f"{dict(field.flatchoices).get(value, value)}{unit}"


def _entry_of_list(entry: Any) -> str:
    """A site, or a component or stain with what is said of it."""
    if isinstance(entry, dict):
        name = entry.get("name") or COMPONENT_TYPES.get(entry.get("type", ""), "")
        return " ".join(filter(None, (name, str(entry.get("result") or entry.get("percent") or ""))))
    return FACTS["metastatic_sites"].label_of(entry)


def _shown(name: str, value: Any) -> str:
    try:
        return FACTS[name].show(FACTS[name].parse(value))
    except FactError:  # stored before the vocabulary refused it
        return str(value)


def _when(part: Stamped) -> tuple[PartialDate | None, PartialDate | None]:
    """The entry's date; of a course that has both, its start and end."""
    start, end = getattr(part, "started_on", None), getattr(part, "ended_on", None)
    if start and end and start != end:
        return start, end
    return next((value for name in part.declared.dates if (value := getattr(part, name))), None), None


# --- Titles -------------------------------------------------------------------------------------------------


def _title(part: Any) -> str:
    match part:
        case PathologyReport():
            return report_name(
                PathologyPart(
                    lab_number=part.lab_number,
                    reviews=part.reviews,
                    specimen=part.specimen,
                    specimen_site=part.specimen_site,
                    lesion=part.lesion,
                )
            )
        case ImagingStudy():
            other = part.modality == choices.Modality.OTHER
            return "Other imaging" if other else str(part.get_modality_display())
        case MolecularReport():
            return f"Molecular report: {part.get_method_display()}" if part.method else "Molecular report"
        case SerumMarker():
            return str(part.name)
        case Treatment():
            return _treatment(part)
    return "Clinical assessment"


def _treatment(treatment: Treatment) -> str:
    """ "Surgery: right hemicolectomy", "Systemic therapy, line 2: CAPTEM"."""
    line = f", line {treatment.line}" if treatment.line else ""
    what = treatment.procedure or _regimen(treatment)
    return f"{treatment.get_kind_display()}{line}{': ' if what else ''}{what}"


def _regimen(treatment: Treatment) -> str:
    label = REGIMENS[treatment.regimen].label if treatment.regimen in REGIMENS else ""
    words = treatment.regimen_text
    if treatment.regimen == choices.OTHER_REGIMEN and not words:
        return "another regimen"
    return f"{label} ({words})" if label and words else words or label
