"""An error in the engine itself, not in the data, is caught: by its soundness or by the second reading."""

from collections.abc import Callable

import pytest

from guidelines.engine.bands import BandedFact
from guidelines.engine.boxes import Box, Boxes, Space
from guidelines.knowledge.conditions import AllOf, Condition, Test, conjuncts
from guidelines.knowledge.releases import current
from guidelines.verification import SECOND_READING, Check, verify
from guidelines.vocabulary.facts import Value

SETTLED = "Settled stays settled"


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
