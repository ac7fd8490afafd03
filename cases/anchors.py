"""Where the ends of the chains are kept outside the database: a file, the system's log, or both.

One line of JSON for each chain: `at`, `chain`, `seq`, `code`, and `key` with `mac`, an HMAC of the line. A
chain that has lost its end, or that was written anew, no longer holds the event that a line names.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import logging
import os
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from logging.handlers import SysLogHandler
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from cases import chain

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Anchor:
    """The end of a chain at a moment. `genuine` is whether one of our keys has made it."""

    at: datetime
    chain: int
    seq: int
    code: str
    genuine: bool = True


def keep(heads: Mapping[int, chain.Head]) -> None:
    """Write the ends of these chains down, wherever the settings say. Raises `OSError` where it cannot."""
    lines = [_line(number, head) for number, head in sorted(heads.items())]
    if settings.RECORD_ANCHOR_FILE:
        _append(Path(settings.RECORD_ANCHOR_FILE), lines)
    if settings.RECORD_ANCHOR_SYSLOG:
        _send(settings.RECORD_ANCHOR_SYSLOG, lines)


def note_outside(read: Mapping[str, Any]) -> None:
    """Write down a read that the database did not take: to the program's log, and beside the anchors.

    Ids and the kind of page only. Raises `OSError`.
    """
    line = chain.canonical({"at": timezone.now().isoformat(), **read})
    log.warning("A read was not taken by the database: %s", line)
    if settings.RECORD_ANCHOR_FILE:
        _append(Path(f"{settings.RECORD_ANCHOR_FILE}.reads"), [line])


def kept() -> Iterator[Anchor]:
    """The anchors of the file, the oldest first; none where there is no file."""
    if not settings.RECORD_ANCHOR_FILE or not Path(settings.RECORD_ANCHOR_FILE).exists():
        return
    with Path(settings.RECORD_ANCHOR_FILE).open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield _read(line)


def newest() -> datetime | None:
    """When the file was last written to; None where there is none."""
    try:
        changed = Path(settings.RECORD_ANCHOR_FILE).stat().st_mtime if settings.RECORD_ANCHOR_FILE else None
    except FileNotFoundError:
        return None
    return None if changed is None else datetime.fromtimestamp(changed, tz=timezone.get_default_timezone())


def _line(number: int, head: chain.Head) -> str:
    said: dict[str, Any] = {
        "at": timezone.now().isoformat(),
        "chain": number,
        "seq": head.seq,
        "code": head.code,
        "key": chain.current_key(),
    }
    return chain.canonical({**said, "mac": _mac(said)})


def _mac(said: Mapping[str, Any]) -> str:
    secret = settings.RECORD_KEYS[said["key"]]
    return hmac.digest(secret.encode(), b"anchor" + chain.canonical(said).encode(), "sha256").hex()


def _read(line: str) -> Anchor:
    try:
        said = json.loads(line)
        mac = said.pop("mac")
        genuine = said["key"] in settings.RECORD_KEYS and hmac.compare_digest(mac, _mac(said))
        return Anchor(
            datetime.fromisoformat(said["at"]), said["chain"], said["seq"], said["code"], genuine=genuine
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return Anchor(timezone.now(), -1, 0, "", genuine=False)


def _append(file: Path, lines: list[str]) -> None:
    """On the disk before this returns; whole lines, whoever else writes at the same moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.write("".join(f"{line}\n" for line in lines))
        stream.flush()
        os.fsync(stream.fileno())


def _send(address: str, lines: list[str]) -> None:
    """To the system's log: a socket's path, or `host:port` (UDP)."""
    host, _, port = address.rpartition(":")
    target: Any = (host, int(port)) if host and port.isdigit() else address
    handler = SysLogHandler(address=target, facility=SysLogHandler.LOG_AUTHPRIV, socktype=socket.SOCK_DGRAM)
    try:
        for line in lines:
            text = f"tumor-board anchor {line}"
            handler.emit(log.makeRecord(log.name, logging.INFO, "", 0, text, (), None))
    finally:
        handler.close()
