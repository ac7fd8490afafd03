"""The database read-only, full or gone; and what the machines that watch this one are told."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import InternalError, OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from cases.actions import entry
from cases.actions.agenda import list_case
from cases.integrity import verified
from cases.models import AuditEvent, Board, Case, Meeting, StoredReadiness
from config import health, outage
from config.sessions import SEEN
from tests import factories

TYPED = "Is the zebrafish question answered?"


def calm(user: User) -> Client:
    """A browser that shows the error page instead of raising."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.fixture
def case(board: Board, alice: User) -> Case:
    fields = {"surname": "Quill", "given_names": "Ada", "birth_date": "1961-08-14", "record_number": "R-1"}
    return entry.create_case(by=alice, board=board, patient=fields, fields={"question": "First line?"})


def pages_of(case: Case, meeting: Meeting) -> list[str]:
    """What people read meanwhile."""
    return [
        reverse("cases:worklist"), reverse("cases:case", args=[case.uid]),
        reverse("cases:part", args=[case.uid, "pathology"]), reverse("cases:meeting", args=[meeting.uid]),
        reverse("cases:steps"), reverse("cases:document_preview", args=["handout", case.uid]),
    ]  # fmt: skip


@pytest.fixture
def read_only() -> Iterator[Any]:
    """A switch: from its call on the database can only be read."""
    on, off = {
        "sqlite": ("PRAGMA query_only=ON", "PRAGMA query_only=OFF"),
        "postgresql": ("SET default_transaction_read_only=on", "SET default_transaction_read_only=off"),
    }[connection.vendor]
    yield lambda: connection.cursor().execute(on)
    connection.cursor().execute(off)


@pytest.mark.django_db(transaction=True)
def test_a_read_only_database_is_read_and_keeps_what_is_typed(
    case: Case, alice: User, board: Board, read_only: Any, settings: Any, tmp_path: Path
) -> None:
    settings.RECORD_ANCHOR_FILE = str(tmp_path / "anchors")
    meeting = factories.MeetingFactory(board=board)
    list_case(by=alice, case=case, meeting=meeting)
    client = calm(alice)
    case_page = reverse("cases:case", args=[case.uid])
    events = AuditEvent.objects.count()
    StoredReadiness.objects.all().delete()  # the lists would make it anew
    session = client.session
    session[SEEN] = int(time.time()) - 100  # its end would be moved on
    session.save()
    read_only()
    pages = pages_of(case, meeting)
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)
    lines = [json.loads(line) for line in (tmp_path / "anchors.reads").read_text().splitlines()]
    assert [line["kind"] for line in lines] == [
        "worklist",
        "referral",
        "pathology",
        "agenda",
        "steps",
        "handout",
    ]
    assert (lines[0]["cases"], lines[1]["case"], lines[0]["user"]) == ([case.pk], case.pk, alice.pk)
    assert AuditEvent.objects.count() == events
    response = client.post(case_page, {"question": TYPED, "version": case.version, "rare": "\nfirst line"})
    html = response.content.decode()
    assert response.status_code == 503
    assert "The database can only be read at the moment. Nothing was saved" in html
    assert (html.count(TYPED), f'action="{case_page}"' in html) == (2, True)
    assert '<textarea name="rare" hidden>\n\nfirst line</textarea>' in html


@pytest.fixture
def disk() -> Iterator[tuple[Callable[[], None], Callable[[], None]]]:
    """Two switches: the file of the database can grow no more, and it can again. How PostgreSQL does on a
    disk that is full: `python -m tests.full_disk`.
    """
    if connection.vendor != "sqlite":
        pytest.skip("needs a disk of its own: python -m tests.full_disk")
    cursor = connection.cursor()

    def fill() -> None:
        cursor.execute("CREATE TABLE filler (bytes)")
        cursor.execute("PRAGMA max_page_count=1")  # as many as there are
        with suppress(OperationalError):
            while True:
                cursor.execute("INSERT INTO filler VALUES (zeroblob(3000))")

    def free() -> None:
        cursor.execute("PRAGMA max_page_count=1000000")

    yield fill, free
    free()
    cursor.execute("DROP TABLE filler")


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_read_and_keeps_what_is_typed(
    case: Case, alice: User, board: Board, disk: Any, settings: Any, tmp_path: Path
) -> None:
    settings.RECORD_ANCHOR_FILE = str(tmp_path / "anchors")
    (fill, free), client = disk, calm(alice)
    meeting, case_page = factories.MeetingFactory(board=board), reverse("cases:case", args=[case.uid])
    fill()
    stored, answers = case.question, list[HttpResponse]()
    while not answers or answers[-1].status_code == 302:  # there is room left within a page or two
        stored = Case.objects.get().question
        typed = f"{TYPED} {len(answers)} {'x' * 1500}"
        answers.append(client.post(case_page, {"question": typed, "version": Case.objects.get().version}))
    html = answers[-1].content.decode()
    assert (answers[-1].status_code, outage.FULL in html, html.count(typed)) == (503, True, 2)
    assert [client.get(page).status_code for page in pages_of(case, meeting)] == [200] * 6
    assert Case.objects.get().question == stored
    free()
    assert (
        client.post(case_page, {"question": TYPED, "version": Case.objects.get().version}).status_code == 302
    )
    assert Case.objects.get().question == TYPED
    assert verified().faults == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("database or disk is full"), outage.FULL),
        (OperationalError("attempt to write a readonly database"), outage.READ_ONLY),
        (InternalError("cannot execute INSERT in a read-only transaction"), outage.READ_ONLY),
        (OperationalError("could not extend file: No space left on device"), outage.FULL),
        (OperationalError("connection refused"), outage.GONE),
        (ValueError("full"), ""),
    ],
)
def test_what_happened_is_said(error: Exception, words: str) -> None:
    assert outage.outage_of(error) == words


