"""How a list is read, between its mapping and the form that a person answers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from cases.exchange.lists.fields import FIELDS, field_of_header, fold
from cases.exchange.lists.headers import proposed_fields
from cases.exchange.lists.mapping import ListMapping
from cases.exchange.lists.rows import ReadList
from cases.forms.lists import ColumnShown, ReadingForm
from cases.reading.written import shown

EXAMPLES = 3  # cells shown of a column

FIELD_LABELS = tuple(field.words for field in FIELDS.values())


def columns_shown(read: ReadList, mapping: ListMapping) -> list[ColumnShown]:
    """The columns of a list with what they fill, or may fill where nobody has said so, and a few of their
    cells.
    """
    filled = {column.place: column.field for column in read.columns}
    said = {place for place, header in enumerate(read.headers) if mapping.names(header)}
    proposed = {
        place: field for place, field in proposed_fields(read.headers, filled).items() if place not in said
    }
    shown_columns = []
    for place, header in enumerate(read.headers):
        cells = (row[place] for _, row in read.body if place < len(row) and row[place])
        examples = ", ".join(shown(cell) for cell in islice(dict.fromkeys(cells), EXAMPLES))
        field = filled.get(place) or proposed.get(place)
        shown_columns.append(
            ColumnShown(header, field.words if field else "", examples, is_proposed=place in proposed)
        )
    return shown_columns


def _kept_answers(kind: str, answers: Mapping[str, str], again: set[str]) -> dict[str, str]:
    return {header: answer for header, answer in answers.items() if f"{kind}:{header}" not in again}


def answered(mapping: ListMapping, read: ReadList) -> list[tuple[str, str]]:
    """What was answered for the columns of this list: a key for each answer, and the answer in words."""
    headers = {fold(header) for header in read.headers}
    found = []
    for kind, answers in (("units", mapping.units), ("dates", mapping.dates)):
        found += [
            (f"{kind}:{header}", f"{header}: {answer.replace('_', ' ')}")
            for header, answer in answers.items()
            if fold(header) in headers
        ]
    allowed = {fold(column.header): column.allowed for column in read.columns}
    for header, words in mapping.values.items():
        if fold(header) in headers:
            labels = allowed.get(fold(header), {})
            found += [
                (f"values:{header}:{word}", f"{header}: “{word}” is {_meant(labels, code)}")
                for word, code in words.items()
            ]
    return found


def _meant(labels: Mapping[str, str], code: str) -> str:
    """What a word stands for, in words; of a list of codes each."""
    codes = [one.strip() for one in code.split(";")]
    return ", ".join(labels.get(one, one) for one in codes) if code else "not known"


def mapping_said(
    before: ListMapping, read: ReadList, form: ReadingForm
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """How the list is read by what the form says, on top of what was said before; and box → what is wrong
    with it.
    """
    data, unknown = form.cleaned_data, []
    columns = dict(before.columns)
    for place, (header, said) in enumerate(form.columns_said().items()):
        field = field_of_header(said) if said else None
        if said and field is None:
            unknown.append(
                (f"column_{place}", f"{header}: there is no field “{said}”; choose one of the list.")
            )
            continue
        columns[header] = field.path if field else ""
    words, units, dates = form.answers()
    values = {header: dict(said) for header, said in before.values.items()}
    for header, said_words in words.items():
        values.setdefault(header, {}).update(said_words)
    again = set(data.get("again", ()))
    values = {
        header: {word: code for word, code in said.items() if f"values:{header}:{word}" not in again}
        for header, said in values.items()
    }
    raw = {
        "sheet": data.get("sheet", ""),
        "header_row": data.get("header_row") or 0,
        "encoding": data.get("encoding", ""),
        "separator": data.get("separator", ""),
        "columns": columns,
        "values": values,
        "units": _kept_answers("units", {**before.units, **units}, again),
        "dates": _kept_answers("dates", {**before.dates, **dates}, again),
        "question": data.get("question", "").strip(),
    }
    return raw, unknown
