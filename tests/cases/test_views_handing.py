"""A leaver's open cases and steps: listed, and the cases handed over in one act."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from cases.actions.entry import create_case
from cases.actions.handing import hand_over_cases
from cases.actions.status import set_status
from cases.actions.steps import reassign_step
from cases.models import AuditEvent, Board, Case, RecordVersion
from tests.cases.pages import SURNAME, full_case, logged_in, sign

pytestmark = pytest.mark.django_db

PAGE = reverse("cases:hand_over")


@pytest.fixture
def cases(board: Board, alice: User, bob: User, dora: User) -> list[Case]:
    """Three of Bob's: the full one with a signed decision, an open and a closed one."""
    full = full_case(board, alice)
    Case.objects.filter(pk=full.pk).update(owner=bob)
    sign(full, dora)
    patient = full.patient
    second = create_case(by=bob, board=board, patient=patient, fields={"question": "The second?"})
    third = create_case(by=bob, board=board, patient=patient, fields={"question": "Closed already"})
    set_status(by=bob, case=third, status="closed")
    return [full, second, third]


def of_bob(board: Board) -> str:
    return f"{PAGE}?board={board.slug}&person=bob"


def test_who_has_left_stands_first(board: Board, cases: list[Case], alice: User, bob: User) -> None:
    create_case(by=alice, board=board, patient=cases[0].patient, fields={"question": "Mine"})
    bob.is_active = False
    bob.save()
    html = logged_in(alice).get(PAGE).content.decode()
    assert "Account closed" in html
    assert html.index("Bob Baker") < html.index("Alice Albers", html.index("<h1>"))


def test_open_cases_are_handed_over_in_one_act_each_with_its_event(
    board: Board, cases: list[Case], alice: User, bob: User
) -> None:
    bob.is_active = False
    bob.save()
    client = logged_in(alice)
    html = client.get(of_bob(board)).content.decode()
    assert "Open cases (2)" in html
    assert "Closed already" not in html
    versions = RecordVersion.objects.count()
    sent = {"board": board.slug, "person": "bob", "to": "alice", "cases": [one.uid for one in cases]}
    response = client.post(PAGE, sent, follow=True)
    assert "Handed to Alice Albers: 2 cases and 0 steps." in response.content.decode()
    owners = list(Case.objects.order_by("pk").values_list("owner__username", flat=True))
    assert owners == ["alice", "alice", "bob"]
    events = AuditEvent.objects.filter(action="changed", detail__fields=["owner"])
    assert {event.case_id for event in events} == {cases[0].pk, cases[1].pk}
    assert RecordVersion.objects.count() == versions + 2
    again = client.post(PAGE, sent)
    assert again.status_code == 302
    assert RecordVersion.objects.count() == versions + 2


def test_open_steps_are_handed_on_though_their_decision_stays_as_signed(
    board: Board, cases: list[Case], alice: User, bob: User, dora: User
) -> None:
    signed = cases[0].decisions.get()
    step = signed.next_steps.get()
    reassign_step(by=alice, step=step, owner_name="Bob Baker", owner=bob)
    client, before = logged_in(alice), signed.snapshot
    assert "Call the center" in client.get(of_bob(board)).content.decode()
    sent = {"board": board.slug, "person": "bob", "to": "dora", "steps": [step.pk]}
    html = client.post(PAGE, sent, follow=True).content.decode()
    assert "Handed to Dora Diaz: 0 cases and 1 step." in html
    step.refresh_from_db()
    signed.refresh_from_db()
    assert (step.holder, step.holder_name, signed.snapshot) == (dora, "Dora Diaz", before)
    assert client.post(PAGE, sent).status_code == 302, "handed twice is handed once"
    assert step.events.count() == 2


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"to": ""}, "Choose a member of this board who may enter cases."),
        ({"to": "charlie"}, "Choose a member of this board who may enter cases."),
        ({"to": "victor"}, "Choose a member of this board who may enter cases."),
        ({"to": "al\0ice"}, "Choose a member of this board who may enter cases."),
        ({"cases": []}, "Tick at least one case or step."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_stored(
    board: Board,
    cases: list[Case],
    alice: User,
    charlie: User,
    victor: User,
    changed: dict[str, Any],
    says: str,
) -> None:
    sent = {"board": board.slug, "person": "bob", "to": "alice", "cases": [cases[1].uid], **changed}
    response = logged_in(alice).post(PAGE, sent)
    assert response.status_code == 422
    assert says in response.content.decode()
    assert not Case.objects.filter(owner=alice).exists()


def test_only_the_coordinator_and_the_administrator_hand_over(
    board: Board, cases: list[Case], alice: User, bob: User, dora: User, charlie: User
) -> None:
    sent = {"board": board.slug, "person": "bob", "to": "dora", "cases": [cases[1].uid]}
    assert logged_in(dora).post(PAGE, sent).status_code == 403
    assert logged_in(charlie).post(PAGE, sent).status_code == 404
    for stranger in (bob, charlie):
        html = logged_in(stranger).get(PAGE).content.decode()
        assert SURNAME not in html
    assert SURNAME not in logged_in(bob).get(PAGE).content.decode()
    dora.memberships.update(role="administrator")
    assert logged_in(dora).post(PAGE, {**sent, "to": "alice"}).status_code == 302
    assert Case.objects.get(pk=cases[1].pk).owner == alice


def test_a_person_of_another_board_is_nobody_here(board: Board, alice: User, charlie: User) -> None:
    for name in ("charlie", "nobody"):
        assert logged_in(alice).get(f"{PAGE}?board={board.slug}&person={name}").status_code == 404


def test_a_case_of_another_board_stays(
    board: Board, other_board: Board, cases: list[Case], alice: User
) -> None:
    bob = cases[1].owner
    Case.objects.filter(pk=cases[1].pk).update(board=other_board)
    uids = [one.uid for one in cases]
    assert hand_over_cases(by=alice, board=board, owner=bob, to=alice, cases=uids) == 1
    assert Case.objects.get(pk=cases[1].pk).owner == bob


def test_the_way_there(board: Board, cases: list[Case], alice: User, bob: User) -> None:
    steps = reverse("cases:steps")
    assert PAGE in logged_in(alice).get(steps).content.decode()
    assert PAGE not in logged_in(bob).get(steps).content.decode()
    html = logged_in(alice).get(reverse("cases:case", args=[cases[0].uid])).content.decode()
    assert f"{PAGE}?board={board.slug}&amp;person=bob" in html
