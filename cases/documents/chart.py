"""The record of a snapshot as dated lines for paper, bounded."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from cases.documents.words import clean, day_of, in_line
from cases.snapshot.frozen import Frozen, FrozenEntry

# Entries shown of each kind, newest first; an older one is shown too if a fact in force comes from it.
MOST_SHOWN = {"referral": 1, "pathology": 3, "imaging": 4, "molecular": 2, "treatments": 8, "assessments": 1}
LONGEST_VALUE, LONGEST_REMARK = 1000, 360


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


def chart_of(frozen: Frozen) -> PrintedChart:
    """The record of a snapshot, in its order."""
    in_force = {fact.source_uid for fact in frozen.facts.values()}
    before: Counter[str] = Counter()
    entries = []
    for entry in frozen.record:
        if before[entry.kind] < MOST_SHOWN.get(entry.kind, 1) or entry.uid in in_force:
            entries.append(_printed(entry))
        before[entry.kind] += 1
    return PrintedChart(tuple(entries), len(frozen.record) - len(entries))


def _printed(entry: FrozenEntry) -> ChartEntry:
    return ChartEntry(
        date=day_of(entry.date),
        title=in_line(entry.title),
        findings=tuple(PrintedFact(one.label, in_line(one.value, LONGEST_VALUE)) for one in entry.findings),
        remarks=tuple(PrintedFact(one.label, clean(one.value, LONGEST_REMARK)) for one in entry.remarks),
        until=day_of(entry.until),
    )
