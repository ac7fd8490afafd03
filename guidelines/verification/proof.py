"""The whole space of consistent cases, ready to be asked: where is a condition true, where false?"""

from functools import cached_property

from guidelines.engine.engine import Engine
from guidelines.knowledge.conditions import AllOf, Condition
from guidelines.knowledge.model import Guideline, Statement
from guidelines.verification.expectations import Expectations
from guidelines.verification.regions import Region, in_words

ENTITIES_IN_SCOPE = ("g3_net", "nec", "indeterminate")


class Proof:
    """A guideline with its expectations."""

    def __init__(self, guideline: Guideline, expectations: Expectations) -> None:
        self.guideline = guideline
        self.expectations = expectations
        # Built anew: what is tried out here leaves nothing behind in the engine that answers.
        self.engine = Engine(guideline)
        self.space = self.engine.space

    @cached_property
    def consistent(self) -> Region:
        """Every consistent case."""
        return self.space.boxes(AllOf(self.guideline.rules)).true

    def where(self, *conditions: Condition) -> Region:
        """The consistent cases in which all of the conditions hold."""
        joined = conditions[0] if len(conditions) == 1 else AllOf(conditions)
        return self.space.boxes(joined).true

    def entity(self, value: str) -> Condition:
        """The condition of one value of the entity."""
        return self.guideline.derived["entity"].values[value]

    def known(self, statement_id: str) -> Statement | None:
        """The statement of that id, or None."""
        return next((one for one in self.guideline.statements if one.id == statement_id), None)

    def words(self, region: Region) -> str:
        """One case of the region in words."""
        return in_words(self.space, region[0])
