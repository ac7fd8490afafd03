"""What a statement says whatever the case: evidence, trials, schedule, strength, source."""

from dataclasses import dataclass

from guidelines.answer.entries import study_in_words
from guidelines.knowledge.labels import AGREEMENT_MEANINGS
from guidelines.knowledge.model import Guideline


@dataclass(frozen=True, slots=True)
class Said:
    """The guideline's own part of an opened row. `strength` says what its agreement means."""

    id: str
    intervention: str
    evidence: tuple[str, ...]
    trials: tuple[str, ...]
    schedule: str
    strength: str
    source: str
    query: str


def said(guideline: Guideline, statement_id: str, *, query: str = "") -> Said:
    """Raises `KeyError` for a statement that the edition does not have. `query` keeps links in an edition."""
    one = guideline.statement(statement_id)
    trials = {trial.nct: trial for trial in guideline.trials}
    table = f", {one.source.table}" if one.source.table else ""
    return Said(
        one.id,
        one.label,
        tuple(study_in_words(study) for study in one.studies),
        tuple(f"{nct} {trials[nct].title}" for nct in one.trials),
        one.schedule.text if one.schedule else "",
        f"{one.agreement.label}: {_inside(AGREEMENT_MEANINGS[one.agreement])}.",
        f"{' › '.join(one.source.section.path)}{table}; lines {one.source.lines}.",
        query,
    )


def _inside(text: str) -> str:
    return text[:1].lower() + text[1:]
