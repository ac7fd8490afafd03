"""People at work at the same time, each through every kind of request once: no error, and no save is lost.

Fifty of them for minutes, on PostgreSQL and as in production, with their times: `python -m tests.load`.
"""

import datetime
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from cases.actions.agenda import list_case
from cases.actions.entry import add_part, create_case
from cases.actions.meetings import create_meeting
from cases.models import Board
from tests.cases.pages import PATIENT, REFERRAL
from tests.load.board import lost, members, places, saved_before
from tests.load.people import MIX, Person, in_threads

PEOPLE = 3
ROUNDS = 1


@pytest.fixture
def people(board: Board, live_server: Any, settings: Any) -> list[Person]:
    """Each on a case of their own, all of them on the agenda of one meeting."""
    settings.ROOT_URLCONF = "tests.bench.urls"
    users = members(board, PEOPLE)
    day = timezone.now() + datetime.timedelta(days=2)
    meeting = create_meeting(by=users[0], board=board, starts_at=day)
    for number, user in enumerate(users):
        patient = {**PATIENT, "record_number": f"L-{number}"}
        case = create_case(by=user, board=board, patient=patient, fields=REFERRAL)
        add_part(by=user, case=case, kind="pathology", fields={"differentiation": "well", "ki67": "45"})
        list_case(by=users[0], case=case, meeting=meeting)
    address = urlsplit(live_server.url)
    each = places(users, board, address.netloc, secure=False)
    return [Person(address.port or 80, place, seed) for seed, place in enumerate(each)]


@pytest.mark.django_db(transaction=True)
def test_everybody_at_once_without_an_error_or_a_lost_save(people: list[Person]) -> None:
    before = saved_before(people)

    def work(person: Person) -> None:
        for act in [*MIX] * ROUNDS:
            act(person)

    in_threads([lambda person=person: work(person) for person in people])
    samples = [sample for person in people for sample in person.samples]
    assert {f"{sample.kind}: {sample.fault}" for sample in samples if sample.fault} == set()
    assert lost(people, before) == []
    counts = Counter(sample.kind for sample in samples)
    assert min(counts.values()) == PEOPLE * ROUNDS
    assert len(counts) == len(MIX)
    assert [person.saves.count for person in people] == [ROUNDS] * PEOPLE
