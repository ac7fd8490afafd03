"""A guideline change: the cases of a board that another edition answers otherwise."""

import datetime
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actions.entry import create_case, save_case
from cases.actions.indexing import rebuild
from cases.actions.sharing import grant_case
from cases.actions.status import set_status
from cases.facts import facts_of, record_of
from cases.models import AuditEvent, Board, Case, Decision
from cases.screens import recall
from cases.screens.recall import DECIDED_WITHIN, pair_for, recalled_in_pieces, to_recall
from cases.views import recall as views
from guidelines.answer.recall import differing_verdicts
from guidelines.knowledge.releases import guideline_at
from tests import factories
from tests.cases.pages import PATIENT, SURNAME, logged_in, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]

OLD, NEW = "nanets-hgnen-2023@1.0", "nanets-hgnen-2023@1.1"
READ_ANEW = 10  # the cases with their people, six kinds of parts, and what is kept, within a savepoint


def page_of(board: Board) -> str:
    return reverse("cases:guideline_change", args=[board.slug])


def text(user: User, address: str, status: int = 200) -> str:
    response = logged_in(user).get(address)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def printed(*arguments: str) -> tuple[str, str]:
    out, told = StringIO(), StringIO()
    call_command("recall", *arguments, stdout=out, stderr=told)
    return out.getvalue(), told.getvalue()


# --- Which cases ------------------------------------------------------------------------------------


def test_open_and_lately_decided_cases_are_recalled(
    board: Board, case: Case, alice: User, dora: User
) -> None:
    sign(case, dora)
    for surname in ("Draft", "Closed", "Dead", "Alive"):
        other = factories.CaseFactory(board=board, created_by=alice, patient__surname=surname)
        if surname == "Closed":
            set_status(by=alice, case=other, status="closed")
        other.patient.deceased = {"Dead": True, "Alive": False}.get(surname)
        other.patient.save()

    def recalled_at(days: int) -> set[str]:
        now = timezone.now() + datetime.timedelta(days=days)
        return set(to_recall([board], now).values_list("patient__surname", flat=True))

    assert recalled_at(0) == {SURNAME, "Draft", "Alive"}
    assert recalled_at(DECIDED_WITHIN - 1) == {SURNAME, "Draft", "Alive"}
    assert recalled_at(DECIDED_WITHIN + 1) == {"Draft", "Alive"}


def test_a_board_compares_its_edition_with_the_newest(board: Board) -> None:
    assert pair_for(board) == (OLD, NEW)
    for address in (OLD, NEW):
        board.guideline = address
        assert pair_for(board) == (OLD, NEW)


def test_a_case_shared_with_a_board_is_recalled_by_its_own(
    case: Case, alice: User, other_board: Board
) -> None:
    grant_case(by=alice, case=case, board=other_board, reason="Liver surgery?")
    assert list(to_recall([other_board])) == []


# --- The page ---------------------------------------------------------------------------------------


def test_the_page_shows_each_case_with_what_differs_and_the_way_to_an_agenda(
    board: Board, case: Case, alice: User
) -> None:
    facts = facts_of(record_of(case))
    expected = differing_verdicts(
        guideline_at(OLD), guideline_at(NEW), facts.values, done=tuple(facts.done), asks=facts.asks
    )
    assert expected
    html = text(alice, page_of(board))
    assert "Answered otherwise by edition 1.1 than by 1.0: 1 case here." in html
    assert "1 of 1 looked at." in html
    assert SURNAME in html
    assert f'href="{reverse("cases:listing", args=[case.uid])}"> See its listing' in html
    for one in expected:
        assert f"<div>{one.label}</div>" in html
    assert "<div>New: Obtain SSTR-PET in every patient with G3 NET" in html
    assert "none asked about" in html
    assert "they are compared statement by statement" in html
    unlisted = create_case(by=alice, board=board, patient=case.patient, fields={"question": "And now?"})
    assert f'href="{reverse("cases:listing", args=[unlisted.uid])}"> Put on an agenda' in text(
        alice, page_of(board)
    )


def test_what_the_question_is_about_stands_open_and_the_rest_is_folded(
    board: Board, case: Case, alice: User
) -> None:
    save_case(by=alice, case=case, fields={"asks": ["sstr_imaging"]}, version=case.version)
    [line] = logged_in(alice).get(page_of(board)).context["lines"]
    assert [one.intervention for one in line.asked] == ["sstr_imaging"]
    html = text(alice, page_of(board))
    assert html.index('aria-label="What the question is about"') < html.index('<details class="more">')
    assert f"<summary>{len(line.others)} others</summary>" in html


def test_a_signed_decision_stays_as_it_was_signed(board: Board, case: Case, alice: User, dora: User) -> None:
    signed = sign(case, dora)
    html = text(alice, page_of(board))
    assert f"decided {timezone.localdate():%d-%b-%Y}, stays as signed" in html
    stored = Decision.objects.get(pk=signed.pk)
    assert (stored.snapshot, stored.status) == (signed.snapshot, "signed")


