"""One class for a number as reports give it: its JSON form, its words, its limits."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.reading import BoundedNumber


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (45, "45"),
        (45.5, "45.5"),
        ({"min": 20, "max": 25}, "20–25"),
        ({"above": 20}, "> 20"),
        ({"below": 1}, "< 1"),
        ({"min": 80}, "≥ 80"),
        ({"max": 5}, "≤ 5"),
        ({"above": 20, "below": 30}, "> 20 and < 30"),
        ({"min": 20, "below": 30}, "≥ 20 and < 30"),
        ({"above": 20, "max": 30.25}, "> 20 and ≤ 30.25"),
    ],
)
def test_the_forms_of_the_vocabulary(form: Any, words: str) -> None:
    number = BoundedNumber.from_json(form)
    assert (number.as_json(), str(number)) == (form, words)


@pytest.mark.parametrize(
    ("form", "same"),
    [
        ({"min": 40, "max": 40}, 40),
        ({"min": 20, "max": None}, {"min": 20}),
        (45.0, 45),
    ],
)
def test_what_has_a_simpler_form_gets_it(form: Any, same: Any) -> None:
    assert BoundedNumber.from_json(form).as_json() == same


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({}, "an empty range"),
        ({"min": None}, "an empty range"),
        ({"min": 25, "max": 20}, "25 is above 20"),
        ({"above": 20, "below": 20}, "an empty range"),
        ({"min": 20, "below": 20}, "an empty range"),
        ({"min": 20, "above": 20}, "min and above bound the same side"),
        ({"max": 20, "below": 20}, "max and below bound the same side"),
        ({"low": 20}, "no such bound: low (there are min, max, above, below)"),
        ({"min": "20"}, "no number"),
        ({"min": True}, "no number"),
        (float("nan"), "kept exactly"),
        (float("inf"), "kept exactly"),
        (10**15, "kept exactly"),
    ],
)
def test_what_is_no_number(form: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says.replace("(", r"\(").replace(")", r"\)")):
        BoundedNumber.from_json(form)


@pytest.mark.parametrize(
    "bounds",
    [
        (None, None),
        (Decimal("NaN"), None),
        (None, Decimal("Infinity")),
        (None, Decimal(5), True, False),
        (Decimal(5), None, False, True),
    ],
)
def test_what_cannot_be_made(bounds: Any) -> None:
    with pytest.raises(ValueError, match="bound"):
        BoundedNumber(*bounds)


def test_approximate_is_in_the_words_and_not_in_the_json_form() -> None:
    number = BoundedNumber.exactly(45, approximate=True)
    assert (str(number), number.as_json(), number.text("%")) == ("~45", 45, "~45 %")
    assert number != BoundedNumber.exactly(45)


@pytest.mark.parametrize(
    ("form", "by", "per", "expected"),
    [
        (30, 2, 3, 20),  # exactly: dividing first would give 20.0000000001
        (16, 2, "2.38", 13.45),
        ({"above": 16}, 2, "2.38", {"above": 13.45}),
        ({"min": 20, "max": 30}, 2, 10, {"min": 4, "max": 6}),
        (20001, 1, 1000, 20.001),  # 20.00 would lie on a bound that 20.001 is above
        (19999, 1, 1000, 19.999),
        ({"above": 1, "below": 2}, 1, 1000, {"above": 0.001, "below": 0.002}),
        (1, 1, 10**12, 1e-12),
    ],
)
def test_other_units(form: Any, by: int, per: Any, expected: Any) -> None:
    assert BoundedNumber.from_json(form).scaled(Decimal(by), Decimal(per)).as_json() == expected


# --- Properties -------------------------------------------------------------------------------------

DECIMALS = st.decimals(0, 1000, places=3)


@st.composite
def bounded_numbers(draw: st.DrawFn) -> BoundedNumber:
    low, high = sorted([draw(DECIMALS), draw(DECIMALS)])
    sides = draw(st.sampled_from(["low", "high", "both"]))
    different = low != high
    return BoundedNumber(
        low if sides != "high" else None,
        high if sides != "low" else None,
        draw(st.booleans()) and sides != "high" and (different or sides != "both"),
        draw(st.booleans()) and sides != "low" and (different or sides != "both"),
        draw(st.booleans()),
    )


@given(bounded_numbers())
def test_the_json_form_gives_the_same_bounds(number: BoundedNumber) -> None:
    again = BoundedNumber.from_json(number.as_json())
    assert (again.low, again.high, again.low_open, again.high_open) == (
        number.low,
        number.high,
        number.low_open,
        number.high_open,
    )


@given(bounded_numbers(), st.integers(1, 50), st.integers(1, 50))
def test_no_scaling_moves_a_number_over_a_whole_one(number: BoundedNumber, by: int, per: int) -> None:
    scaled = number.scaled(Decimal(by), Decimal(per))
    for before, after in zip(number.bounds, scaled.bounds, strict=True):
        exact = before * by / per
        assert abs(exact - after) <= Decimal("0.005")
        whole = round(exact)
        assert (exact > whole) == (after > whole)
        assert (exact < whole) == (after < whole)
