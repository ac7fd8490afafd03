"""A decision in words, as `decision/_content.html` shows it, from what was frozen and nothing of today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cases.snapshot.frozen import Frozen, FrozenChoice, FrozenDecision


@dataclass(frozen=True, slots=True)
class ChoiceInWords:
    """What the board made of an option; `stance` is the code that picks the symbol, "" for one of its own."""

    choice: str
    title: str
    stance: str
    strength: str
    agreement: str
    reason: str
    reason_text: str


@dataclass(frozen=True, slots=True)
class StepInWords:
    text: str
    owner: str
    due: date | None


@dataclass(frozen=True, slots=True)
class DecisionInWords:
    """The whole of it; `present` holds names, with the role in brackets."""

    intent: str
    choices: tuple[ChoiceInWords, ...]
    rationale: str
    conditions: tuple[str, ...]
    steps: tuple[StepInWords, ...]
    present: tuple[str, ...]


def named(name: str, role: str) -> str:
    """ "Dora Diaz (Chair)"."""
    return f"{name} ({role})" if role else name


def frozen_in_words(frozen: Frozen) -> DecisionInWords | None:
    """The decision of a snapshot, in the words it was signed with; None where there was none."""
    return _decided(frozen.decision, frozen) if frozen.decision else None


def _decided(decision: FrozenDecision, frozen: Frozen) -> DecisionInWords:
    return DecisionInWords(
        intent=decision.intent.words,
        choices=tuple(_choice(one) for one in decision.choices),
        rationale=decision.rationale,
        conditions=decision.conditions,
        steps=tuple(StepInWords(step.text, step.owner, step.due) for step in decision.steps),
        present=tuple(named(one.name, one.role) for one in frozen.present),
    )


def _choice(one: FrozenChoice) -> ChoiceInWords:
    return ChoiceInWords(
        choice=one.choice.words,
        title=one.title,
        stance=one.stance.code if one.stance else "",
        strength=one.stance.words if one.stance else "",
        agreement=one.agreement.words if one.agreement else "",
        reason=one.reason.words if one.reason else "",
        reason_text=one.reason_text,
    )
