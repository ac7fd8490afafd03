"""From JSON to a case file, with every fault at once."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import orjson

from cases.casefile.coherence import contradictions_in
from cases.casefile.declaration import KEYS_OF
from cases.casefile.faults import Spot
from cases.casefile.keys import PartDeclaration, Surroundings
from cases.casefile.shape import CaseFile, RecordPart
from cases.reading import Unreadable
from cases.reading.characters import tidy
from guidelines.vocabulary.facts import FactError

_NOTHING = (None, "")


def read_case_file(raw: object, around: Surroundings) -> CaseFile:
    """Read one case file. Raises `CaseFileInvalid` with every fault: what cannot be read, unknown keys, and
    stated values that cannot both be. Entries in which nothing is written are left out.
    """
    spot = Spot()
    if not isinstance(raw, dict):
        spot.refuse(raw, "not an object", f"an object of {', '.join(KEYS_OF)}")
        spot.stop()
    objects: dict[str, Any] = raw if isinstance(raw, dict) else {}
    read: dict[str, Any] = {}
    for name, written in objects.items():
        if name in KEYS_OF:
            read[name] = _part(written, KEYS_OF[name], spot.at(name), around)
        else:
            spot.refuse_unknown([(name, written)], KEYS_OF)
    file = CaseFile(**read)
    spot.faults.extend(contradictions_in(file))
    spot.stop()
    return file


def read_what_can_be(
    raw: Mapping[str, object], around: Surroundings
) -> tuple[CaseFile, tuple[FactError, ...]]:
    """What can be read of a case file, with the faults of the rest: of a record that is stored already. Of
    one whose next entry is being typed, the others were read a moment ago.
    """
    faults: list[FactError] = []
    read: dict[str, Any] = {}
    for name, written in raw.items():
        many = isinstance(written, list)
        entries = enumerate(written) if isinstance(written, list) else [("", written)]
        found = []
        for number, entry in entries:
            path = f"{name}[{number}]" if many else name
            part, wrong = _read_at(path, orjson.dumps(entry), name, around)
            faults.extend(wrong)
            found.append(part)
        read[name] = tuple(part for part in found if not part.is_empty) if many else found[0]
    file = CaseFile(**read)
    return file, (*faults, *contradictions_in(file))


def read_filed(
    written: Mapping[str, object], name: str, around: Surroundings
) -> tuple[RecordPart, tuple[FactError, ...]]:
    """A part from its values as the record files them, with its faults by key."""
    return _read_alike(orjson.dumps(written), name, around)


@lru_cache(maxsize=1024)
def _read_alike(filed: bytes, name: str, around: Surroundings) -> tuple[RecordPart, tuple[FactError, ...]]:
    """The same from JSON: the same words read the same, first in their form and then in the record."""
    spot = Spot()
    return read_part(orjson.loads(filed), KEYS_OF[name], around, spot), tuple(spot.faults)


@lru_cache(maxsize=1024)
def _read_at(
    path: str, filed: bytes, name: str, around: Surroundings
) -> tuple[RecordPart, tuple[FactError, ...]]:
    """The same at a place of the file."""
    part, faults = _read_alike(filed, name, around)
    there = tuple(FactError(f"{path}.{fault.fact}", fault.message) for fault in faults)
    return replace(part, path=path), there


def _part(written: object, part: PartDeclaration, spot: Spot, around: Surroundings) -> Any:
    """A part that there is one of, or the tuple of those there are."""
    if not part.many:
        only = _entry({} if written in _NOTHING else written, part, spot, around)
        return only or part.build({}, path=spot.path)
    if written in _NOTHING:
        return ()
    if not isinstance(written, list):
        spot.refuse(written, "not a list", f"a list of objects of {_keys(part)}")
        return ()
    entries = (_entry(entry, part, place, around) for place, entry in spot.each(written))
    return tuple(entry for entry in entries if entry is not None and not entry.is_empty)


def _entry(written: object, part: PartDeclaration, spot: Spot, around: Surroundings) -> RecordPart | None:
    if not isinstance(written, dict):
        spot.refuse(written, "not an object", f"an object of {_keys(part)}")
        return None
    known = part.by_name
    spot.refuse_unknown(((key, raw) for key, raw in written.items() if key not in known), known)
    return read_part(written, part, around, spot)


def read_part(
    written: Mapping[str, object], part: PartDeclaration, around: Surroundings, spot: Spot
) -> RecordPart:
    """One part from its values by key. What cannot be read is noted at its place and left out."""
    values: dict[str, Any] = {}
    words: dict[str, str] = {}
    careful: dict[str, tuple[str, ...]] = {}
    for key in part.keys:
        raw = written.get(key.name)
        if raw in _NOTHING:
            continue
        try:
            reading = key.read(raw, around, values, spot.at(key.name))
        except Unreadable as error:
            spot.at(key.name).refuse(raw, error.problem, error.allowed)
            continue
        if reading.value is not None:
            values[key.name] = reading.value
        if reading.words:
            words[key.name] = tidy(reading.words)
        if reading.cautions:
            careful[key.name] = tuple(map(tidy, reading.cautions))
    return part.build(values, path=spot.path, words=words, careful=careful)


def _keys(part: PartDeclaration) -> str:
    return ", ".join(key.name for key in part.keys)
