"""What the guideline says to a record: its facts, the tests it holds, what its question is about."""

from collections.abc import Sequence

from cases.facts import RecordFacts
from guidelines.answer.assessment import assess, outline
from guidelines.answer.outlines import KeptOutline
from guidelines.answer.parts import Answer, Assessment
from guidelines.knowledge.model import Guideline


def assessed(guideline: Guideline, facts: RecordFacts, asks: Sequence[str] | None = None) -> Assessment:
    """The answer, its reasons with the sources of the record. `asks`: codes to answer instead of the case's
    own.
    """
    codes = facts.asks if asks is None else asks
    return assess(
        guideline,
        facts.values,
        done=tuple(facts.done),
        asks=_askable(guideline, codes),
        provenance=facts.words,
    )


def outlined(guideline: Guideline, facts: RecordFacts) -> Answer[KeptOutline]:
    """The same without the reasons of its statements, for what is typed: its panel shows none of them."""
    return outline(
        guideline,
        facts.values,
        done=tuple(facts.done),
        asks=_askable(guideline, facts.asks),
        provenance=facts.words if facts.asks else None,
    )


def _askable(guideline: Guideline, codes: Sequence[str]) -> tuple[str, ...]:
    return tuple([code for code in codes if code in guideline.interventions])
