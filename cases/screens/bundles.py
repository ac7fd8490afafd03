"""What a bundle proposes, each fact beside what the record holds, and what becomes of the ticked ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.actions.import_parts import NotTold, compared, match, written_columns
from cases.actions.proposed import AcceptedPart
from cases.actions.versions import KIND_OF, values_of
from cases.casefile.declaration import KEYS_OF
from cases.casefile.faults import Spot
from cases.casefile.file_reading import read_part
from cases.casefile.shape import RecordPart
from cases.exchange.bundles.proposals import BundleProposal, BundleReading, place_in
from cases.exchange.bundles.reading import read_bundle
from cases.facts import facts_of
from cases.filing import around
from cases.models import Case
from cases.models.base import Stamped
from cases.reading import fold_name
from cases.record import PARTS, CaseRecord
from cases.screens.history import label_of, value_in_words
from guidelines.vocabulary.facts import FACTS

MODELS = {model.declared.file_key: model for model in PARTS}
NEW_ENTRY = "No such entry"
GONE = "The record or the choice has changed since this page was shown. Nothing was stored; look again."


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal in words. `held`: what the record has at its place; `state`: "new", "differs", "same" or
    "stuck"; `tick`: what a person sends to accept it, of what stood there then.
    """

    name: str
    entry: str
    label: str
    value: str
    held: str
    state: str
    words: str
    source: str
    question: str
    tick: str


@dataclass(frozen=True)
class BundlePlan:
    """A bundle read for a case. `facts`: what the record says by now; `tumor`: the one that the
    case is about, "" where that is to be chosen.
    """

    reading: BundleReading
    case: Case
    record: CaseRecord
    facts: Mapping[str, Any]
    tumor: str

    @property
    def mismatches(self) -> tuple[str, ...]:
        """In what the bundle's patient is another than the case's."""
        said, patient = self.reading.patient, self.case.patient
        found = []
        if said.birth_date and not patient.birth_date.isoformat().startswith(said.birth_date):
            found.append(f"born {value_in_words('patient', 'birth_date', said.birth_date)}")
        if said.surname and fold_name(said.surname) != fold_name(patient.surname):
            found.append(f"surname {said.surname}")
        return tuple(found)

    @property
    def lines(self) -> list[ProposalLine]:
        """The proposals for the tumor, those that the bundle leaves open at the end."""
        mine = [one for one in self.reading.proposals if one.offered and one.tumor in ("", self.tumor)]
        return [self._line(one) for one in sorted(mine, key=lambda one: bool(one.question))]

    def accepted(self, ticks: Collection[str], name: str) -> list[AcceptedPart]:
        """The ticked facts, gathered by the part that they belong to. Raises `NotTold` where what was ticked
        is not what stands here now.
        """
        lines = {line.tick: line.name for line in self.lines if line.tick}
        if not set(ticks) <= lines.keys():
            raise NotTold(GONE)
        chosen = {lines[tick] for tick in ticks}
        gathered: dict[bytes, list[BundleProposal]] = {}
        for one in self.reading.proposals:
            if one.name in chosen:
                told = orjson.dumps([one.fact.part, dict(one.fact.told)], option=orjson.OPT_SORT_KEYS)
                gathered.setdefault(told, []).append(one)
        return [self._part(same, name) for same in gathered.values()]

    def _part(self, same: Sequence[BundleProposal], name: str) -> AcceptedPart:
        fact = same[0].fact
        stored = self._stored(fact.part, fact.told)
        said: dict[str, Any] = {} if stored is not None else dict(fact.told)
        for one in same:
            place_in(said, one.fact.key, one.fact.value)
        fields = written_columns(self._read(fact.part, {**fact.told, **said}), MODELS[fact.part])
        wanted = fields.keys() & ({_column(one.fact.key) for one in same} | said.keys())
        places = "; ".join(dict.fromkeys(one.place for one in same))
        kept = {key: _added(stored, key, fields[key]) for key in wanted}
        return AcceptedPart(KIND_OF[MODELS[fact.part]], stored, kept, f"bundle {name[:60]}, {places}")

    def _line(self, one: BundleProposal) -> ProposalLine:
        fact, model = one.fact, MODELS[one.fact.part]
        kind, column = KIND_OF[model], _column(fact.key)
        said: dict[str, Any] = dict(fact.told)
        place_in(said, fact.key, fact.value)
        read = self._read(fact.part, said)
        held, state, seen = self._so_far(fact.part, fact.key), "new", ""
        fields: Mapping[str, Any] = {}
        try:
            fields = written_columns(read, model)
            stored = self._stored(fact.part, fact.told)
        except (NotTold, ValidationError) as error:
            held, state, stored = "; ".join(getattr(error, "messages", [str(error)])), "stuck", None
        if column not in fields and state != "stuck":
            held, state = "The record has no place for this.", "stuck"
        if stored is not None and state != "stuck":
            before = values_of(stored, [column])
            held, seen = value_in_words(kind, column, before[column]), str(stored.version)
            value = _added(stored, column, fields[column])
            is_same = not compared(kind, stored, read, {column: value}, self.case.board, timezone.localdate())
            blank = before == values_of(type(stored)(), [column])
            state = "same" if is_same else "new" if blank else "differs"
        shown = (
            values_of(model(**{column: fields[column]}), [column])[column] if column in fields else fact.words
        )
        return ProposalLine(
            one.name, _entry(fact.part, fact.told), label_of(kind, column),
            value_in_words(kind, column, shown), held, state, fact.words, one.source, one.question,
            "" if state in ("same", "stuck") else f"{one.name}:{seen}",
        )  # fmt: skip

    def _so_far(self, part: str, key: str) -> str:
        """What the record as a whole holds of a fact whose entry is new."""
        known = KEYS_OF[part].by_name[key.partition(".")[0]].fact
        if known not in self.facts:
            return NEW_ENTRY
        return f"{NEW_ENTRY}; the record so far: {FACTS[known].show(self.facts[known])}"

    def _read(self, part: str, said: Mapping[str, Any]) -> RecordPart:
        return read_part(said, KEYS_OF[part], around(self.case.board, timezone.localdate()), Spot(part))

    def _stored(self, part: str, told: Mapping[str, Any]) -> Stamped | None:
        """The stored part that a proposal speaks of. Raises `NotTold`."""
        if part == "case":
            return self.case
        stored = list(getattr(self.record, part))
        return match(KIND_OF[MODELS[part]], written_columns(self._read(part, told), MODELS[part]), stored)


