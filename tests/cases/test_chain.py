"""The chain of audit events, and the seals of what was signed, against the hands of the database's owner."""

import io
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cases import append_only
from cases.actions import deciding
from cases.actions.agenda import list_case
from cases.actions.deciding import DecisionContent, OptionContent
from cases.actions.leading import add_note, close_meeting, start_meeting
from cases.actions.letters import issue_letter
from cases.actions.meetings import create_meeting
from cases.integrity import verified
from cases.models import AuditEvent, Board, Case, Decision, Letter, Meeting
from cases.models.audit import one_act
from tests import factories

pytestmark = pytest.mark.django_db


def sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def faults() -> list[tuple[str, str]]:
    """Kind and place of each, the chain's own name left out."""
    return [(one.kind, re.sub(r"chain of board \d+(, )?", "", one.where)) for one in verified().faults]


def reads(user: User, case: Case, count: int) -> None:
    for number in range(count):
        AuditEvent.objects.record(user=user, action="read", case=case, kind=f"page {number}", uid=case.uid)


def failing_act(user: User) -> None:
    with one_act():
        reads(user, Case.objects.earliest("pk"), 1)
        raise ZeroDivisionError


def anchored() -> None:
    call_command("anchor_records", stdout=io.StringIO())


@pytest.fixture
def signed(board: Board, alice: User, dora: User) -> Decision:
    """Signed, superseded and signed again, in a closed meeting, with a letter and a note."""
    meeting = create_meeting(by=alice, board=board, starts_at=timezone.now())
    discussion = list_case(
        by=alice, case=factories.CaseFactory(board=board, created_by=alice), meeting=meeting
    )
    start_meeting(by=dora, meeting=meeting)
    number = discussion.case.patient.record_number
    option = OptionContent(choice="own", title="Second opinion")
    content = DecisionContent(intent="curative", rationale="Fit.", options=(option,))
    first = deciding.save_draft(by=dora, discussion=discussion, content=content)
    first = deciding.sign_decision(by=dora, decision=first, version=1, record_number=number)
    second = deciding.supersede_decision(by=dora, decision=first, reason="New scan")
    deciding.sign_decision(by=dora, decision=second, version=second.version, record_number=number)
    issue_letter(by=dora, decision=Decision.objects.get(pk=second.pk), kind="patient", text="Dear Ada")
    add_note(by=dora, meeting=close_meeting(by=dora, meeting=meeting), text="Bob came at ten.")
    return Decision.objects.get(pk=first.pk)


@pytest.fixture
def file(settings: Any, tmp_path: Path) -> Path:
    settings.RECORD_ANCHOR_FILE = str(tmp_path / "kept" / "anchors.jsonl")
    return tmp_path / "kept" / "anchors.jsonl"


def test_every_event_follows_the_one_before_it(board: Board, other_board: Board, alice: User) -> None:
    with one_act():
        reads(alice, factories.CaseFactory(board=board), 2)
        reads(alice, factories.CaseFactory(board=other_board), 1)
        assert AuditEvent.objects.count() == 0, "written at the end of the act"
    AuditEvent.objects.record(user=alice, action="created", kind="calendar")
    with pytest.raises(ZeroDivisionError):
        failing_act(alice)
    with one_act():
        with pytest.raises(ZeroDivisionError):
            failing_act(alice)
        reads(alice, Case.objects.earliest("pk"), 1)
    found = AuditEvent.objects.order_by("chain", "seq").values_list("chain", "seq")
    assert list(found) == [(0, 1), (board.pk, 1), (board.pk, 2), (board.pk, 3), (other_board.pk, 1)]
    assert (verified().events, verified().faults) == (5, [])


def test_what_was_signed_is_sealed(signed: Decision) -> None:
    found = verified()
    assert (found.signed, found.faults) == (2 + 1 + 1 + 1, [])


def test_a_key_is_replaced_and_the_former_one_still_known(alice: User, board: Board, settings: Any) -> None:
    case, former = factories.CaseFactory(board=board), settings.RECORD_KEYS
    reads(alice, case, 2)
    settings.RECORD_KEYS = {"new": "the new key", **former}
    reads(alice, case, 2)
    assert (faults(), set(AuditEvent.objects.values_list("key", flat=True))) == (
        [],
        {"new", *list(former)[:1]},
    )
    settings.RECORD_KEYS = {"new": "the new key"}
    assert faults() == [("changed", "event 1"), ("changed", "event 2")]


# The owner's hands: the triggers are gone, and so may be a constraint

EVENT = "UPDATE cases_auditevent SET {} WHERE chain > 0 AND seq {}"
COPIED = "at, user_id, action, case_id, board_id, kind, uid, detail, chain, seal, key, code"
INSERTED = (
    f"INSERT INTO cases_auditevent ({COPIED}, seq) SELECT {COPIED}, {{}} FROM cases_auditevent WHERE seq = 2"
)
RENUMBERED = (
    "UPDATE cases_auditevent SET seq = -seq WHERE seq {0}",
    "UPDATE cases_auditevent SET seq = -seq {1} WHERE seq < 0",
)


