"""The record of a snapshot of format 1 as entries in words.

Format 1 holds the stored fields and no words for them but those of the facts in force. The labels of then are
in `record_v1.json`:

    invented                the citation of a demonstration case that no report describes
    specimens, modalities, treatments   code → words, as titles use them
    fields                  kind → fields shown, in their order: name, as (fact, ki67, plain, remark), label,
                            unit, words
    facts                   name → label, unit, words
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from cases.reading import PartialDate
from cases.snapshot.content import known_date
from cases.snapshot.frozen import FrozenEntry, FrozenFinding

Json = Mapping[str, Any]

TABLES: Json = json.loads(Path(__file__).with_name("record_v1.json").read_text(encoding="utf-8"))
# Kind → the fields that date an entry; the first one present counts.
DATED_BY = {
    "pathology": ("reported_on", "sampled_on"),
    "imaging": ("performed_on",),
    "molecular": ("reported_on",),
    "treatments": ("started_on", "ended_on"),
    "assessments": ("assessed_on",),
}
# Facts that repeat, under another name, what the entry says anyway.
REPEATS = ("ki67", "sstr_imaging", "fdg_pet", "resected", "prior_regimens")


def entries_of(snapshot: Json) -> tuple[FrozenEntry, ...]:
    """The referral, then each kind newest first."""
    in_force: dict[str, dict[str, Json]] = {}
    for fact in snapshot["facts"]:
        in_force.setdefault(str(fact["source_uid"]), {})[fact["fact"]] = fact
    return (
        *_referral(snapshot["case"]["uid"], in_force),
        *(
            _entry(kind, raw, in_force.get(raw["uid"], {}))
            for kind in DATED_BY
            for raw in snapshot["record"].get(kind, ())
        ),
    )


def _referral(uid: str, in_force: Mapping[str, Mapping[str, Json]]) -> Iterator[FrozenEntry]:
    facts = list(in_force.get(uid, {}).values())
    if facts:
        found = tuple(_in_force(fact) for fact in facts)
        yield FrozenEntry("referral", uid, known_date(facts[0]["date"]), None, facts[0]["source"], found, ())


def _entry(kind: str, raw: Json, facts: Mapping[str, Json]) -> FrozenEntry:
    """`raw` holds the stored fields; `facts` what the guideline was told of them, in the words of then."""
    findings, remarks = [], []
    for field in TABLES["fields"][kind]:
        value = raw.get(field["name"])
        if value in (None, ""):
            continue
        if field["as"] == "remark":
            remarks.append(FrozenFinding(field["label"], value))
        else:
            findings.append(_finding(field, raw, facts))
    findings += [_in_force(fact) for name, fact in facts.items() if name not in raw and name not in REPEATS]
    start, end = _when(kind, raw)
    return FrozenEntry(kind, raw["uid"], start, end, TITLES[kind](raw), tuple(findings), tuple(remarks))


def _in_force(fact: Json) -> FrozenFinding:
    return FrozenFinding(fact["label"], fact["shown"])


def _finding(field: Json, raw: Json, facts: Mapping[str, Json]) -> FrozenFinding:
    """In the words of the fact in force; else of the tables."""
    name = "ki67" if field["as"] == "ki67" else field["name"]
    if name in facts:
        return _in_force(facts[name])
    value = _ki67(raw) if name == "ki67" else raw[name]
    table = field if field["as"] == "plain" else TABLES["facts"][name]
    return FrozenFinding(table["label"], _shown(value, table))


def _ki67(raw: Json) -> Any:
    low, high = raw.get("ki67_min"), raw.get("ki67_max")
    if low is None or high is None or low > high:
        return None
    return low if low == high else {"min": low, "max": high}


def _shown(value: Any, table: Json) -> str:
    words, unit = table.get("words", {}), table.get("unit", "")
    match value:
        case None:
            return "Not known"
        case bool():
            return "Yes" if value else "No"
        case list():
            return ", ".join(words.get(code, code) for code in value) or "None"
        case {"min": low, "max": high}:
            return f"{_number(low)}–{_number(high)} {unit}".strip()
        case int() | float():
            return f"{_number(value)} {unit}".strip()
    return str(words.get(value, value))


def _number(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else format(Decimal(repr(number)), "f")


def _when(kind: str, raw: Json) -> tuple[PartialDate | None, PartialDate | None]:
    """The entry's date; of a course that has both, its start and end."""
    start, end = raw.get("started_on"), raw.get("ended_on")
    if start and end and start != end:
        return known_date(start), known_date(end)
    return next((known_date(raw[name]) for name in DATED_BY[kind] if raw.get(name)), None), None


# --- Titles -------------------------------------------------------------------------------------------------


def _joined(*parts: str, by: str = ", ") -> str:
    return by.join(part for part in parts if part)


def _pathology(raw: Json) -> str:
    """ "Pathology report H26-1182 (biopsy, liver)"."""
    specimen = TABLES["specimens"].get(raw.get("specimen"), "").lower()
    details = _joined(specimen, raw.get("specimen_site", ""))
    return _joined("Pathology report", raw.get("lab_number", ""), f"({details})" if details else "", by=" ")


def _imaging(raw: Json) -> str:
    modality = raw["modality"]
    if modality == TABLES["other_modality"]:
        return "Other imaging"
    return str(TABLES["modalities"].get(modality, modality))


def _molecular(raw: Json) -> str:
    return _joined("Molecular report", raw.get("method", ""), by=": ")


def _treatment(raw: Json) -> str:
    """ "Surgery: right hemicolectomy", "Systemic therapy, line 2: CAPTEM"."""
    known = TABLES["facts"]["prior_regimens"]["words"]
    code, words = raw.get("regimen", ""), raw.get("regimen_text", "")
    regimen = words or known.get(code, "")
    if code in known and words:
        regimen = f"{known[code]} ({words})"
    if code == TABLES["other_regimen"] and not words:
        regimen = "another regimen"
    kind = TABLES["treatments"].get(raw["kind"], raw["kind"])
    line = f"line {raw['line']}" if raw.get("line") else ""
    return _joined(_joined(kind, line), raw.get("procedure", "") or regimen, by=": ")


def _assessment(raw: Json) -> str:
    return "Clinical assessment"


TITLES = {
    "pathology": _pathology,
    "imaging": _imaging,
    "molecular": _molecular,
    "treatments": _treatment,
    "assessments": _assessment,
}
