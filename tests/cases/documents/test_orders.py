"""Ordered documents: made by jobs, told of, fetched by who may, cancelled, forgotten."""

import datetime
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cases import jobs
from cases.actions.agenda import list_case
from cases.actions.ordering import cancel_order, forget_expired, order_packet
from cases.actions.sharing import revoke_grant
from cases.clock import clock_at
from cases.models import AuditEvent, Board, Case, DocumentOrder, Meeting, Membership, RecordVersion
from cases.models.order import OrderState
from tests import factories
from tests.cases.documents.working import fetched, ordered_figures, ordered_packet, work
from tests.cases.pages import logged_in

pytestmark = pytest.mark.django_db


def page(user: User, order: DocumentOrder, name: str = "order") -> Any:
    return logged_in(user).get(reverse(f"cases:document_{name}", args=[order.uid]))


def said(user: User, order: DocumentOrder) -> str:
    """What its page says of its state."""
    found = re.search(r'id="order-said">(.*?)</p>', page(user, order).content.decode(), re.S)
    assert found is not None
    return found[1]


def told(user: User) -> tuple[int, str]:
    """What any page of the person is told: the status, and the words."""
    response = logged_in(user).post(reverse("cases:document_notice"))
    return response.status_code, " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_packet_is_ordered_made_told_of_once_and_fetched(meeting: Meeting, alice: User) -> None:
    order = ordered_packet(alice, meeting)
    assert said(alice, order) == "It is in line, and the next."
    assert told(alice) == (200, "")
    work()
    order.refresh_from_db()
    assert (order.state, order.read, order.cases, order.writing) == (OrderState.READY, 2, 2, True)
    assert order.pages >= 5
    assert said(alice, order).startswith("It is ready: ")
    status, words = told(alice)
    assert (status, words.endswith("ready. Fetch the PDF")) == (286, True)
    assert told(alice) == (286, "")
    response = page(alice, order, "file")
    assert response.content.startswith(b"%PDF-")
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="packet-{timezone.localdate():%d-%b-%Y}.pdf"'
    )
    events = AuditEvent.objects.filter(user=alice, kind__contains="packet").order_by("pk")
    assert list(events.values_list("action", "kind", "case")) == [
        ("created", "order: packet", None),
        *(("exported", "packet", pk) for pk in sorted(meeting.discussions.values_list("case", flat=True))),
    ]


def test_only_who_ordered_it_sees_it_and_only_as_long_as_the_door_is_open(
    meeting: Meeting, alice: User, dora: User, charlie: User
) -> None:
    order = ordered_packet(alice, meeting)
    work()
    for other in (dora, charlie):
        for name in ("order", "how_far", "file"):
            assert page(other, order, name).status_code == 404
    Membership.objects.filter(user=alice).delete()
    assert told(alice) == (286, "")
    for name in ("order", "file"):
        assert page(alice, order, name).status_code == 404
    assert not AuditEvent.objects.filter(action="exported").exists()


def test_a_case_that_is_no_longer_shared_is_not_handed_out_with_the_rest(
    meeting: Meeting, alice: User, other_board: Board, charlie: User
) -> None:
    theirs = factories.CaseFactory(board=other_board, created_by=charlie, stage="ready")
    grant = factories.GrantFactory(case=theirs, board=meeting.board)
    list_case(by=alice, case=theirs, meeting=meeting)
    order = ordered_packet(alice, meeting)
    assert fetched(alice, order).startswith(b"%PDF-")
    revoke_grant(by=charlie, grant=grant, reason="Settled.")
    response = logged_in(alice).get(reverse("cases:document_file", args=[order.uid]), follow=True)
    assert "It holds a case that you may no longer see. Order it again." in response.content.decode()


def test_what_is_on_its_way_is_not_ordered_twice(meeting: Meeting, alice: User, dora: User) -> None:
    assert ordered_packet(alice, meeting) == ordered_packet(alice, meeting)
    assert said(dora, ordered_packet(dora, meeting)) == "It is in line: 1 is made before it."
    work()
    assert set(DocumentOrder.objects.values_list("state", flat=True)) == {OrderState.READY}
    assert DocumentOrder.objects.count() == 2


