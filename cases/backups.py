"""Backups of the database: written while it is used, verified before they count, encrypted, kept for a time.

A backup is one file, and beside it `NAME.json`, its account: when, which database, the file's SHA-256, how
many rows each table has and where each chain ends. On SQLite it is what the online backup API copies; on
PostgreSQL the custom format of pg_dump, of the very snapshot that was counted and verified. With a recipient
it is encrypted to their public key (age, X25519): the server, which can write it, cannot read it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import environ
import pyrage
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DEFAULT_DB_ALIAS, load_backend

from cases.integrity import verified
from cases.models import AuditEvent

COPY = "backup"  # the alias of a database that is looked at
PREFIX = "tumor-board-"
ENDING = {"sqlite": ".sqlite3", "postgresql": ".pgdump"}
ENCRYPTED = ".age"


class BackupFault(Exception):
    """The backup was not written, does not hold, or cannot be restored; in words."""


@dataclass(frozen=True)
class BackupAccount:
    """What a backup holds. `rows` by table; `heads` by chain: the number and the code of its last event."""

    at: str
    vendor: str
    file: str
    sha256: str
    rows: dict[str, int]
    heads: dict[str, tuple[int, str]]

    @classmethod
    def read(cls, file: Path) -> BackupAccount:
        """The account beside a backup."""
        try:
            said = json.loads(_beside(file).read_text(encoding="utf-8"))
            heads = {chain: (seq, code) for chain, (seq, code) in said.pop("heads").items()}
            return cls(**said, heads=heads)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise BackupFault(
                f"{file.name}.json, the account of the backup, cannot be read: {error}"
            ) from None


def write(folder: Path, recipient: str = "") -> Path:
    """Write a backup of the database in use, and its account once it was verified; the file's path.

    Raises `BackupFault`; then nothing is left of it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    connection = connections[DEFAULT_DB_ALIAS]
    moment = datetime.now(UTC)
    name = f"{PREFIX}{moment:%Y%m%dT%H%M%S%f}Z{ENDING[connection.vendor]}"
    with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as room:
        copy = Path(room) / name
        rows, heads = WRITERS[connection.vendor](connection, copy)
        if recipient:
            copy = _encrypted(copy, recipient)
        account = BackupAccount(moment.isoformat(), connection.vendor, copy.name, _sha256(copy), rows, heads)
        _to_disk(copy)
        copy.chmod(0o600)
        copy.replace(folder / copy.name)
    file = folder / copy.name
    if _sha256(file) != account.sha256:
        file.unlink()
        raise BackupFault("The file does not read as it was written: look at the disk.")
    _beside(file).write_text(json.dumps(asdict(account), indent=1), encoding="utf-8")
    _to_disk(_beside(file))
    return file


def restore(file: Path, url: str, identity: Path | None = None) -> BackupAccount:
    """Put a backup into an empty database, `sqlite:///PATH` or `postgres://…`, and verify what stands there.

    Raises `BackupFault` for a file that is not the one of its account, a database that is not empty, and for
    rows or chains that are not those of the account.
    """
    account = BackupAccount.read(file)
    if _sha256(file) != account.sha256:
        raise BackupFault(f"{file.name} is not the file that was written: its SHA-256 differs.")
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".restoring-") as room:
        plain = _decrypted(file, Path(room), identity) if file.suffix == ENCRYPTED else file
        RESTORERS[account.vendor](plain, url)
    with _looked_at(_settings_of(url, account.vendor)) as connection:
        if connection.vendor == "sqlite":
            _sound(connection)
        _as_accounted(account, _rows(connection), _heads(COPY))
        _verify(COPY)
    return account


def newest(folder: Path) -> datetime | None:
    """When the newest backup with an account was written; None where there is none."""
    moments = [_moment(file) for file in _kept(folder)]
    return max(moments, default=None)


