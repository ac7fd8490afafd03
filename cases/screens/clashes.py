"""What two people changed at once, in words: for the page on which one version of each is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cases import choices
from cases.actions.deciding import (
    Attendee,
    ConditionContent,
    DissentContent,
    OptionContent,
    StepContent,
    Votes,
)
from cases.actions.merging import ON, Clash
from cases.models import DecisionCondition
from guidelines.knowledge.model import Guideline

LABELS = {
    "intent": "Intent",
    "rationale": "Rationale",
    "votes": "Vote",
    "trial_considered": "A trial was considered",
    "trial_words": "Which trial, or why not",
    "wishes_considered": "The patient's wishes were considered",
    "wishes_words": "The patient's wishes",
    "own": "The board's own options",
    "conditions": "Conditions",
    "next_steps": "Next steps",
    "dissents": "Dissent",
    "attendees": "Present",
}
CODED: Mapping[str, Any] = {
    "intent": choices.Intent,
    "trial_considered": choices.Considered,
    "wishes_considered": choices.Considered,
}
KEEP = "keep-"
NOTHING = "Nothing"


@dataclass(frozen=True, slots=True)
class ClashRow:
    """`name` is that of the choice between the two, `chosen` what was chosen: mine, stored, or ""."""

    name: str
    label: str
    mine: str
    stored: str
    chosen: str
    missing: bool


def clash_rows(clashes: Iterable[Clash], guideline: Guideline, kept: Mapping[str, str]) -> list[ClashRow]:
    """A row for each clash; `missing` where a choice was asked for and is not there."""
    names = {ON + statement.id: statement.label for statement in guideline.statements}
    return [
        ClashRow(
            KEEP + one.name,
            LABELS.get(one.name) or names.get(one.name, one.name),
            _in_words(one.name, one.mine),
            _in_words(one.name, one.stored),
            kept.get(one.name, ""),
            bool(kept) and one.name not in kept,
        )
        for one in clashes
    ]


def _in_words(name: str, value: Any) -> str:
    if name in CODED:
        return str(CODED[name](value).label)
    if isinstance(value, tuple):
        return "\n".join(_row(one) for one in value) or NOTHING
    return _row(value) if value else NOTHING


def _row(value: Any) -> str:
    match value:
        case OptionContent():
            return ", ".join(_option(value))
        case ConditionContent():
            fields = (value.text, value.then, value.otherwise, value.who, value.due_on)
            names = ("text", "then", "otherwise", "who", "due_on")
            return DecisionCondition(**dict(zip(names, fields, strict=True))).sentence
        case StepContent():
            due = f"by {value.due_on:%d-%b-%Y}" if value.due_on else ""
            return ", ".join(part for part in (value.text, value.owner_name, due) if part)
        case DissentContent():
            return ", ".join(part for part in (value.position, value.name, value.discipline) if part)
        case Votes():
            return f"{value.in_favor} for, {value.against} against, {value.abstained} abstained"
        case Attendee():
            return ", ".join(part for part in (value.name, value.role) if part)
    return str(value)


def _option(option: OptionContent) -> Iterator[str]:
    own = option.choice == choices.OptionChoice.OWN
    yield option.title if own else str(choices.OptionChoice(option.choice).label)
    if option.reason_code:
        yield str(choices.DeviationReason(option.reason_code).label)
    if option.reason_text:
        yield option.reason_text
