"""The record of a snapshot as dated lines for paper."""

from __future__ import annotations

from dataclasses import dataclass

from cases.documents.words import clean, day_of, in_line
from cases.snapshot.frozen import Frozen, FrozenEntry

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


def chart_of(frozen: Frozen) -> tuple[ChartEntry, ...]:
    """The record of a snapshot, in its order."""
    return tuple(_printed(entry) for entry in frozen.record)


def _printed(entry: FrozenEntry) -> ChartEntry:
    return ChartEntry(
        date=day_of(entry.date),
        title=in_line(entry.title),
        findings=tuple(PrintedFact(one.label, in_line(one.value, LONGEST_VALUE)) for one in entry.findings),
        remarks=tuple(PrintedFact(one.label, clean(one.value, LONGEST_REMARK)) for one in entry.remarks),
        until=day_of(entry.until),
    )
