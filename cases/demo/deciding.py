"""The decisions of the demonstration, from what its files say of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User

from cases.actions import deciding
from cases.actions.deciding import (
    ConditionContent,
    DecisionContent,
    DissentContent,
    OptionContent,
    StepContent,
    Votes,
)
from cases.choices import OptionChoice
from cases.models import Case, Decision, Discussion
from guidelines.answer.options import verdicts_of
from guidelines.answer.parts import Option

NOT_SAID: Mapping[str, str] = {"considered": "", "words": ""}


def draft(
    by: User, discussion: Discussion, data: Mapping[str, Any], today: date, people: Mapping[str, User]
) -> Decision:
    """The draft of a discussion; the days of its steps count from `today`."""
    stored = discussion.decisions.filter(status="draft").first()
    return deciding.save_draft(
        by=by,
        discussion=discussion,
        content=content_of(discussion.case, data, today, people),
        version=stored.version if stored else None,
    )


def sign(by: User, decision: Decision) -> Decision:
    """Sign it as its reader would."""
    number = decision.case.patient.record_number
    return deciding.sign_decision(by=by, decision=decision, version=decision.version, record_number=number)


def content_of(
    case: Case, data: Mapping[str, Any], today: date, people: Mapping[str, User]
) -> DecisionContent:
    """What a decision says; a verdict is named by its intervention."""
    votes, trial, wishes = data.get("votes"), data.get("trial", NOT_SAID), data.get("wishes", NOT_SAID)
    return DecisionContent(
        intent=data["intent"],
        rationale=data["rationale"],
        options=tuple(_options(data, verdicts_of(deciding.look_at(case).assessment))),
        conditions=tuple(_condition(one, today) for one in data.get("conditions", ())),
        next_steps=tuple(_step(one, today, people) for one in data["next_steps"]),
        dissents=tuple(DissentContent(**one) for one in data.get("dissents", ())),
        votes=Votes(votes["for"], votes["against"], votes["abstained"]) if votes else None,
        trial_considered=trial["considered"],
        trial_words=trial.get("words", ""),
        wishes_considered=wishes["considered"],
        wishes_words=wishes.get("words", ""),
    )


def _condition(data: Mapping[str, Any], today: date) -> ConditionContent:
    due_on = today + timedelta(days=data["due_in"]) if "due_in" in data else None
    words = {name: data[name] for name in ("text", "then", "otherwise", "who") if name in data}
    return ConditionContent(**words, due_on=due_on)


def _step(data: Mapping[str, Any], today: date, people: Mapping[str, User]) -> StepContent:
    owner = people[data["owner"]] if "owner" in data else None
    due_on = today + timedelta(days=data["due_in"])
    return StepContent(data["text"], data["owner_name"], owner.pk if owner else None, due_on)


def _options(data: Mapping[str, Any], verdicts: tuple[Option, ...]) -> Iterator[OptionContent]:
    for choice, key in ((OptionChoice.ACCEPTED, "accept"), (OptionChoice.REJECTED, "reject")):
        for one in data.get(key, ()):
            yield OptionContent(
                choice,
                _verdict(one["intervention"], verdicts),
                reason_code=one.get("reason_code", ""),
                reason_text=one.get("reason_text", ""),
            )
    for own in data.get("own", ()):
        yield OptionContent(OptionChoice.OWN, title=own["title"])


def _verdict(intervention: str, verdicts: tuple[Option, ...]) -> str:
    """The verdict on an intervention."""
    return next(option.id for option in verdicts if option.intervention == intervention)
