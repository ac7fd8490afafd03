"""The rows of the decision screen: a line for each drug, procedure or test, in the groups a board goes by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cases.choices import OptionChoice
from cases.concordance import deviating, relation
from cases.screens.options import OptionRow, Rows
from guidelines.answer.options import settling_first, verdicts_of
from guidelines.answer.parts import Option, Recommendation
from guidelines.knowledge.labels import DIRECTIONS, SETTINGS, Direction, Kind, Status

CHOICES = (OptionChoice.ACCEPTED.value, OptionChoice.REJECTED.value, OptionChoice.DEFERRED.value)


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """A heading; `folded`: shown with its count until somebody opens it."""

    code: str
    heading: str
    folded: bool = True


TREATMENT = OptionGroup("treatment", "Treatment that applies", folded=False)
FIRST = OptionGroup("first", "What settles the diagnosis", folded=False)
POSSIBLE = OptionGroup("possible", "Treatment that an open fact decides")
OPEN = OptionGroup("open", "Treatment without consensus or with insufficient evidence")
AGAINST = OptionGroup("against", "Treatment advised against")
BLOCKED = OptionGroup("blocked", "Treatment not feasible here")
DONE = OptionGroup("done", "Tests done")
BY_KIND = {
    kind.value: OptionGroup(kind.value, kind.label) for kind in (Kind.SCHEDULE, Kind.TEST, Kind.ORGANIZATION)
}
BEFORE = {Status.POSSIBLE.value: "Possible: ", Status.BLOCKED.value: "Not feasible here: "}
GROUPS = (TREATMENT, FIRST, POSSIBLE, OPEN, AGAINST, BLOCKED, *BY_KIND.values(), DONE)


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """An option to choose on. `id` is the statement of its verdict; `relations`: each choice with how it
    would relate to the guideline, in words; `deviates`: the choices that need a reason.
    """

    id: str
    row: OptionRow
    setting: str
    relations: tuple[tuple[str, str], ...]
    deviates: tuple[str, ...]

    @property
    def standing(self) -> str:
        """What goes before the verdict where it does not simply hold."""
        return BEFORE.get(self.row.status, "")


class ChoiceRows:
    """The options of one answer as rows to choose on."""

    def __init__(self, rows: Rows[Recommendation]) -> None:
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
        """An option in one line."""
        others = tuple(self.rows.said[one] for one in option.qualified_by)
        code = option.intervention if self.rows.assessment.options else option.id
        found = ((choice, relation(choice, option)) for choice in CHOICES)
        return ChoiceRow(
            option.id,
            self.rows.row_of(code, self.rows.said[option.id], others),
            SETTINGS[option.setting],
            tuple((choice, how.label) for choice, how in found if how),
            deviating(option),
        )
