"""A stored draft in the words of today, in the shape of a decision."""

from __future__ import annotations

from cases import choices
from cases.models import Decision, DecisionOption
from cases.screens.decided import ChoiceInWords, DecisionInWords, StepInWords, named
from guidelines.knowledge.labels import AGREEMENTS, STANCES


def draft_in_words(draft: Decision) -> DecisionInWords:
    """A stored draft, in the words of today."""
    return DecisionInWords(
        intent=choices.Intent(draft.intent).label,
        choices=tuple(_option(option) for option in draft.options.all()),
        rationale=draft.rationale,
        conditions=tuple(condition.text for condition in draft.conditions.all()),
        steps=tuple(StepInWords(step.text, step.owner_name, step.due_on) for step in draft.next_steps.all()),
        present=tuple(named(one["name"], one.get("role", "")) for one in draft.attendees),
    )


def _option(option: DecisionOption) -> ChoiceInWords:
    return ChoiceInWords(
        choice=option.get_choice_display(),
        title=option.title,
        stance=option.stance,
        strength=STANCES.get(option.stance, ""),
        agreement=AGREEMENTS.get(option.agreement, ""),
        reason=option.get_reason_code_display() if option.reason_code else "",
        reason_text=option.reason_text,
    )
