"""What stands behind a verdict besides its condition: provisos, presumptions, grounds, and the order of the
statements on one intervention.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from guidelines.answer.sentences import facts_read
from guidelines.knowledge.conditions import tests_in
from guidelines.knowledge.inference import Concluded, Presumption
from guidelines.knowledge.model import Guideline, Statement
from guidelines.knowledge.spoken import spoken, spoken_value
from guidelines.vocabulary.facts import FACTS
from guidelines.vocabulary.sayings import in_running_text

FIRST, BY_VOICE, AT_LAST, NOTES, AS_LISTED = (
    "First, where they apply",
    "By voice: a vote, then the panel, then another society",
    "Last: as indicated",
    "Principles: notes, in no order",
    "In the order of the text",
)


@dataclass(frozen=True, slots=True)
class OrderPart:
    """Statements of one rank in the order on their intervention."""

    words: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class InOrder:
    """All statements on an intervention in the order in which their verdict holds, with the reason.

    `reason` is empty where there is one statement alone, or where the edition knows no order.
    """

    parts: tuple[OrderPart, ...]
    reason: str

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All of them."""
        return tuple(one for part in self.parts for one in part.statements)


def in_order(guideline: Guideline, intervention: str) -> InOrder:
    """The statements on one intervention; principles stand among them as listed."""
    on_it = [one for one in guideline.statements if one.intervention == intervention]
    order = guideline.orders.get(intervention)
    if order is None:
        return InOrder((OrderPart(AS_LISTED, tuple(on_it)),), "")
    named = ((FIRST, order.specific), (BY_VOICE, order.routine), (AT_LAST, order.last))
    parts = [OrderPart(words, tuple(map(guideline.statement, ids))) for words, ids in named if ids]
    placed = {one for part in parts for one in part.statements}
    rest = tuple(one for one in on_it if one not in placed)
    return InOrder((*parts, *([OrderPart(NOTES, rest)] if rest else [])), order.reason)


def provisos(statement: Statement) -> tuple[str, ...]:
    """What it needs in practice: "the site can be irradiated"."""
    return tuple(spoken_value(FACTS[name], value) for name, value in statement.provided.items())


def grounds(guideline: Guideline, statement: Statement) -> Iterator[tuple[str, str]]:
    """Of the facts it reads, those that only some cases have: label, and which cases."""
    read = {fact.name for fact in facts_read(statement.when)}
    for one in guideline.arises:
        if one.fact in read:
            yield FACTS[one.fact].label, one.words or spoken(one.only)


def presumptions(guideline: Guideline, statement: Statement) -> Iterator[str]:
    """What counts of the facts it reads while nobody states them, in sentences."""
    read = {fact.name for fact in facts_read(statement.when)}
    for one in guideline.presumptions:
        if one.fact in read and any(test.fact.name in read for test in tests_in(one.given)):
            yield _presumption(one)
    for concluded in guideline.concluded.values():
        if concluded.fact.name in read:
            yield from _concluded(concluded)


def _concluded(concluded: Concluded) -> Iterator[str]:
    for one in concluded.conclusions:
        if one.presumed:
            counts = spoken_value(concluded.fact, one.value)
            yield f"Presumed where {spoken(one.when)} and nothing else decides it: {counts}."


def _presumption(one: Presumption) -> str:
    fact = FACTS[one.fact]
    counts = (
        f"there is no {in_running_text(fact.label)}" if one.value is None else spoken_value(fact, one.value)
    )
    if one.certain:
        return f"Taken as stated where {spoken(one.given)}: {counts}. {one.reason}".strip()
    return f"Presumed where {spoken(one.given)}, or may be: {counts}. {one.reason}".strip()


def results(guideline: Guideline, intervention: str) -> tuple[str, ...]:
    """What has to be known for the test to be done: alternatives, in words."""
    found = []
    for one in guideline.interventions[intervention].result:
        if isinstance(one, tuple):
            found.append(" and ".join(in_running_text(FACTS[name].label) for name in one) + " known")
        else:
            found.append(spoken(one))
    return tuple(found)