def plan_of(data: bytes, record: CaseRecord, tumor: str) -> BundlePlan:
    """A bundle beside a case; of one neuroendocrine neoplasm it is about that one. Raises `BundleRefused`."""
    reading = read_bundle(data, around(record.case.board, timezone.localdate()))
    names = [one.name for one in reading.neoplasms]
    chosen = tumor if tumor in names else names[0] if len(names) == 1 else ""
    return BundlePlan(reading, record.case, record, facts_of(record).values, chosen)


def proposed_by(data: bytes, record: CaseRecord) -> dict[str, Any]:
    """The same for a program: of several neuroendocrine neoplasms the findings of each. Raises
    `BundleRefused`.
    """
    plan = plan_of(data, record, "")
    reading = plan.reading
    names = [plan.tumor] if plan.tumor or not reading.neoplasms else [one.name for one in reading.neoplasms]
    found = {line.name: line for name in names for line in replace(plan, tumor=name).lines}
    whose = {one.name: one.tumor for one in reading.proposals}
    return {
        "message": reading.message,
        "patient_differs": list(plan.mismatches),
        "tumors": [
            {"name": one.name, "label": one.label, "neuroendocrine": one.is_neuroendocrine}
            for one in reading.tumors
        ],
        "findings": [
            {
                "tumor": whose[line.name], "entry": line.entry, "label": line.label, "value": line.value,
                "state": line.state, "held": line.held, "words": line.words, "place": line.source,
                "question": line.question,
            }
            for line in found.values()
        ],
        "unread": [{"what": one.what, "reason": one.reason, "place": one.place} for one in reading.unread],
    }  # fmt: skip


def _added(stored: Stamped | None, column: str, value: Any) -> Any:
    """A list of sites with those that the record has already; anything else as it is."""
    if column != "metastatic_sites" or stored is None:
        return value
    return list(dict.fromkeys([*(getattr(stored, column) or []), *value]))


def _column(key: str) -> str:
    """The column that a key of the case file fills."""
    return key.replace("stage.", "stage_")


def _entry(part: str, told: Mapping[str, Any]) -> str:
    """What the entry is called that a fact belongs to."""
    model = MODELS[part]
    said = ", ".join(_told(KIND_OF[model], told))
    return f"{model.declared.title}: {said}" if said else model.declared.title


def _told(kind: str, told: Mapping[str, Any]) -> Iterator[str]:
    for key, value in told.items():
        yield f"{label_of(kind, key).lower()} {value_in_words(kind, key, value)}"
