"""What belongs to others is refused with the same work as what there is not: nothing tells them apart.

Not the clock, which says more about the machine, but every statement that goes to the database is compared.
"""

import re
from collections.abc import Iterable
from difflib import unified_diff
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Board
from tests.cases.addresses import addresses_of
from tests.cases.pages import full_case, logged_in

pytestmark = pytest.mark.django_db

A_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WITHIN = re.compile(rf"(?<=/){A_UUID.pattern}(?=/)|(?<=/history/)\d+|(?<=/boards/)[\w-]+")
# What is no part of a statement's form: its values, and a savepoint's name.
VALUES = re.compile(r"""'[^']*'|\bNULL\b|\b\d+\b|"s\d+_x\d+\"""")


def work_of(client: Client, url: str) -> tuple[int, list[str]]:
    """The status of the answer, to a GET or else a POST, and every statement of it without its values."""
    with CaptureQueriesContext(connection) as statements:
        response = client.get(url)
        if response.status_code == 405:
            response = client.post(url)
    return response.status_code, [VALUES.sub("?", found["sql"]) for found in statements]


def differences(client: Client, pairs: Iterable[tuple[str, str]]) -> str:
    """Where the two addresses of a pair are answered otherwise."""
    client.get(reverse("cases:worklist"))  # the session is written at most once a minute
    found: list[str] = []
    for foreign, absent in pairs:
        (theirs, asked), (none, not_asked) = work_of(client, foreign), work_of(client, absent)
        assert theirs == none, foreign
        found += unified_diff(asked, not_asked, foreign, absent, n=0)
    return "\n".join(found)


@pytest.fixture
def foreign(board: Board, alice: User, dora: User) -> dict[str, list[str]]:
    return addresses_of(full_case(board, alice), dora)


def test_another_boards_and_nothing_take_the_same_work(foreign: dict[str, list[str]], charlie: User) -> None:
    """Every address that names something by an id, or a board by its name, and the same of nothing."""
    named = [url for urls in foreign.values() for url in urls]
    absent = [A_UUID.sub(lambda _: str(uuid4()), url).replace("/gi-net/", "/no-board/") for url in named]
    pairs = [(theirs, none) for theirs, none in zip(named, absent, strict=True) if theirs != none]
    assert len(pairs) > 100
    assert not differences(logged_in(charlie), pairs)


def test_so_do_they_under_the_address_of_a_case_of_ones_own(
    foreign: dict[str, list[str]], other_board: Board, charlie: User
) -> None:
    """An id of another board's after one's own case, meeting or board, and one of nothing."""
    client, pairs = logged_in(charlie), []
    mine = addresses_of(full_case(other_board, charlie), charlie)
    client.get(mine["item"][0])  # the process remembers the record from here on
    for name, urls in mine.items():
        for own, theirs in zip(urls, foreign[name], strict=True):
            ids, other_ids = WITHIN.findall(own), WITHIN.findall(theirs)
            if len(ids) == 2:
                begin, _, end = own.rpartition(ids[1])
                none = "999999" if ids[1].isdigit() else str(uuid4())
                pairs.append((begin + other_ids[1] + end, begin + none + end))
    assert len(pairs) > 15
    assert not differences(client, pairs)
