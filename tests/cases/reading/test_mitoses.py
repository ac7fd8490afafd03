"""Mitoses as pathology reports write them, per area or per high-power fields of a known area."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.reading import AsWritten, BoundedNumber, Unreadable, read_field_area, read_mitoses
from tests.cases.reading.numbers import measured_numbers

BOUNDS = (20, 55)


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("25", 25),
        (25, 25),
        ("25 mitoses", 25),
        (13.445378151260504, 13.445378151260504),
        ("25/2 mm²", 25),
        ("25/2mm2", 25),
        ("25 / 2 mm^2", 25),
        ("25 per 2 mm2", 25),
        ("25 mitotic figures per 2 sq mm", 25),
        ("25 in 2 square millimeters", 25),
        ("25/2 ㎟", 25),
        ("12/10 mm²", 2.4),
        ("25/mm²", 50),
        ("25 per mm²", 50),
        ("30/3 mm²", 20),
        ("30/1,5 mm²", 40),
        (">20", {"above": 20}),
        (">20/2 mm²", {"above": 20}),
        ("≥ 12/10 mm²", {"min": 2.4}),
        ("20-30", {"min": 20, "max": 30}),
        ("20 to 30 per 10 mm²", {"min": 4, "max": 6}),
        ("<1/mm²", {"below": 2}),
        ({"above": 20}, {"above": 20}),
    ],
)
def test_mitoses(written: Any, form: Any) -> None:
    reading = read_mitoses(written, field_mm2=0.2, bounds=BOUNDS)
    assert reading.value is not None
    assert (reading.value.as_json(), reading.cautions) == (form, ())


@pytest.mark.parametrize(
    ("written", "form", "words"),
    [
        ("16/10 HPF", 13.45, "13.45"),
        ("25/10 HPF", 21.01, "21.01"),
        ("16/10hpf", 13.45, "13.45"),
        ("16 per 10 H.P.F.", 13.45, "13.45"),
        ("16 mitoses / 10 HPFs", 13.45, "13.45"),
        ("16 mitotic figures in 10 high-power fields", 13.45, "13.45"),
        ("16 per 10 high power fields", 13.45, "13.45"),
        (">16/10 HPF", {"above": 13.45}, "> 13.45"),
        ("<1/10 HPF", {"below": 0.84}, "< 0.84"),
        ("20-30/10 HPF", {"min": 16.81, "max": 25.21}, "16.81–25.21"),
    ],
)
def test_high_power_fields_are_converted_with_a_caution(written: str, form: Any, words: str) -> None:
    reading = read_mitoses(written, field_mm2=0.238, board_field_mm2=0.3)
    assert reading.value is not None
    assert reading.value.as_json() == form
    assert reading.cautions == (
        f"Mitotic count {written}: with a field (HPF) of 0.238 mm² that is {words} per 2 mm².",
    )


def test_the_field_area_of_the_board_counts_where_the_report_gives_none() -> None:
    reading = read_mitoses("12/50 HPF", board_field_mm2=Decimal("0.2"))
    assert reading.value == BoundedNumber.exactly(Decimal("2.4"))
    assert reading.cautions == (
        "Mitotic count 12/50 HPF: with the board's field (HPF) of 0.2 mm², the report giving none, "
        "that is 2.4 per 2 mm².",
    )


@pytest.mark.parametrize("written", ["16/10 HPF", "0/10 HPF", ">20 per 50 HPF"])
def test_without_a_field_area_the_count_is_unknown_and_the_words_are_kept(written: str) -> None:
    assert read_mitoses(written) == AsWritten(
        None,
        written,
        (
            f"Mitotic count {written}: the area of a field (HPF) is not known, "
            "so the count per 2 mm² is unknown.",
        ),
    )


def test_an_approximate_count_near_a_bound_is_a_caution_in_the_unit_of_the_bound() -> None:
    assert read_mitoses("~90/10 mm²", bounds=BOUNDS).cautions == (
        "Mitotic count ~90/10 mm² is approximate and within 2 of 20, a bound of the guideline: "
        "the exact value decides.",
    )
    assert read_mitoses("~20/10 mm²", bounds=BOUNDS).cautions == ()
    assert len(read_mitoses("ca. 25/10 HPF", field_mm2=0.238, bounds=BOUNDS).cautions) == 2


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("16 HPF", "HPF without their number"),
        ("16/HPF", "HPF without their number"),
        ("16 per HPF", "HPF without their number"),
        ("16 per high-power field", "HPF without their number"),
        ("HPF", "HPF without their number"),
        ("16HPF", "HPF without their number"),
        ("25/10", "a count per a number of what? Neither mm² nor HPF is written"),
        ("25 per 10", "a count per a number of what? Neither mm² nor HPF is written"),
        ("25/0 mm²", "a count per 0"),
        ("25/0 HPF", "a count per 0"),
        ("high", "no number"),
        ("many/10 HPF", "no number"),
        ("25-20/10 HPF", "the range runs downward: 25 is above 20"),
        ("20 25/2 mm²", "two numbers without a word of range between them"),
        ("25 mm²", "not understood as a whole"),
        ("25/2 mm", "two numbers without a word of range between them"),
        ("10000", "over 9999 per 2 mm²"),
        ("5000/mm²", "over 9999 per 2 mm²"),
        ("<0", "an empty range: nothing is below 0 per 2 mm²"),
        ("-3", "a number below 0"),
        (True, "neither a text nor a number"),
        ({"min": 5, "max": 4}, "the range runs downward: 5 is above 4"),
    ],
)
def test_what_is_no_count(written: Any, problem: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_mitoses(written, field_mm2=0.238)
    assert caught.value.problem == problem
    assert '"16/10 HPF"' in caught.value.allowed


def test_a_count_that_cannot_be_read_is_refused_without_a_field_area_too() -> None:
    with pytest.raises(Unreadable):
        read_mitoses("many/10 HPF")


@pytest.mark.parametrize("area", [0, -0.2])
def test_a_field_area_is_positive(area: float) -> None:
    with pytest.raises(ValueError, match="a field area is positive"):
        read_mitoses("16/10 HPF", field_mm2=area)


@pytest.mark.parametrize(
    ("written", "area"),
    [(0.238, "0.238"), ("0,238", "0.238"), ("0.2 mm²", "0.2"), ("1", "1"), ("0.196 sq mm", "0.196")],
)
def test_field_areas(written: Any, area: str) -> None:
    assert read_field_area(written).value == Decimal(area)


@pytest.mark.parametrize(
    "written", ["0", 0, "1.1", "2.38", -0.2, "~0.2", "0.2-0.3", "> 0.2", "wide", True, "0.55 mm"]
)
def test_what_is_no_field_area(written: Any) -> None:
    with pytest.raises(Unreadable) as caught:
        read_field_area(written)
    assert "above 0 up to 1" in caught.value.allowed


@pytest.mark.parametrize("nothing", [None, "", " "])
def test_nothing_written_is_nothing_known(nothing: Any) -> None:
    assert read_mitoses(nothing) == AsWritten(None, "")
    assert read_field_area(nothing) == AsWritten(None, "")


# --- Properties -------------------------------------------------------------------------------------


@given(measured_numbers(), st.sampled_from(["", "per 2 mm²", "/2 mm²"]))
def test_reading_what_we_print_gives_the_same_count(number: BoundedNumber, unit: str) -> None:
    assert read_mitoses(number.text(unit)).value == number


@given(st.integers(0, 200), st.integers(1, 100), st.decimals("0.1", "0.4", places=3))
def test_fields_and_their_area_in_all_are_one_count(count: int, fields: int, area: Decimal) -> None:
    by_fields = read_mitoses(f"{count}/{fields} HPF", field_mm2=area).value
    assert by_fields == read_mitoses(f"{count}/{fields * area} mm²").value