@pytest.mark.django_db
def test_full_disk_and_fault_keep_what_was_typed(
    case: Case, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, address = calm(alice), reverse("cases:case", args=[case.uid])
    for error, status, said in (
        (OperationalError("database or disk is full"), 503, "The disk of the database is full"),
        (ZeroDivisionError(), 500, "The fault is ours, not yours."),
    ):

        def failing(error: Exception = error, **_: Any) -> None:
            raise error

        monkeypatch.setattr("cases.views.entry.save_case", failing)
        response = client.post(address, {"question": TYPED, "version": case.version})
        html = response.content.decode()
        assert (response.status_code, said in html, TYPED in html) == (status, True, True)


@pytest.mark.django_db
def test_without_a_database(case: Case, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client, address = calm(alice), reverse("cases:case", args=[case.uid])

    def gone(*_: Any, **__: Any) -> None:
        raise OperationalError("connection to db.example.org failed: secret")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", gone)
    posted = client.post(address, {"question": TYPED, "version": case.version})
    html = posted.content.decode()
    assert (posted.status_code, outage.GONE in html, TYPED in html) == (503, True, True)
    assert "db.example.org" not in html
    anywhere = Client(SERVER_NAME="10.0.0.5")
    assert (anywhere.get("/healthz").status_code, anywhere.get("/healthz").content) == (200, b"ok")
    ready = anywhere.get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"database": "unavailable", "disk": "ok"})


@pytest.mark.django_db
def test_a_form_of_more_than_a_thousand_fields_is_read(case: Case, alice: User) -> None:
    many = {f"cases{number}": "x" for number in range(1_500)}
    data = {"question": TYPED, "version": case.version, **many}
    response = calm(alice).post(reverse("cases:case", args=[case.uid]), data)
    assert response.status_code in (302, 422)


@pytest.mark.django_db
def test_ready_says_what_is_not(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from django_tasks_db.models import DBTaskResult

    client = Client(SERVER_NAME="board.internal")
    monkeypatch.setattr(health, "_migrations", lambda: "ok")  # the tests' tables come from the models
    settings.RECORD_ANCHOR_FILE, settings.BACKUP_DIR = str(tmp_path / "anchors"), tmp_path
    kept = tmp_path / "tumor-board-20200101T000000000000Z.pgdump"

    def told() -> dict[str, str]:
        response = client.get("/readyz")
        found: dict[str, str] = response.json()
        assert response.status_code == (200 if set(found.values()) == {"ok"} else 503)
        return {name: words for name, words in found.items() if words != "ok"}

    assert told() == {"anchors": "missing", "backup": "missing"}
    (tmp_path / "anchors").touch()
    for file in (kept, kept.with_name(kept.name + ".json")):
        file.touch()
    assert told() == {"backup": "late"}
    settings.BACKUP_DIR = None
    assert told() == {}
    os.utime(tmp_path / "anchors", (time.time() - 27 * 3600,) * 2)
    assert told() == {"anchors": "late"}
    settings.RECORD_ANCHOR_FILE = ""
    monkeypatch.setattr(health, "LEAST_FREE", 1 << 60)
    assert told() == {"disk": "nearly full"}
    monkeypatch.setattr(health, "LEAST_FREE", 0)
    order = DBTaskResult.objects.create(
        task_path="x",
        args_kwargs={},
        backend_name="default",
        queue_name="default",
        run_after="2020-01-01T00:00Z",
    )
    DBTaskResult.objects.filter(pk=order.pk).update(enqueued_at="2020-01-01T00:00Z")
    assert told() == {"jobs": "waiting"}
    assert client.post("/healthz").status_code == 405
