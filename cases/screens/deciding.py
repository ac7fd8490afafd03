"""The decision page: what the guideline answers, one row for each drug, procedure or test, in groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from guidelines.answer.options import settling_first, verdicts_of
from guidelines.answer.parts import Asked, Assessment, Option, Recommendation, TrialMatch
from guidelines.knowledge.labels import AGREEMENTS, DIRECTIONS, SETTINGS, STANCES, Direction, Kind, Status
from guidelines.knowledge.model import Guideline
from guidelines.knowledge.spoken import spoken_value
from guidelines.vocabulary.facts import FACTS

MOST_DECISIVE = 6


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """A heading; `folded`: shown with its count until somebody opens it."""

    code: str
    heading: str
    folded: bool


FIRST = OptionGroup("first", "What settles the diagnosis", folded=False)
TREATMENT = OptionGroup("treatment", "Treatment that applies", folded=False)
POSSIBLE = OptionGroup("possible", "Treatment that an open fact decides", folded=False)
OPEN = OptionGroup("open", "Treatment without consensus or with insufficient evidence", folded=True)
AGAINST = OptionGroup("against", "Treatment advised against", folded=True)
BLOCKED = OptionGroup("blocked", "Treatment not feasible here", folded=True)
DONE = OptionGroup("done", "Tests done", folded=True)
BY_KIND = {
    kind.value: OptionGroup(kind.value, kind.label, folded=True)
    for kind in (Kind.SCHEDULE, Kind.TEST, Kind.ORGANIZATION)
}
GROUPS = (FIRST, TREATMENT, POSSIBLE, OPEN, AGAINST, BLOCKED, *BY_KIND.values(), DONE)


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """An option in words. `statement` is the one whose verdict holds, `also` those that qualify it.

    `agreement` is "" where it repeats the verdict; `question` is what an open fact has to be; `provided` what
    it depends on in practice; `blocked_by` what stands against it; `done_on` the day of the newest result.
    """

    option: Option
    verdict: str
    agreement: str
    setting: str
    statement: Recommendation
    also: tuple[AlsoSaid, ...]
    question: str
    provided: tuple[str, ...]
    blocked_by: str
    done_on: date | None


@dataclass(frozen=True, slots=True)
class AlsoSaid:
    """Another statement on the same intervention."""

    statement: Recommendation
    verdict: str
    agreement: str
    question: str


@dataclass(frozen=True, slots=True)
class Decides:
    """A fact not known that would change the answer, and the address of its field ("" if there is none)."""

    label: str
    link: str


@dataclass(frozen=True, slots=True)
class DecisionScreen:
    """Everything of the guideline's answer that the page shows besides the forms."""

    diagnosis: str
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    asked: tuple[Asked, ...]
    decisive: tuple[Decides, ...]
    more_decisive: int
    groups: tuple[tuple[OptionGroup, tuple[ChoiceRow, ...]], ...]
    principles: tuple[Recommendation, ...]
    not_covered: tuple[str, ...]
    trials: tuple[TrialMatch, ...]
    basis: str


class DecisionRows:
    """The rows of one answer. `dates`: the day of each fact's finding; `links`: where each is entered."""

    def __init__(
        self, guideline: Guideline, assessment: Assessment, dates: Mapping[str, date | None]
    ) -> None:
        self.guideline, self.assessment, self.dates = guideline, assessment, dates
        self.said = {one.id: one for one in assessment.recommendations}
        self.first = settling_first(guideline, assessment.classification.entity)

    def screen(self, cautions: Iterable[str], links: Mapping[str, str]) -> DecisionScreen:
        """The whole page; `cautions` are those of the record."""
        answer = self.assessment
        decisive = [Decides(FACTS[one.fact].label, links[one.fact]) for one in answer.missing]
        return DecisionScreen(
            diagnosis=answer.classification.label,
            reasons=answer.classification.reasons,
            cautions=(*cautions, *answer.classification.cautions),
            asked=answer.asked,
            decisive=tuple(decisive[:MOST_DECISIVE]),
            more_decisive=len(decisive[MOST_DECISIVE:]),
            groups=tuple(self.groups()),
            principles=tuple(one for one in answer.recommendations if _is_note(one)),
            not_covered=answer.not_covered,
            trials=answer.trials,
            basis=answer.basis,
        )

    def groups(self) -> Iterator[tuple[OptionGroup, tuple[ChoiceRow, ...]]]:
        """The groups that have rows, each in the order of the answer."""
        rows: dict[OptionGroup, list[ChoiceRow]] = {}
        for option in verdicts_of(self.assessment):
            rows.setdefault(self.group_of(option), []).append(self.row(option))
        return ((group, tuple(rows[group])) for group in GROUPS if group in rows)

    def group_of(self, option: Option) -> OptionGroup:
        """Where an option stands: a treatment by its verdict, everything else by its kind."""
        direction = DIRECTIONS[option.stance]
        if option.done:
            return DONE
        if option.intervention in self.first and direction is Direction.FOR:
            return FIRST
        if option.kind != Kind.TREATMENT:
            return BY_KIND[option.kind]
        if option.status == Status.BLOCKED:
            return BLOCKED
        if direction is Direction.FOR:
            return POSSIBLE if option.status == Status.POSSIBLE else TREATMENT
        return AGAINST if direction is Direction.AGAINST else OPEN

    def row(self, option: Option) -> ChoiceRow:
        """An option in words."""
        statement = self.said[option.id]
        return ChoiceRow(
            option=option,
            verdict=STANCES[option.stance],
            agreement=_agreement(option.stance, option.agreement),
            setting=SETTINGS[option.setting],
            statement=statement,
            also=tuple(_also(self.said[other]) for other in option.qualified_by),
            question=statement.question,
            provided=self._provided(option),
            blocked_by=statement.because[0].text if option.status == Status.BLOCKED else "",
            done_on=self._done_on(option) if option.done else None,
        )

    def _provided(self, option: Option) -> tuple[str, ...]:
        needed = self.guideline.statement(option.id).provided
        return tuple(spoken_value(FACTS[name], needed[name]) for name in option.provided)

    def _done_on(self, option: Option) -> date | None:
        """The newest of the days on which the facts that are its result were found."""
        results = self.guideline.interventions[option.intervention].result_facts
        return max((day for name in results if (day := self.dates.get(name))), default=None)


def _also(one: Recommendation) -> AlsoSaid:
    return AlsoSaid(one, STANCES[one.stance], _agreement(one.stance, one.agreement), one.question)


def _agreement(stance: str, agreement: str) -> str:
    """The agreement in words, unless the verdict says it already ("No consensus")."""
    return "" if AGREEMENTS[agreement] == STANCES[stance] else AGREEMENTS[agreement]


def _is_note(one: Recommendation) -> bool:
    return one.kind == Kind.PRINCIPLE and one.status == Status.APPLIES
