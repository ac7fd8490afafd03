"""`python -m tests.kills [KILLS [WRITERS]]`: kill -9 under writers, in an empty database (DATABASE_URL).

A process with writers in it is killed again and again at chance moments. After each kill: every write that
was acknowledged stands there, the database is whole, and there is one event for each write; at the end every
chain is as it was written. The database is one without boards; the script leaves in it what it wrote.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

LONGEST = 0.25  # seconds from the first acknowledgement to the kill
LONGEST_START = 30  # seconds until there is one


@dataclass
class Toll:
    """What came of it. `lost`: acknowledged writes that are not there; `faults`: whatever else is wrong."""

    kills: int = 0
    acknowledged: int = 0
    written: int = 0
    lost: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def killed(by: Any, cases: Sequence[Any], kills: int, folder: Path) -> Toll:
    """Kill a process so many times that writes into each of the cases at once."""
    from cases.integrity import verified  # needs Django set up

    toll = Toll()
    for number in range(kills):
        acks = folder / f"acks-{number}"
        _one_kill(by, cases, acks)
        toll.kills += 1
        _take_stock(acks, toll)
    toll.faults += [str(fault) for fault in verified().faults]
    return toll


def _one_kill(by: Any, cases: Sequence[Any], acks: Path) -> None:
    from django.db import connections  # needs Django set up

    acks.touch()
    connections.close_all()
    child = os.fork()
    if child == 0:
        _write_for_ever(by, cases, acks)
    until = time.monotonic() + LONGEST_START
    while not acks.stat().st_size and time.monotonic() < until:
        time.sleep(0.002)
    time.sleep(random.uniform(0, LONGEST))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _write_for_ever(by: Any, cases: Sequence[Any], acks: Path) -> None:
    """In the child: a thread for each case, until it is killed."""
    from cases.actions.entry import add_part  # needs Django set up

    told = os.open(acks, os.O_WRONLY | os.O_APPEND)

    def write(case: Any) -> None:
        while True:
            uid = uuid.uuid4()
            add_part(by=by, case=case, kind="marker", fields={"name": "Chromogranin A"}, uid=uid)
            os.write(told, f"{uid}\n".encode())

    for case in cases:
        threading.Thread(target=write, args=[case]).start()
    signal.pause()


def _take_stock(acks: Path, toll: Toll) -> None:
    from django.db import connection  # needs Django set up

    from cases.models import SerumMarker  # needs Django set up

    lines = acks.read_text().splitlines()
    stored = {str(uid) for uid in SerumMarker.objects.values_list("uid", flat=True)}
    toll.acknowledged += len(lines)
    toll.lost += [line for line in lines if line not in stored]
    if not lines:
        toll.faults.append(f"kill {toll.kills}: nobody wrote")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT COUNT(*) FROM cases_serummarker), (SELECT COUNT(*) FROM cases_auditevent "
            "WHERE action = 'created' AND kind = 'marker'), (SELECT COUNT(*) FROM cases_recordversion "
            "WHERE kind = 'marker')"
        )
        toll.written, events, versions = cursor.fetchone()
        if not toll.written == events == versions:
            toll.faults.append(
                f"kill {toll.kills}: {toll.written} writes, {events} events, {versions} versions"
            )
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            if cursor.fetchall() != [("ok",)]:
                toll.faults.append(f"kill {toll.kills}: the file is damaged")


def main(kills: int = 200, writers: int = 8) -> None:
    """Make what is written into, and print what came of it; exit status 1 if anything is wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connection

    from cases.actions.entry import create_case
    from cases.actions.membership import found_board
    from cases.models import Board

    call_command("migrate", verbosity=0)
    if Board.objects.exists():
        sys.exit("This database is in use: name an empty one by DATABASE_URL.")
    by = User.objects.create_user("writer", first_name="Ada", last_name="Writer")
    board = found_board(by=by, name="Kills", slug="kills")
    board.memberships.update(role="coordinator")
    patient = {"surname": "Quill", "given_names": "Ada", "birth_date": "1961-08-14"}
    cases = [
        create_case(
            by=by, board=board, patient={**patient, "record_number": f"K{number}"}, fields={"question": "?"}
        )
        for number in range(writers)
    ]
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        toll = killed(by, cases, kills, Path(folder))
    sys.stdout.write(
        f"{connection.vendor}: {toll.kills} kills, {writers} writers, {time.monotonic() - began:.0f} s; "
        f"{toll.acknowledged} writes acknowledged, {toll.written} written, {len(toll.lost)} lost, "
        f"{len(toll.faults)} faults. Load {os.getloadavg()[0]:.1f}.\n"
    )
    sys.stdout.writelines(f"{fault}\n" for fault in toll.faults)
    sys.exit(bool(toll.lost or toll.faults))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