@pytest.mark.parametrize("when", ["waiting", "running"])
def test_a_cancelled_order_is_not_made(
    meeting: Meeting, alice: User, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    order = ordered_packet(alice, meeting)
    cancel = reverse("cases:document_cancel", args=[order.uid])
    if when == "waiting":
        logged_in(alice).post(cancel)
    else:
        monkeypatch.setattr(jobs, "packet_of", lambda *args: logged_in(alice).post(cancel))
    work()
    order.refresh_from_db()
    assert (order.state, order.file) == (OrderState.CANCELLED, None)
    assert said(alice, order) == "It was cancelled."
    assert not cancel_order(by=alice, order=order)


def test_after_a_day_the_file_is_gone(meeting: Meeting, alice: User) -> None:
    order = ordered_packet(alice, meeting)
    work()
    with clock_at(timezone.now() + datetime.timedelta(hours=25)):
        assert page(alice, order, "file").status_code == 302
        forget_expired()
    order.refresh_from_db()
    assert (order.state, order.file) == (OrderState.EXPIRED, None)
    assert said(alice, order) == "Its file was kept for a day and is gone. Order it again."
    with clock_at(timezone.now() + datetime.timedelta(days=40)):
        forget_expired()
    assert not DocumentOrder.objects.exists()


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("SECONDS_ORDERED", "The document could not be made: too long, or too much memory. Try again."),
        ("packet_of", "It could not be made. Order it again; if that fails too, tell who runs the site."),
    ],
)
def test_a_failure_says_so_and_leaves_the_record_as_it_was(
    meeting: Meeting, alice: User, monkeypatch: pytest.MonkeyPatch, broken: str, words: str
) -> None:
    before = list(Case.objects.values()), RecordVersion.objects.count()
    order = ordered_packet(alice, meeting)
    monkeypatch.setattr(jobs, broken, 0.0)
    work()
    order.refresh_from_db()
    assert (order.state, said(alice, order)) == (OrderState.FAILED, words)
    assert told(alice)[1].endswith("could not be made .")
    assert (list(Case.objects.values()), RecordVersion.objects.count()) == before
    monkeypatch.undo()
    assert fetched(alice, ordered_packet(alice, meeting)).startswith(b"%PDF-")


def test_an_order_whose_process_has_ended_is_given_up(meeting: Meeting, alice: User) -> None:
    order = order_packet(by=alice, meeting=meeting, enqueue=int)
    long_ago = timezone.now() - datetime.timedelta(minutes=10)
    DocumentOrder.objects.update(state=OrderState.RUNNING, changed_at=long_ago)
    assert said(alice, order) == "The process that was making it has ended. Order it again."
    assert ordered_packet(alice, meeting) != order
    forget_expired()
    order.refresh_from_db()
    assert order.state == OrderState.FAILED


def test_figures_are_of_the_period_that_was_asked_for(board: Board, alice: User, charlie: User) -> None:
    order = ordered_figures(alice, board, **{"from": "01-Jan-2026", "to": "30-Jun-2026"})
    work()
    response = page(alice, order, "file")
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="figures-gi-net-2026-01-01-2026-06-30.pdf"'
    )
    event = AuditEvent.objects.get(action="exported")
    assert (event.kind, event.detail) == ("figures", {"first": "2026-01-01", "last": "2026-06-30"})
    url = reverse("cases:document_figures", args=[board.slug])
    assert logged_in(charlie).post(url).status_code == 404
    assert logged_in(alice).post(url, {"from": "never"}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_process_itself_makes_what_waits(meeting: Meeting, alice: User) -> None:
    """In its own process, with its own connection: what it reads and writes was committed."""
    order = ordered_packet(alice, meeting)
    of = connection.settings_dict
    address = (
        f"sqlite:///{of['NAME']}"
        if connection.vendor == "sqlite"
        else f"postgres://{of['USER']}:{of['PASSWORD']}@{of['HOST']}:{of['PORT']}/{of['NAME']}"
    )
    subprocess.run(
        [sys.executable, "manage.py", "print_orders", "--batch"],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "DATABASE_URL": address},
        check=True,
        timeout=100,
    )
    order.refresh_from_db()
    assert order.state == OrderState.READY
