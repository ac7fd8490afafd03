"""How lists behave as a board grows: worklist, agenda, search, and the cases under a statement.

The cases are those of the demonstration board over and over, each with a patient, a question and a report of
its own, on SQLite or on the PostgreSQL that DATABASE_URL names. Wall time, because another process may do the
work.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from statistics import quantiles
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.bench.timing import MILLI, Row, asked_in, in_turns, shown

if TYPE_CHECKING:
    from cases.models import Case, Patient

SIZES = (None, 3_000, 100_000)  # cases; None: the demonstration board as it is
ONE_BY_ONE = 3_000
TURNS, LONGEST = 25, 2_000_000_000  # measured so often, or for so many nanoseconds
STATEMENT = "met-net-debulking"
MOST_TIMES, MOST_QUERIES, MOST_SEARCH_MS = 4, 10, 30
SYLLABLES = (
    "ber",
    "dor",
    "fan",
    "gul",
    "hel",
    "kas",
    "lin",
    "mor",
    "nes",
    "pol",
    "rut",
    "sven",
    "tam",
    "vik",
)
TOPICS = ("liver", "surgery", "second line", "somatostatin", "radiation", "CAPTEM", "biopsy", "surveillance")
# What people search for: as it is named in the table → what they type, from the number of the patient.
SEARCHES: dict[str, Callable[[int], str]] = {
    "a name": lambda number: f"{_surname(Random(number))} {_given(Random(number))}",
    "a common syllable": lambda number: SYLLABLES[number % len(SYLLABLES)],
    "a record number": lambda number: f"grown {number:06}",
    "a date of birth": lambda number: f"{_birth(number):%d-%b-%Y}",
    "a year of birth": lambda number: f"{_birth(number).year}",
    "a word of nearly every question": lambda _: "treatment",
    "a word and a syllable": lambda number: f"treatment {SYLLABLES[number % len(SYLLABLES)]}",
    "nothing that there is": lambda number: f"zyx{number}",
}


def _surname(random: Random) -> str:
    return "".join(random.choices(SYLLABLES, k=3)).capitalize()


def _given(random: Random) -> str:
    return "".join(random.choices(SYLLABLES, k=2)).capitalize()


def _birth(number: int) -> date:
    """Of neighbors twenty years apart: when a case was changed says nothing of when its patient was born."""
    return date(1930, 1, 1) + timedelta(days=number * 7_411 % 24_989)


class Growth:
    """A coordinator of a board that grows."""

    def __init__(self) -> None:
        # All of this needs Django set up.
        from django.contrib.auth.models import User
        from django.test import Client, override_settings
        from django.urls import reverse

        from cases.models import Board, Case, Meeting

        override_settings(ROOT_URLCONF="tests.bench.urls").enable()
        self.user = User.objects.get(username="coordinator")
        self.board = Board.objects.get(slug="gi-net")
        self.client = Client()
        self.client.force_login(self.user, "config.authentication.BoardBackend")
        self.examples = list(
            Case.objects.filter(board=self.board)
            .select_related("patient", "readiness")
            .prefetch_related("pathology_reports")
            .order_by("pk")
        )
        meeting = Meeting.objects.filter(board=self.board, discussions__isnull=False).order_by("-starts_at")[
            0
        ]
        self.pages = {
            "worklist": reverse("cases:worklist"),
            "meeting page": reverse("cases:meeting", args=[meeting.uid]),
            "cases for a statement": reverse("cases:statement_cases", args=[STATEMENT]),
        }
        self.door = reverse("door", kwargs={"uid": self.examples[0].uid})

    def rows(self) -> Iterator[Row]:
        """The pages at each size, and the searches at the largest."""
        from django.db import connection  # needs Django set up

        for size in SIZES:
            self.grow_to(size)
            with connection.cursor() as cursor:
                # As PostgreSQL does within a minute of so many new rows, and SQLite at every start.
                cursor.execute("VACUUM (ANALYZE)" if connection.vendor == "postgresql" else "ANALYZE")
            yield from self._rows_of_pages()
        yield from self._rows_of_searches()

    def grow_to(self, size: int | None) -> None:
        """Add cases until there are at least so many: one by one at first, then those again and again."""
        from cases.models import Case, PathologyReport, Patient, StoredReadiness  # need Django set up

        self.size = Case.objects.count()
        if size is None:
            return
        if size <= ONE_BY_ONE:
            grown = [self._grown(number) for number in range(self.size, size)]
            Patient.objects.bulk_create(one.patient for one in grown)
            Case.objects.bulk_create(one.case for one in grown)
            StoredReadiness.objects.bulk_create(one.readiness for one in grown)
            PathologyReport.objects.bulk_create(one.report for one in grown if one.report)
            self.grown = len(grown)
        else:
            for block in range(1, (size - self.size) // self.grown + 2):
                self._again(block)
        self.size = Case.objects.count()

    def _again(self, block: int) -> None:
        """The grown cases once more in the database itself, with numbers of their own."""
        from django.db import connection  # need Django set up

        from cases.models import Case, PathologyReport, Patient, StoredReadiness

        beyond = f"+ {block * 10 * ONE_BY_ONE}"
        is_postgres = connection.vendor == "postgresql"
        uid = "gen_random_uuid()" if is_postgres else "lower(hex(randomblob(16)))"
        mark = f"grown{block:02}"
        said = {"searched": f"replace(searched, 'grown', '{mark}')"}
        number = {"record_number": f"replace(record_number, 'GROWN-', 'GROWN-{block:02}')"}
        folded = {"record_number_folded": f"replace(record_number_folded, 'grown', '{mark}')"}
        grown = "SELECT id FROM cases_case WHERE searched LIKE '% grown0_____ %' AND id < 30000"
        tables: list[tuple[Any, dict[str, str], str]] = [
            (
                Patient,
                {"uid": uid, **said, **number, **folded},
                grown.replace("SELECT id", "SELECT patient_id"),
            ),
            (Case, {"uid": uid, "patient_id": f"patient_id {beyond}", **said}, grown),
            (StoredReadiness, {"case_id": f"case_id {beyond}"}, f"case_id IN ({grown})"),
            (PathologyReport, {"uid": uid, "case_id": f"case_id {beyond}"}, f"case_id IN ({grown})"),
        ]
        with connection.cursor() as cursor:
            for model, changed, which in tables:
                columns = [column.column for column in model._meta.concrete_fields]
                values = [{"id": f"id {beyond}", **changed}.get(column, f'"{column}"') for column in columns]
                where = which if which.startswith("case_id") else f"id IN ({which})"
                names = ", ".join(f'"{column}"' for column in columns)
                cursor.execute(
                    f"INSERT INTO {model._meta.db_table} ({names}) "
                    f"SELECT {', '.join(values)} FROM {model._meta.db_table} WHERE {where}"
                )

    def _grown(self, number: int) -> GrownCase:
        """A case like one of the demonstration, of a patient of its own."""
        from cases.models import StoredReadiness  # needs Django set up

        random, example = Random(number), self.examples[number % len(self.examples)]
        patient = copy(example.patient)
        patient.pk, patient.uid = None, UUID(int=random.getrandbits(128), version=4)
        patient.record_number, patient.birth_date = f"GROWN-{number:06}", _birth(number)
        patient.surname, patient.given_names = _surname(random), _given(random)
        patient.fold()
        case = copy(example)
        case.pk, case.uid, case.patient = None, UUID(int=random.getrandbits(128), version=4), patient
        about = random.choice(TOPICS)
        case.question = f"Which treatment next: {about}?" if number % 20 else f"What about {about}?"
        for name, value in case.search_index().items():
            setattr(case, name, value)
        case.updated_at = example.updated_at - timedelta(minutes=number)
        kept = example.readiness
        names = [column.name for column in kept._meta.concrete_fields if column.name not in ("id", "case")]
        readiness = StoredReadiness(case=case, **{name: getattr(kept, name) for name in names})
        report = next((copy(one) for one in example.pathology_reports.all()), None)
        if report is not None:
            report.pk, report.uid, report.case = None, UUID(int=random.getrandbits(128), version=4), case
        return GrownCase(patient, case, readiness, report)

    def _rows_of_pages(self) -> Iterator[Row]:
        pages = {what: lambda _, url=url: self._get(url) for what, url in self.pages.items()}
        every = {"door": lambda _: self.client.post(self.door), **pages}
        in_turns(every, range(3), 1)
        spent = in_turns(every, [None], TURNS)
        for what, url in self.pages.items():
            queries = self._queries(url)
            ratio = spent[what] / spent["door"]
            yield Row(
                f"{what}, {self.size:,} cases, {queries} queries",
                shown(spent["door"], MILLI),
                shown(spent[what], MILLI),
                ratio,
                f"≤ {MOST_TIMES} ×, {MOST_QUERIES} queries",
                ratio <= MOST_TIMES and queries <= MOST_QUERIES,
            )

    def _rows_of_searches(self) -> Iterator[Row]:
        gc.collect()
        gc.freeze()  # as config/gunicorn.py does it
        every: list[float] = []
        for what, typed in SEARCHES.items():
            spent = self._times(lambda turn, typed=typed: self._searched(typed(turn * 997 + 101)), warm=2)
            every += spent
            yield self._row_of_search(f"  · {what}", spent)
        yield replace(self._row_of_search(f"search, {self.size:,} cases, 95 of 100 within", every))

    def _row_of_search(self, what: str, spent: list[float]) -> Row:
        slowest = quantiles(spent, n=20)[-1] if len(spent) > 1 else spent[0]
        most = f"≤ {MOST_SEARCH_MS} ms"
        return Row(what, "", shown(slowest, MILLI), None, most, slowest <= MOST_SEARCH_MS * MILLI)

    def _searched(self, words: str) -> None:
        """The worklist as it comes after a search; the search itself only writes the session."""
        session = self.client.session
        session["worklist search"] = words
        session.save()
        begun = perf_counter_ns()
        self._get(self.pages["worklist"])
        self._spent = perf_counter_ns() - begun

    def _times(self, ask: Callable[[int], Any], warm: int = 3) -> list[float]:
        """Nanoseconds of each turn; `_searched` measures its own part of one."""
        found: list[float] = []
        started = perf_counter_ns()
        for turn in range(warm + TURNS):
            if found and perf_counter_ns() - started > LONGEST:
                break
            self._spent = 0
            begun = perf_counter_ns()
            ask(turn)
            found.append(self._spent or perf_counter_ns() - begun)
        return found[warm:] or found[-1:]

    def _get(self, url: str) -> bytes:
        response = self.client.get(url)
        if response.status_code != 200:
            raise AssertionError(f"{url} answered {response.status_code}")
        return bytes(response.content)

    def _queries(self, url: str) -> int:
        from django.db import connection  # needs Django set up
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            self._get(url)
        return asked_in(queries.captured_queries)


@dataclass(frozen=True)
class GrownCase:
    """What is stored of one more case."""

    patient: Patient
    case: Case
    readiness: Any
    report: Any
