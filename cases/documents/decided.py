"""A board's decision in words, as every document prints it."""

from __future__ import annotations

from dataclasses import dataclass

from cases.documents.words import clean, day_of, in_line, joined
from cases.snapshot.deliberated import deliberated, present_in
from cases.snapshot.frozen import Frozen, FrozenChoice, FrozenDecision, relations_of


@dataclass(frozen=True, slots=True)
class PrintedOption:
    """What the board chose, or did not; `strength` and `agreement` are "" for an option of its own.

    `relation` says how that relates to the guideline; "" where the snapshot does not know.
    """

    choice: str
    stance: str
    strength: str
    agreement: str
    title: str
    reason: str
    relation: str = ""

    @property
    def guideline(self) -> str:
        """ "guideline: Recommended, Consensus"."""
        return joined("guideline", joined(self.strength, self.agreement), by=": ") if self.strength else ""

    @property
    def further(self) -> str:
        """ ". Deviates from the guideline. Patient's wish"."""
        return "".join(f". {text}" for text in (self.relation, self.reason) if text)


@dataclass(frozen=True, slots=True)
class Step:
    text: str
    owner: str
    due: str

    @property
    def by_whom(self) -> str:
        """ "Gynecologic oncology, by 21-Dec-2026"."""
        return joined(self.owner, joined("by", self.due, by=" ") if self.due else "")


@dataclass(frozen=True, slots=True)
class Decided:
    """The board's decision, signed or still a draft. `further`: how it came about, each with its heading."""

    intent: str
    taken: tuple[PrintedOption, ...]
    rejected: tuple[PrintedOption, ...]
    deferred: tuple[PrintedOption, ...]
    rationale: str
    conditions: tuple[str, ...]
    steps: tuple[Step, ...]
    present: tuple[str, ...]
    further: tuple[tuple[str, str], ...]
    supersede_reason: str
    relation: str = ""


def decided_in(decision: FrozenDecision, content: Frozen) -> Decided:
    relations = relations_of(content.concordance, len(decision.choices))
    choices = [
        (one, _choice(one, how, twice=content.format == 1))
        for one, how in zip(decision.choices, relations, strict=True)
    ]
    return Decided(
        intent=decision.intent.words,
        taken=tuple(printed for one, printed in choices if one.is_taken),
        rejected=tuple(printed for one, printed in choices if one.choice.code == "rejected"),
        deferred=tuple(printed for one, printed in choices if one.choice.code == "deferred"),
        rationale=clean(decision.rationale, 4000),
        conditions=tuple(in_line(text, 500) for text in decision.conditions),
        steps=tuple(
            Step(in_line(step.text, 500), in_line(step.owner), day_of(step.due)) for step in decision.steps
        ),
        present=tuple(_person(*person) for person in present_in(content)),
        further=tuple((label, in_line(text, 500)) for label, text in deliberated(content.deliberation)),
        supersede_reason=clean(decision.supersede_reason, 600),
        relation=content.concordance.overall.words if content.concordance else "",
    )


def _choice(one: FrozenChoice, relation: str, *, twice: bool) -> PrintedOption:
    """Format 1 said a strength twice that agreement repeats, and keeps its words."""
    strength = one.stance.words if one.stance else ""
    agreement = one.agreement.words if one.agreement else ""
    reason = one.reason.words if one.reason else ""
    return PrintedOption(
        choice=one.choice.words,
        stance=one.stance.code if one.stance else "",
        strength=strength,
        agreement=agreement if twice or agreement != strength else "",
        title=in_line(one.title),
        reason=joined(reason, in_line(one.reason_text, 500), by=": "),
        relation=in_line(relation, 500),
    )


def _person(name: str, role: str) -> str:
    shown = in_line(role)
    return in_line(name) + (f" ({shown})" if shown else "")
