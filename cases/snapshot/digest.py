"""The hash that seals a snapshot, and whether it still holds."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from cases.reading import PartialDate


class Sealed(Protocol):
    """A row that holds a snapshot."""

    @property
    def is_signed(self) -> bool: ...
    @property
    def snapshot(self) -> Any: ...
    @property
    def snapshot_digest(self) -> str: ...


def digest(snapshot: Any) -> str:
    """`sha256:` and the hash of the canonical JSON: sorted keys, no spaces, UTF-8."""
    return "sha256:" + hashlib.sha256(canonical(snapshot).encode()).hexdigest()


def canonical(value: Any) -> str:
    """The one way to write a snapshot; dates and moments as ISO text, decimals as numbers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=plain_value)


def is_intact(decision: Sealed) -> bool:
    """Whether a signed decision's snapshot is still the one that was signed."""
    return decision.is_signed and digest(decision.snapshot) == decision.snapshot_digest


def plain_value(value: Any) -> Any:
    """A value that JSON has no form of, as a snapshot writes it. Raises `TypeError` for any other."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, PartialDate):
        return value.iso()
    if isinstance(value, Decimal):
        return int(value) if value.is_finite() and value == value.to_integral_value() else float(value)
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot stand in a snapshot")
