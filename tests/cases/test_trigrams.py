"""The index of a search on SQLite: it finds what comparing every case finds, and follows every write."""

import datetime
from collections.abc import Callable
from random import Random
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import trigrams
from cases.forms.worklist import matching
from cases.models import Board, Case
from cases.reading import SearchPart, parts_of
from tests import factories
from tests.cases.pages import logged_in

pytestmark = pytest.mark.django_db
SQLITE = connection.vendor == "sqlite"
only_sqlite = pytest.mark.skipif(not SQLITE, reason="PostgreSQL has pg_trgm")
in_one_database = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)

SYLLABLES = ("li", "ber", "ан", "mül", "n'g", "한", "o-wu", "19", "jul")
FIRST, DAYS = datetime.date(1949, 1, 1), 1095
NAMES = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=5).map("".join)
BIRTHS = st.integers(0, DAYS).map(lambda days: f"{FIRST + datetime.timedelta(days=days):%d-%b-%Y}")
WORDS = st.one_of(NAMES, st.text(max_size=6), BIRTHS, st.sampled_from(["1950", "5/1950"]))
SEARCHES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@pytest.fixture
def people(board: Board, alice: User) -> list[Case]:
    """Forty patients of names that are alike, one case each."""
    random = Random(7)
    return [
        factories.CaseFactory(
            board=board,
            created_by=alice,
            patient__surname="".join(random.choices(SYLLABLES, k=3)),
            patient__given_names="".join(random.choices(SYLLABLES, k=2)),
            patient__birth_date=FIRST + datetime.timedelta(days=random.randrange(DAYS)),
            question=f"{random.choice(SYLLABLES)}?",
        )
        for _ in range(40)
    ]


def by_comparing(words: str) -> set[int]:
    """What a search is to find, without any database's help."""
    parts = parts_of(words)
    found = {case.pk for case in Case.objects.all() if all(is_held(part, case) for part in parts)}
    return found if parts or not words.strip() else set()


def is_held(part: SearchPart, case: Case) -> bool:
    if part.date and case.born and part.date.first <= case.born <= part.date.last:
        return True
    return all(word in case.searched for word in part.folded)


def by_searching(words: str) -> set[int]:
    return set(matching(Case.objects.all(), words).values_list("pk", flat=True))


def as_it_should_be() -> None:
    """Raises `DatabaseError` unless the index holds what the cases hold, no more and no less."""
    if SQLITE:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO case_words (case_words, rank) VALUES ('integrity-check', 1)")


@pytest.mark.parametrize("few", [0, 2, trigrams.FEW])
@in_one_database
@given(words=SEARCHES)
def test_a_search_finds_what_comparing_finds(people: list[Case], few: int, words: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(trigrams, "FEW", few)
        assert by_searching(words) == by_comparing(words)


def renamed(case: Case, words: str) -> None:
    case.patient.surname = words
    case.patient.save()
    Case.objects.filter(pk=case.pk).update(**case.search_index())


def asked_anew(case: Case, words: str) -> None:
    case.question = words
    case.searched = case.search_index()["searched"]
    case.save()


def several_at_once(case: Case, words: str) -> None:
    some = list(Case.objects.order_by("pk")[:5])
    for one in some:
        one.searched = f"{words} {one.pk}"
    Case.objects.bulk_update(some, ["searched"])


def one_more(case: Case, words: str) -> None:
    case.pk, case.uid, case.question = None, uuid4(), f"{words}?"
    case.searched = case.search_index()["searched"]
    Case.objects.bulk_create([case])


def saved_as_it_was(case: Case, words: str) -> None:
    case.save()


def deleted(case: Case, words: str) -> None:
    Case.objects.filter(pk=case.pk).delete()


def undone(case: Case, words: str) -> None:
    with transaction.atomic():
        renamed(case, words)
        transaction.set_rollback(True)


Write = Callable[[Case, str], None]
WRITES: tuple[Write, ...] = (
    renamed, asked_anew, several_at_once, one_more, saved_as_it_was, deleted, undone,
)  # fmt: skip


@in_one_database
@given(writes=st.lists(st.tuples(st.sampled_from(WRITES), NAMES, st.integers(0, 20)), min_size=1, max_size=6))
def test_the_index_follows_every_write(people: list[Case], writes: list[tuple[Write, str, int]]) -> None:
    with transaction.atomic():
        for write, words, which in writes:
            write(Case.objects.select_related("patient").order_by("pk")[which], words)
            as_it_should_be()
            assert by_searching(words) == by_comparing(words)
        transaction.set_rollback(True)
    as_it_should_be()


@only_sqlite
def test_an_index_that_missed_a_write_is_told_apart_and_made_anew(people: list[Case]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER case_words_update")
    Case.objects.filter(pk=people[0].pk).update(searched="quillfeather")
    with pytest.raises(DatabaseError, match="malformed"):
        as_it_should_be()
    trigrams.install(connection)
    as_it_should_be()
    assert by_searching("quillfeather") == {people[0].pk}


@only_sqlite
def test_a_database_of_before_has_no_index(db: None) -> None:
    """As `migrate` leaves it that was asked to go back."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_case RENAME COLUMN searched TO said")
        trigrams.install(connection)
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'case_words%'")
        assert cursor.fetchall() == []


@pytest.mark.parametrize(
    "words",
    [
        '"', "'", '"lib', "ber*", "NEAR(mul ber)", "mul NEAR ber", "mul OR ber", "mul NOT ber", "delete",
        "searched:ber", "^ber", "-ber", "(ber", "ber)", "{searched}: ber", "mul\0ber", "%", "_", "ber%",
        "b_r", "\\", "l", "\ud7ff\U0010ffff" * 9,
        "ab" * 5_000, " ".join(["ber"] * 2_000), "-".join(["ber"] * 300),
    ],
)  # fmt: skip
def test_nothing_typed_is_an_expression(people: list[Case], words: str) -> None:
    assert by_searching(words) == by_comparing(words)


@pytest.mark.parametrize(
    ("words", "times"),
    [("müller", 1), ("müller eva", 1), ("müller 1950", 2), ("03-May-1950", 1), ("li", 0), ("???", 0)],
)
def test_the_index_is_asked_once_for_all_words_and_once_for_a_date(
    people: list[Case], words: str, times: int
) -> None:
    """On PostgreSQL never: there the search itself has one."""
    with CaptureQueriesContext(connection) as asked:
        by_searching(words)
    of_the_index = [query for query in asked.captured_queries if "case_words" in query["sql"]]
    assert len(of_the_index) == (times if SQLITE else 0)


def test_the_index_opens_no_other_board(board: Board, other_board: Board, alice: User, charlie: User) -> None:
    for where, by in ((board, alice), (other_board, charlie)):
        factories.CaseFactory(board=where, created_by=by, patient__surname="Quillfeather")
    client = logged_in(alice)
    client.post(reverse("cases:search"), {"words": "quillfeather"})
    response = client.get(reverse("cases:worklist"))
    assert [line.case.board for line in response.context["lines"]] == [board]
