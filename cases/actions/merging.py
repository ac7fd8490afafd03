"""Two people change one draft at once: what each changed is kept, and what both changed is asked.

A draft is taken apart into things that are decided one by one: the intent, the choice on an option, a
condition. The page remembers of each, as a digest, how it was when it was shown (`marks_of`). Of lists, what
both added is kept one below the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, is_dataclass, replace
from hashlib import sha256
from typing import Any

from cases.actions.drafts import DecisionContent, OptionContent
from cases.choices import OptionChoice

ONE_BY_ONE = (
    "intent",
    "rationale",
    "votes",
    "trial_considered",
    "trial_words",
    "wishes_considered",
    "wishes_words",
)
LISTS = ("own", "conditions", "next_steps", "dissents", "attendees")
ON = "on-"  # before the statement of an option
NOT_THERE = ""

Things = Mapping[str, Any]
Marks = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Clash:
    """What both changed, each in another way; None for what one of them took out. Of a list that cannot be
    told apart row by row, both lists.
    """

    name: str
    mine: Any
    stored: Any


@dataclass(frozen=True, slots=True)
class Merge:
    content: DecisionContent
    clashes: tuple[Clash, ...]


def marks_of(content: DecisionContent) -> dict[str, str]:
    """Each thing of a draft → a digest of it, for the page to bring back."""
    things = _things(content)
    marks = {name: _mark(value) for name, value in things.items() if name not in LISTS}
    for name in LISTS:
        marks |= {f"{name}-{place}": _mark(row) for place, row in enumerate(things[name])}
    return marks


def merged(base: Marks, mine: DecisionContent, stored: DecisionContent, kept: Mapping[str, str]) -> Merge:
    """Both drafts in one. `base` are the marks of what both began with; `kept` says of what clashed whether
    "mine" or "stored" is kept.
    """
    ours, theirs = _things(mine), _things(stored)
    found: dict[str, Any] = {}
    clashes = []
    for name in dict.fromkeys([*theirs, *ours]):
        if name in LISTS:
            value, clash = _rows(name, base, ours[name], theirs[name])
        else:
            value, clash = _one(name, base, ours.get(name), theirs.get(name))
        if clash and kept.get(name) in ("mine", "stored"):
            value, clash = (ours if kept[name] == "mine" else theirs).get(name), False
        if clash:
            clashes.append(Clash(name, ours.get(name), theirs.get(name)))
        found[name] = value
    return Merge(_content(found), tuple(clashes))


def _one(name: str, base: Marks, mine: Any, stored: Any) -> tuple[Any, bool]:
    before, ours, theirs = base.get(name, NOT_THERE), _mark(mine), _mark(stored)
    if ours in (theirs, before):
        return stored, False
    return mine, theirs != before


def _rows(name: str, base: Marks, mine: tuple[Any, ...], stored: tuple[Any, ...]) -> tuple[Any, bool]:
    before = list(_marks_of_rows(name, base))
    ours, theirs = [_mark(row) for row in mine], [_mark(row) for row in stored]
    if ours in (theirs, before):
        return stored, False
    if theirs == before:
        return mine, False
    if min(len(ours), len(theirs)) < len(before):
        return mine, True
    pairs = [_one("row", {"row": mark}, mine[place], stored[place]) for place, mark in enumerate(before)]
    added = [row for row in mine[len(before) :] if _mark(row) not in theirs]
    rows = (*(row for row, _ in pairs), *stored[len(before) :], *added)
    return rows, any(clash for _, clash in pairs)


def _marks_of_rows(name: str, base: Marks) -> Iterator[str]:
    place = 0
    while (mark := base.get(f"{name}-{place}")) is not None:
        yield mark
        place += 1


def _things(content: DecisionContent) -> dict[str, Any]:
    own = tuple(one for one in content.options if one.choice == OptionChoice.OWN)
    on = {ON + one.statement_id: one for one in content.normal().options if one.choice != OptionChoice.OWN}
    lists = {name: getattr(content, name) for name in LISTS if name != "own"}
    return {name: getattr(content, name) for name in ONE_BY_ONE} | on | {"own": own} | lists


def _content(things: Things) -> DecisionContent:
    on: list[OptionContent] = [value for name, value in things.items() if name.startswith(ON) and value]
    given = {name: things[name] for name in (*ONE_BY_ONE, *LISTS) if name != "own"}
    return replace(DecisionContent(), options=(*on, *things["own"]), **given)


def _mark(value: Any) -> str:
    """A short digest; nothing is marked as not there."""
    if value in (None, ""):
        return NOT_THERE
    plain = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
    if isinstance(plain, dict):
        plain.pop("owner_id", None)  # follows from the name
    text = json.dumps(plain, default=str, sort_keys=True).replace("\\r\\n", "\\n")
    return sha256(text.encode()).hexdigest()[:16]
