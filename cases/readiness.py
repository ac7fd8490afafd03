"""What a case still lacks for its meeting, and who owes it.

The items are the facts that the guideline's answer on treatment turns on: those it used, which are present
or stale, and those it misses; what bears on work-up alone is left to the panel beside the record. A finding
is stale when it is older than its owner's limit in `choices.STALE_AFTER_DAYS`, or has no date though there
is such a limit; what stands in `choices.AGELESS` never is.

The facts with their days are stored (`StoredReadiness`); ages, and what is stale, follow from the day on
which somebody looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils import timezone

from cases.choices import AGELESS, STALE_AFTER_DAYS
from cases.course.turns import next_turn
from cases.facts import RecordFacts
from cases.filing import around, conventions_of
from cases.guideline import guideline_of
from cases.models import Board, Case, StoredReadiness
from cases.models.base import Stamped
from cases.models.columns import PartialDateField
from cases.reading import PartialDate
from cases.record import FIELD_OF, CaseRecord
from guidelines.answer.bulk import AskedCase
from guidelines.answer.parts import Assessment
from guidelines.knowledge.labels import TREATMENT_TOPICS, Status
from guidelines.knowledge.model import Guideline
from guidelines.vocabulary.facts import FACTS

State = Literal["present", "stale", "missing"]

# The sign of a statement that can hold for a case, by its status, in capitals where its verdict is the
# option's; every other statement has EXCLUDED.
STANDINGS: Mapping[str, str] = {Status.APPLIES: "a", Status.POSSIBLE: "p", Status.BLOCKED: "b"}
EXCLUDED = "."


@dataclass(frozen=True)
class ReadinessItem:
    """One fact. `days` is the finding's age, None without a date; `decides` counts what it would settle."""

    fact: str
    label: str
    owner: str
    state: State
    days: int | None = None
    decides: int = 0


@dataclass(frozen=True)
class Readiness:
    """Items as they are to be worked down: missing, most decisive first; stale, oldest first; present."""

    items: tuple[ReadinessItem, ...]

    @property
    def present(self) -> int:
        return sum(item.state == "present" for item in self.items)

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def share(self) -> int:
        """Percent present, rounded down; 100 where the answer turns on nothing."""
        return 100 * self.present // self.total if self.total else 100

    @property
    def complete(self) -> bool:
        return self.present == self.total

    @property
    def next_item(self) -> ReadinessItem | None:
        """What to see to first; None if nothing is lacking."""
        return None if self.complete else self.items[0]

    def owed_by(self) -> dict[str, tuple[ReadinessItem, ...]]:
        """Owner → what they owe, in the order of `items`."""
        owed: dict[str, list[ReadinessItem]] = {}
        for item in self.items:
            if item.state != "present":
                owed.setdefault(item.owner, []).append(item)
        return {owner: tuple(items) for owner, items in owed.items()}


def row_of(
    record: CaseRecord, facts: RecordFacts, assessment: Assessment, today: date | None = None
) -> StoredReadiness:
    """The row to store for a record, from its facts and the answer to them as of `today`."""
    today = today or timezone.localdate()
    board = record.case.board
    missing, known = _turned_on(facts, assessment)
    bounds = around(board, today).bounds.get("months_since_treatment", ())
    return StoredReadiness(
        case=record.case,
        record_version=record.case.record_version,
        basis=basis_of(board),
        first_day=today,
        next_turn=next_turn(_dates(record), today, conventions_of(board), bounds),
        missing=missing,
        known=known,
        standings=_standings(guideline_of(board), assessment),
        turns_on=_turns_on(guideline_of(board), assessment),
        facts={
            "values": {name: FACTS[name].as_json(value) for name, value in facts.values.items()},
            "done": list(facts.done),
            "asks": list(facts.asks),
        },
    )


def asked_of(row: StoredReadiness) -> AskedCase:
    """What the guideline is asked of a case, as far as the row holds: the facts that `facts_of` reads."""
    values = {name: FACTS[name].parse(raw) for name, raw in row.facts["values"].items()}
    known = {name: value for name, value in values.items() if value is not None}
    return AskedCase(known, tuple(row.facts["done"]), tuple(row.facts["asks"]))