def renumbered(which: str, shift: str) -> list[str]:
    return [one.format(which, shift) for one in RENUMBERED]


ON_EVENTS: list[tuple[list[str], list[tuple[str, str]]]] = [
    ([EVENT.format("kind = 'other'", "= 3")], [("changed", "event 3")]),
    ([EVENT.format("user_id = NULL", "= 3")], [("changed", "event 3")]),
    ([EVENT.format("at = '2026-01-01 00:00:00+00:00'", "= 3")], [("changed", "event 3")]),
    ([EVENT.format("detail = '{\"a\": 1}'", "= 3")], [("changed", "event 3")]),
    ([EVENT.format("code = 'abc'", "= 3")], [("changed", "event 3"), ("changed", "event 4")]),
    (["DELETE FROM cases_auditevent WHERE seq = 3"], [("deleted", "event 3")]),
    (["DELETE FROM cases_auditevent WHERE seq IN (1, 2)"], [("deleted", "events 1 to 2")]),
    (
        ["DELETE FROM cases_auditevent WHERE seq = 3", *renumbered("> 3", "- 1")],
        [("deleted", "event 3"), ("truncated", "event 8")],
    ),
    ([INSERTED.format("9")], [("inserted", "event 9")]),
    ([*renumbered("> 3", "+ 1"), INSERTED.format("4")], [("inserted", "event 4")]),
    (
        [
            EVENT.format("seq = -1", "= 3"),
            EVENT.format("seq = 3", "= 4"),
            EVENT.format("seq = 4", "= -1"),
        ],
        [("reordered", "event 3"), ("reordered", "event 4"), ("changed", "event 5")],
    ),
    (["DELETE FROM cases_auditevent WHERE seq > 6"], [("truncated", "events 7 to 8")]),
    (["DELETE FROM cases_auditevent"], [("truncated", "")]),
]


