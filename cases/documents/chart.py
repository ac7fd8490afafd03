"""The record inside a snapshot as dated lines: what was found, when, and where it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from cases import choices
from cases.documents.words import clean, day_of, in_line, joined
from cases.facts import ki67_of, report_name
from cases.models import PathologyReport, Treatment
from cases.models.base import Stamped
from cases.record import DATED_BY, FIELD_OF
from guidelines.vocabulary.facts import FACTS, FactError

MODEL_OF = {field: model for model, field in FIELD_OF.items()}
# Entries shown of each kind, newest first; an older one is shown too if a fact in force comes from it.
MOST_SHOWN = {"pathology": 3, "imaging": 4, "molecular": 2, "treatments": 8, "assessments": 1}
# Said by the title, the date, or another line of the same entry.
NOT_LISTED = {
    PathologyReport: {"specimen", "specimen_site", "lab_number", "ki67_max"},
    Treatment: {"kind", "procedure", "line", "regimen", "regimen_text"},
}
NEVER_LISTED = {"uid", "modality", "method"}
# Facts that repeat, under another name, what the entry says anyway.
REPEATS = {"ki67", "sstr_imaging", "fdg_pet", "resected", "prior_regimens"}


@dataclass(frozen=True, slots=True)
class PrintedFact:
    """A name and its value, both in words."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ChartEntry:
    """One report, study, treatment or assessment. `date` is "" if nobody gave one; `until` ends a course."""

    date: str
    title: str
    findings: tuple[PrintedFact, ...]
    remarks: tuple[PrintedFact, ...] = ()
    until: str = ""


@dataclass(frozen=True, slots=True)
class PrintedChart:
    """The entries shown, and how many older ones are not."""

    entries: tuple[ChartEntry, ...]
    older: int


def chart_of(content: Mapping[str, Any]) -> PrintedChart:
    """The record of a snapshot, the referral first, then each kind newest first."""
    in_force = _by_source(content["facts"])
    entries = list(_referral(content, in_force))
    older = 0
    for kind, most in MOST_SHOWN.items():
        for place, raw in enumerate(content["record"].get(kind, [])):
            facts = in_force.get(raw["uid"], {})
            if place < most or facts:
                entries.append(_entry(MODEL_OF[kind], raw, facts))
            else:
                older += 1
    return PrintedChart(tuple(entries), older)


def _by_source(facts: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Mapping[str, Any]]]:
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for fact in facts:
        found.setdefault(str(fact["source_uid"]), {})[fact["fact"]] = fact
    return found


def _referral(content: Mapping[str, Any], in_force: Mapping[str, Any]) -> Iterator[ChartEntry]:
    facts = in_force.get(content["case"]["uid"], {}).values()
    if facts:
        source, when = next((fact["source"], fact["date"]) for fact in facts)
        yield ChartEntry(
            day_of(when), source, tuple(PrintedFact(fact["label"], fact["shown"]) for fact in facts)
        )


def _entry(model: type[Stamped], raw: Mapping[str, Any], facts: Mapping[str, Any]) -> ChartEntry:
    """`raw` holds the stored fields; `facts` what the guideline was told of them, in the words of then."""
    fields = [field for field in model._meta.concrete_fields if raw.get(field.name) not in (None, "")]
    part = model(**{field.name: raw[field.name] for field in fields})
    skipped = NEVER_LISTED | NOT_LISTED.get(model, set()) | set(DATED_BY[model])
    findings, remarks = [], []
    for field in fields:
        if field.name == "ki67_min":
            findings.append(_ki67(part, facts))
        elif field.name not in skipped and isinstance(field, models.TextField):
            remarks.append(PrintedFact(str(field.verbose_name), clean(raw[field.name], 360)))
        elif field.name not in skipped:
            findings.append(_finding(field, raw[field.name], facts.get(field.name)))
    derived = (fact for name, fact in facts.items() if name not in raw and name not in REPEATS)
    findings += [PrintedFact(fact["label"], fact["shown"]) for fact in derived]
    date, until = _when(raw, DATED_BY[model])
    return ChartEntry(date, _title(part), tuple(findings), tuple(remarks), until)


def _ki67(report: Any, facts: Mapping[str, Any]) -> PrintedFact:
    """The value or the range as one finding."""
    if "ki67" in facts:
        return PrintedFact(facts["ki67"]["label"], facts["ki67"]["shown"])
    return PrintedFact(FACTS["ki67"].label, FACTS["ki67"].show(ki67_of(report)))


def _finding(field: models.Field[Any, Any], value: Any, fact: Mapping[str, Any] | None) -> PrintedFact:
    """In the words of the fact as it was frozen; else of the vocabulary; else of the record's own choices."""
    if fact is not None:
        return PrintedFact(fact["label"], fact["shown"])
    if field.name in FACTS:
        definition = FACTS[field.name]
        try:
            return PrintedFact(definition.label, definition.show(definition.parse(value)))
        except FactError:  # a code that the vocabulary of today no longer has
            return PrintedFact(definition.label, in_line(str(value)))
    if isinstance(value, bool):
        return PrintedFact(str(field.verbose_name), "Yes" if value else "No")
    words = dict(field.flatchoices).get(value, value)
    unit = f" {field.help_text}" if field.help_text else ""
    return PrintedFact(str(field.verbose_name), in_line(f"{words}{unit}"))


def _when(raw: Mapping[str, Any], dated: Sequence[str]) -> tuple[str, str]:
    """The entry's date; of a course that has both, its start and end."""
    start, end = raw.get("started_on"), raw.get("ended_on")
    if start and end and start != end:
        return day_of(start), day_of(end)
    return next((day_of(raw[name]) for name in dated if raw.get(name)), ""), ""


def _title(part: Any) -> str:
    match type(part).__name__:
        case "PathologyReport":
            return in_line(report_name(part))
        case "ImagingStudy":
            other = part.modality == choices.Modality.OTHER
            return "Other imaging" if other else str(part.get_modality_display())
        case "MolecularReport":
            return in_line(joined("Molecular report", part.method, by=": "))
        case "Treatment":
            return in_line(_treatment(part))
    return "Clinical assessment"


def _treatment(treatment: Treatment) -> str:
    """ "Surgery: right hemicolectomy", "Systemic therapy, line 2: CAPTEM"."""
    line = f"line {treatment.line}" if treatment.line else ""
    known = {choice.value: choice.label for choice in FACTS["prior_regimens"].choices}
    regimen = treatment.regimen_text or known.get(treatment.regimen, "")
    if treatment.regimen in known and treatment.regimen_text:
        regimen = f"{known[treatment.regimen]} ({treatment.regimen_text})"
    if treatment.regimen == choices.OTHER_REGIMEN and not treatment.regimen_text:
        regimen = "another regimen"
    return joined(joined(treatment.get_kind_display(), line), treatment.procedure or regimen, by=": ")
