"""How a form of the record is laid out for one case: what it asks, what the record says already, and what
cannot matter for this case. Every field stays in the form; what is folded opens without a script.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from crispy_forms.layout import Div, LayoutObject

Titled = Iterable[tuple[str, Iterable[str]]]
"""Titles of sections, each with its fields."""
MakeSection = Callable[[str, Iterable[str | LayoutObject]], LayoutObject]

OPEN = "Open, most decisive first"
NOTHING_OPEN = "Nothing that is open would change the answer"
IDLE = "Would not change the answer"
FOREIGN = "Not for this case"


@dataclass(frozen=True, slots=True)
class KnownReading:
    """What the record says where a box would ask it: the box's label, the value, and where from, in words."""

    label: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Arrangement:
    """`known`: field → what the record says of it elsewhere. `foreign`: field → which cases it is for, in
    words; `grounds`: fields of the form that tell. `asked`: fields that are open and decide something, in
    their order; None leaves a form in its own. `idle`: fields that would change nothing. `beside`: field →
    what to have in mind in answering it.
    """

    known: Mapping[str, KnownReading] = field(default_factory=lambda: MappingProxyType({}))
    foreign: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    asked: tuple[str, ...] | None = None
    idle: frozenset[str] = frozenset()
    beside: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    grounds: frozenset[str] = frozenset()


AS_DECLARED = Arrangement()
"""The form in its own order, with nothing folded."""


class KnownBox(Div):
    """A box in place of which stands what the record says; it opens by "change", and is open while it holds
    something.
    """

    template = "components/known.html"

    def __init__(self, name: str, reading: KnownReading, *, is_open: bool) -> None:
        super().__init__(name)
        self.reading, self.is_open = reading, is_open


class Fold(Div):
    """Sections that open on demand, with the number of fields. `grounds`: fields whose change opens them."""

    template = "components/fold.html"

    def __init__(
        self,
        code: str,
        title: str,
        number: int,
        sections: Iterable[LayoutObject],
        grounds: Iterable[str] = (),
    ) -> None:
        super().__init__(*sections)
        self.code, self.title, self.number = code, title, number
        self.grounds = " ".join(sorted(grounds))


def arranged(
    sections: Titled, arrangement: Arrangement, held: Collection[str], section: MakeSection
) -> Iterator[LayoutObject]:
    """The form's blocks. `held`: the fields that hold a value or an error, which are never folded."""
    foreign = {name: where for name, where in arrangement.foreign.items() if name not in held}
    idle = arrangement.idle - foreign.keys() - set(held)
    asked = arrangement.asked or ()
    elsewhere = {*foreign, *idle, *asked}
    first, *others = _of(sections, elsewhere) or [("", [])]
    if first[1]:
        yield section(first[0], _boxes(first[1], arrangement, held))
    if arrangement.asked is not None:
        yield section(OPEN if asked else NOTHING_OPEN, asked)
    for title, names in others:
        yield section(title, _boxes(names, arrangement, held))
    if idle:
        folded = _of(sections, {name for _, names in sections for name in names} - idle)
        yield Fold("idle", IDLE, len(idle), [section(title, names) for title, names in folded])
    if foreign:
        grouped: dict[str, list[str]] = {}
        for name in (name for _, names in sections for name in names if name in foreign):
            grouped.setdefault(foreign[name], []).append(name)
        listed = [section(f"Only where {where}", names) for where, names in grouped.items()]
        yield Fold("foreign", FOREIGN, len(foreign), listed, arrangement.grounds)


def _of(sections: Titled, without: Collection[str]) -> list[tuple[str, list[str]]]:
    """The sections of which something is left."""
    left = [(title, [name for name in names if name not in without]) for title, names in sections]
    return [(title, names) for title, names in left if names]


def _boxes(
    names: Iterable[str], arrangement: Arrangement, held: Collection[str]
) -> Iterator[str | LayoutObject]:
    for name in names:
        reading = arrangement.known.get(name)
        yield name if reading is None else KnownBox(name, reading, is_open=name in held)
