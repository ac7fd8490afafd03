"""What a column of a list can fill: the keys of the case file that the record has a column for.

A field is named by its path: "record_number" and "question" of patient and case, "pathology.ki67" of a part,
"pathology[1].ki67" of the second report in one row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.db import models

from cases.casefile.keys import Key
from cases.casefile.labels import labels_of
from cases.filing import DECLARED, STAGE
from cases.models.base import Stamped
from cases.models.columns import PartialDateField, WrittenField
from cases.parts import PARTS
from cases.reading.characters import as_it_looks

FieldKind = Literal["text", "code", "codes", "yes_no", "date", "share"]

PART_LABELS: Mapping[str, str] = {part.file_key: part.title for part in PARTS}
ALONE = ("patient", "case")  # there is one of each in a row
MOST_OF_A_KIND = 20  # parts of one kind in a row

# What a clinician names on the case's own pages, and what no single cell holds.
_NOT_BY_LIST = frozenset({"deciding", "deciding_reason", "other_stains", "components"})
_LISTS = frozenset({"asks", "metastatic_sites", "sites", "prior_regimens"})
_OF_ANYTHING = frozenset({"kind", "line", "value", "unit", "result", "t", "n", "m"})  # as headers elsewhere
_PATH = re.compile(r"(?:([a-z]+)(?:\[([0-9]{1,2})\])?\.)?([a-z0-9_]+(?:\.[a-z]+)?)")


@dataclass(frozen=True, slots=True)
class FillableField:
    """A field that a column can fill. `place`: the how manieth part of its kind, from 0; `codes`: code →
    label of what it may hold, empty where a reader understands words; `share`: it is a percentage.
    """

    part: str
    key: str
    label: str
    kind: FieldKind
    codes: Mapping[str, str]
    place: int = 0

    @property
    def path(self) -> str:
        """How it is named in a list, in a mapping, and in what is said of a row."""
        if self.part in ALONE:
            return self.key
        return f"{self.part}[{self.place}].{self.key}" if self.place else f"{self.part}.{self.key}"

    @property
    def in_file(self) -> str:
        """Its path in a case file."""
        return f"{self.part}.{self.key}" if self.part in ALONE else f"{self.part}[{self.place}].{self.key}"

    @property
    def words(self) -> str:
        """With its part: "Pathology: Ki-67", "Pathology 2: Ki-67"."""
        number = f" {self.place + 1}" if self.place else ""
        return f"{PART_LABELS[self.part]}{number}: {self.label}"


def _declared() -> Iterator[FillableField]:
    for model, declared in DECLARED.items():
        columns = {column.name: column for column in model._meta.concrete_fields}
        for key in declared.keys:
            if key.name == "stage":
                yield from (_field(declared.name, f"stage.{one}", columns[f"stage_{one}"]) for one in STAGE)
            elif key.name in columns and key.name not in _NOT_BY_LIST:
                codes = labels_of(declared.name, key)
                yield _field(declared.name, key.name, columns[key.name], codes, _kind(key, model))


def _field(
    part: str, name: str, column: Any, codes: Mapping[str, str] | None = None, kind: FieldKind = "text"
) -> FillableField:
    label = "Board" if name == "board" else str(column.verbose_name)
    return FillableField(part, name, label, kind, {} if kind == "text" else codes or {})


def _kind(key: Key, model: type[Stamped]) -> FieldKind:
    column = model._meta.get_field(key.name)
    if key.name == "ki67":
        return "share"
    if isinstance(column, WrittenField):
        return "text"
    if isinstance(column, models.BooleanField):
        return "yes_no"
    if isinstance(column, PartialDateField | models.DateField):
        return "date"
    if key.name in _LISTS:
        return "codes"
    return "code" if key.codes else "text"


FIELDS: Mapping[str, FillableField] = {field.path: field for field in _declared()}


def field_at(path: str) -> FillableField | None:
    """The field of a path; None where there is none. Patient and case may be named or left out."""
    found = _PATH.fullmatch(path.strip())
    if found is None:
        return None
    part, number, key = found.groups()
    named = FIELDS.get(key if part in (None, *ALONE) else f"{part}.{key}")
    if named is None and part is not None and number is None:  # "stage.t" begins like a part
        named = FIELDS.get(path.strip())
    if named is None or (part is not None and named.part != part):
        return None
    place = int(number or 0)
    if place >= MOST_OF_A_KIND or (place and named.part in ALONE):
        return None
    return replace(named, place=place)


def fold(header: str) -> str:
    """What two spellings of a header or a word have in common."""
    return as_it_looks(header).casefold().rstrip(":* ").strip()


def _by_header() -> Mapping[str, str]:
    """Folded header → path: a path, a label with its part, and a label that only one field has."""
    often = Counter(fold(field.label) for field in FIELDS.values())
    labels = {fold(field.label): path for path, field in FIELDS.items()}
    alone = {label: path for label, path in labels.items() if often[label] == 1 and label not in _OF_ANYTHING}
    return alone | {
        fold(text): path for path, one in FIELDS.items() for text in (path, one.in_file, one.words)
    }


BY_HEADER = _by_header()


def field_of_header(header: str) -> FillableField | None:
    """The field that a header names by itself; None where it names none, or could mean several."""
    folded = fold(header)
    path = BY_HEADER.get(folded)
    return FIELDS[path] if path else field_at(folded)
