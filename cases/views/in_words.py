"""A decision's codes in words, from a draft's rows or from a signed snapshot."""

import datetime
from typing import Any

from cases import choices
from cases.models import Decision
from guidelines.knowledge.labels import AGREEMENTS, STANCES

OPTION = ("statement_id", "title", "stance", "agreement", "choice", "reason_code", "reason_text")


def option_in_words(option: dict[str, Any]) -> dict[str, Any]:
    """An option with its codes in words."""
    reason = option["reason_code"]
    return {
        **option,
        "choice_label": choices.OptionChoice(option["choice"]).label,
        "stance_label": STANCES.get(option["stance"], ""),
        "agreement_label": AGREEMENTS.get(option["agreement"], ""),
        "reason_label": choices.DeviationReason(reason).label if reason else "",
    }


def draft_in_words(draft: Decision) -> dict[str, Any]:
    """A stored draft as `decision/_content.html` shows it."""
    return {
        "intent_label": choices.Intent(draft.intent).label,
        "rationale": draft.rationale,
        "options": [
            option_in_words({name: getattr(option, name) for name in OPTION})
            for option in draft.options.all()
        ],
        "conditions": [condition.text for condition in draft.conditions.all()],
        "next_steps": list(draft.next_steps.all()),
    }


def snapshot_in_words(decision: dict[str, Any]) -> dict[str, Any]:
    """The decision inside a snapshot, in the same shape."""
    return {
        **decision,
        "intent_label": choices.Intent(decision["intent"]).label,
        "options": [option_in_words(option) for option in decision["options"]],
        "next_steps": [{**step, "due_on": day(step["due_on"])} for step in decision["next_steps"]],
    }


def day(text: str | None) -> datetime.date | None:
    """A snapshot's date."""
    return datetime.date.fromisoformat(text[:10]) if text else None
