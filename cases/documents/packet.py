"""A meeting's packet: cover with the agenda, roll-call sheet, every case's handout, index; as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cases.documents.handout import Handout


@dataclass(frozen=True, slots=True)
class PacketLine:
    """A case of the agenda. `time` is when it comes up, `minutes` how many are planned."""

    place: int
    time: str
    name: str
    identity: str
    question: str
    track: str
    minutes: int
    presenter: str


@dataclass(frozen=True, slots=True)
class RollLine:
    """Somebody expected, or who has come. `there` says since when and how; "" before the roll is called."""

    discipline: str
    name: str
    there: str


@dataclass(frozen=True, slots=True)
class PacketCase:
    """A case's sheets, with its place on the agenda."""

    place: int
    handout: Handout


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A name with the places of its cases."""

    name: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Packet:
    """Everything on the sheets, in words. `basis` is the guideline's, once for each that the cases name."""

    board: str
    when: str
    where: str
    quorum: str
    lines: tuple[PacketLine, ...]
    roll: tuple[RollLine, ...]
    cases: tuple[PacketCase, ...]
    patients: tuple[IndexEntry, ...]
    presenters: tuple[IndexEntry, ...]
    basis: tuple[str, ...]
    printed: str

    @property
    def minutes(self) -> int:
        """Planned over all."""
        return sum(line.minutes for line in self.lines)


def index_of(named: Iterable[tuple[str, int]]) -> tuple[IndexEntry, ...]:
    """By name, each once with all its places; nobody without a name."""
    found: dict[str, list[int]] = {}
    for name, place in named:
        if name:
            found.setdefault(name, []).append(place)
    return tuple(IndexEntry(name, tuple(found[name])) for name in sorted(found, key=str.casefold))
