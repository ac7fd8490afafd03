"""What happened to a chain, by the events whose code does not hold where they are now.

A code covers number and predecessor: an event that was moved still holds at its old place, which is looked
for nearby. One that holds nowhere was changed, or was never ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from cases import chain

NEARBY = 12  # numbers in either direction
MOST = 40  # events of a chain that are looked for elsewhere; the others are only counted


@dataclass(frozen=True)
class Tampering:
    """`kind`: changed, deleted, inserted, reordered, truncated, rewritten, forged or orphaned."""

    kind: str
    where: str
    words: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}: {self.words}"


@dataclass(frozen=True)
class Broken:
    """An event whose code does not hold at its number."""

    seq: int
    event: Mapping[str, Any]
    code: str


def named(where: str, broken: Sequence[Broken], codes: Mapping[int, str]) -> Iterator[Tampering]:
    """The faults of one chain; `codes` are those of all its events, by number."""
    shifts = {one.seq: _written_as(one, codes) for one in broken[:MOST]}
    told_from = None
    for seq, was in shifts.items():
        after = shifts.get(seq + 1)
        event = f"{where}, event {seq}"
        if was is not None:
            shift = was - seq
            if shift != told_from:
                yield Tampering("reordered", event, f"was written as event {was}")
            continue
        if after is not None and after > seq + 1:
            told_from = after - seq - 1
            yield Tampering(
                "deleted", event, f"{told_from} before it are gone, and those after it renumbered"
            )
        elif after is not None and after <= seq:
            told_from = after - seq - 1
            yield Tampering("inserted", event, "was put between, and those after it renumbered")
        elif seq == max(codes):
            yield Tampering("inserted", event, "was not written by this application, or changed since")
        else:
            yield Tampering("changed", event, "is not as it was written")
    if len(broken) > MOST:
        yield Tampering(
            "changed", f"{where}, from event {broken[MOST].seq}", f"{len(broken) - MOST} more do not hold"
        )


def _written_as(one: Broken, codes: Mapping[int, str]) -> int | None:
    """The number under which the event's code holds, after any event nearby; None where there is none,
    and for the copy of another one."""
    if one.event["key"] not in settings.RECORD_KEYS or list(codes.values()).count(one.code) > 1:  # a copy
        return None
    near = range(max(1, one.seq - NEARBY), one.seq + NEARBY + 1)
    before = {codes[seq] for seq in near if seq in codes} | {chain.START}
    for seq in near:
        moved = {**one.event, "seq": seq}
        if seq != one.seq and any(chain.code_of(code, moved) == one.code for code in before):
            return seq
    return None