def test_only_who_may_schedule_sees_it(
    board: Board, case: Case, alice: User, bob: User, dora: User, charlie: User, other_board: Board
) -> None:
    text(alice, page_of(board))
    text(dora, page_of(board))
    text(bob, page_of(board), 403)
    assert SURNAME not in text(charlie, page_of(board), 404)
    assert SURNAME not in text(charlie, page_of(other_board))
    assert AuditEvent.objects.filter(action="denied").count() == 2
    boards = reverse("cases:boards")
    assert page_of(board) in text(alice, boards)
    assert page_of(board) not in text(bob, boards)
    assert page_of(board) not in text(charlie, boards)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (f"?before={NEW}&after={NEW}", "To edition: choose another edition than the first."),
        ("?before=none", f"From edition: there is no such edition; allowed: {OLD}, {NEW}."),
    ],
)
def test_editions_that_cannot_be_compared_are_refused_by_name(
    board: Board, case: Case, alice: User, asked: str, message: str
) -> None:
    html = text(alice, page_of(board) + asked, 422)
    assert message in html
    assert SURNAME not in html


def test_the_other_way_round_what_was_new_is_gone(board: Board, case: Case, alice: User) -> None:
    html = text(alice, f"{page_of(board)}?before={NEW}&after={OLD}")
    assert "<div>Gone: Obtain SSTR-PET in every patient with G3 NET" in html


def test_a_long_list_comes_in_pages_and_in_a_fixed_number_of_queries(
    board: Board, case: Case, alice: User
) -> None:
    client = logged_in(alice)
    client.get(page_of(board))
    before = count_of(client, board)
    for number in range(30):
        factories.CaseFactory(board=board, created_by=alice, question=f"Number {number}?")
    rebuild()
    assert count_of(client, board) <= before
    address, found, told = page_of(board), [], []
    while address:
        context = client.get(address).context
        found += [line.case.pk for line in context["lines"]]
        told.append((context["looked_at"], context["number"]))
        address = f"{page_of(board)}?{context['rest']}" if context["rest"] else ""
    assert sorted(found) == sorted(Case.objects.values_list("pk", flat=True))
    assert told == [(25, 31), (31, 31)]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("?about=sstr_imaging", {"sstr_imaging"}),
        ("?about=captem", set()),
        ("?turned=on&about=sstr_imaging", set()),
    ],
)
def test_what_is_shown_can_be_narrowed(
    board: Board, case: Case, alice: User, asked: str, shown: set[str]
) -> None:
    save_case(by=alice, case=case, fields={"asks": ["sstr_imaging"]}, version=case.version)
    context = logged_in(alice).get(page_of(board) + asked).context
    assert {one.intervention for line in context["lines"] for one in line.verdicts} == shown
    every = logged_in(alice).get(page_of(board)).context["lines"]
    turned = logged_in(alice).get(f"{page_of(board)}?turned=on").context["lines"]
    assert [one for line in turned for one in line.verdicts] == [
        one for line in every for one in line.verdicts if one.turns
    ]


def test_a_page_that_takes_long_says_how_far_it_is(
    board: Board, case: Case, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no time at all it looks at one piece, and finds the rest from there."""
    monkeypatch.setattr(views, "LONGEST", 0.0)
    monkeypatch.setattr(views, "AT_ONCE", 2)
    for number in range(4):
        factories.CaseFactory(board=board, created_by=alice, question=f"Number {number}?")
    html = text(alice, f"{page_of(board)}?about=captem")
    assert "No case among these is answered otherwise as chosen." in html
    assert "2 of 5 looked at; the next page goes on from there." in html


def count_of(client: Any, board: Board) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page_of(board)).status_code == 200
    return len(queries)


# --- The command ------------------------------------------------------------------------------------


def test_the_command_names_cases_by_their_id_only_and_says_how_far_it_is(
    board: Board, case: Case, alice: User, other_board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recall, "AT_ONCE", 2)
    for _ in range(4):
        factories.CaseFactory(board=board, created_by=alice)
    out, told = printed(OLD, NEW)
    assert told.splitlines() == [f"{number} of 5 cases looked at" for number in (2, 4, 5)]
    assert f"{case.uid}  gi-net  Scheduled\n" in out
    assert "  SSTR imaging: Recommended, panel, no vote instead of not said\n" in out
    assert out.splitlines()[-1].endswith(f"of 5 cases: {NEW} answers otherwise than {OLD}.")
    for word in (SURNAME, PATIENT["record_number"], "Fabricius", case.question):
        assert word not in out + told
    assert printed(OLD, NEW, "--board", "lung") == (
        f"0 of 0 cases: {NEW} answers otherwise than {OLD}.\n",
        "",
    )
    assert printed(NEW, NEW)[0] == f"0 of 5 cases: {NEW} answers otherwise than {NEW}.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [((OLD, "none@1.0"), "no such guideline"), ((OLD, NEW, "--board", "x"), "allowed: gi-net")],
)
def test_the_command_refuses_what_is_not_there(
    board: Board, arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        printed(*arguments)


def test_a_piece_takes_the_same_number_of_queries_however_many_cases(
    board: Board, case: Case, alice: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(10):
        factories.CaseFactory(board=board, created_by=alice)
    found = []
    for most in (READ_ANEW, 0):  # what holds is not read again
        with django_assert_max_num_queries(2 + most):
            found += recalled_in_pieces([board], OLD, NEW)
    anew, kept = found
    assert anew == kept
    assert kept[:2] == (11, 11)
