"""The outbox: what is owed of a decision, to whom, and what comes of each attempt."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import hl7
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cases import append_only
from cases.actions.deciding import supersede_decision, withdraw_decision
from cases.actions.delivering import PAUSES, note_failed, take_up
from cases.exchange.hl7v2.transport import NotDelivered
from cases.models import AuditEvent, Board, Case, Decision, Delivery
from cases.screens.delivering import deliver_next
from tests.cases.pages import full_case, logged_in, sign
from tests.conftest import member

pytestmark = pytest.mark.django_db


class Stub:
    """A receiver that keeps what it takes, or refuses."""

    def __init__(self, refusal: NotDelivered | None = None) -> None:
        self.refusal = refusal
        self.got: list[tuple[str, hl7.Message]] = []

    def deliver(self, name: str, message: bytes) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.got.append((name, hl7.parse(message.decode())))


def pdf(_template: str, _context: Any) -> bytes:
    return b"%PDF-"


@pytest.fixture(autouse=True)
def _receivers(settings: Any, tmp_path: Path) -> None:
    settings.DELIVER_TO = {"epr": f"file://{tmp_path}"}


@pytest.fixture
def adam(board: Board) -> User:
    """Administers Alice's board."""
    return member(board, "adam", "administrator", "Adam", "Adler")


@pytest.fixture
def decision(board: Board, alice: User, dora: User) -> Decision:
    case = full_case(board, alice)
    sign(case, dora)
    return case.decisions.get()


def states() -> list[tuple[str, bool, str, int]]:
    rows = Delivery.objects.order_by("pk")
    return [(one.receiver, one.takes_back, one.state, one.attempts) for one in rows]


def test_a_signature_owes_each_receiver_one_message(decision: Decision) -> None:
    assert states() == [("epr", False, "waiting", 0)]
    stub = Stub()
    assert deliver_next({"epr": stub}, pdf) is not None
    assert deliver_next({"epr": stub}, pdf) is None
    assert states() == [("epr", False, "delivered", 1)]
    ((name, message),) = stub.got
    assert (name, str(message.segment("TXA")[12])) == (str(message.segment("MSH")[10]), str(decision.uid))
    event = AuditEvent.objects.get(action="exported", kind="hl7v2")
    assert (event.case, event.user, event.detail) == (decision.case, None, {"to": "epr"})


def test_nobody_is_owed_anything_unless_the_settings_name_somebody(
    settings: Any, board: Board, alice: User, dora: User
) -> None:
    settings.DELIVER_TO = {}
    sign(full_case(board, alice), dora)
    assert states() == []


def test_what_fails_is_tried_later_each_time_and_given_up_in_the_end(decision: Decision) -> None:
    stub = Stub(NotDelivered("The receiver is in trouble."))
    for attempt, pause in enumerate(PAUSES, start=1):
        Delivery.objects.update(due_at=timezone.now())
        tried = deliver_next({"epr": stub}, pdf)
        assert tried is not None
        assert (tried.state, tried.attempts, tried.told) == (
            "waiting",
            attempt,
            "The receiver is in trouble.",
        )
        assert abs(tried.due_at - timezone.now() - pause) < timedelta(seconds=30)
        assert deliver_next({"epr": stub}, pdf) is None, "not before its time"
    Delivery.objects.update(due_at=timezone.now())
    deliver_next({"epr": stub}, pdf)
    assert states() == [("epr", False, "given_up", len(PAUSES) + 1)]


@pytest.mark.parametrize(
    ("receivers", "told"),
    [
        ({"epr": Stub(NotDelivered("Unknown patient.", for_good=True))}, "Unknown patient."),
        ({}, "The settings name no such receiver any more."),
    ],
)
def test_what_can_never_arrive_is_given_up_at_once(
    decision: Decision, receivers: dict[str, Stub], told: str
) -> None:
    tried = deliver_next(receivers, pdf)
    assert tried is not None
    assert (tried.state, tried.told) == ("given_up", told)


def test_one_that_was_taken_up_is_nobody_else_s_for_some_minutes(decision: Decision) -> None:
    first = take_up()
    assert first is not None
    assert take_up() is None
    Delivery.objects.update(due_at=timezone.now())  # whoever had it has died
    again = take_up()
    assert again is not None
    assert (again.pk, again.attempts) == (first.pk, 2)


def test_what_was_entered_in_error_is_taken_back_after_it_has_arrived(decision: Decision, dora: User) -> None:
    withdraw_decision(by=dora, decision=decision, reason="Wrong patient")
    assert states() == [("epr", False, "waiting", 0), ("epr", True, "waiting", 0)]
    stub = Stub()
    while deliver_next({"epr": stub}, pdf):
        pass
    assert [str(message.segment("MSH")[9]) for _, message in stub.got] == [
        "MDM^T02^MDM_T02",
        "MDM^T11^MDM_T01",
    ]
    assert len({name for name, _ in stub.got}) == 2


def test_a_correction_is_a_message_of_its_own(decision: Decision, bob: User, dora: User) -> None:
    supersede_decision(by=bob, decision=decision, reason="A new report")
    sign(Case.objects.get(), dora)
    stub = Stub()
    while deliver_next({"epr": stub}, pdf):
        pass
    assert [str(message.segment("TXA")[13]) for _, message in stub.got] == ["", str(decision.uid)]


def test_a_record_that_is_not_what_was_signed_goes_nowhere(decision: Decision) -> None:
    append_only.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_decision SET snapshot_digest = 'sha256:other'")
    append_only.install(connection)
    stub = Stub()
    tried = deliver_next({"epr": stub}, pdf)
    assert tried is not None
    assert (tried.state, tried.told) == (
        "given_up",
        "The stored record of this decision is not the one that was signed.",
    )
    assert stub.got == []


def test_the_command_delivers_what_is_due(decision: Decision, tmp_path: Path, settings: Any) -> None:
    out = StringIO()
    call_command("deliver", stdout=out)
    assert out.getvalue() == "1 delivered, 0 waiting, 0 given up.\n"
    (file,) = tmp_path.glob("*.hl7")
    assert file.read_bytes().startswith(b"MSH|^~\\&|TUMORBOARD|GI-NET board|epr|")
    settings.DELIVER_TO = {"epr": "ftp://somewhere"}
    with pytest.raises(CommandError, match="DELIVER_TO: epr: allowed are"):
        call_command("deliver")


# --- The page -----------------------------------------------------------------------------------------------


def test_an_administrator_sees_what_was_given_up_and_lets_it_wait_again(
    decision: Decision, board: Board, adam: User
) -> None:
    note_failed(Delivery.objects.get(), "The receiver answers AR: no.", for_good=True)
    client, address = logged_in(adam), reverse("cases:deliveries", args=[board.slug])
    page = client.get(address).content.decode()
    assert "Given up: 1" in page
    assert "The receiver answers AR: no." in page
    again = reverse("cases:deliver_again", args=[board.slug, Delivery.objects.get().uid])
    assert client.post(again).headers["Location"] == address
    assert states() == [("epr", False, "waiting", 0)]
    assert AuditEvent.objects.filter(user=adam, kind="delivery").count() == 1
    client.post(again)
    assert "This message is not given up" in client.get(address).content.decode()


def test_nobody_else_sees_it(decision: Decision, board: Board, bob: User, charlie: User) -> None:
    again = reverse("cases:deliver_again", args=[board.slug, Delivery.objects.get().uid])
    for person, status in ((bob, 403), (charlie, 404)):
        client = logged_in(person)
        assert client.get(reverse("cases:deliveries", args=[board.slug])).status_code == status
        assert client.post(again).status_code == status
