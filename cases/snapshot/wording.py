"""The words of today for every code that a snapshot may hold; it is read with these, whatever comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cases import choices
from guidelines.answer.parts import Assessment
from guidelines.knowledge import labels
from guidelines.knowledge.model import Guideline
from guidelines.knowledge.spoken import spoken_value
from guidelines.vocabulary.facts import Value


def words_of(guideline: Guideline, assessment: Assessment) -> dict[str, Any]:
    """The block `words` of an answer of this guideline; its shape is described in `cases.snapshot.words`."""
    return {
        "stances": [{**_row(each), "direction": each.direction.value} for each in labels.Stance],
        "topics": [{**_row(each), "treats": each in labels.TREATMENT_TOPICS} for each in labels.Topic],
        "agreements": _rows(labels.AGREEMENTS),
        "settings": _rows(labels.SETTINGS),
        "statuses": _rows(labels.STATUSES),
        "kinds": _rows(labels.KINDS),
        "intents": _rows(dict(choices.Intent.choices)),
        "choices": _rows(dict(choices.OptionChoice.choices)),
        "reasons": _rows(dict(choices.DeviationReason.choices)),
        "sexes": _rows(dict(choices.Sex.choices)),
        "facts": {name: fact.label for name, fact in guideline.facts.items()},
        "interventions": {
            code: guideline.interventions[code].label for one in assessment.asked for code in one.family
        },
        "provisos": _provisos(guideline, assessment),
    }


def _provisos(guideline: Guideline, assessment: Assessment) -> dict[str, dict[str, str]]:
    """What each unknown proviso of the answer has to be, as a sentence."""
    needed: dict[str, Mapping[str, Value]] = {
        **{one.id: one.provided for one in guideline.statements},
        **{one.nct: one.provided for one in guideline.trials},
    }
    open_ones = {one.id: one.provided for one in assessment.recommendations}
    open_ones |= {one.nct: one.provided for one in assessment.trials}
    return {
        of: {name: spoken_value(guideline.facts[name], needed[of][name]) for name in names}
        for of, names in open_ones.items()
        if names
    }


def _row(each: labels.Labeled) -> dict[str, Any]:
    return {"code": each.value, "words": each.label}


def _rows(words: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"code": code, "words": str(label)} for code, label in words.items()]
