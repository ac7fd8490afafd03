"""How a list is read: which column fills which field, and what its words mean. Checked as it is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cases.casefile.values import read_yes_no
from cases.exchange.lists.fields import FillableField, field_at, field_of_header, fold
from cases.exchange.lists.files import ENCODINGS, MOST_COLUMNS, MOST_ROWS, SEPARATORS, Row
from cases.reading import Unreadable
from cases.reading.written import shown

NONE, UNKNOWN = "none", ""
"""What a word of a list can stand for besides a code: that there is none, and that it is not known."""

DateOrder = Literal["day_first", "month_first"]
Unit = Literal["percent", "share"]
Words = Annotated[str, Field(max_length=1000)]

MOST_WORDS = 2000
_GRADE = re.compile(
    r"(?:who|high|low|intermediate|hochgradig|niedriggradig|grad(?:e|ing)?|gx?|[1-4iv]|[ /,;:.()-])+"
)
_LOOKED_AT = 20  # rows among which the headers are


class MappingInvalid(ValueError):
    """How the list is to be read cannot be; `faults` says why, a sentence each."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


class ListMapping(BaseModel):
    """`sheet`, `encoding`, `separator`: "" as found; `header_row`: from 1, 0 as found. `columns`: header →
    path of a field, "" for a column that is left out; what is not named maps by itself. `values`: header →
    word → code, `NONE` or `UNKNOWN`. `units` and `dates` answer what a column's numbers are. `question`:
    what is asked of a new case whose row does not say it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sheet: Annotated[str, Field(max_length=100)] = ""
    header_row: Annotated[int, Field(ge=0, le=MOST_ROWS)] = 0
    encoding: str = ""
    separator: str = ""
    columns: Annotated[Mapping[str, str], Field(max_length=MOST_COLUMNS)] = {}
    values: Mapping[str, Annotated[Mapping[Words, Words], Field(max_length=MOST_WORDS)]] = {}
    units: Mapping[str, Unit] = {}
    dates: Mapping[str, DateOrder] = {}
    question: Words = ""

    def field_of(self, header: str) -> FillableField | None:
        """What a column fills; None where it is left out."""
        return self.field_said(header) if self.names(header) else field_of_header(header)

    def names(self, header: str) -> bool:
        """Whether it says of a column what it fills, or that it is left out."""
        return fold(header) in {fold(name) for name in self.columns}

    def field_said(self, header: str) -> FillableField | None:
        """What it says that a column fills."""
        said = {fold(name): path for name, path in self.columns.items()}.get(fold(header), "")
        return field_at(said) if said else None

    def faults(self) -> Iterator[str]:
        """What of it cannot be, a sentence each."""
        if self.encoding and self.encoding not in ENCODINGS:
            yield f"encoding: {shown(self.encoding)}; allowed: {', '.join(ENCODINGS)}."
        if self.separator and self.separator not in SEPARATORS:
            yield f"separator: {shown(self.separator)}; allowed: {' '.join(map(repr, SEPARATORS))}."
        for header, path in self.columns.items():
            if path and field_at(path) is None:
                yield f"columns, {shown(header)}: there is no field {shown(path)}."
        for header, words in self.values.items():
            field = self.field_of(header)
            if field is not None:
                yield from (fault for word, code in words.items() for fault in fault_of(field, word, code))


def fault_of(field: FillableField, word: str, code: str) -> Iterator[str]:
    """Why a word cannot stand for a code, if it cannot."""
    where = f"{field.words}, {shown(word)}"
    if is_grade(word) and field.key == "differentiation" and code != UNKNOWN:
        yield f"{where}: a grade never says how a tumor is differentiated; leave it as not known."
    elif code == UNKNOWN or field.kind in ("text", "share", "date"):
        return
    elif field.kind == "yes_no":
        try:
            read_yes_no(code)
        except Unreadable as error:
            yield f"{where}: {error.message}."
    elif field.kind == "codes":
        known = {*field.codes, NONE} if field.codes else None  # interventions are the guideline's
        entries = [entry.strip() for entry in code.split(";")]
        if known and (unknown := [entry for entry in entries if entry.casefold() not in known]):
            yield f"{where}: no such value as {shown(unknown[0])}; allowed: {', '.join(sorted(known))}."
    elif code.casefold() not in {known.casefold() for known in field.codes}:
        yield f"{where}: no such value as {shown(code)}; allowed: {', '.join(field.codes)}."


def is_grade(word: str) -> bool:
    """Whether it is a grade and nothing else: "G3", "grade 3", "G2/3", "G3 (high grade)"."""
    return any(map(str.isalnum, word)) and _GRADE.fullmatch(fold(word)) is not None


def read_mapping(raw: Any) -> ListMapping:
    """A mapping from JSON. Raises `MappingInvalid`."""
    try:
        mapping = ListMapping.model_validate(raw)
    except ValidationError as error:
        raise MappingInvalid(
            [f"{'.'.join(map(str, one['loc']))[:200]}: {one['msg']}" for one in error.errors()]
        ) from None
    if faults := list(mapping.faults()):
        raise MappingInvalid(faults)
    return mapping


def header_row_of(rows: Sequence[Row], mapping: ListMapping) -> int:
    """The number of the row with the headers: as said, else that of the first rows which names the most
    fields, else the first with more than one cell filled.
    """
    if mapping.header_row:
        return mapping.header_row
    first = list(enumerate(rows[:_LOOKED_AT], 1))
    named = [(sum(mapping.field_of(cell) is not None for cell in row if cell), -at) for at, row in first]
    best, place = max(named, default=(0, -1))
    if best:
        return -place
    return next((at for at, row in first if sum(map(bool, row)) > 1), 1)


def headers_of(row: Row) -> list[str]:
    """The headers of a list, each once: the second "Ki-67" is "Ki-67 (2)"; a third column without one is
    "Column 3".
    """
    found: list[str] = []
    for place, cell in enumerate(row, 1):
        name = " ".join(cell.split())[:200] or f"Column {place}"
        number, header = 1, name
        while fold(header) in {fold(one) for one in found}:
            number += 1
            header = f"{name} ({number})"
        found.append(header)
    return found


def chosen_twice(fields: Iterable[tuple[str, FillableField]]) -> Iterator[str]:
    """A sentence for each field that two columns fill."""
    by_path: dict[str, list[str]] = {}
    for header, field in fields:
        by_path.setdefault(field.path, []).append(header)
    for path, headers in by_path.items():
        if len(headers) > 1:
            yield f"{path} is filled by {len(headers)} columns: {', '.join(headers)}; leave out all but one."
