"""What a board is told first of a case that was discussed before, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class BecameLine:
    """Something decided, and what became of it in words; `is_open`: nobody has said yet."""

    text: str
    became: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A report or treatment. `how`: "new", or "changed" for one that the board knew in another form."""

    how: str
    noun: str
    when: str
    words: str


@dataclass(frozen=True, slots=True)
class DecidedBefore:
    """A signed decision that stands. `board` is "" where it is the one that discusses now; `rationale` is ""
    where an option was taken.
    """

    on: date
    board: str
    intent: str
    taken: tuple[BecameLine, ...]
    rationale: str
    conditions: tuple[str, ...]
    steps: tuple[BecameLine, ...]
    url: str


@dataclass(frozen=True, slots=True)
class LastTime:
    """The discussion before this one. `deferred`: when and why it was put off, "" if it was decided;
    `decided`: the last decision, None where there was none; `new` since a board last looked at the case.
    """

    deferred: str
    decided: DecidedBefore | None
    new: tuple[NewEntry, ...]

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Heading and text, for paper."""
        return tuple((heading, text) for heading, text in _lines(self) if text)


def _lines(told: LastTime) -> Iterator[tuple[str, str]]:
    yield "Put off", told.deferred
    if told.decided:
        decided = told.decided
        by = f", {decided.board}" if decided.board else ""
        what = "; ".join(_with_end(decided.taken)) or decided.rationale
        yield "Last time", f"{decided.on:%d-%b-%Y}{by}: " + ": ".join(filter(None, (decided.intent, what)))
        yield "Conditions", "; ".join(decided.conditions)
        yield "Next steps", "; ".join(_with_end(decided.steps))
    new = "; ".join(f"{one.words} ({one.when}{_changed(one)})" for one in told.new)
    yield "New since", new or "Nothing new in the record."


def _with_end(lines: Iterable[BecameLine]) -> Iterator[str]:
    for line in lines:
        became = f" ({line.became[:1].lower()}{line.became[1:]})" if line.became else ""
        yield f"{line.text}{became}"


def _changed(entry: NewEntry) -> str:
    return ", changed" if entry.how == "changed" else ""
