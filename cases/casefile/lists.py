"""Readers of what stands inside a value: lists of codes, stains and components, and the stage.

They note each fault at its own place and give back what could be read.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from cases.casefile.codes import COMPONENT_TYPES
from cases.casefile.faults import Spot
from cases.casefile.shape import OtherStain, TumorComponent
from cases.casefile.staging import Letter, TnmStage, read_category
from cases.casefile.values import PERCENT, listed_in_order, read_phrase
from cases.reading import AsWritten, Unreadable, read_code

_LETTERS: tuple[Letter, ...] = ("t", "n", "m")
_NOTHING = (None, "")


def code_list(
    written: object, allowed: Sequence[str], spot: Spot, *, keep_order: bool = False
) -> AsWritten[tuple[str, ...]]:
    """A list of codes, each once, in the order of `allowed`, or with `keep_order` as written; the empty list
    is a finding. Raises `Unreadable` for what is no list.
    """
    if written in _NOTHING:
        return AsWritten(None, "")
    if not isinstance(written, list):
        raise Unreadable(written, "not a list", f"a list of {', '.join(allowed)}")
    found: list[str] = []
    for place, entry in spot.each(written):
        try:
            code = read_code(entry, allowed).value
            if code is None:
                raise Unreadable(entry, "no value", ", ".join(allowed))
        except Unreadable as error:
            place.refuse(entry, error.problem, error.allowed)
        else:
            found.append(code)
    words = ", ".join(found) if found else "none"
    return AsWritten(tuple(dict.fromkeys(found)) if keep_order else listed_in_order(found, allowed), words)


def component_list(written: object, spot: Spot) -> AsWritten[tuple[TumorComponent, ...]]:
    """Components, each with its type and perhaps its percentage; an empty list says nothing."""
    found = []
    for place, entry in _objects(written, ("type", "percent"), spot):
        kind = _read(place.at("type"), entry.get("type"), lambda raw: read_code(raw, COMPONENT_TYPES))
        percent = _read(place.at("percent"), entry.get("percent"), PERCENT.read)
        if kind.value is not None:
            found.append((TumorComponent(kind.value, percent.value), kind.words, percent.words))
        elif not kind.words and entry.get("type") in _NOTHING:
            place.at("type").refuse(entry.get("type"), "missing", ", ".join(COMPONENT_TYPES))
    words = ", ".join(f"{kind} {percent}".strip() for _, kind, percent in found)
    return AsWritten(tuple(component for component, _, _ in found), words)


def stain_list(written: object, spot: Spot) -> AsWritten[tuple[OtherStain, ...]]:
    """Other stains by name, each with its result in words ("positive", "focal", "not done")."""
    found = []
    for place, entry in _objects(written, ("name", "result"), spot):
        name = _read(place.at("name"), entry.get("name"), read_phrase)
        result = _read(place.at("result"), entry.get("result"), read_phrase)
        if name.value is not None:
            found.append(OtherStain(name.value, result.value))
        elif entry.get("name") in _NOTHING:
            place.at("name").refuse(entry.get("name"), "missing", "the name of a stain")
    words = ", ".join(f"{stain.name} {stain.result or ''}".strip() for stain in found)
    return AsWritten(tuple(found), words)


def stage_object(written: object, spot: Spot) -> AsWritten[TnmStage]:
    """A stage: `t`, `n`, `m`, `edition`."""
    if written in _NOTHING:
        return AsWritten(None, "")
    keys = (*_LETTERS, "edition")
    if not isinstance(written, dict):
        raise Unreadable(written, "not an object", f"an object of {', '.join(keys)}")
    spot.refuse_unknown(((key, raw) for key, raw in written.items() if key not in keys), keys)
    categories = [
        _read(spot.at(letter), written.get(letter), partial(read_category, letter=letter))
        for letter in _LETTERS
    ]
    edition = _read(spot.at("edition"), written.get("edition"), read_phrase)
    t, n, m = (reading.value or "" for reading in categories)
    stage = TnmStage(t, n, m, edition.value or "")
    words = " ".join(text for text in (stage.t, stage.n, stage.m, stage.edition) if text)
    return AsWritten(stage if words else None, words)


def _objects(written: object, keys: Sequence[str], spot: Spot) -> list[tuple[Spot, dict[str, Any]]]:
    """The objects of a list, with their places; unknown keys are noted. Raises `Unreadable` for no list."""
    if written in _NOTHING:
        return []
    if not isinstance(written, list):
        raise Unreadable(written, "not a list", f"a list of objects of {', '.join(keys)}")
    found = []
    for place, entry in spot.each(written):
        if not isinstance(entry, dict):
            place.refuse(entry, "not an object", f"an object of {', '.join(keys)}")
            continue
        place.refuse_unknown(((key, raw) for key, raw in entry.items() if key not in keys), keys)
        found.append((place, entry))
    return found


def _read(spot: Spot, written: object, read: Any) -> AsWritten[Any]:
    """What a reader makes of it; nothing, with a fault noted, if it cannot be read."""
    try:
        reading: AsWritten[Any] = read(written)
    except Unreadable as error:
        spot.refuse(written, error.problem, error.allowed)
        return AsWritten(None, "")
    return reading
