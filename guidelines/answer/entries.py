"""The statements as every answer needs them, each with its outlines known so far."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from guidelines.answer.options import NEVER_DONE
from guidelines.answer.outlines import KeptOutline
from guidelines.answer.parts import CitedSource
from guidelines.engine.engine import Engine
from guidelines.engine.memory import Memory
from guidelines.knowledge.labels import Kind
from guidelines.knowledge.model import Guideline, Statement
from guidelines.knowledge.source import Study

REMEMBERED = 256
"""Outlines kept for one statement: some two hundred megabytes at the very most for all of them. What is made
of outlines and kept (`options`, rows of a panel) may hold some thousand more that are forgotten here.
"""

KEYS = 1024
"""Keys kept for one statement with the outline that each has; several have the same."""


class KeptStatement:
    """A statement with what is the same of it for all cases.

    `tests`: the intervention that a result would answer, or None. `key`: all that its outline depends on, out
    of what a case tells.
    """

    def __init__(self, engine: Engine, index: int) -> None:
        guideline = engine.guideline
        self.statement = one = guideline.statements[index]
        labels = (one.kind, one.topic, one.setting, one.stance, one.agreement)
        kind, topic, setting, stance, agreement = [label.value for label in labels]
        self.labels = (kind, topic, setting, stance, agreement)
        self.said = (one.id, one.intervention, *self.labels)
        self.prepared = engine.statements[index]
        self.cautions = engine.statement_cautions[index]
        self.provisos = engine.provisos[index]
        testable = one.kind is Kind.TEST and one.setting not in NEVER_DONE
        self.tests = one.intervention if testable else None
        self.schedule = one.schedule
        self.reading_cautions = tuple(_reading_cautions(guideline, one))
        self.source = CitedSource(one.source.section.path, one.source.table, one.source.lines)
        self.evidence = tuple(study_in_words(study) for study in one.studies)
        reads = {*engine.reads(self.prepared, self.cautions), *(one.index for one in self.provisos)}
        self.key: Callable[[Sequence[object]], object] = itemgetter(*sorted(reads))
        alike: Mapping[int, Mapping[Any, Any]] = engine.alike(self.prepared, self.cautions, self.provisos)
        self._firsts = tuple((place, alike.get(place, {})) for place in sorted(reads))
        self.remembered: Memory[object, KeptOutline] = Memory(KEYS)
        self.outlines: Memory[object, KeptOutline] = Memory(REMEMBERED)

    def told_apart(self, told: Sequence[object]) -> tuple[object, ...]:
        """The key, where values that this statement does not tell apart count as the first of them. It takes
        longer than `key`, and spares a third of the outlines.
        """
        return tuple([firsts.get(told[place], told[place]) for place, firsts in self._firsts])


def _reading_cautions(guideline: Guideline, statement: Statement) -> list[str]:
    """Edition 1.0 shows a caution for each reading decision that touches the statement and that no caution
    of its own names; later editions say the caution itself, where the case touches it.
    """
    if guideline.has_options:
        return []
    named = " ".join(caution.text for caution in statement.cautions if caution.when is None)
    titles = {reading.number: reading.title for reading in guideline.readings}
    return [
        f"Source unclear: read with decision {number}, {titles[number]}."
        for number in statement.readings
        if f"reading {number})" not in named
    ]


@lru_cache(maxsize=8)
def entries_of(engine: Engine) -> tuple[KeptStatement, ...]:
    """The entry of each statement."""
    return tuple(KeptStatement(engine, index) for index in range(len(engine.statements)))


def study_in_words(study: Study) -> str:
    """A study in one line: name, references, size, finding."""
    cited = "; ".join(f"{reference.authors} {reference.year}" for reference in study.references)
    size = f", n = {study.n}" if study.n is not None else ""
    return f"{study.name} ({cited}{size}): {study.finding}"
