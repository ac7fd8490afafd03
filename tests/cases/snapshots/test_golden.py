"""Signed decisions of earlier formats: shown and printed word for word as ever, from bytes nobody touches."""

import datetime
import json
import re

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from cases.actions.deciding import supersede_decision
from cases.models import Board, Case, Decision
from cases.snapshot.digest import digest
from tests import factories
from tests.cases.pages import logged_in, paper_url
from tests.cases.snapshots.golden import NAMES, expected, snapshot, stored, text_of

pytestmark = pytest.mark.django_db

PRINTED = re.compile(r"printed \d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d by \S+ \S+")


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """Each golden snapshot in turn."""
    return str(request.param)


@pytest.fixture
def shelved(name: str, board: Board, dora: User) -> Decision:
    """A signed row that holds the golden snapshot, on a case of the same person that says something else."""
    content = snapshot(name)
    who = ("record_number", "surname", "given_names", "birth_date", "sex")
    patient = {f"patient__{name}": content["patient"][name] for name in who}
    case: Case = factories.CaseFactory(
        board=board, created_by=dora, question="Something else by now?", **patient
    )
    decision: Decision = factories.SignedDecisionFactory(
        case=case,
        signed_at=datetime.datetime.fromisoformat(content["signed"]["at"]),
        snapshot=content,
        snapshot_digest=digest(content),
    )
    return decision


def bytes_of(decision: Decision) -> tuple[str, str]:
    """Snapshot and digest as the database holds them, read past the model."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CAST(snapshot AS text), snapshot_digest FROM cases_decision WHERE id = %s", [decision.pk]
        )
        text, kept = cursor.fetchone()
    return text, kept


def page_of(decision: Decision) -> str:
    return reverse("cases:signed", args=[decision.case.uid, decision.uid])


def words(user: User, address: str, *wanted: str) -> str:
    """What the page at this address says inside the elements with these ids or classes."""
    response = logged_in(user).get(address)
    assert response.status_code == 200
    return PRINTED.sub("printed", text_of(response.content.decode(), *wanted))


def test_the_page_says_what_it_said(name: str, shelved: Decision, dora: User) -> None:
    assert words(dora, page_of(shelved), "sheet", "panel") == expected(name, "page")


def test_the_handout_says_what_it_said(name: str, shelved: Decision, dora: User) -> None:
    assert words(dora, paper_url("handout", shelved, preview=True), "handout") == expected(name, "handout")


def test_it_is_printed_and_nothing_rewrites_the_stored_bytes(
    name: str, shelved: Decision, dora: User
) -> None:
    before = bytes_of(shelved)
    assert json.loads(before[0]) == snapshot(name)
    if connection.vendor == "sqlite":  # PostgreSQL keeps a value and no bytes
        assert before[0] == stored(name)
    client = logged_in(dora)
    for address in (page_of(shelved), paper_url("annex", shelved, preview=True)):
        assert client.get(address).status_code == 200
    assert client.get(paper_url("handout", shelved)).content.startswith(b"%PDF-")
    call_command("migrate", verbosity=0)
    supersede_decision(by=dora, decision=shelved, reason="New scan.")
    assert bytes_of(shelved) == before
