"""The newest decides: of functional imaging (record.md, 2.5), and of all that has no rule of its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from cases.casefile.shape import CaseFile
from cases.course.contests import side_of
from cases.course.ledger import Ledger
from cases.course.molecular import ALTERATIONS
from cases.course.sourced import Sourced, dated
from cases.course.sources import molecular_name, study_name, treatment_name, written
from cases.course.spans import latest, newest
from cases.parts import IMAGING, MOLECULAR, TREATMENTS
from cases.reading import PartialDate
from guidelines.vocabulary.facts import FACTS


@dataclass(frozen=True, slots=True)
class PartKind:
    """A kind of findings inside a sentence, when one was made, and what one is called."""

    noun: str
    made: Callable[[Any], PartialDate | None]
    name: Callable[[Any], str]


STUDIES = PartKind("Imaging", lambda study: study.performed_on, study_name)
KINDS = {
    IMAGING: STUDIES,
    MOLECULAR: PartKind("Molecular pathology", lambda report: report.reported_on, molecular_name),
    TREATMENTS: PartKind("Treatment", lambda course: course.ended_on or course.started_on, treatment_name),
}
BY_RULES = frozenset(
    {"sstr_uptake", "sstr_pattern", "sstr_fdg_discordant", "mmr", "tmb", "margin", *ALTERATIONS}
)
"""Facts of these kinds that a rule of their own settles."""


def settle_others(ledger: Ledger, file: CaseFile) -> None:
    """Settle what imaging, molecular reports and treatments state and no rule of its own settles."""
    for part, kind in KINDS.items():
        for name in part.fact_names:
            if name not in BY_RULES:
                stating = [one for one in getattr(file, part.file_key) if one.says(name) is not None]
                settle_newest(ledger, name, stating, kind)


def settle_newest(ledger: Ledger, name: str, findings: Iterable[Any], kind: PartKind, key: str = "") -> None:
    """The newest that states it, at `key` where that is not the fact's name; nothing certain where two say
    different things on one day.
    """
    key = key or name
    deciding = newest(list(findings), kind.made)
    values = {one.says(key): one for one in deciding}
    if len(values) > 1:
        said = " and ".join(
            f"{FACTS[name].show(value)} ({_dated(one, kind)})" for value, one in values.items()
        )
        ledger.contest(
            name,
            latest(kind.made(one) for one in deciding),
            f"{kind.noun} contradicts itself on {FACTS[name].label}: {said}. Neither is newer, so it counts "
            "as not known.",
            [side_of(name, value, one, _dated(one, kind)) for value, one in values.items()],
        )
        return
    found = None
    for value, one in values.items():
        found = Sourced(value, kind.name(one), written(one, key, FACTS[name].label), kind.made(one))
    ledger.settle(name, found)


def _dated(one: Any, kind: PartKind) -> str:
    return dated(kind.name(one), kind.made(one))
