"""The rows of the decision page: one for each drug, procedure or test, in the groups a board goes through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cases.screens.option_body import OptionBody, opened
from cases.screens.options import Rows, provisos_in_words
from guidelines.answer.options import settling_first, verdicts_of
from guidelines.answer.parts import Option, Recommendation
from guidelines.knowledge.labels import DIRECTIONS, SETTINGS, Direction, Kind, Status


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
BEFORE = {Status.POSSIBLE.value: "Possible: ", Status.BLOCKED.value: "Not feasible here: "}
GROUPS = (FIRST, TREATMENT, POSSIBLE, OPEN, AGAINST, BLOCKED, *BY_KIND.values(), DONE)


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """An option to choose on. `body` holds it in words; `also` of it are the statements that qualify it.

    `question` is what an open fact has to be, `provisos` what it depends on in practice, `blocked_by` what is
    stated against it, `source` where the sentence stands.
    """

    option: Option
    body: OptionBody
    setting: str
    question: str
    provisos: tuple[str, ...]
    blocked_by: str
    source: str

    @property
    def standing(self) -> str:
        """What goes before the verdict where it does not simply hold."""
        return BEFORE.get(self.option.status, "")

    @property
    def strength(self) -> str:
        """What goes behind it: ", consensus, done 05-Mar-2026"."""
        row = self.body.row
        return "".join(f", {text}" for text in (row.agreement, row.done) if text) if row else ""


class ChoiceRows:
    """The options of one answer as rows to choose on."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.first = settling_first(rows.guideline, rows.assessment.classification.entity)

    def groups(self) -> Iterator[tuple[OptionGroup, tuple[ChoiceRow, ...]]]:
        """The groups that have rows, each in the order of the answer."""
        found: dict[OptionGroup, list[ChoiceRow]] = {}
        for option in verdicts_of(self.rows.assessment):
            found.setdefault(self.group_of(option), []).append(self.row(option))
        return ((group, tuple(found[group])) for group in GROUPS if group in found)

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
        said = self.rows.said[option.id]
        others = [self.rows.said[one] for one in option.qualified_by]
        needed = self.rows.guideline.statement(option.id).provided
        code = option.intervention if self.rows.assessment.options else option.id
        return ChoiceRow(
            option=option,
            body=opened(self.rows, code, said, others),
            setting=SETTINGS[option.setting],
            question=said.question,
            provisos=tuple(provisos_in_words(option.provided, needed)),
            blocked_by=self.rows.blocked_because(said) if option.status == Status.BLOCKED else "",
            source=_source(said),
        )


def _source(said: Recommendation) -> str:
    table = f", {said.source.table}" if said.source.table else ""
    return f"{' › '.join(said.source.section)}{table}, lines {said.source.lines}"
