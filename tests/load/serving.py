"""PostgreSQL, gunicorn and one job process as in production, in a folder of their own."""

from __future__ import annotations

import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

HOST = "board.load.test"
ROOT = Path(__file__).resolve().parents[2]
ACCOUNT = "postgres"  # PostgreSQL refuses to run as root
ONLY_PRODUCTION = ("SECRET_KEY", "ALLOWED_HOSTS", "BEHIND_TLS_PROXY")
LONGEST_START = 60  # seconds


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def wait_for(port: int) -> None:
    """Until somebody answers there; raises `TimeoutError`."""
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"Nobody answers at port {port}.")


def binary(name: str) -> str:
    """A program of PostgreSQL, which Debian keeps out of the way. Raises `FileNotFoundError`."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = str(kept[-1]) if kept else shutil.which(name)
    if not found:
        raise FileNotFoundError(
            f"{name} is missing: install PostgreSQL's server, or name one by DATABASE_URL."
        )
    return found


@contextmanager
def postgresql(folder: Path, *options: str) -> Iterator[str]:
    """The address of a PostgreSQL whose data lie in the folder; made there if there are none."""
    port, data = free_port(), folder / "postgresql"
    as_account = {"user": ACCOUNT, "extra_groups": []} if os.geteuid() == 0 else {}
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if as_account:
        folder.chmod(0o755)
        os.chown(data, pwd.getpwnam(ACCOUNT).pw_uid, pwd.getpwnam(ACCOUNT).pw_gid)
    quiet = {"stdout": subprocess.DEVNULL, "cwd": "/", **as_account}
    if not (data / "PG_VERSION").exists():
        made = [binary("initdb"), "-D", data, "-U", ACCOUNT, "-A", "trust", "-E", "UTF8", "--no-locale"]
        subprocess.run(made, check=True, **quiet)  # type: ignore[call-overload]
    command = [binary("postgres"), "-D", data, "-p", str(port), "-k", data, "-h", "127.0.0.1", *options]
    with (folder / "postgresql.log").open("ab") as log:
        server = subprocess.Popen(command, stderr=log, **quiet)  # type: ignore[call-overload]
    try:
        wait_for(port)
        yield f"postgres://{ACCOUNT}@127.0.0.1:{port}/{ACCOUNT}"
    finally:
        server.send_signal(2)  # ends sessions, and then itself
        server.wait(LONGEST_START)


def environment(folder: Path, database: str) -> dict[str, str]:
    """Production's variables, with keys that are made once for the folder."""
    keys = folder / "keys.json"
    if not keys.exists():
        keys.write_text(json.dumps([secrets.token_urlsafe(50), secrets.token_urlsafe(50)]))
    secret, record = json.loads(keys.read_text())
    return {
        **os.environ,
        "BOARD_MODE": "production",
        "SECRET_KEY": secret,
        "RECORD_KEY": f"load:{record}",
        "RECORD_ANCHOR_FILE": str(folder / "anchors.jsonl"),
        "ALLOWED_HOSTS": HOST,
        "BEHIND_TLS_PROXY": "true",
        "DATABASE_URL": database,
        "STATIC_ROOT": str(folder / "static"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def manage(given: Mapping[str, str], *command: str) -> None:
    quiet = subprocess.DEVNULL
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=given, check=True, stdout=quiet)


def prepare(given: Mapping[str, str], folder: Path, *, demonstration: bool) -> None:
    """Tables, static files, and the demonstration boards, which production itself would refuse to load."""
    manage(given, "migrate", "--verbosity", "0")
    done = folder / "prepared"
    if done.exists():
        return
    manage(given, "collectstatic", "--no-input", "--verbosity", "0")
    if demonstration:
        kept = {name: value for name, value in given.items() if name not in ONLY_PRODUCTION}
        manage({**kept, "BOARD_MODE": "development"}, "load_demo", "--if-empty", "--year")
    done.touch()


@contextmanager
def process(given: Mapping[str, str], *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """One that is ended at the end, and was still there until then."""
    started = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=given)
    try:
        yield started
    finally:
        ended = started.poll()
        started.terminate()
        started.wait(LONGEST_START)
        if ended is not None:
            raise RuntimeError(f"{' '.join(command)} ended by itself with {ended}.")


@contextmanager
def served(given: Mapping[str, str], *, jobs: bool) -> Iterator[tuple[int, int]]:
    """gunicorn's port and the id of its first process, with one job process beside it if there are `jobs`.

    As `make serve-production` has them, and one address more: the door.
    """
    port = free_port()
    with ExitStack() as stack:
        pages = ("-m", "gunicorn", "-c", "config/gunicorn.py", "tests.bench.wsgi")
        first = stack.enter_context(process({**given, "BIND": f"127.0.0.1:{port}"}, *pages))
        if jobs:
            stack.enter_context(process(given, "manage.py", "print_orders"))
        wait_for(port)
        yield port, first.pid
