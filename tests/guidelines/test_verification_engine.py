"""An error in the engine itself, not in the data, is caught: by its soundness or by the second reading."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from guidelines.answer import options
from guidelines.answer.parts import MissingFact, Option, Recommendation
from guidelines.engine.bands import BandedFact
from guidelines.engine.boxes import Box, Boxes, Space
from guidelines.engine.engine import EngineCase, Prepared, engine_for
from guidelines.engine.settling import Settled, Settling
from guidelines.knowledge.conditions import AllOf, Condition, Test, conjuncts
from guidelines.knowledge.model import Guideline
from guidelines.knowledge.releases import current
from guidelines.verification import SECOND_READING, Check, verify
from guidelines.vocabulary.facts import Value

SETTLED, LEARNING, ASKING = "Settled stays settled", "Learning overturns nothing", "Nothing idle is asked"


def check(name: str) -> Check:
    (found,) = verify(current(), only=[name]).checks
    return found


def distort(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[tuple[Box, ...], tuple[Box, ...]], Boxes]
) -> None:
    """Make every condition's boxes wrong in the same way."""
    right = Space.boxes

    def wrong(self: Space, condition: Condition) -> Boxes:
        boxes = right(self, condition)
        return change(boxes.true, boxes.false)

    monkeypatch.setattr(Space, "boxes", wrong)


def test_boxes_that_overlap_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    distort(monkeypatch, lambda true, false: Boxes(true, (*false, *true[:1])))
    found = check(SETTLED)
    assert not found.passed
    assert any("holds and fails at once" in line for line in found.detail)


def test_a_lost_box_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    distort(monkeypatch, lambda true, false: Boxes(true, false[1:]))
    found = check(SETTLED)
    assert any("neither holds nor fails" in line for line in found.detail)


def test_inconsistent_cases_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Space.boxes
    rules = AllOf(current().rules)

    def uncut(self: Space, condition: Condition) -> Boxes:
        if condition == rules:
            return right(self, condition)
        return Boxes(self._boxes(condition, True), self._boxes(condition, False))

    monkeypatch.setattr(Space, "boxes", uncut)
    found = check(SETTLED)
    assert any("contradicts itself" in line for line in found.detail)


def test_parts_that_share_a_fact_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Space, "groups", lambda self, condition: conjuncts(condition))
    found = check(SETTLED)
    assert any("decided apart read the same facts" in line for line in found.detail)


def test_a_value_that_opens_what_was_closed_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    right = BandedFact.possible

    def wrong(self: BandedFact, value: Value | None) -> int:
        return self.everything if value == "metastatic" else right(self, value)

    monkeypatch.setattr(BandedFact, "possible", wrong)
    assert any("extent" in line for line in check(SETTLED).detail)


def test_the_solver_sees_true_and_false_exchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sound boxes of the wrong condition: only a reading of the condition itself can tell."""
    distort(monkeypatch, lambda true, false: Boxes(false, true))
    found = check(SECOND_READING)
    assert any("where it holds differs from its condition" in line for line in found.detail)
    assert any("where it fails differs from its condition" in line for line in found.detail)


def test_the_solver_sees_a_bound_in_the_wrong_band(monkeypatch: pytest.MonkeyPatch) -> None:
    right = BandedFact.mask

    def wrong(self: BandedFact, test: Test) -> int:
        mask = right(self, test)
        at_bound = self.bands[:-1] and test.operator == "above" and self.fact.name == "ki67"
        bound = next((bit for bit, band in enumerate(self.bands) if band.value == test.operand), 0)
        return mask | 1 << bound if at_bound else mask

    monkeypatch.setattr(BandedFact, "mask", wrong)
    found = check(SECOND_READING)
    assert any("met-net-systemic-above-55" in line and "Ki-67: 55" in line for line in found.detail)


def test_a_presumption_that_is_not_told_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Settling.settle

    def silent(self: Settling, stated: Mapping[str, Value]) -> Settled:
        settled = right(self, stated)
        settled.presumed.clear()
        return settled

    monkeypatch.setattr(Settling, "settle", silent)
    assert any("low_grade_component opens when" in line for line in check(LEARNING).detail)


def test_an_order_of_facts_that_matters_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Settling.settle

    def first_come(self: Settling, stated: Mapping[str, Value]) -> Settled:
        return right(self, dict(tuple(stated.items())[:1]))

    monkeypatch.setattr(Settling, "settle", first_come)
    assert any("it matters in which order is stated" in line for line in check(LEARNING).detail)


def test_what_stops_applying_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement that ends with what is learned though nothing opened by it."""
    right = EngineCase.can_hold

    def fickle(self: EngineCase, prepared: Prepared) -> bool:
        return right(self, prepared) and len(self.facts) % 2 == 0

    monkeypatch.setattr(EngineCase, "can_hold", fickle)
    assert any(" applies to " in line and "is excluded once" in line for line in check(LEARNING).detail)


def test_questions_for_what_cannot_be_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settling, "_drop_what_cannot_arise", lambda self, grounds, work: None)
    assert any("which cannot be" in line for line in check(ASKING).detail)


def test_questions_for_principles_and_done_tests_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_of_them(
        guideline: Guideline, recommendations: Sequence[Recommendation], options: Sequence[Option]
    ) -> tuple[MissingFact, ...]:
        asked = dict.fromkeys(fact for one in recommendations for fact in one.missing)
        return tuple(
            MissingFact(fact, tuple(one.id for one in recommendations if fact in one.missing))
            for fact in asked
        )

    monkeypatch.setattr(options, "missing_of", all_of_them)
    assert any("which does not wait for it" in line for line in check(ASKING).detail)


def test_questions_that_are_left_out_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "missing_of", lambda guideline, recommendations, options: ())
    assert any("and is not asked" in line for line in check(ASKING).detail)


def test_a_verdict_by_what_cannot_be_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stated fact that is ruled out is told as not used, and yet decides."""
    right = Settling._leave_out

    def half(self: Settling, one: Any, work: Settled) -> None:
        kept, value = work.possible[one.index], work.facts.get(one.name)
        right(self, one, work)
        if one.name in work.stated and value is not None:
            work.possible[one.index], work.facts[one.name] = kept, value

    monkeypatch.setattr(Settling, "_leave_out", half)
    assert any("which cannot be" in line for line in check(ASKING).detail)


@pytest.fixture(autouse=True)
def _engines_of_their_own() -> Iterator[None]:
    """What a broken engine answered must not be remembered by a sound one, nor the other way round."""
    engine_for.cache_clear()
    yield
    engine_for.cache_clear()
