"""Which field a column may fill that does not say so itself, by what such columns are often called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from cases.exchange.lists.fields import FIELDS, FillableField, fold

FILE = Path(__file__).with_name("headers.yaml")


@cache
def names_of_columns() -> Mapping[str, FillableField]:
    """Folded name → field."""
    read: dict[str, list[str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {fold(name): FIELDS[path] for path, names in read.items() for name in names}


def proposed_fields(headers: Sequence[str], filled: Mapping[int, FillableField]) -> dict[int, FillableField]:
    """Place → field, of columns that fill none; a field that a column fills already is proposed for no other,
    and of two columns the first gets it.
    """
    taken = {field.path for field in filled.values()}
    proposed = {}
    for place, header in enumerate(headers):
        field = names_of_columns().get(fold(header))
        if place not in filled and field is not None and field.path not in taken:
            proposed[place] = field
            taken.add(field.path)
    return proposed
