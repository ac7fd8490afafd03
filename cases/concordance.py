"""How a board's choice relates to the guideline's verdict on it: one rule for form, signing, list and print.

The board's choice and how the verdict stands give the concordance (`TABLE`). An option of the board's own
that names an intervention, or a member of its family, is a choice on that option's verdict. Nothing here
knows a patient, a page or a row of the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, TypeVar

from cases.choices import OptionChoice
from guidelines.knowledge.labels import DIRECTIONS, Direction, Kind, Labeled, Stance, Status


class Concordance(Labeled):
    """How a choice, or a whole decision, relates to the guideline."""

    CONCORDANT = "concordant", "In line with the guideline"
    CONDITIONAL = "conditional", "In line with the guideline on a condition"
    DEVIATING = "deviating", "Deviates from the guideline"
    UNSETTLED = "unsettled", "Not settled by the guideline"
    NOT_COVERED = "not_covered", "Not covered by the guideline"


class Standing(Enum):
    """How an option stands for a case, as far as a choice on it cares."""

    RECOMMENDED = "recommended, and applies"
    OFFERED = "acceptable or to be considered, and applies"
    FOR_IF = "for it, if an open fact is so"
    OPEN = "no consensus, or evidence insufficient"
    AGAINST = "against it, and applies"
    AGAINST_IF = "against it, if an open fact is so"
    BLOCKED = "not feasible here"


class Choosable(Protocol):
    """An option of an answer."""

    @property
    def id(self) -> str: ...
    @property
    def intervention(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def stance(self) -> str: ...
    @property
    def status(self) -> str: ...


Found = TypeVar("Found", bound=Choosable)
Family = Callable[[str], Iterable[str]]
"""The interventions that a question about one of them means together."""

_AS_IT_IS, _IF, _AGAINST = Concordance.CONCORDANT, Concordance.CONDITIONAL, Concordance.DEVIATING

# Standing → accepted, rejected, deferred; None where there is nothing to say.
TABLE: Mapping[Standing, tuple[Concordance, Concordance, Concordance | None]] = {
    Standing.RECOMMENDED: (_AS_IT_IS, _AGAINST, _IF),
    Standing.OFFERED: (_AS_IT_IS, _AS_IT_IS, _IF),
    Standing.FOR_IF: (_IF, _AS_IT_IS, _IF),
    Standing.OPEN: (Concordance.UNSETTLED, _AS_IT_IS, None),
    Standing.AGAINST: (_AGAINST, _AS_IT_IS, None),
    Standing.AGAINST_IF: (_IF, _AS_IT_IS, None),
    Standing.BLOCKED: (_AGAINST, _AS_IT_IS, None),
}
_COLUMNS = (OptionChoice.ACCEPTED.value, OptionChoice.REJECTED.value, OptionChoice.DEFERRED.value)


@dataclass(frozen=True, slots=True)
class BoardChoice:
    """What the board made of an option. `statement_id` names the verdict, "" for one of the board's own."""

    choice: str
    statement_id: str = ""
    intervention: str = ""


def standing_of(verdict: Choosable) -> Standing:
    """The row of the table that a verdict stands in."""
    possible = verdict.status == Status.POSSIBLE
    if verdict.status == Status.BLOCKED:
        return Standing.BLOCKED
    match DIRECTIONS[verdict.stance]:
        case Direction.FOR if possible:
            return Standing.FOR_IF
        case Direction.FOR:
            return Standing.RECOMMENDED if verdict.stance == Stance.RECOMMENDED else Standing.OFFERED
        case Direction.AGAINST:
            return Standing.AGAINST_IF if possible else Standing.AGAINST
    return Standing.OPEN


def relation(choice: str, verdict: Choosable) -> Concordance | None:
    """A choice on a verdict; of accepted, rejected and deferred. None where there is nothing to say."""
    return TABLE[standing_of(verdict)][_COLUMNS.index(choice)]


def deviating(verdict: Choosable) -> tuple[str, ...]:
    """The choices that would deviate from this verdict, and so need a coded reason."""
    return tuple(one for one in _COLUMNS if relation(one, verdict) is Concordance.DEVIATING)


def verdict_on(made: BoardChoice, verdicts: Iterable[Found], family: Family) -> Found | None:
    """The verdict that a choice is on: the one it names, or that on its intervention or a relative."""
    listed = list(verdicts)
    if made.choice != OptionChoice.OWN:
        return next((one for one in listed if one.id == made.statement_id), None)
    if not made.intervention:
        return None
    same = [one for one in listed if one.intervention == made.intervention]
    relatives = set(family(made.intervention))
    return next(iter([*same, *(one for one in listed if one.intervention in relatives)]), None)


def concordance_of(made: BoardChoice, verdict: Choosable | None) -> Concordance | None:
    """A choice of the board; one of its own is taken as accepted, and without a verdict not covered."""
    if verdict is None:
        return Concordance.NOT_COVERED
    own = made.choice == OptionChoice.OWN
    return relation(OptionChoice.ACCEPTED if own else made.choice, verdict)


def overall(choices: Iterable[tuple[BoardChoice, Concordance | None]]) -> Concordance:
    """A whole decision, by what each choice in it is."""
    made = list(choices)
    found = {each for _, each in made}
    for worst in (Concordance.DEVIATING, Concordance.CONDITIONAL):
        if worst in found:
            return worst
    left = (OptionChoice.REJECTED, OptionChoice.DEFERRED)
    taken = {each for one, each in made if one.choice not in left}
    return Concordance.CONCORDANT if Concordance.CONCORDANT in taken else Concordance.NOT_COVERED


def not_addressed(verdicts: Iterable[Found], choices: Iterable[BoardChoice], family: Family) -> list[Found]:
    """Treatments that are recommended and apply, and that no choice is about."""
    listed = list(verdicts)
    spoken_to = {found.id for made in choices if (found := verdict_on(made, listed, family))}
    return [
        one
        for one in listed
        if one.kind == Kind.TREATMENT and standing_of(one) is Standing.RECOMMENDED and one.id not in spoken_to
    ]
