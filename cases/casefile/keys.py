"""How a part of a case file is declared: keys, each with its reader, its codes and the fact it states."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any

from cases.casefile.faults import Spot
from cases.casefile.lists import code_list
from cases.casefile.shape import RecordPart
from cases.casefile.values import NUMBER, read_phrase, read_single, read_text, read_whole, read_yes_no
from cases.parts import DeclaredPart
from cases.reading import (
    AsWritten,
    read_code,
    read_date,
    read_ki67,
    read_mitoses,
    read_name,
    read_number,
    read_size,
)
from cases.reading.measures import Bound
from guidelines.vocabulary.facts import FACTS, Fact


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What reading a value needs besides the value. Each is equal to itself alone.

    `today`: dates of what must be past are not after it; `bounds`: fact → the guideline's bounds, in its
    unit; `asks`: codes that a question can be about; `board_field_mm2`: the board's area of a high-power
    field.
    """

    today: date
    bounds: Mapping[str, Collection[Bound]] = field(default_factory=dict)
    asks: Sequence[str] = ()
    board_field_mm2: Bound | None = None


Reader = Callable[[object, Surroundings, Mapping[str, Any], Spot], AsWritten[Any]]
"""Of a value: what is written, the surroundings, the part's values read before it, and its place. Raises
`Unreadable`, or notes faults of what stands inside it."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a part. `codes`: the codes it may hold, for a coded value or a list of such; `fact`: the fact
    of the guideline that it states.
    """

    name: str
    read: Reader
    codes: tuple[str, ...] = ()
    fact: str = ""


@dataclass(frozen=True)
class PartDeclaration:
    """A part: its name in the file, the class it is read into, its keys in the order they are read."""

    name: str
    shape: type[RecordPart]
    keys: tuple[Key, ...]
    many: bool = True

    @cached_property
    def by_name(self) -> Mapping[str, Key]:
        return {key.name: key for key in self.keys}

    @cached_property
    def own(self) -> frozenset[str]:
        """What its class has a field for."""
        return frozenset(one.name for one in fields(self.shape))

    def build(self, values: Mapping[str, Any], **rest: Any) -> RecordPart:
        """The part with these values; what its class has no field for is among what it states."""
        held = {name: value for name, value in values.items() if name in self.own}
        stated = {name: value for name, value in values.items() if name not in self.own}
        return self.shape(**held, stated=stated, **rest)


def plainly(read: Callable[[object], AsWritten[Any]]) -> Reader:
    return lambda written, _around, _beside, _spot: read(written)


def text(name: str) -> Key:
    return Key(name, plainly(read_text))


def phrase(name: str) -> Key:
    return Key(name, plainly(read_phrase))


def number_of_record(name: str) -> Key:
    """A record or laboratory number, kept as written."""
    return Key(name, plainly(lambda written: _kept(read_number(written))))


def name_of_person(name: str) -> Key:
    return Key(name, plainly(lambda written: _kept(read_name(written))))


def _kept(reading: AsWritten[Any]) -> AsWritten[str]:
    """The words instead of the key to compare by."""
    return AsWritten(reading.words or None, reading.words)


def yes_no(name: str, fact: str = "") -> Key:
    return Key(name, plainly(read_yes_no), fact=fact)


def whole(name: str, low: int, high: int, fact: str = "") -> Key:
    return Key(name, plainly(lambda written: read_whole(written, low, high)), fact=fact)


def past(name: str) -> Key:
    """A date of what must be past."""
    return Key(name, lambda written, around, _beside, _spot: read_date(written, today=around.today))


def code(name: str, allowed: Collection[str], fact: str = "") -> Key:
    listed = tuple(allowed)
    return Key(name, plainly(lambda written: read_code(written, listed)), listed, fact)


def code_set(name: str, allowed: Collection[str], fact: str = "") -> Key:
    listed = tuple(allowed)
    return Key(name, lambda written, _around, _beside, spot: code_list(written, listed, spot), listed, fact)


def choices_of(fact: str) -> tuple[str, ...]:
    return tuple(choice.value for choice in FACTS[fact].choices)


def fact_key(name: str) -> Key:
    """A fact of the guideline, as the vocabulary types it."""
    fact = FACTS[name]
    match fact.type:
        case "enum":
            return code(name, choices_of(name), name)
        case "list":
            return code_set(name, choices_of(name), name)
        case "bool":
            return yes_no(name, name)
        case "integer":
            return whole(name, int(fact.minimum or 0), 999, name)
    return Key(name, _number_of(fact), fact=name)


def facts_of(part: DeclaredPart, *without: str) -> Iterator[Key]:
    """The facts of a part, but for those that are read in a way of their own."""
    return (fact_key(name) for name in part.fact_names if name not in without)


def _number_of(fact: Fact) -> Reader:
    """A number of the vocabulary: sizes as people write them, others as a plain number."""
    if fact.name == "tumor_size_cm":
        return size_of(fact.name)
    return plainly(lambda written: read_single(written, NUMBER))


def size_of(fact: str) -> Reader:
    return lambda written, around, _beside, _spot: read_size(written, bounds=around.bounds.get(fact, ()))


def ki67_of(written: object, around: Surroundings, _beside: Mapping[str, Any], _spot: Spot) -> AsWritten[Any]:
    return read_ki67(written, bounds=around.bounds.get("ki67", ()))


def mitoses_of(
    written: object, around: Surroundings, beside: Mapping[str, Any], _spot: Spot
) -> AsWritten[Any]:
    return read_mitoses(
        written,
        field_mm2=beside.get("hpf_field_mm2"),
        board_field_mm2=around.board_field_mm2,
        bounds=around.bounds.get("mitotic_count", ()),
    )


def asked_codes(
    written: object, around: Surroundings, _beside: Mapping[str, Any], spot: Spot
) -> AsWritten[Any]:
    return code_list(written, around.asks, spot, keep_order=True)
