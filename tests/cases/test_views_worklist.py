"""The worklist: who sees what, filters, search, pages, and what it costs."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cases.actions.entry import add_part, create_case, save_case, save_patient
from cases.models import Board, Case
from cases.views import worklist
from tests import factories
from tests.cases.pages import full_case, logged_in, of_an_event

pytestmark = pytest.mark.django_db

PAGE = reverse("cases:worklist")
QUERIES = 6  # session, person, boards, cases, their next meetings, which are signed


@pytest.fixture
def client_(alice: User) -> Client:
    return logged_in(alice)


def enter(by: User, board: Board, number: int, **fields: Any) -> Case:
    patient = {
        "record_number": f"N{number}",
        "surname": f"Surname{number:02}",
        "given_names": "Ada",
        "birth_date": datetime.date(1960, 1, 1),
    }
    return create_case(
        by=by, board=board, patient=patient, fields={"question": f"Question {number}?", **fields}
    )


def shown(client: Client, query: str = "") -> list[str]:
    response = client.get(PAGE + query)
    assert response.status_code == 200
    return [line.case.patient.surname for line in response.context["lines"]]


def test_one_line_says_what_there_is_to_say(client_: Client, board: Board, alice: User) -> None:
    full_case(board, alice)
    html = client_.get(PAGE).content.decode()
    for text in (
        "<b>Quillfeather</b>, Ada",
        "zebrafish",
        "G3 NET",
        "Pancreas",
        "Alice Albers",
        "place 1",
        "Scheduled",
    ):
        assert text in html


def test_empty_list_says_what_to_do(client_: Client) -> None:
    html = client_.get(PAGE).content.decode()
    assert "No open case on your boards" in html
    assert reverse("cases:new_case") in html


def test_filters(client_: Client, board: Board, alice: User, bob: User) -> None:
    full_case(board, alice)
    enter(bob, board, 1)
    assert shown(client_) == ["Surname01", "Quillfeather"]
    for query, expected in {
        "?status=scheduled": ["Quillfeather"],
        "?status=closed": [],
        "?entity=g3_net": ["Quillfeather"],
        "?entity=unknown": ["Surname01"],
        "?meeting=next": ["Quillfeather"],
        "?meeting=none": ["Surname01"],
        "?mine=on": ["Quillfeather"],
        "?board=gi-net": ["Surname01", "Quillfeather"],
        "?board=nonsense": ["Surname01", "Quillfeather"],
    }.items():
        assert shown(client_, query) == expected, query


def test_a_shared_case_stands_in_the_list_with_its_board(
    board: Board, alice: User, dana: User, third_board: Board
) -> None:
    factories.GrantFactory(case=full_case(board, alice), board=third_board)
    enter(alice, board, 1)
    client = logged_in(dana)
    assert shown(client) == shown(client, "?board=liver") == ["Quillfeather"]
    assert "from GI-NET board" in client.get(PAGE).content.decode()
    enter(dana, third_board, 2)
    assert shown(client) == ["Surname02", "Quillfeather"]
    assert "from GI-NET board" not in logged_in(alice).get(PAGE).content.decode()


def test_search_leaves_no_trace_in_an_address(client_: Client, board: Board, alice: User) -> None:
    full_case(board, alice)
    enter(alice, board, 1)
    response = client_.post(reverse("cases:search"), {"words": "quill ada"})
    assert response.headers["Location"] == PAGE
    assert shown(client_) == ["Quillfeather"]
    client_.post(reverse("cases:search"), {"words": ""})
    assert len(shown(client_)) == 2


@pytest.mark.parametrize(
    "words",
    [
        "MULLER", "müller", "Mu\u0308ller", "eva muller", "Müller, Eva", "garcia", "GARCÍA marquez eva",
        "mrn 777", "MRN-777", "Mrn777", "mrn–77", "03-May-1950", "3 May 1950", "1950-05-03", "05/1950",
        "May 1950", "1950", "eva 1950", "Leber", "müller metastasen?", "Muller 777 lebermetastasen",
    ],
)  # fmt: skip
def test_search_finds(client_: Client, board: Board, words: str) -> None:
    who = {"surname": "Müller García", "given_names": "Eva-Márquez", "birth_date": datetime.date(1950, 5, 3)}
    patient = factories.PatientFactory(board=board, record_number="MRN-777", **who)
    factories.CaseFactory(board=board, patient=patient, question="Lebermetastasen?")
    factories.CaseFactory(board=board)
    client_.post(reverse("cases:search"), {"words": words})
    assert shown(client_) == ["Müller García"]


@pytest.mark.parametrize("words", ["mueller", "mrn778", "04-May-1950", "eva bert", "???", "3/5/1950"])
def test_search_finds_nothing(client_: Client, board: Board, words: str) -> None:
    who = {"surname": "Müller", "given_names": "Eva", "birth_date": datetime.date(1950, 5, 3)}
    patient = factories.PatientFactory(board=board, record_number="MRN-777", **who)
    factories.CaseFactory(board=board, patient=patient)
    client_.post(reverse("cases:search"), {"words": words})
    assert shown(client_) == []


def test_search_says_which_dates_a_number_could_be(client_: Client) -> None:
    client_.post(reverse("cases:search"), {"words": "3/5/1950"})
    html = client_.get(PAGE).content.decode()
    assert "could be 03-May-1950 or 05-Mar-1950: write the month as a word" in html


def test_search_follows_the_record(client_: Client, board: Board, alice: User) -> None:
    case = enter(alice, board, 1)
    patient = {"surname": "Quillfeather", "birth_date": datetime.date(1971, 2, 3)}
    save_patient(by=alice, case=case, fields=patient, version=case.patient.version)
    save_case(by=alice, case=case, fields={"question": "Röntgen?"}, version=case.version)
    expected = {
        "quill": 1,
        "roentgen": 0,
        "rontgen 03-Feb-1971": 1,
        "Surname01": 0,
        "01-Jan-1960": 0,
        "1971": 1,
    }
    for words, found in expected.items():
        client_.post(reverse("cases:search"), {"words": words})
        assert len(shown(client_)) == found, words


def test_search_finds_nothing_of_another_board(client_: Client, board: Board, other_board: Board) -> None:
    factories.CaseFactory(board=other_board, patient__record_number="MRN-777")
    client_.post(reverse("cases:search"), {"words": "MRN-777"})
    assert shown(client_) == []


def test_search_with_a_nul_byte_is_refused_and_found_nothing_says_so(client_: Client) -> None:
    assert client_.post(reverse("cases:search"), {"words": "a\0b"}).status_code == 422
    assert client_.post(reverse("cases:search"), {"words": "x" * 101}).status_code == 422
    client_.post(reverse("cases:search"), {"words": "<script>alert(1)</script>"})
    html = client_.get(PAGE).content.decode()
    assert "No case matches." in html
    assert "<script>alert" not in html


def test_pages_follow_each_other_without_gap_or_repetition(
    client_: Client, board: Board, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "PAGE", 3)
    for number in range(8):
        enter(alice, board, number)
    seen, query = [], "?status=draft"
    while query:
        response = client_.get(PAGE + query)
        seen += [line.case.patient.surname for line in response.context["lines"]]
        query = f"?status=draft&after={response.context['next']}" if response.context["next"] else ""
    assert seen == [f"Surname{number:02}" for number in reversed(range(8))]


def test_a_page_after_a_case_one_may_not_see_starts_at_the_top(
    client_: Client, board: Board, other_board: Board, alice: User, charlie: User
) -> None:
    enter(alice, board, 1)
    hidden = enter(charlie, other_board, 2)
    assert shown(client_, f"?after={hidden.uid}") == ["Surname01"]
    assert shown(client_, "?after=nonsense") == ["Surname01"]


def test_cost_does_not_grow_with_the_list(
    client_: Client, board: Board, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in (1, 2, 3):
        case = enter(alice, board, number)
        add_part(by=alice, case=case, kind="pathology", fields={"differentiation": "well"})
        if number != 2:
            client_.get(PAGE)
            with django_assert_num_queries(QUERIES + of_an_event()):
                client_.get(PAGE)
