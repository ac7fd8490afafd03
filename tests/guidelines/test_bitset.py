"""Deciding all conditions at once gives what deciding box by box gives, on the whole guideline."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidelines.engine.bitset import Arithmetic
from guidelines.engine.boxes import Boxes, meets
from guidelines.engine.engine import engine_for
from guidelines.knowledge.releases import current

ENGINE = engine_for(current())
PREPARED = (
    *ENGINE.statements,
    *ENGINE.not_covered,
    *ENGINE.trials,
    *ENGINE.entity.values(),
    *ENGINE.provisional,
)
FACTS = ENGINE.space.facts


CONDITIONS = [[ENGINE.parts[part].boxes for part in prepared.parts] for prepared in PREPARED]


def open_bands(random: Random) -> list[int]:
    """What a case leaves open: of each fact one band, several or all."""
    known = random.random()
    return [
        1 << random.randrange(len(fact.bands))
        if random.random() < known
        else random.choice([fact.everything, random.randint(1, fact.everything)])
        for fact in FACTS
    ]


def box_by_box(conditions: Sequence[Sequence[Boxes]], possible: Sequence[int]) -> list[tuple[bool, bool]]:
    return [
        (
            all(meets(part.true, possible) for part in parts),
            any(meets(part.false, possible) for part in parts),
        )
        for parts in conditions
    ]


def at_once(arithmetic: Arithmetic, possible: Sequence[int]) -> list[tuple[bool, bool]]:
    return [(bool(can), bool(may)) for can, may in zip(*arithmetic.answer(possible), strict=True)]


@settings(max_examples=80)
@given(st.randoms(use_true_random=False).map(open_bands))
def test_all_at_once_is_box_by_box(possible: list[int]) -> None:
    assert at_once(ENGINE.arithmetic, possible) == box_by_box(CONDITIONS, possible)


def test_every_condition_is_asked_at_its_own_place() -> None:
    assert [one.place for one in PREPARED] == list(range(len(PREPARED)))


ANYTHING, NOTHING_LEFT = ((),), ()


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ([], (True, False)),
        ([Boxes(ANYTHING, NOTHING_LEFT)], (True, False)),
        ([Boxes(NOTHING_LEFT, ANYTHING)], (False, True)),
        ([Boxes(ANYTHING, ANYTHING)], (True, True)),
        ([Boxes(ANYTHING, NOTHING_LEFT), Boxes(NOTHING_LEFT, ANYTHING)], (False, True)),
        ([Boxes(ANYTHING * 9, ANYTHING), Boxes(ANYTHING, NOTHING_LEFT)], (True, True)),
    ],
)
def test_conditions_without_parts_or_boxes(condition: list[Boxes], expected: tuple[bool, bool]) -> None:
    """Beside neighbors that must not be touched by their carries."""
    neighbors = [Boxes(ANYTHING * 3, NOTHING_LEFT)]
    arithmetic = Arithmetic(ENGINE.space, [neighbors, condition, neighbors])
    everything = [fact.everything for fact in FACTS]
    assert at_once(arithmetic, everything) == [(True, False), expected, (True, False)]
