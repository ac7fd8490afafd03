"""The whole space of consistent cases, ready to be asked: where is a condition true, where false?"""

from functools import cached_property

from guidelines.completions import Boxes, Space
from guidelines.conditions import AllOf, Condition, Test, tests_in
from guidelines.engine import Engine
from guidelines.loader import conditions_of
from guidelines.model import Guideline, Statement
from guidelines.verification.expectations import Expectations
from guidelines.verification.regions import Region, in_words

ENTITIES_IN_SCOPE = ("g3_net", "nec", "indeterminate")


class Proof:
    """A guideline with its expectations, and a space fine enough for every variant that is tried."""

    def __init__(self, guideline: Guideline, expectations: Expectations) -> None:
        self.guideline = guideline
        self.expectations = expectations
        conditions = conditions_of(guideline)
        single = [one for condition in conditions for one in _one_by_one(condition)]
        self.space = Space(guideline.facts, [*conditions, *single], guideline.rules, guideline.arises)

    @cached_property
    def engine(self) -> Engine:
        """The engine as it answers, built anew: nothing is remembered from other work."""
        return Engine(self.guideline)

    @cached_property
    def consistent(self) -> Region:
        """Every consistent case."""
        return self.space.boxes(AllOf(self.guideline.rules)).true

    def boxes(self, condition: Condition) -> Boxes:
        """Where the condition is true and where it is false."""
        return self.space.boxes(condition)

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


def _one_by_one(condition: Condition) -> list[Condition]:
    """Tests for the single members of list tests, so that leaving one out is told apart."""
    return [
        Test(test.fact, "includes", (member,))
        for test in tests_in(condition)
        if test.operator in ("includes", "includes_other_than") and len(test.operand) > 1
        for member in test.operand
    ]