@contextmanager
def hands() -> Iterator[None]:
    """What is done within is undone again."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_hands_on_the_events(alice: User, board: Board, file: Path) -> None:
    reads(alice, factories.CaseFactory(board=board), 8)
    anchored()
    append_only.remove(connection)
    for statements, expected in ON_EVENTS:
        with hands():
            sql(*statements)
            assert (statements, faults()) == (statements, expected)


def test_a_chain_that_lost_its_end_and_was_continued(alice: User, board: Board, file: Path) -> None:
    """The application itself continues it, with codes that hold; the anchor knows better."""
    case = factories.CaseFactory(board=board)
    reads(alice, case, 8)
    anchored()
    append_only.remove(connection)
    sql("DELETE FROM cases_auditevent WHERE seq > 5")
    reads(alice, case, 6)
    assert faults() == [("rewritten", "event 8")]


ON_SIGNED = [
    ("UPDATE cases_decision SET rationale = 'x' WHERE supersedes_id IS NULL", "changed: decision {0}"),
    ("UPDATE cases_decision SET signed_by_id = {2} WHERE supersedes_id IS NULL", "changed: decision {0}"),
    ("UPDATE cases_decisionoption SET title = 'x' WHERE decision_id = {0}", "changed: decision {0}"),
    ("DELETE FROM cases_decisionoption WHERE decision_id = {0}", "changed: decision {0}"),
    ("UPDATE cases_decision SET snapshot = '{{}}' WHERE id = {0}", "changed: decision {0}"),
    (
        "UPDATE cases_decision SET snapshot = '{{}}', snapshot_digest = 'sha256:"
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' WHERE id = {0}",
        "changed: decision {0}",
    ),
    ("UPDATE cases_decision SET status = 'signed' WHERE id = {0}", "orphaned: decision {0}"),
    ("UPDATE cases_meeting SET snapshot = '{{}}'", "changed: meeting {3}"),
    ("UPDATE cases_meeting SET title = 'x'", "changed: meeting {3}"),
    ("UPDATE cases_letter SET text = 'x'", "changed: letter {4}"),
    ("DELETE FROM cases_letter", "deleted: letter {4}"),
    ("UPDATE cases_meetingnote SET text = 'x'", "changed: note {5}"),
]


def test_hands_on_what_was_signed(signed: Decision, bob: User) -> None:
    second, meeting = signed.superseded_by, Meeting.objects.get()
    numbers = (signed.pk, second.pk, bob.pk, meeting.pk, Letter.objects.get().pk, meeting.notes.get().pk)
    append_only.remove(connection)
    sql("DROP INDEX decision_one_signed")
    for statement, expected in ON_SIGNED:
        with hands():
            sql(statement.format(*numbers))
            found = {f"{one.kind}: {one.where}" for one in verified().faults}
            assert (statement, found) == (statement, {expected.format(*numbers)})


def test_a_forged_signature_and_an_orphaned_supersession(signed: Decision) -> None:
    append_only.remove(connection)
    other = factories.DecisionFactory()
    last = signed.superseded_by
    sql(
        f"UPDATE cases_decision SET status = 'signed', signed_by_id = drafted_by_id, signed_at = drafted_at, "
        f"snapshot = '{{}}', snapshot_digest = 'sha256:"
        f"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' WHERE id = {other.pk}",
        f"UPDATE cases_decision SET status = 'draft', signed_by_id = NULL, signed_at = NULL, "
        f"snapshot = NULL, snapshot_digest = '' WHERE id = {last.pk}",
    )
    assert faults()[1:] == [
        ("forged", f"decision {other.pk}"),
        ("deleted", f"decision {last.pk}"),
        ("orphaned", f"decision {signed.pk}"),
    ]


def test_the_database_lets_nothing_in_that_is_born_signed(signed: Decision) -> None:
    columns = [one.column for one in Decision._meta.concrete_fields if one.column not in ("id", "uid")]
    names = ", ".join(f'"{name}"' for name in columns)
    statements = [
        f"INSERT INTO cases_decision (uid, {names}) SELECT '{'0' * 32}', {names} FROM cases_decision "
        f"WHERE id = {signed.pk}",
        f"INSERT INTO cases_auditevent ({COPIED}, seq) SELECT {COPIED}, seq + 100 FROM cases_auditevent",
    ]
    for statement in statements:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            sql(statement)


# Outside the database


@pytest.mark.django_db(transaction=True)
def test_every_signature_is_anchored_and_the_anchors_guard_themselves(
    signed: Decision, file: Path, dora: User
) -> None:
    assert not file.exists()
    deciding.withdraw_decision(by=dora, decision=signed.superseded_by, reason="Wrong patient")
    (line,) = file.read_text().splitlines()
    last = AuditEvent.objects.latest("pk")
    assert (json.loads(line)["seq"], json.loads(line)["code"]) == (last.seq, last.code)
    said = io.StringIO()
    call_command("verify_records", stdout=said)
    assert said.getvalue().splitlines()[-1] == "All as written."
    file.write_text(line.replace(f'"seq":{last.seq}', f'"seq":{last.seq - 1}') + "\nnonsense\n")
    assert faults() == [("forged", "line 1 of the anchors"), ("forged", "line 2 of the anchors")]
    with pytest.raises(CommandError, match="2 of them are not as they were written"):
        call_command("verify_records", stdout=io.StringIO())


def test_anchors_go_to_the_system_log(alice: User, board: Board, settings: Any, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
        log.bind(str(tmp_path / "log"))
        settings.RECORD_ANCHOR_SYSLOG = str(tmp_path / "log")
        AuditEvent.objects.record(user=alice, action="read", board=board)
        anchored()
        text = log.recv(4_000).decode()
    assert f'"chain":{board.pk},"code":"{AuditEvent.objects.get().code}"' in text


@pytest.mark.django_db(transaction=True)
def test_many_writers_of_many_boards_at_once(alice: User, board: Board, other_board: Board) -> None:
    """No gap, no number twice, no deadlock; each act writes to both chains, in either order."""
    cases = [factories.CaseFactory(board=one) for one in (board, other_board)]
    failed: list[Exception] = []

    def run(turn: int) -> None:
        try:
            for _ in range(10):
                with one_act():
                    for case in cases[:: 1 if turn % 2 else -1]:
                        reads(alice, case, 1)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[turn]) for turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failed, verified().faults, verified().events) == ([], [], 160)


def test_the_log_is_exported_as_lines_of_json(
    alice: User, board: Board, other_board: Board, tmp_path: Path
) -> None:
    case = factories.CaseFactory(board=board)
    reads(alice, case, 2)
    reads(alice, factories.CaseFactory(board=other_board), 1)
    file = tmp_path / "log.jsonl"
    call_command("export_audit", "--board", board.slug, "-o", str(file))
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    event = AuditEvent.objects.earliest("pk")
    assert [(one["seq"], one["kind"]) for one in lines] == [(1, "page 0"), (2, "page 1")]
    assert lines[0] == {
        "pk": event.pk,
        "at": event.at.isoformat(),
        "chain": board.pk,
        "seq": 1,
        "action": "read",
        "kind": "page 0",
        "uid": str(case.uid),
        "detail": {},
        "seal": "",
        "key": event.key,
        "code": event.code,
        "user_id": alice.pk,
        "user__username": "alice",
        "case__uid": str(case.uid),
        "board__slug": board.slug,
    }
    with pytest.raises(CommandError, match="no moment"):
        call_command("export_audit", "--since", "yesterday")


def test_what_was_there_before_the_chain_is_chained_and_sealed(signed: Decision) -> None:
    """By the migration, as an update from before finds it."""
    append_only.remove(connection)
    sql("UPDATE cases_auditevent SET seq = -id, key = '', code = '', seal = '', chain = 0")
    assert len(faults()) > 5
    filled = import_module("cases.migrations.0035_chain_filled")
    filled.chain_what_there_is(apps, SimpleNamespace(connection=connection))
    assert (faults(), verified().signed) == ([], 5)
    sealing = AuditEvent.objects.filter(kind="seal").order_by("pk").values_list("detail", flat=True)
    assert [one["of"] for one in sealing] == ["decision", "decision", "meeting", "letter", "note"]