def readiness_of(facts: RecordFacts, assessment: Assessment, today: date) -> Readiness:
    """What is missing, stale and present on that day, from the facts and the answer to them."""
    missing, known = _turned_on(facts, assessment)
    return _items(missing, known, today)


def _turned_on(facts: RecordFacts, assessment: Assessment) -> tuple[list[Any], list[Any]]:
    """What the answer on treatment turns on, as the row holds it: facts missing, and facts known."""
    treatment = {each.id for each in assessment.recommendations if each.topic in TREATMENT_TOPICS}
    used = {
        reason.fact for each in assessment.recommendations if each.id in treatment for reason in each.because
    }
    missing = [
        [each.fact, len(each.decides)] for each in assessment.missing if treatment.intersection(each.decides)
    ]
    return missing, [[name, _day(facts, name)] for name in facts.values if name in used]


def _standings(guideline: Guideline, assessment: Assessment) -> str:
    signs = {one.id: STANDINGS.get(one.status, EXCLUDED) for one in assessment.recommendations}
    for option in assessment.options:
        signs[option.id] = signs[option.id].upper()
    return "".join(signs.get(statement.id, EXCLUDED) for statement in guideline.statements)


def _turns_on(guideline: Guideline, assessment: Assessment) -> dict[str, list[int]]:
    places = {statement.id: place for place, statement in enumerate(guideline.statements)}
    found: dict[str, list[int]] = {}
    for said in assessment.recommendations:
        for name in said.missing if said.status == Status.POSSIBLE else ():
            found.setdefault(name, []).append(places[said.id])
    return found


def holds(row: StoredReadiness, case: Case, today: date) -> bool:
    """Whether the row says of the case what would be worked out today."""
    return (
        row.record_version == case.record_version
        and row.basis == basis_of(case.board)
        and row.first_day <= today
        and (row.next_turn is None or today < row.next_turn)
    )


def readiness_at(row: StoredReadiness, today: date | None = None) -> Readiness:
    """What is missing, stale and present on that day."""
    return _items(row.missing, row.known, today or timezone.localdate())


def _items(not_known: Iterable[Any], with_days: Iterable[Any], today: date) -> Readiness:
    missing = [
        ReadinessItem(name, FACTS[name].label, FACTS[name].owner, "missing", decides=decides)
        for name, decides in not_known
    ]
    known = [_known(name, day, today) for name, day in with_days]
    stale = sorted(
        (item for item in known if item.state == "stale"),
        key=lambda item: float("inf") if item.days is None else item.days,
        reverse=True,
    )
    present = [item for item in known if item.state == "present"]
    return Readiness((*missing, *stale, *present))


def basis_of(board: Board) -> str:
    """What besides the record and the day decides: the guideline, and the board's own settings."""
    guideline = guideline_of(board)
    settings = f"{board.hpf_field_mm2 or ''} {board.current_for_days}"
    return f"{guideline.id}@{guideline.edition} {guideline.digest} {settings}"


def _day(facts: RecordFacts, name: str) -> str | None:
    found = facts.provenance[name].date
    return None if found is None else found.first.isoformat()


def _known(name: str, day: str | None, today: date) -> ReadinessItem:
    fact = FACTS[name]
    days = None if day is None else (today - date.fromisoformat(day)).days
    limit = None if name in AGELESS else STALE_AFTER_DAYS.get(fact.owner)
    stale = limit is not None and (days is None or days > limit)
    return ReadinessItem(name, fact.label, fact.owner, "stale" if stale else "present", days)


def _dates(record: CaseRecord) -> Iterator[PartialDate]:
    """Every date of the record, also one that its readers refuse."""
    parts: list[Stamped] = [record.case]
    for field in FIELD_OF.values():
        parts += getattr(record, field)
    for part in parts:
        for column in part._meta.concrete_fields:
            if isinstance(column, PartialDateField) and (when := getattr(part, column.attname)) is not None:
                yield when
