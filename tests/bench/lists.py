"""A list of cases: looked at, as CSV and as XLSX, and taken over; for 5,000 rows, reckoned from fewer."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from random import Random
from time import process_time_ns
from typing import Any

from tests.bench.timing import MILLI, Row, shown, within

ROWS, TAKEN, WHOLE = 1000, 200, 5000
LIMIT_MS = 20_000  # of a dry run of 5,000 rows
HEADERS = [
    "record_number", "surname", "given_names", "birth_date", "sex", "question", "primary_site", "extent",
    "metastatic_sites", "diagnosed_on", "treatment_list", "pathology.reported_on", "pathology.lab_number",
    "pathology.specimen", "pathology.specimen_site", "pathology.differentiation", "pathology.reported_grade",
    "pathology.ki67", "pathology.mitoses", "imaging.modality", "imaging.performed_on", "imaging.result",
    "treatments.kind", "treatments.started_on", "treatments.regimen", "treatments.setting",
    "assessments.assessed_on", "assessments.ecog",
]  # fmt: skip


def rows() -> list[Row]:
    """The table: a dry run by format, and taking over, for 5,000 rows each."""
    table = _table(ROWS)
    found = [
        within(
            f"dry run of a list, {WHOLE:,} rows, {name}",
            _spent(data, take=False) * WHOLE / ROWS,
            LIMIT_MS,
            f"measured with {ROWS:,}",
        )
        for name, data in (("CSV", _as_csv(table)), ("XLSX", _as_xlsx(table)))
    ]
    taken = _spent(_as_csv(table[: TAKEN + 1]), take=True) * WHOLE / TAKEN
    found.append(Row(f"the same taken over, {WHOLE:,} rows", f"measured with {TAKEN}", shown(taken, MILLI)))
    return found


def _spent(data: bytes, *, take: bool) -> float:
    """CPU nanoseconds from the file to its plan, and to the database."""
    # All of this needs Django set up.
    from django.contrib.auth.models import User

    from cases.exchange.lists.mapping import ListMapping
    from cases.models import Board
    from cases.screens.lists import finished, import_list, list_of, opened, plan, source_of

    by, board = User.objects.get(username="coordinator"), Board.objects.order_by("pk")[0]
    begun = process_time_ns()
    read = list_of(board, opened(data, ListMapping()), ListMapping())
    planned = finished(plan(board, by, read))
    if planned.counts["create"] != len(read.body):
        raise AssertionError(f"{planned.counts['refused']} of {len(read.body)} rows were refused")
    if take:
        finished(import_list(board, by, planned, source_of("bench.csv", data, None)))
    return process_time_ns() - begun


def _table(count: int) -> list[list[str]]:
    random = Random(2026)
    return [HEADERS, *(_row(number, random) for number in range(count))]


def _row(number: int, random: Random) -> list[str]:
    month, day = 1 + number % 9, 1 + number % 28
    metastatic = random.random() < 0.7
    return [
        f"L{number:06}", f"Name{number}", f"Given{number % 37}",
        f"{1930 + number % 60}-{1 + number % 12:02}-{day:02}", random.choice(["female", "male", "k.A."]),
        "First-line treatment?", random.choice(["pancreas", "stomach", "rectum", "colon"]),
        "metastatic" if metastatic else "localized", "liver; bone" if metastatic else "?", f"2026-0{month}",
        "complete", f"2026-0{month}-{day:02}", f"H26-{number}", "biopsy", "liver" if metastatic else "colon",
        random.choice(["well", "poor", "indeterminate", "n.d."]), "G3",
        random.choice(["30 %", "20-25 %", ">80", "45"]), "16/10 mm²" if number % 3 else "", "sstr",
        f"2026-0{month}", random.choice(["positive", "negative"]), "systemic", f"2026-0{month}",
        random.choice(["captem", "folfox"]), "palliative", "2026-10-01", str(number % 3),
    ]  # fmt: skip


def _as_csv(table: list[list[str]]) -> bytes:
    out = StringIO()
    csv.writer(out, delimiter=";").writerows(table)
    return out.getvalue().encode()


def _as_xlsx(table: list[list[str]]) -> bytes:
    from openpyxl import Workbook  # takes a while to import

    book: Any = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in table:
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
