"""The chain that audit events stand in, one for each board: no event can be changed, taken away, put between
or moved without the codes of those after it giving that away.

Each event has the next number of its chain, without gaps, and an HMAC-SHA-256 (RFC 2104) over the
code of the event before it and all that the event says. The key is none of the database's: whoever holds the
database alone can make no code. An event that signs something holds its seal (`cases.seals`).
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

NO_BOARD = 0  # the chain of what concerns no board
START = ""  # stands for the code before the first event
LOCKS = 0x7B0A  # sets PostgreSQL's advisory locks of chains apart from anybody else's
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# What of an event its code covers, in this order, by column; whoever adds a column begins another format.
COVERED = (
    "chain", "seq", "at", "user_id", "action", "case_id", "board_id", "kind", "uid", "detail", "seal", "key",
)  # fmt: skip


@dataclass(frozen=True)
class Head:
    """The last event of a chain: its number and its code; 0 and "" before the first."""

    seq: int = 0
    code: str = START


def current_key() -> str:
    """The id of the key that new codes are made with."""
    return next(iter(settings.RECORD_KEYS))


def code_of(previous: str, event: Mapping[str, Any]) -> str:
    """The code of an event, as hexadecimal digits, after an event with the code `previous`.

    Raises `KeyError` for a key that is not among RECORD_KEYS.
    """
    secret = settings.RECORD_KEYS[event["key"]]
    said = canonical([previous, *(_plain(event[name]) for name in COVERED)])
    return hmac.digest(secret.encode(), said.encode(), "sha256").hex()


def canonical(value: Any) -> str:
    """The one way to write what is covered: JSON with sorted keys and without spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def _plain(value: Any) -> Any:
    """Moments as microseconds since 1970, the same in any time zone."""
    return (value - EPOCH) // timedelta(microseconds=1) if isinstance(value, datetime) else value


def lock(connection: BaseDatabaseWrapper, chains: Iterable[int]) -> None:
    """Let nobody else add to these chains until the transaction ends; always in the same order.

    SQLite has one writer at a time, from the start of its transaction.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for chain in sorted(chains):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCKS, chain])
