"""A stored draft in the words of today, in the shape of a decision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from cases import choices
from cases.actions.signing import attending, deliberation_of
from cases.models import Decision, DecisionOption
from cases.screens.decided import ChoiceInWords, DecisionInWords, StepInWords, named
from cases.snapshot.deliberated import deliberated
from cases.snapshot.frozen import FrozenConcordance, relations_of
from guidelines.knowledge.labels import AGREEMENTS, STANCES


def draft_in_words(draft: Decision, concordance: FrozenConcordance | None = None) -> DecisionInWords:
    """A stored draft, in the words of today."""
    options, now = list(draft.options.all()), timezone.now()
    relations = relations_of(concordance, len(options))
    return DecisionInWords(
        intent=choices.Intent(draft.intent).label,
        choices=tuple(_option(option, how) for option, how in zip(options, relations, strict=True)),
        rationale=draft.rationale,
        conditions=tuple(condition.sentence for condition in draft.conditions.all()),
        steps=tuple(StepInWords(step.text, step.owner_name, step.due_on) for step in draft.next_steps.all()),
        present=tuple(_present(draft, now)),
        further=deliberated(deliberation_of(draft, now)),
        concordance=concordance.overall.words if concordance else "",
    )


def _present(draft: Decision, now: datetime) -> Iterator[str]:
    """The roll call so far; of an urgent decision, whom it names."""
    for one in attending(draft.discussion, now):
        yield named(one.name, one.discipline)
    for person in draft.attendees:
        yield named(person["name"], person.get("role", ""))


def _option(option: DecisionOption, concordance: str) -> ChoiceInWords:
    strength, agreement = STANCES.get(option.stance, ""), AGREEMENTS.get(option.agreement, "")
    return ChoiceInWords(
        choice=option.get_choice_display(),
        title=option.title,
        stance=option.stance,
        strength=strength,
        agreement=agreement if agreement != strength else "",
        reason=option.get_reason_code_display() if option.reason_code else "",
        reason_text=option.reason_text,
        concordance=concordance,
    )
