"""A decision in words, as `decision/_content.html` shows it, from what was frozen and nothing of today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cases.snapshot.deliberated import deliberated, present_in
from cases.snapshot.frozen import Frozen, FrozenChoice, FrozenDecision, relations_of


@dataclass(frozen=True, slots=True)
class ChoiceInWords:
    """What the board made of an option; `stance` is the code that picks the symbol, "" for one of its own.

    `agreement` is "" where it would repeat the strength; format 1 repeated it, and keeps its words.
    `concordance` says how that relates to the guideline, with the condition it depends on; "" where the
    snapshot does not know.
    """

    choice: str
    title: str
    stance: str
    strength: str
    agreement: str
    reason: str
    reason_text: str
    concordance: str = ""


@dataclass(frozen=True, slots=True)
class StepInWords:
    text: str
    owner: str
    due: date | None


@dataclass(frozen=True, slots=True)
class DecisionInWords:
    """The whole of it; `present` holds names, with the role in brackets; `further` how it came about, each
    with its heading; `concordance` as of a choice.
    """

    intent: str
    choices: tuple[ChoiceInWords, ...]
    rationale: str
    conditions: tuple[str, ...]
    steps: tuple[StepInWords, ...]
    present: tuple[str, ...]
    further: tuple[tuple[str, str], ...]
    concordance: str = ""


def named(name: str, role: str) -> str:
    """ "Dora Diaz (Chair)"."""
    return f"{name} ({role})" if role else name


def frozen_in_words(frozen: Frozen) -> DecisionInWords | None:
    """The decision of a snapshot, in the words it was signed with; None where there was none."""
    return _decided(frozen.decision, frozen) if frozen.decision else None


def _decided(decision: FrozenDecision, frozen: Frozen) -> DecisionInWords:
    relations = relations_of(frozen.concordance, len(decision.choices))
    return DecisionInWords(
        intent=decision.intent.words,
        choices=tuple(
            _choice(one, how, twice=frozen.format == 1)
            for one, how in zip(decision.choices, relations, strict=True)
        ),
        rationale=decision.rationale,
        conditions=decision.conditions,
        steps=tuple(StepInWords(step.text, step.owner, step.due) for step in decision.steps),
        present=tuple(named(*one) for one in present_in(frozen)),
        further=deliberated(frozen.deliberation),
        concordance=frozen.concordance.overall.words if frozen.concordance else "",
    )


def _choice(one: FrozenChoice, concordance: str, *, twice: bool) -> ChoiceInWords:
    strength = one.stance.words if one.stance else ""
    agreement = one.agreement.words if one.agreement else ""
    return ChoiceInWords(
        choice=one.choice.words,
        title=one.title,
        stance=one.stance.code if one.stance else "",
        strength=strength,
        agreement=agreement if twice or agreement != strength else "",
        reason=one.reason.words if one.reason else "",
        reason_text=one.reason_text,
        concordance=concordance,
    )
