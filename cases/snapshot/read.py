"""A stored snapshot of whatever format as `Frozen`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cases.snapshot import read_v1, read_v2
from cases.snapshot.frozen import Frozen

READERS: Mapping[int, Callable[[Mapping[str, Any]], Frozen]] = {1: read_v1.read, 2: read_v2.read}


class UnknownFormat(ValueError):
    """This program cannot read the snapshot; a newer one wrote it, or it is none."""


def read(snapshot: Mapping[str, Any]) -> Frozen:
    """The snapshot as it was frozen. Raises `UnknownFormat`."""
    written = snapshot.get("format")
    if type(written) is not int or written not in READERS:
        known = ", ".join(str(each) for each in READERS)
        raise UnknownFormat(f"This snapshot has format {written!r}; this program reads formats {known}.")
    return READERS[written](snapshot)
