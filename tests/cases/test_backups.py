"""The restore drill: a backup made while people write, put into a clean place, is what it says it is."""

import io
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, connections

from cases import append_only, backups
from cases.actions import entry
from cases.integrity import verified
from cases.models import AuditEvent, Board
from tests import factories

WRITERS = 4


@pytest.fixture
def clean() -> Iterator[str]:
    """The address of a database that is not there yet, or empty, in the vendor's way."""
    if connection.vendor == "sqlite":
        yield ""
        return
    name = "restored_by_a_test"
    with connections["default"].cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    told = connection.settings_dict
    yield f"postgres://{told['USER']}@{told['HOST']}:{told['PORT']}/{name}"
    with connections["default"].cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name}")


@pytest.mark.django_db(transaction=True)
def test_the_restore_drill(alice: User, board: Board, tmp_path: Path, settings: Any, clean: str) -> None:
    identity = pyrage.x25519.Identity.generate()
    secret = tmp_path / "identity"
    secret.write_text(f"# the safe's\n{identity}\n")
    settings.BACKUP_RECIPIENT = str(identity.to_public())
    case = factories.CaseFactory(board=board, created_by=alice)
    stop, written = threading.Event(), []

    def writing() -> None:
        try:
            while not stop.is_set():
                entry.add_part(by=alice, case=case, kind="marker", fields={"name": "Chromogranin A"})
                written.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=writing) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    while len(written) < WRITERS:
        pass
    said = io.StringIO()
    call_command("backup", "--to", str(tmp_path / "kept"), stdout=said)
    stop.set()
    for thread in threads:
        thread.join()
    assert "verified. 0 older ones deleted." in said.getvalue()
    (file,) = (tmp_path / "kept").glob("*.age")
    account = backups.BackupAccount.read(file)
    assert 0 < account.rows["cases_serummarker"] <= len(written) == case.markers.count()
    assert account.rows["cases_serummarker"] == account.rows["cases_auditevent"], "one event for each save"
    target = clean or f"sqlite:///{tmp_path / 'restored.sqlite3'}"
    with pytest.raises(CommandError, match="name the file with its identity"):
        call_command("restore", str(file), "--into", target)
    call_command("restore", str(file), "--into", target, "--identity", str(secret), stdout=said)
    assert f"Restored as of {account.at}" in said.getvalue()
    with backups._looked_at(backups._settings_of(target, account.vendor)) as restored:
        assert triggers_of(restored) == triggers_of(connection) != set()
        assert verified(using=backups.COPY, anchored=False).events == account.rows["cases_auditevent"]
        copied, kept = (
            list(AuditEvent.objects.using(one).order_by("pk").values()) for one in (backups.COPY, "default")
        )
        assert copied == kept[: len(copied)]
    refusal = "exists already" if account.vendor == "sqlite" else "is not empty"
    with pytest.raises(CommandError, match=refusal):
        call_command("restore", str(file), "--into", target, "--identity", str(secret))
    with file.open("r+b") as stream:
        stream.seek(300)
        stream.write(b"x")
    with pytest.raises(CommandError, match="is not the file that was written"):
        call_command("restore", str(file), "--into", target, "--identity", str(secret))


def triggers_of(database: Any) -> set[str]:
    said = {
        "sqlite": "SELECT name || sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    }[database.vendor]
    with database.cursor() as cursor:
        cursor.execute(said)
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_what_does_not_hold_is_no_backup(alice: User, board: Board, tmp_path: Path) -> None:
    AuditEvent.objects.record(user=alice, action="read", board=board)
    AuditEvent.objects.record(user=alice, action="read", board=board)
    append_only.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_auditevent SET kind = 'changed' WHERE seq = 1")
    with pytest.raises(CommandError, match="1 events or signed rows are not as they were written"):
        call_command("backup", "--to", str(tmp_path))
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(CommandError, match="Name BACKUP_DIR"):
        call_command("backup")


def test_the_newest_and_one_of_each_month_are_kept(tmp_path: Path) -> None:
    first = datetime(2026, 11, 26, 3, tzinfo=UTC)
    moments = [first - timedelta(days=day) for day in range(100)]
    for moment in moments:
        file = tmp_path / f"{backups.PREFIX}{moment:%Y%m%dT%H%M%S%f}Z.pgdump"
        file.touch()
        file.with_name(file.name + ".json").write_text(json.dumps({}))
    (tmp_path / f"{backups.PREFIX}20250101T000000000000Z.pgdump").touch()  # without an account: none of ours
    gone = backups.prune(tmp_path, keep=14)
    left = sorted(file.name[12:20] for file in tmp_path.glob("*.json"))
    assert (len(gone), left) == (
        100 - 17,
        ["20260831", "20260930", "20261031", *sorted(f"{one:%Y%m%d}" for one in moments[:14])],
    )
    assert backups.newest(tmp_path) == first
    assert backups.newest(tmp_path / "none") is None
