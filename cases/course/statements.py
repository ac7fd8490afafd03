"""What clinicians state, and the referral itself: fact → the statement that holds among them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from cases.casefile.coherence import assessment_statements, case_statements
from cases.casefile.shape import CaseFile
from cases.course.sourced import Sourced
from cases.course.sources import ASSESSMENT, REFERRAL, written
from cases.course.spans import newest
from cases.reading import PartialDate
from guidelines.vocabulary.facts import FACTS, Value


def shown(name: str, value: Value | None) -> str:
    """A fact's value in words, as it stands inside a sentence."""
    return FACTS[name].show(value)


class Statements:
    """Every statement of a case file, by fact.

    The newest decides; one without a date, the referral's own included, never overrules a dated one. Two that
    say different things and of which neither is newer leave the fact unknown (record.md, 2.1 and 3).
    """

    def __init__(self, file: CaseFile) -> None:
        self._by_fact: dict[str, list[Sourced]] = defaultdict(list)
        self.cautions: list[str] = []
        for name, sourced in (*_of_case(file), *_of_assessments(file)):
            self._by_fact[name].append(sourced)

    @property
    def names(self) -> Iterable[str]:
        """The facts of which there is a statement."""
        return tuple(self._by_fact)

    def every(self, name: str) -> tuple[Sourced, ...]:
        """All statements of a fact."""
        return tuple(self._by_fact.get(name, ()))

    def without_referral(self, name: str) -> None:
        """Let the referral's own statement of a fact count as a finding instead of a statement."""
        self._by_fact[name] = [one for one in self.every(name) if one.source != REFERRAL]

    def drop_before(self, name: str, begun: PartialDate | None) -> None:
        """Leave out statements that a treatment begun since has overtaken, and say so."""
        if begun is None:
            return
        overtaken = [one for one in self.every(name) if one.date is not None and begun.newer_than(one.date)]
        for one in overtaken:
            self.cautions.append(
                f"{FACTS[name].label}: {shown(name, one.value)} ({one.origin}) is from before the treatment "
                f"that began {begun}, and is not used."
            )
        self._by_fact[name] = [one for one in self.every(name) if one not in overtaken]

    def of(self, name: str) -> Sourced | None:
        """The statement that holds."""
        statements = self.every(name)
        holding = newest(statements, lambda one: one.date)
        values = {repr(one.value): one for one in holding}
        if len(values) > 1:
            said = " and ".join(f"{shown(name, one.value)} ({one.origin})" for one in values.values())
            self._say(
                f"{FACTS[name].label} is stated as {said}; neither is newer, so it counts as not known."
            )
            return None
        if not holding:
            return None
        holds = holding[0]
        for one in statements:
            if one.date is None and holds.date is not None and one.value != holds.value:
                self._say(
                    f"{FACTS[name].label}: {shown(name, one.value)} ({one.origin}), but "
                    f"{shown(name, holds.value)} ({holds.origin}). The dated statement decides."
                )
        return holds

    def _say(self, caution: str) -> None:
        if caution not in self.cautions:
            self.cautions.append(caution)


def _of_case(file: CaseFile) -> Iterator[tuple[str, Sourced]]:
    for name, value in case_statements(file.case).items():
        words = written(file.case, "tumor_size" if name not in file.case.words else name, FACTS[name].label)
        yield name, Sourced(value, REFERRAL, words)


def _of_assessments(file: CaseFile) -> Iterator[tuple[str, Sourced]]:
    for assessment in file.assessments:
        for name, value in assessment_statements(assessment).items():
            words = written(assessment, name, FACTS[name].label)
            yield name, Sourced(value, ASSESSMENT, words, assessment.assessed_on)
