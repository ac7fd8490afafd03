"""What the guideline says to a record: its facts, the tests it holds, what its question is about."""

from collections.abc import Sequence

from cases.facts import RecordFacts
from guidelines.answer.assessment import assess
from guidelines.answer.parts import Assessment
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
        asks=tuple(code for code in codes if code in guideline.interventions),
        provenance=facts.words,
    )
