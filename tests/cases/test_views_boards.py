"""A board's settings and people on its administrator's pages."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cases.access import rights_on
from cases.actions.boards import BoardChanged, change_board, settings_of
from cases.actions.membership import remove_membership, set_membership
from cases.models import AuditEvent, Board, Case, Membership, StoredReadiness
from guidelines.knowledge.releases import CURRENT
from tests import factories
from tests.cases.pages import form_of, full_case, logged_in, proven_in
from tests.conftest import member

pytestmark = pytest.mark.django_db

SETTINGS, PEOPLE = (reverse(f"cases:{name}", args=["gi-net"]) for name in ("board_settings", "board_people"))
BOARDS = reverse("cases:boards")
PEOPLE_QUERIES = 6


@pytest.fixture
def adam(board: Board) -> User:
    return member(board, "adam", "administrator", "Adam", "Ash")


def sent(by: User, **changes: str) -> dict[str, Any]:
    return form_of(logged_in(by), SETTINGS, **changes)


def test_the_paper_and_who_answers_questions_are_the_boards_own(board: Board, adam: User) -> None:
    assert logged_in(adam).post(SETTINGS, sent(adam, paper="letter", contact="Desk, 0123")).status_code == 302
    board.refresh_from_db()
    assert (board.paper, board.contact) == ("letter", "Desk, 0123")
    assert logged_in(adam).post(SETTINGS, sent(adam, paper="A3")).status_code == 422


# --- Who ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("adam", 200),
        ("alice", 403),
        ("bob", 403),
        ("dora", 403),
        ("victor", 403),
        ("charlie", 404),
        ("dana", 404),
    ],
)
def test_a_boards_pages_are_its_administrators(
    request: pytest.FixtureRequest, board: Board, person: str, status: int
) -> None:
    client = proven_in(request.getfixturevalue(person))
    for address in (SETTINGS, PEOPLE):
        assert client.get(address).status_code == status
        refused = 422 if status == 200 else status
        assert client.post(address, {}).status_code == refused
    shown = client.get(BOARDS).content.decode()
    linked = (f'href="{SETTINGS}"' in shown, f'href="{PEOPLE}"' in shown)
    assert linked == (status == 200, status == 200)


@pytest.mark.parametrize(
    ("person", "error"), [("alice", PermissionDenied), ("dora", PermissionDenied), ("charlie", Http404)]
)
def test_the_action_asks_for_the_right_itself(
    request: pytest.FixtureRequest, board: Board, person: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        change_board(
            by=request.getfixturevalue(person),
            board=board,
            wanted={"least_ready": 50},
            shown={"least_ready": 0},
        )
    board.refresh_from_db()
    assert board.least_ready == 0


# --- Settings -----------------------------------------------------------------------------------------


def test_settings_are_stored_once_with_one_event(board: Board, adam: User) -> None:
    data = sent(
        adam,
        disciplines="Surgery\n\n Pathology \nOncology",
        quorum_disciplines="Pathology",
        quorum_people="3",
        minutes_per_case="8",
        least_ready="60",
        hpf_field_mm2="0.2375",
    )
    client = logged_in(adam)
    for _ in range(2):
        assert client.post(SETTINGS, data).headers["Location"] == SETTINGS
    board.refresh_from_db()
    assert (board.disciplines, board.quorum_disciplines, board.quorum_people, board.minutes_per_case) == (
        ["Surgery", "Pathology", "Oncology"],
        ["Pathology"],
        3,
        8,
    )
    assert (board.least_ready, board.hpf_field_mm2) == (60, Decimal("0.2375"))
    event = AuditEvent.objects.get(action="changed")
    assert event.detail["fields"] == [
        "disciplines",
        "hpf_field_mm2",
        "least_ready",
        "minutes_per_case",
        "quorum_disciplines",
        "quorum_people",
    ]
    assert client.post(SETTINGS, sent(adam)).status_code == 302
    assert AuditEvent.objects.filter(action="changed").count() == 1, "sent as shown, it changes nothing"


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"quorum_people": ""}, "quorum_people", "from 0 to 100 people"),
        ({"quorum_people": "-1"}, "quorum_people", "from 0 to 100 people"),
        ({"least_ready": "101"}, "least_ready", "from 0 to 100 %"),
        ({"minutes_per_case": "0"}, "minutes_per_case", "from 1 to 240 min"),
        ({"minutes_per_case": "six"}, "minutes_per_case", "from 1 to 240 min"),
        ({"hpf_field_mm2": "2"}, "hpf_field_mm2", "from 0.05 to 1 mm²"),
        ({"guideline": "other@9.9"}, "guideline", "valid choice"),
        ({"quorum_disciplines": "Astrology"}, "quorum_disciplines", "none are set yet"),
        ({"disciplines": "Surgery\nsurgery"}, "disciplines", "Name each discipline once."),
        ({"disciplines": "x" * 81}, "disciplines", "1 to 80 characters"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(
    board: Board, adam: User, changes: dict[str, str], field: str, said: str
) -> None:
    response = logged_in(adam).post(SETTINGS, sent(adam, cut_off_hours="48", **changes))
    assert response.status_code == 422
    assert said in " ".join(response.context["form"].errors[field])
    assert response.context["form"]["cut_off_hours"].value() == "48"
    board.refresh_from_db()
    assert board.cut_off_hours == 24


def test_two_administrators_lose_nothing(board: Board, adam: User) -> None:
    mine = sent(adam, minutes_per_case="9")
    change_board(by=adam, board=board, wanted={"cut_off_hours": 48}, shown={"cut_off_hours": 24})
    assert logged_in(adam).post(SETTINGS, mine).status_code == 302
    board.refresh_from_db()
    assert (board.minutes_per_case, board.cut_off_hours) == (9, 48), "different settings are both kept"


def test_the_same_setting_changed_twice_is_shown_before_it_is_replaced(board: Board, adam: User) -> None:
    mine = sent(adam, minutes_per_case="9")
    change_board(by=adam, board=board, wanted={"minutes_per_case": 4}, shown={"minutes_per_case": 6})
    client = logged_in(adam)
    response = client.post(SETTINGS, mine)
    html = " ".join(response.content.decode().split())
    assert response.status_code == 409
    assert "<li>Minutes for a case: <b>4</b></li>" in html
    board.refresh_from_db()
    assert board.minutes_per_case == 4
    assert client.post(SETTINGS, {**mine, "shown": response.context["shown"]}).status_code == 302
    board.refresh_from_db()
    assert board.minutes_per_case == 9


def test_what_was_shown_cannot_be_made_up(board: Board, adam: User) -> None:
    response = logged_in(adam).post(SETTINGS, sent(adam, shown="{}", minutes_per_case="9"))
    assert response.status_code == 422
    board.refresh_from_db()
    assert board.minutes_per_case == 6


@pytest.mark.parametrize(
    ("name", "value", "anew"),
    [("guideline", f"{CURRENT}@1.0", True), ("current_for_days", 30, True), ("cut_off_hours", 1, False)],
)
def test_what_changes_the_answers_makes_the_index_anew(
    board: Board, adam: User, alice: User, name: str, value: Any, anew: bool
) -> None:
    case = full_case(board, alice)
    before = Case.objects.get(pk=case.pk).record_version
    change_board(by=adam, board=board, wanted={name: value}, shown=settings_of(board))
    assert (Case.objects.get(pk=case.pk).record_version > before) is anew
    assert StoredReadiness.objects.get(case=case).record_version == before + anew


def test_a_conflict_names_the_settings(board: Board, adam: User) -> None:
    change_board(by=adam, board=board, wanted={"least_ready": 50}, shown={"least_ready": 0})
    with pytest.raises(BoardChanged) as refused:
        change_board(by=adam, board=board, wanted={"least_ready": 70}, shown={"least_ready": 0})
    assert refused.value.names == ("least_ready",)
    change_board(by=adam, board=board, wanted={"least_ready": 50}, shown={"least_ready": 0})


# --- People -------------------------------------------------------------------------------------------


def person(username: str, role: str = "clinician", **more: Any) -> dict[str, Any]:
    return {"username": username, "role": role, **more}


def test_somebody_is_added_changed_and_removed(board: Board, adam: User, charlie: User) -> None:
    client = proven_in(adam)
    for _ in range(2):
        client.post(
            PEOPLE, person("charlie", further_roles=["scribe", "coordinator", "clinician"], may_sign="on")
        )
    found = Membership.objects.get(board=board, user=charlie)
    assert (found.roles, found.may_sign) == (("clinician", "coordinator", "scribe"), True)
    assert AuditEvent.objects.filter(action="membership").count() == 1
    assert {"schedule", "sign", "scribe"} <= rights_on(charlie, board)
    html = client.get(PEOPLE).content.decode()
    assert "Clinician, Coordinator, Scribe, may sign" in html
    data = form_of(client, f"{PEOPLE}?person=charlie", PEOPLE)
    assert (data["role"], data["further_roles"]) == (["clinician"], ["coordinator", "scribe"])
    assert "may_sign" in data, "ticked"
    client.post(PEOPLE, person("charlie", "viewer"))
    found.refresh_from_db()
    assert (found.roles, found.may_sign) == (("viewer",), False)
    client.post(PEOPLE, {"username": "charlie", "remove": "on"})
    assert not rights_on(charlie, board)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (person("nobody"), "username"),
        (person(""), "username"),
        (person("bob", ""), "role"),
        (person("bob", "king"), "role"),
        (person("bob", further_roles=["king"]), "further_roles"),
    ],
)
def test_what_is_wrong_with_a_person_is_said_at_its_field(
    board: Board, adam: User, bob: User, data: dict[str, Any], field: str
) -> None:
    response = proven_in(adam).post(PEOPLE, data)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert Membership.objects.get(user=bob).roles == ("clinician",)


def test_only_a_clinician_or_a_chair_signs(board: Board, adam: User, bob: User) -> None:
    response = proven_in(adam).post(PEOPLE, person("bob", "viewer", may_sign="on"))
    assert response.status_code == 422
    assert "Only a clinician or a chair may sign" in response.content.decode()


def test_a_board_keeps_an_administrator(board: Board, adam: User, bob: User) -> None:
    client = proven_in(adam)
    for data in (person("adam", "viewer"), {"username": "adam", "remove": "on"}):
        response = client.post(PEOPLE, data)
        assert response.status_code == 422
        assert "must keep at least one administrator" in response.content.decode()
    set_membership(by=adam, board=board, user=bob, role="clinician", further_roles=["administrator"])
    assert client.post(PEOPLE, person("adam", "viewer")).headers["Location"] == BOARDS
    with pytest.raises(ValidationError, match="at least one administrator"):
        remove_membership(by=bob, board=board, user=bob)
    with pytest.raises(ValidationError, match="at least one administrator"):
        set_membership(by=bob, board=board, user=bob, role="clinician", further_roles=[])
    set_membership(by=bob, board=board, user=bob, role="chair")
    assert Membership.objects.get(user=bob, board=board).roles == ("chair", "administrator"), (
        "kept unless said"
    )


def test_cost_does_not_grow_with_people(
    board: Board, adam: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = proven_in(adam)
    for _ in range(2):
        client.get(PEOPLE)
        with django_assert_num_queries(PEOPLE_QUERIES):
            client.get(PEOPLE)
        for _ in range(5):
            factories.MembershipFactory(board=board)
