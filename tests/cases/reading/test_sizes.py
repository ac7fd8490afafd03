"""Sizes as reports write them."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.reading import AsWritten, BoundedNumber, Unreadable, read_size

BOUNDS = (2, 4)


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("3.4", 3.4),
        (3.4, 3.4),
        ("3,4 cm", 3.4),
        ("34 mm", 3.4),
        ("34MM.", 3.4),
        ("3.4 centimetres", 3.4),
        ("34 millimeters", 3.4),
        ("34 ㎜", 3.4),
        ("3.4 x 2.1 cm", 3.4),
        ("2.1 × 3.4 × 1 cm", 3.4),
        ("3.4 cm x 2.1 cm", 3.4),
        ("34 x 21 mm", 3.4),
        ("3 cm by 34 mm", 3.4),
        ("3.4*2.1", 3.4),
        ("5x5", 5),
        ("5.0 X 5.0 cm", 5),
        ("15", 15),
        (15, 15),
        ("15.5 cm", 15.5),
        ("30 cm", 30),
        ("3-4 cm", {"min": 3, "max": 4}),
        ("20-25 mm", {"min": 2, "max": 2.5}),
        ("8 mm to 1.2 cm", {"min": 0.8, "max": 1.2}),
        ("> 2 cm", {"above": 2}),
        ("≥20 mm", {"min": 2}),
        ("< 1", {"below": 1}),
        ("at least 2 cm", {"min": 2}),
        ("up to 2 cm", {"max": 2}),
        ("> 3.4 x 2.1 cm", {"above": 3.4}),
        ({"min": 2, "max": 20}, {"min": 2, "max": 20}),
    ],
)
def test_sizes(written: Any, form: Any) -> None:
    reading = read_size(written, bounds=BOUNDS)
    assert reading.value is not None
    assert (reading.value.as_json(), reading.cautions) == (form, ())


@pytest.mark.parametrize("written", ["~3 cm", "ca. 30 mm", "approx. 3 x 2 cm", "about 3"])
def test_approximate_sizes(written: str) -> None:
    assert read_size(written, bounds=BOUNDS) == AsWritten(BoundedNumber.exactly(3, approximate=True), written)


@pytest.mark.parametrize(("written", "near"), [("~4.2 cm", True), ("~38 mm", True), ("~3.7 cm", False)])
def test_approximate_within_2_mm_of_a_bound_is_a_caution(written: str, near: bool) -> None:
    sentence = f"Size {written} is approximate and within 0.2 of 4, a bound of the guideline: "
    assert read_size(written, bounds=BOUNDS).cautions == (
        (f"{sentence}the exact value decides.",) if near else ()
    )


@pytest.mark.parametrize("written", ["30.1 cm", "400 mm", "50 cm", "> 31 cm", "20-40 cm"])
def test_a_size_above_30_cm_is_a_caution(written: str) -> None:
    assert read_size(written).cautions == (f"Size {written} is above 30 cm: check the number and its unit.",)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("16", "a bare number above 15: write its unit, cm or mm"),
        (34, "a bare number above 15: write its unit, cm or mm"),
        ("15.1", "a bare number above 15: write its unit, cm or mm"),
        ("34 x 21", "a bare number above 15: write its unit, cm or mm"),
        ("> 20", "a bare number above 15: write its unit, cm or mm"),
        ("10-20", "a bare number above 15: write its unit, cm or mm"),
        ("999", "a bare number above 15: write its unit, cm or mm"),
        ("999 cm", "over 50 cm"),
        ("50.1 cm", "over 50 cm"),
        ("501 mm", "over 50 cm"),
        ("60 x 3 cm", "over 50 cm"),
        ({"min": 60}, "over 50 cm"),
        ("> 50 cm", "an empty range: nothing is above 50 cm"),
        ("0", "not above 0 cm"),
        ("0 mm", "not above 0 cm"),
        ("< 0 cm", "not above 0 cm"),
        ("3 x 0 cm", "not above 0 cm"),
        ({"max": 0}, "not above 0 cm"),
        ("-3 cm", "a number below 0"),
        ("4-3 cm", "the range runs downward: 4 is above 3"),
        ("1 cm - 8 mm", "the range runs downward: 1 is above 0.8"),
        ("3 4 cm", "two numbers without a word of range between them"),
        ("3/4 cm", "two numbers without a word of range between them"),
        ("3-4 x 2 cm", "two numbers without a word of range between them"),
        ("3.4 cm x 2", "a unit after some of the numbers, but not after the last"),
        ("0.4x.8 cm", "a number that begins with its decimal sign (write 0.5)"),
        ("2 inches", "not understood as a whole"),
        ("3 m", "not understood as a whole"),
        ("large", "no number"),
        (True, "neither a text nor a number"),
    ],
)
def test_what_is_no_size(written: Any, problem: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_size(written)
    assert caught.value.problem == problem
    assert "up to 50 cm, in cm or mm" in caught.value.allowed


@pytest.mark.parametrize("nothing", [None, "", " "])
def test_nothing_written_is_nothing_known(nothing: Any) -> None:
    assert read_size(nothing) == AsWritten(None, "")


def test_the_words_are_kept() -> None:
    assert read_size(" 34 × 21 mm ").words == "34 × 21 mm"


SIZES = st.decimals("0.1", 50, places=1)


@given(SIZES, st.sampled_from(["", "~", "> ", "≥ ", "< ", "≤ "]))
def test_reading_what_we_print_gives_the_same_size(size: Decimal, sign: str) -> None:
    number = read_size(f"{sign}{size} cm").value if (sign, size) != ("> ", 50) else None
    if number is not None:
        assert read_size(number.text("cm")).value == number


@given(SIZES)
def test_millimeters_and_centimeters_are_one_size(size: Decimal) -> None:
    assert read_size(f"{size} cm").value == read_size(f"{size * 10} mm").value


@given(st.lists(SIZES, min_size=1, max_size=4))
def test_the_largest_counts_in_whatever_order(sizes: list[Decimal]) -> None:
    assert read_size(" x ".join(map(str, sizes)) + " cm").value == BoundedNumber.exactly(max(sizes))