def prune(folder: Path, keep: int, months: int = 12) -> list[Path]:
    """Delete what is neither among the newest `keep` nor the newest of one of the last `months`; which."""
    files = sorted(_kept(folder), key=_moment, reverse=True)
    newest_of: dict[str, Path] = {}
    for file in files:
        newest_of.setdefault(f"{_moment(file):%Y-%m}", file)
    spared = {*files[:keep], *list(newest_of.values())[:months]}
    gone = [file for file in files if file not in spared]
    for file in gone:
        _beside(file).unlink()
        file.unlink()
    return gone


# --- SQLite -----------------------------------------------------------------------------------------


def _write_sqlite(connection: BaseDatabaseWrapper, copy: Path) -> tuple[dict[str, int], Any]:
    connection.ensure_connection()
    source = sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True, timeout=20)
    target = sqlite3.connect(copy)
    try:
        source.backup(target)  # all pages in one step: no writer comes between
    except sqlite3.Error as error:
        raise BackupFault(f"The database could not be copied: {error}") from None
    finally:
        source.close()
        target.close()
    with _looked_at(_settings_of(f"sqlite:///{copy}", "sqlite")) as looked_at:
        _sound(looked_at)
        _verify(COPY)
        return _rows(looked_at), _heads(COPY)


def _sound(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for pragma in ("integrity_check", "foreign_key_check"):
            # nosemgrep: values-are-parameters (two names of ours)
            cursor.execute(f"PRAGMA {pragma}")
            faults = [row for row in cursor.fetchall() if row != ("ok",)]
            if faults:
                raise BackupFault(f"{pragma}: {faults[:3]}")


def _restore_sqlite(plain: Path, url: str) -> None:
    target = Path(url.removeprefix("sqlite:///"))
    if not url.startswith("sqlite:///"):
        raise BackupFault("This is a backup of SQLite: name sqlite:///PATH of a new file.")
    if target.exists():
        raise BackupFault(f"{target} exists already; nothing is overwritten.")
    shutil.copyfile(plain, target)
    _to_disk(target)


# --- PostgreSQL -------------------------------------------------------------------------------------


def _write_postgresql(connection: BaseDatabaseWrapper, copy: Path) -> tuple[dict[str, int], Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        _run(
            ["pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={copy}"],
            connection.settings_dict,
        )
        rows, heads = _rows(connection), _heads(DEFAULT_DB_ALIAS)
        _verify(DEFAULT_DB_ALIAS)
    dumped = _rows_of_dump(copy)
    if dumped != rows:
        differing = sorted(name for name in {*rows, *dumped} if rows.get(name) != dumped.get(name))
        raise BackupFault(f"The dump does not hold the rows of the database: {', '.join(differing)}")
    return rows, heads


def _rows_of_dump(file: Path) -> dict[str, int]:
    """How many rows of each table a dump holds, by reading all of it."""
    rows: dict[str, int] = {}
    table = ""
    command = [_program("pg_restore"), "--data-only", "--file=-", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as reading:
        for line in reading.stdout or ():
            if table and line == "\\.\n":
                table = ""
            elif table:
                rows[table] += 1
            elif begun := re.match(r"COPY (?:\w+\.)?\"?(\w+)\"? ", line):
                table = begun[1]
                rows[table] = 0
    if reading.returncode:
        raise BackupFault("pg_restore cannot read the dump.")
    return rows


def _restore_postgresql(plain: Path, url: str) -> None:
    settings = _settings_of(url, "postgresql")
    with _looked_at(settings) as connection:
        if connection.introspection.table_names():
            raise BackupFault("This database is not empty; nothing is overwritten.")
    command = ["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction"]
    _run([*command, f"--dbname={settings['NAME']}", str(plain)], settings)


def _run(command: list[str], settings: dict[str, Any]) -> None:
    """A program of PostgreSQL's, with the password in its environment and in no list of processes."""
    names = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    known = {name: str(settings[key]) for name, key in names.items() if settings.get(key)}
    done = subprocess.run(
        [_program(command[0]), *command[1:]],
        env={**os.environ, **known},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupFault(f"{command[0]}: {done.stderr.strip()[-500:]}")


def _program(name: str) -> str:
    """The newest of Debian's, else the one on the path."""
    of_debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda one: int(one.parts[4]))
    found = str(of_debian[-1]) if of_debian else shutil.which(name)
    if not found:
        raise BackupFault(f"{name} is not installed.")
    return found


WRITERS = {"sqlite": _write_sqlite, "postgresql": _write_postgresql}
RESTORERS = {"sqlite": _restore_sqlite, "postgresql": _restore_postgresql}


# --- Looking at it ----------------------------------------------------------------------------------


@contextmanager
def _looked_at(settings: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """Another database, under the alias COPY."""
    settings = {**connections.databases[DEFAULT_DB_ALIAS], "OPTIONS": {}, **settings}
    connections[COPY] = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, COPY)
    try:
        yield connections[COPY]
    finally:
        connections[COPY].close()
        del connections[COPY]


def _settings_of(url: str, vendor: str) -> dict[str, Any]:
    if vendor == "sqlite":
        return {"NAME": url.removeprefix("sqlite:///")}
    return dict(environ.Env.db_url_config(url))


def _rows(connection: BaseDatabaseWrapper) -> dict[str, int]:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        counts = {}
        for table in tables:
            # nosemgrep: values-are-parameters (the name of a table is none; the database itself gave it)
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            counts[table] = cursor.fetchone()[0]
    return counts


def _heads(using: str) -> dict[str, tuple[int, str]]:
    events = AuditEvent.objects.using(using)
    numbers = events.order_by("chain").values_list("chain", flat=True).distinct()
    return {str(number): (head.seq, head.code) for number in numbers if (head := events.head(number))}


def _as_accounted(account: BackupAccount, rows: dict[str, int], heads: dict[str, tuple[int, str]]) -> None:
    if rows != account.rows:
        raise BackupFault("The rows that stand there are not those of the account.")
    if heads != account.heads:
        raise BackupFault("The chains that stand there do not end as those of the account.")


def _verify(using: str) -> None:
    faults = verified(using=using, anchored=False).faults
    if faults:
        raise BackupFault(f"{len(faults)} events or signed rows are not as they were written: {faults[0]}")


# --- Files ------------------------------------------------------------------------------------------


def _encrypted(file: Path, recipient: str) -> Path:
    sealed = file.with_name(file.name + ENCRYPTED)
    try:
        pyrage.encrypt_file(str(file), str(sealed), [pyrage.x25519.Recipient.from_str(recipient)])
    except (pyrage.RecipientError, pyrage.EncryptError) as error:
        raise BackupFault(f"It could not be encrypted: {error}") from None
    file.unlink()
    return sealed


def _decrypted(file: Path, room: Path, identity: Path | None) -> Path:
    if identity is None:
        raise BackupFault("This backup is encrypted: name the file with its identity (AGE-SECRET-KEY-…).")
    lines = identity.read_text(encoding="utf-8").splitlines()
    secret = next((line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-")), "")
    plain = room / file.name.removesuffix(ENCRYPTED)
    try:
        pyrage.decrypt_file(str(file), str(plain), [pyrage.x25519.Identity.from_str(secret)])
    except (pyrage.IdentityError, pyrage.DecryptError) as error:
        raise BackupFault(f"It could not be decrypted: {error}") from None
    return plain


def _kept(folder: Path) -> Iterable[Path]:
    """The backups that have an account."""
    return [file.with_suffix("") for file in folder.glob(f"{PREFIX}*.json") if file.with_suffix("").exists()]


def _moment(file: Path) -> datetime:
    text = file.name.removeprefix(PREFIX).split("Z", 1)[0]
    return datetime.strptime(text, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)


def _beside(file: Path) -> Path:
    return file.with_name(file.name + ".json")


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _to_disk(file: Path) -> None:
    for path, flags in ((file, os.O_RDONLY), (file.parent, os.O_RDONLY | os.O_DIRECTORY)):
        handle = os.open(path, flags)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
