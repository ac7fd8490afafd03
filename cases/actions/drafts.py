"""What a draft decision holds, and how it is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from cases.choices import OptionChoice
from cases.clock import now
from cases.guideline import guideline_of
from cases.models import Decision, DecisionCondition, DecisionDissent, DecisionOption, NextStep
from guidelines.answer.parts import Option


@dataclass(frozen=True)
class OptionContent:
    """An option of the answer by its verdict's `statement_id`; or one of the board's own by `title`."""

    choice: str
    statement_id: str = ""
    title: str = ""
    intervention: str = ""
    reason_code: str = ""
    reason_text: str = ""


@dataclass(frozen=True)
class ConditionContent:
    """If `text`, then `then`, else `otherwise`; who finds out, by when. All but the first may be empty."""

    text: str
    then: str = ""
    otherwise: str = ""
    who: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class DissentContent:
    """A position held against the decision, with who holds it and for which discipline."""

    position: str
    name: str = ""
    discipline: str = ""


@dataclass(frozen=True)
class Votes:
    """How many were for the decision, against it, and abstained."""

    in_favor: int
    against: int
    abstained: int = 0


@dataclass(frozen=True)
class StepContent:
    text: str
    owner_name: str = ""
    owner_id: int | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class Attendee:
    name: str
    role: str = ""


@dataclass(frozen=True)
class DecisionContent:
    """All that a draft holds, as its form submits it."""

    intent: str = ""
    rationale: str = ""
    options: tuple[OptionContent, ...] = ()
    conditions: tuple[ConditionContent, ...] = ()
    next_steps: tuple[StepContent, ...] = ()
    attendees: tuple[Attendee, ...] = ()
    dissents: tuple[DissentContent, ...] = ()
    votes: Votes | None = None
    trial_considered: str = ""
    trial_words: str = ""
    wishes_considered: str = ""
    wishes_words: str = ""

    def normal(self) -> DecisionContent:
        """Without what the guideline supplies, so that equal drafts compare equal."""
        own = OptionChoice.OWN
        options = (
            option if option.choice == own else replace(option, title="", intervention="")
            for option in self.options
        )
        return replace(self, options=tuple(options))


# Columns of a decision that its content holds under the same name.
IN_WORDS = (
    "trial_considered",
    "trial_words",
    "wishes_considered",
    "wishes_words",
)


def _votes_of(decision: Decision) -> Votes | None:
    if decision.votes_for is None:
        return None
    return Votes(decision.votes_for, decision.votes_against or 0, decision.votes_abstained or 0)


def content_of(decision: Decision) -> DecisionContent:
    """What a stored decision holds, in the form in which it was submitted."""
    return DecisionContent(
        intent=decision.intent,
        rationale=decision.rationale,
        options=tuple(_option_content(option) for option in decision.options.all()),
        conditions=tuple(
            ConditionContent(one.text, one.then, one.otherwise, one.who, one.due_on)
            for one in decision.conditions.all()
        ),
        next_steps=tuple(
            StepContent(step.text, step.owner_name, step.owner_id, step.due_on)
            for step in decision.next_steps.all()
        ),
        attendees=tuple(Attendee(**attendee) for attendee in decision.attendees),
        dissents=tuple(
            DissentContent(one.position, one.name, one.discipline) for one in decision.dissents.all()
        ),
        votes=_votes_of(decision),
        **{name: getattr(decision, name) for name in IN_WORDS},
    )


def store(draft: Decision, content: DecisionContent, by: User, verdicts: Mapping[str, Option]) -> None:
    """Write the draft and its parts anew; `verdicts` are those that stand on the case, by id.

    Raises `ValidationError` for one that is not among them and for whatever the models refuse.
    """
    _refuse_nul(asdict(content))
    draft.intent, draft.rationale = content.intent, content.rationale
    draft.attendees = [asdict(attendee) for attendee in content.attendees]
    for name in IN_WORDS:
        setattr(draft, name, getattr(content, name))
    voted = content.votes
    draft.votes_for = voted.in_favor if voted else None
    draft.votes_against = voted.against if voted else None
    draft.votes_abstained = voted.abstained if voted else None
    draft.updated_by, draft.updated_at = by, now()
    draft.full_clean()
    draft.save()
    draft.options.all().delete()
    draft.conditions.all().delete()
    draft.dissents.all().delete()
    draft.next_steps.all().delete()
    for part in _parts(draft, content, verdicts):
        part.full_clean()
        part.save(force_insert=True)


def _parts(
    draft: Decision, content: DecisionContent, verdicts: Mapping[str, Option]
) -> Iterator[DecisionOption | DecisionCondition | DecisionDissent | NextStep]:
    for order, option in enumerate(content.options):
        yield _option(draft, order, option, verdicts)
    for order, condition in enumerate(content.conditions):
        yield DecisionCondition(decision=draft, order=order, **asdict(condition))
    for order, dissent in enumerate(content.dissents):
        yield DecisionDissent(decision=draft, order=order, **asdict(dissent))
    for order, step in enumerate(content.next_steps):
        held = {"holder_name": step.owner_name, "holder_id": step.owner_id, "due_now": step.due_on}
        yield NextStep(decision=draft, order=order, **asdict(step), **held)


def _option(
    draft: Decision, order: int, option: OptionContent, verdicts: Mapping[str, Option]
) -> DecisionOption:
    row = DecisionOption(
        decision=draft,
        order=order,
        choice=option.choice,
        title=option.title,
        intervention=option.intervention,
        reason_code=option.reason_code,
        reason_text=option.reason_text,
    )
    if option.choice == OptionChoice.OWN:
        if option.intervention and option.intervention not in guideline_of(draft.case).interventions:
            raise ValidationError(f"“{option.title}”: there is no intervention {option.intervention!r}.")
        return row
    verdict = verdicts.get(option.statement_id)
    if verdict is None:
        raise ValidationError(f"The verdict {option.statement_id!r} does not stand on this case.")
    row.statement_id, row.intervention = verdict.id, verdict.intervention
    row.title, row.stance, row.agreement = verdict.intervention_label, verdict.stance, verdict.agreement
    return row


def _option_content(option: DecisionOption) -> OptionContent:
    own = option.choice == OptionChoice.OWN
    return OptionContent(
        choice=option.choice,
        statement_id=option.statement_id,
        # Of a verdict these two are the guideline's, not part of what was submitted.
        title=option.title if own else "",
        intervention=option.intervention if own else "",
        reason_code=option.reason_code,
        reason_text=option.reason_text,
    )


def _refuse_nul(value: Any) -> None:
    if isinstance(value, str) and "\0" in value:
        raise ValidationError("The text contains a character that cannot be stored.")
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            _refuse_nul(item)
