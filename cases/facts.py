"""From the record to the guideline's facts, with where each came from: the bridge.

The rules themselves stand in `cases.course` and know nothing of a database: the stored record is turned into
a case file and read like any other. What cannot be read, or cannot both be, never stops a page: it is left
out, with a caution.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone

from cases.casefile.file_reading import read_what_can_be
from cases.casefile.shape import CaseFile
from cases.course.contests import Contest
from cases.course.facts_of_file import facts_of_file
from cases.course.sourced import Sourced, dated
from cases.course.sources import (
    ASSESSMENT,
    REFERRAL,
    molecular_name,
    report_name,
    study_name,
    treatment_name,
)
from cases.filing import around, as_case_file, conventions_of
from cases.guideline import guideline_of
from cases.models import PathologyReport
from cases.models.base import Stamped
from cases.reading import PartialDate
from cases.record import FIELD_OF, CaseRecord, ReadCase, date_of, record_as_read, record_of
from guidelines.vocabulary.facts import FACTS, FactError, Value

__all__ = ["CaseRecord", "Provenance", "RecordFacts", "facts_of", "record_of"]


@dataclass(frozen=True)
class Provenance:
    """Where a fact came from: its source, the words that stand there or why it follows, the finding's own
    date, and, of one part of the record, who entered it and its id. `derived`: a rule of the record made it.
    `named`: who let it decide against other reports, and why, in words.
    """

    text: str
    date: PartialDate | None
    author: str = ""
    source_uid: UUID | None = None
    detail: str = ""
    derived: bool = False
    named: str = ""

    @property
    def words(self) -> str:
        """ "SSTR imaging, 05-Mar-2026"."""
        words = dated(self.text, self.date)
        return f"{words}, {self.named}" if self.named else words


@dataclass(frozen=True)
class ContestedSide:
    """What one part of the record says in a contradiction: its value and its source in words."""

    part: Stamped
    value: str
    source: str


@dataclass(frozen=True)
class ContestedFact:
    """A fact on which findings contradict each other, of which neither is newer. `is_open`: it counts as not
    known; `named`: the pathology report that a clinician lets decide.
    """

    fact: str
    sides: tuple[ContestedSide, ...]
    named: PathologyReport | None
    is_open: bool

    @property
    def reports(self) -> tuple[PathologyReport, ...]:
        """The pathology reports in it, one of which a clinician may name."""
        return tuple(side.part for side in self.sides if isinstance(side.part, PathologyReport))


@dataclass(frozen=True)
class RecordFacts:
    """`values` holds known facts only; `provenance` has the same keys. `done`: tests whose result stands in
    the record and is current, with its day. `asks`: what the question is about. `contests`: contradictions
    between findings. `beside`: facts not known → what to have in mind in stating them.
    """

    values: Mapping[str, Value]
    provenance: Mapping[str, Provenance]
    cautions: tuple[str, ...]
    done: Mapping[str, PartialDate | None] = field(default_factory=dict)
    asks: tuple[str, ...] = ()
    contests: tuple[ContestedFact, ...] = ()
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> dict[str, str]:
        """Fact → where from, in words: "SSTR imaging, 05-Mar-2026"."""
        return {name: source.words for name, source in self.provenance.items()}


def facts_of(record: CaseRecord, today: date | None = None) -> RecordFacts:
    """Everything the record says, as guideline facts. `today` counts months and the age of tests."""
    today, board = today or timezone.localdate(), record.case.board
    file, faults = read_what_can_be(as_case_file(record), around(board, today))
    found = facts_of_file(file, guideline_of(board), today, conventions_of(board), is_stored=True)
    origins = dict(_origins(record, file))
    contests = tuple(_contested(record, one) for one in found.contests)
    named = {one.fact: one.named for one in contests}
    return RecordFacts(
        {name: one.value for name, one in found.facts.items()},
        {
            name: _provenance(one, origins, named[name] if one.named else None)
            for name, one in found.facts.items()
        },
        (*map(_not_used, faults), *found.cautions),
        found.done,
        found.asks,
        contests,
        found.beside,
    )


# In the memory of this process only, as the records that they are of.
@lru_cache(maxsize=64)
def facts_as_read(read: ReadCase, today: date) -> RecordFacts:
    """The facts of a case that this process remembers."""
    return facts_of(record_as_read(read), today)


def author_of(part: Stamped) -> str:
    """Who entered it last, and from which list; empty for a part that was never saved."""
    if not getattr(part, "updated_by_id", None):
        return ""
    name = part.updated_by.get_full_name() or part.updated_by.get_username()
    origin = getattr(part, "origin", "")
    return f"{name}, from {origin}" if origin else name


def _not_used(fault: FactError) -> str:
    name = fault.fact.rpartition(".")[2]
    label = FACTS[name].label if name in FACTS else name.replace("_", " ").capitalize()
    return f"{label} as recorded is not usable: {fault.message}."


class _Origin(NamedTuple):
    """A part of the record that facts come from, its own date, and who entered it."""

    uid: UUID
    date: PartialDate | None
    author: str

    @classmethod
    def of(cls, part: Stamped) -> _Origin:
        return cls(part.uid, date_of(part), author_of(part))


def _provenance(
    one: Sourced, origins: Mapping[tuple[str, PartialDate | None], _Origin], named: PathologyReport | None
) -> Provenance:
    origin = _Origin.of(named) if named else origins.get((one.source, one.date))
    if origin is None:
        return Provenance(one.source, one.date, detail=one.words, derived=one.derived)
    by = naming_of(named) if named else ""
    date = one.date or origin.date
    return Provenance(one.source, date, origin.author, origin.uid, one.words, one.derived, by)


def naming_of(report: PathologyReport) -> str:
    """Who let a report decide, and why: "named by Bob Baker: Larger specimen"."""
    who = f"by {report.deciding_by}" if report.deciding_by else "as the deciding report"
    return f"named {who}: {report.deciding_reason}"


def _contested(record: CaseRecord, contest: Contest) -> ContestedFact:
    sides = tuple(
        ContestedSide(_part_at(record, side.path), side.value, side.source) for side in contest.sides
    )
    named = record.pathology[_place(contest.named)] if contest.named else None
    return ContestedFact(contest.fact, sides, named, contest.is_open)


def _part_at(record: CaseRecord, path: str) -> Stamped:
    """The stored part that stands at a path of the case file: "pathology[1]"."""
    part: Stamped = getattr(record, path.partition("[")[0])[_place(path)]
    return part


def _origins(record: CaseRecord, file: CaseFile) -> Iterator[tuple[tuple[str, PartialDate | None], _Origin]]:
    """What the rules call a part, with its date → where it comes from; of two called alike, the newer."""
    yield (REFERRAL, None), _Origin.of(record.case)
    names: Mapping[str, Callable[[Any], str]] = {
        "pathology": report_name,
        "imaging": study_name,
        "molecular": molecular_name,
        "markers": lambda marker: marker.name or "",
        "treatments": treatment_name,
        "assessments": lambda _: ASSESSMENT,
    }
    for field_name in FIELD_OF.values():
        stored = getattr(record, field_name)
        for read in reversed(getattr(file, field_name)):
            part = stored[_place(read.path)]
            name, origin = names[field_name](read), _Origin.of(part)
            for when in _days(part):
                yield (name, when), origin


def _place(path: str) -> int:
    """Where a part stands in its list, from its path: "pathology[1]"."""
    return int(path.rpartition("[")[2].removesuffix("]"))


def _days(part: Stamped) -> tuple[PartialDate | None, ...]:
    """Every day that a finding of the part may be dated by."""
    names = ("reported_on", "sampled_on", "performed_on", "measured_on", "started_on", "ended_on")
    days = [getattr(part, name, None) for name in (*names, "progressed_on", "assessed_on")]
    return (None, *(day for day in days if day is not None))
