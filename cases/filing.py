"""The stored record as a case file: the names of the contract, the values as they were written.

The columns of the record bear the names of the case file's keys; where they do not, it is said here. So one
set of readers and rules serves what comes in a file, what stands in a form, and what is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from cases.casefile.coherence import contradictions_in
from cases.casefile.declaration import KEYS_OF
from cases.casefile.file_reading import read_filed
from cases.casefile.keys import PartDeclaration, Surroundings
from cases.casefile.shape import CaseFile, OtherStain, RecordPart, TumorComponent
from cases.course.answering import surroundings
from cases.course.conventions import CONVENTIONS, Conventions
from cases.guideline import guideline_of
from cases.models import Board, Case
from cases.models.base import Stamped
from cases.models.columns import WrittenField
from cases.reading import PartialDate
from cases.record import FIELD_OF, PARTS, CaseRecord

DECLARED: Mapping[type[Stamped], PartDeclaration] = {
    model: KEYS_OF[model.declared.file_key] for model in PARTS
}
STAGE = ("t", "n", "m", "edition")


def as_case_file(record: CaseRecord) -> dict[str, Any]:
    """One case file: what is not known is left out, parts as they are stored."""
    file: dict[str, Any] = {"patient": as_part(record.patient), "case": as_part(record.case)}
    for field in FIELD_OF.values():
        parts = [as_part(part) for part in getattr(record, field)]
        if any(parts):
            file[field] = parts
    return file


def as_part(part: Stamped) -> dict[str, Any]:
    """One part, by the keys of the case file."""
    found = {key.name: _value(part, key.name) for key in DECLARED[type(part)].keys}
    return {name: value for name, value in found.items() if value not in (None, "")}


def columns_of(part: RecordPart, model: type[Stamped]) -> dict[str, Any]:
    """A part that was read, as the columns of its model; keys that the model has no column for are left out.
    The inverse of `as_part`.
    """
    columns = {column.name: column for column in model._meta.concrete_fields}
    found: dict[str, Any] = {}
    for key in DECLARED[model].keys:
        value = part.says(key.name)
        if key.name == "stage" and value is not None:
            found |= {f"stage_{letter}": getattr(value, letter) for letter in STAGE}
        elif isinstance(columns.get(key.name), WrittenField):
            found[key.name] = part.words.get(key.name, "")
        elif key.name in columns and value not in (None, ""):
            found[key.name] = _as_stored(value)
    return found


def _as_stored(value: Any) -> Any:
    """Tuples as lists; stains and components as objects of what they state."""
    if not isinstance(value, tuple):
        return value
    return [one if isinstance(one, str) else _as_object(one) for one in value]


def _as_object(one: OtherStain | TumorComponent) -> dict[str, Any]:
    if isinstance(one, OtherStain):
        return {"name": one.name, **({"result": one.result} if one.result else {})}
    return {"type": one.type, **({"percent": one.percent.text()} if one.percent else {})}


def around(board: Board, today: date) -> Surroundings:
    """What the readers need besides a value: the board's guideline and its microscope."""
    return surroundings(guideline_of(board), today, board.hpf_field_mm2)


def conventions_of(board: Board) -> Conventions:
    """The conventions of the record, with the board's own limit of age."""
    return replace(CONVENTIONS, board_limit_days=board.current_for_days)


def read_stored(part: Stamped, board: Board, today: date) -> tuple[RecordPart, dict[str, str]]:
    """A part as its readers understand it, and field → what is wrong with it."""
    declared = DECLARED[type(part)]
    read, wrong = read_filed(as_part(part), declared.name, around(board, today))
    alone = CaseFile(**{declared.name: (read,) if declared.many else read})  # type: ignore[arg-type]
    faults = [*wrong, *contradictions_in(alone)]
    return read, {_field(fault.fact): fault.message for fault in faults}


def faults_of(part: Stamped, board: Board, today: date) -> dict[str, str]:
    """Field → what is wrong with what stands there."""
    return read_stored(part, board, today)[1]


def board_of(part: Stamped) -> Board:
    """The board whose case it is, or of whose case it is a part."""
    found: Board = (part if isinstance(part, Case) else part.case).board  # type: ignore[attr-defined]
    return found


def _field(path: str) -> str:
    """The column at the head of a path: "components[0].percent" is the column "components"."""
    key, _, rest = path.strip(".").partition(".")
    key = key.partition("[")[0]
    return f"stage_{rest}" if key == "stage" and rest in STAGE else key


def _value(part: Stamped, key: str) -> Any:
    if key == "stage":
        stage = {letter: getattr(part, f"stage_{letter}") for letter in STAGE}
        return {letter: text for letter, text in stage.items() if text} or None
    if key == "board":
        return part.board.slug  # type: ignore[attr-defined]  # of a case
    value = getattr(part, key, None)
    if value is None or type(value) in AS_THEY_ARE:  # as most
        return value
    if isinstance(value, PartialDate):
        return value.iso()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return None if value == [] and key in EMPTY_SAYS_NOTHING else value


AS_THEY_ARE = frozenset({str, bool, int})
EMPTY_SAYS_NOTHING = frozenset({"asks", "other_stains", "components"})
"""Lists that are stored empty where nobody wrote anything."""
