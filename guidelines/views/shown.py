"""A statement with its codes in words, as every page of the guideline shows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from guidelines.knowledge import labels
from guidelines.knowledge.model import Statement
from guidelines.show.exports import reference


@dataclass(frozen=True)
class Shown:
    """One statement and its labels."""

    statement: Statement

    @property
    def intervention(self) -> str:
        return self.statement.label

    @property
    def stance(self) -> str:
        return labels.STANCES[self.statement.stance]

    @property
    def agreement(self) -> str:
        return labels.AGREEMENTS[self.statement.agreement]

    @property
    def agreement_means(self) -> str:
        return labels.AGREEMENT_MEANINGS[self.statement.agreement]

    @property
    def topic(self) -> str:
        return labels.TOPICS[self.statement.topic]

    @property
    def setting(self) -> str:
        return labels.SETTINGS[self.statement.setting]

    @property
    def reference(self) -> str:
        return reference(self.statement)


def shown(statements: Iterable[Statement]) -> tuple[Shown, ...]:
    """The statements with their words."""
    return tuple(Shown(one) for one in statements)
