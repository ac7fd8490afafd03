"""Whether events and signed rows are still as they were written; what is not is named.

The codes of `cases.chain` say whether an event is what it was, where it was; the anchors, whether a chain
still has its end; the seals, whether what was signed is what stands there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db.utils import DEFAULT_DB_ALIAS

from cases import anchors, chain
from cases.models import AuditEvent, Board, Decision, Meeting
from cases.models.decision import SIGNED_STATES
from cases.seals import SEALED, seals
from cases.snapshot.digest import digest
from cases.tampering import Broken, Tampering, named

__all__ = ["Tampering", "Verified", "verified"]

COLUMNS = ("pk", *chain.COVERED, "code")
SEAL = chain.COVERED.index("seal") + 1
SEQ = chain.COVERED.index("seq") + 1
Row = tuple[Any, ...]


@dataclass
class Verified:
    """What was looked at, and what is wrong with it."""

    events: int = 0
    chains: int = 0
    signed: int = 0
    anchors: int = 0
    faults: list[Tampering] = field(default_factory=list)


def verified(*, using: str = DEFAULT_DB_ALIAS, anchored: bool = True) -> Verified:
    """Look at everything. Reads all events once, and every signed row. `anchored`: held against the anchors,
    which a copy from before may not have reached.
    """
    found = Verified()
    kept: dict[int, list[anchors.Anchor]] = defaultdict(list)
    for anchor in anchors.kept() if anchored else ():
        found.anchors += 1
        if anchor.genuine:
            kept[anchor.chain].append(anchor)
        else:
            found.faults.append(
                Tampering("forged", f"line {found.anchors} of the anchors", "is none of ours")
            )
    sealed: dict[str, str] = {}
    events = AuditEvent._base_manager.using(using).order_by("chain", "seq", "pk").values_list(*COLUMNS)
    for number, rows in groupby(events.iterator(chunk_size=5_000), key=itemgetter(1)):
        found.chains += 1
        found.events += _follow(number, rows, kept.pop(number, []), sealed, found.faults)
    for number in kept:
        found.faults.append(Tampering("truncated", _name(number), "was anchored, and has no event any more"))
    found.faults += _without_events(using, kept)
    found.faults += _seals_against_rows(using, sealed, found)
    found.faults += [*_snapshots(using), *_supersessions(using)]
    return found


def _follow(
    number: int,
    rows: Iterable[Row],
    kept: list[anchors.Anchor],
    sealed: dict[str, str],
    faults: list[Tampering],
) -> int:
    """Walk along one chain; how many events it has."""
    at: dict[int, set[str]] = defaultdict(set)
    for anchor in kept:
        at[anchor.seq].add(anchor.code)
    broken, codes, last, previous = [], {}, 0, chain.START
    where = _name(number)
    count = 0
    for row in rows:
        count += 1
        seq, code = row[SEQ], row[-1]
        event = dict(zip(chain.COVERED, row[1:-1], strict=True))
        gap = seq > last + 1
        if gap:
            faults.append(Tampering("deleted", _events(where, last + 1, seq - 1), "missing"))
        elif seq <= last:
            faults.append(
                Tampering("inserted", f"{where}, event {seq}", "there is more than one of this number")
            )
        if not _holds(previous, event, code) and not gap:
            broken.append(Broken(seq, event, code))
        elif row[SEAL]:
            sealed[row[SEAL].rsplit(":", 2)[0]] = row[SEAL]
        if seq in at and at.pop(seq) != {code} and (not broken or broken[-1].seq != seq):
            faults.append(
                Tampering(
                    "rewritten",
                    f"{where}, event {seq}",
                    "is not the one that was anchored: the chain lost its end and was continued",
                )
            )
        codes[seq] = code
        last, previous = seq, code
    faults += named(where, broken, codes)
    if at and max(at) > last:
        faults.append(
            Tampering("truncated", _events(where, last + 1, max(at)), "anchored, and no longer there")
        )
    return count


def _holds(previous: str, event: dict[str, Any], code: str) -> bool:
    return event["key"] in settings.RECORD_KEYS and chain.code_of(previous, event) == code


def _name(number: int) -> str:
    return f"chain of board {number}" if number else "chain of no board"


def _events(where: str, first: int, last: int) -> str:
    return f"{where}, event {first}" if first == last else f"{where}, events {first} to {last}"


def _without_events(using: str, named_already: Collection[int]) -> Iterator[Tampering]:
    """A board is founded by an event, and has a case by another."""
    begun = AuditEvent._base_manager.using(using).values("chain")
    with_patients = Board.objects.using(using).filter(patients__isnull=False).exclude(pk__in=begun).distinct()
    for pk in with_patients.exclude(pk__in=named_already).values_list("pk", flat=True):
        yield Tampering("truncated", _name(pk), "has patients and no event")


def _seals_against_rows(using: str, sealed: dict[str, str], found: Verified) -> Iterator[Tampering]:
    for what in SEALED:
        stored = {f"{what}:{pk}": seal for pk, seal in seals(what, using=using).items()}
        found.signed += len(stored)
        for name, seal in stored.items():
            if name not in sealed:
                yield Tampering("forged", _words(name), "is signed, and no event signed it")
            elif sealed[name] != seal:
                yield Tampering("changed", _words(name), "is not as it was signed")
        for name in sealed:
            if name.split(":")[0] == what and name not in stored:
                yield Tampering("deleted", _words(name), "was signed, and is no longer there as such")


def _words(name: str) -> str:
    return name.replace(":", " ")


def _snapshots(using: str) -> Iterator[Tampering]:
    signed = Decision._base_manager.using(using).filter(status__in=SIGNED_STATES)
    for words, rows in (
        ("decision", signed),
        ("meeting", Meeting._base_manager.using(using).filter(state="closed")),
    ):
        for pk, snapshot, kept in rows.values_list("pk", "snapshot", "snapshot_digest").iterator():
            if digest(snapshot) != kept:
                yield Tampering("changed", f"{words} {pk}", "its snapshot is not the one of its digest")


def _supersessions(using: str) -> Iterator[Tampering]:
    """Superseded by one that is signed, and only then."""
    status = dict(Decision._base_manager.using(using).values_list("pk", "status"))
    after = dict(
        Decision._base_manager.using(using)
        .filter(supersedes__isnull=False, status__in=SIGNED_STATES)
        .values_list("supersedes_id", "pk")
    )
    for pk, state in status.items():
        if state == "superseded" and pk not in after:
            yield Tampering("orphaned", f"decision {pk}", "is superseded by no decision that is signed")
        if state == "signed" and pk in after:
            yield Tampering("orphaned", f"decision {pk}", f"stands beside {after[pk]}, which supersedes it")
