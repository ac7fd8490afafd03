"""Ki-67 and mitoses as pathology reports write them."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.reading import AsWritten, BoundedNumber, Unreadable, read_field_area, read_ki67, read_mitoses

BOUNDS = (20, 55)
NOT_KEPT = "a number too large or too long to be kept exactly"


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("45", 45),
        ("45 %", 45),
        ("45,5%", 45.5),
        ("45.5 %", 45.5),
        ("30,5", 30.5),
        ("45 percent", 45),
        ("45 per cent", 45),
        ("45 Percent.", 45),
        ("45.", 45),
        ("0", 0),
        ("100 %", 100),
        (45, 45),
        (45.5, 45.5),
        (Decimal("45.50"), 45.5),
        ("20-25 %", {"min": 20, "max": 25}),
        ("20–25", {"min": 20, "max": 25}),
        ("20–25 %", {"min": 20, "max": 25}),
        ("20 to 25", {"min": 20, "max": 25}),
        ("20 % TO 25 %", {"min": 20, "max": 25}),
        ("20% - 25%", {"min": 20, "max": 25}),
        ("between 20 and 25 %", {"min": 20, "max": 25}),
        ("from 20 to 25", {"min": 20, "max": 25}),
        ("20~25", {"min": 20, "max": 25}),
        ("40-40", 40),
        (">90 %", {"above": 90}),
        (">90%", {"above": 90}),
        ("≥ 80", {"min": 80}),
        (">/=80 %", {"min": 80}),
        ("<1", {"below": 1}),
        ("<1 %", {"below": 1}),
        ("<= 5", {"max": 5}),
        ("≤5%", {"max": 5}),
        ("more than 20", {"above": 20}),
        ("over 20 %", {"above": 20}),
        ("less than 1", {"below": 1}),
        ("at least 20", {"min": 20}),
        ("not less than 20", {"min": 20}),
        ("20 or more", {"min": 20}),
        ("20 % or higher", {"min": 20}),
        ("at most 5", {"max": 5}),
        ("up to 5 %", {"max": 5}),
        ("5 or less", {"max": 5}),
        ("> 20 and < 30", {"above": 20, "below": 30}),
        ("<= 30 and >= 20", {"min": 20, "max": 30}),
        ({"min": 20, "max": 25}, {"min": 20, "max": 25}),
        ({"above": 90}, {"above": 90}),
    ],
)
def test_ki67(written: Any, form: Any) -> None:
    reading = read_ki67(written, bounds=BOUNDS)
    assert reading.value is not None
    assert (reading.value.as_json(), reading.value.approximate, reading.cautions) == (form, False, ())


@pytest.mark.parametrize(
    "written",
    ["20\u00a0%", "２０ ％", "٢٠ ٪", "२०%", "  20\u2009% ", "20\u200b %", "20\ufe6a"],
)
def test_signs_of_any_kind_mean_what_they_look_like(written: str) -> None:
    assert read_ki67(written).value == BoundedNumber.exactly(20)


@pytest.mark.parametrize("dash", "-‐‑‒–—―−﹘－\u00ad〜")
def test_dashes_of_any_kind_are_a_word_of_range(dash: str) -> None:
    for written in (f"20{dash}25", f"20 {dash} 25 %"):
        assert read_ki67(written).value == BoundedNumber(Decimal(20), Decimal(25))


@pytest.mark.parametrize(
    "written",
    ["~45 %", "~ 45", "∼45", "≈45", "ca. 45", "ca 45", "ca.45", "CA. 45 %", "circa 45", "approx 45",
     "approx. 45 %", "approximately 45", "about 45", "around 45 percent"],
)  # fmt: skip
def test_approximate_values(written: str) -> None:
    reading = read_ki67(written, bounds=BOUNDS)
    assert reading == AsWritten(BoundedNumber.exactly(45, approximate=True), written)


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("~20", [20]),
        ("~18", [20]),
        ("~22 %", [20]),
        ("~17.9", []),
        ("~22.1", []),
        ("ca. 53-57", [55]),
        ("~22-53", [20, 55]),
        ("~30-40", []),
        ("approx. > 21", [20]),
        ("19", []),
        ("> 19", []),
    ],
)
def test_approximate_within_2_of_a_bound_of_the_guideline_is_a_caution(written: str, near: list[int]) -> None:
    assert read_ki67(written, bounds=BOUNDS).cautions == tuple(
        f"Ki-67 {written} is approximate and within 2 of {bound}, a bound of the guideline: "
        "the exact value decides."
        for bound in near
    )


def test_without_bounds_nothing_is_near() -> None:
    assert read_ki67("~20").cautions == ()


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("high", "no number"),
        ("+++", "no number"),
        ("%", "no number"),
        (".", "no number"),
        ("-", "no number"),
        ("101", "over 100 %"),
        ("120 %", "over 100 %"),
        (">120", "over 100 %"),
        ("90-120", "over 100 %"),
        (101, "over 100 %"),
        ({"min": 20, "max": 120}, "over 100 %"),
        ("25-20", "the range runs downward: 25 is above 20"),
        ({"min": 25, "max": 20}, "the range runs downward: 25 is above 20"),
        (">100", "an empty range: nothing is above 100 %"),
        ("<0", "an empty range: nothing is below 0 %"),
        ("> 20 and < 20", "an empty range: nothing lies between 20 and itself"),
        ({}, "an empty range: no bound is given"),
        ({"above": 100}, "an empty range: nothing is above 100 %"),
        ("> 20 and > 30", "both bounds are on one side"),
        ("20-", "a range without its end"),
        ("20 % –", "a range without its end"),
        ("-5", "a number below 0"),
        (-5, "a number below 0"),
        ({"min": -5}, "below 0 %"),
        ("20 25", "two numbers without a word of range between them"),
        ("20/25", "two numbers without a word of range between them"),
        ("20, 25", "two numbers without a word of range between them"),
        ("20 and 25", "two numbers without a word of range between them"),
        ("45 of 100 cells", "two numbers without a word of range between them"),
        ("10²", "two numbers without a word of range between them"),
        ("2½", "two numbers without a word of range between them"),
        ("20-25-30", "two numbers without a word of range between them"),
        (".5", "a number that begins with its decimal sign (write 0.5)"),
        ("45 mm", "not understood as a whole"),
        ("not 45", "not understood as a whole"),
        ("0.123456789012345678", NOT_KEPT),
        (10**400, NOT_KEPT),
        pytest.param(10**5000, NOT_KEPT, id="5001 digits"),
        (float("nan"), NOT_KEPT),
        (float("-inf"), NOT_KEPT),
        (1e-300, NOT_KEPT),
        ({"min": 1e-300}, NOT_KEPT),
        (True, "neither a text nor a number"),
        ([45], "neither a text nor a number"),
        ("4" * 201, "longer than 200 characters"),
        ({"minimum": 20}, "no such bound: minimum (there are min, max, above, below)"),
    ],
)
def test_what_is_no_ki67(written: Any, problem: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_ki67(written)
    assert caught.value.problem == problem
    assert "a number from 0 to 100" in caught.value.allowed


def test_the_message_has_what_was_written_what_is_wrong_and_what_is_allowed() -> None:
    with pytest.raises(Unreadable) as caught:
        read_ki67("+++")
    assert str(caught.value) == (
        '"+++": no number; allowed: a number from 0 to 100, in percent ("45", "45.5 %"), '
        'a range ("20-25", "20 to 25"), a bound ("> 20", ">= 80", "< 1", "at least 20") or "~45"'
    )


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("one\ntwo\x00\u202e", "one two\\x00\\u202e"),
        ({"low": "é"}, '{"low": "é"}'),
        (False, "false"),
        ("a" * 100, "a" * 60 + "…"),
    ],
)
def test_what_was_written_fits_on_one_line_of_a_message(written: Any, shown: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_ki67(written)
    assert caught.value.written == shown


@pytest.mark.parametrize("nothing", [None, "", "  ", "\u00a0", "\u200b"])
def test_nothing_written_is_nothing_known(nothing: Any) -> None:
    unknown: AsWritten[BoundedNumber] = AsWritten(None, "")
    assert read_ki67(nothing) == read_mitoses(nothing) == read_field_area(nothing) == unknown


@pytest.mark.parametrize(
    ("written", "words"),
    [(" 20–25 % ", "20–25 %"), (">90%", ">90%"), ("CA. 45", "CA. 45"), (30.5, "30.5"), (30.0, "30"),
     ({"above": 20}, "> 20 %")],
)  # fmt: skip
def test_the_words_are_kept(written: Any, words: str) -> None:
    assert read_ki67(written).words == words


# --- Mitoses ----------------------------------------------------------------------------------------


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
    "written", ["0", 0, "2.38", -0.2, "~0.2", "0.2-0.3", "> 0.2", "wide", True, "0.55 mm"]
)
def test_what_is_no_field_area(written: Any) -> None:
    with pytest.raises(Unreadable) as caught:
        read_field_area(written)
    assert "above 0 up to 1" in caught.value.allowed


# --- Properties -------------------------------------------------------------------------------------


@st.composite
def measured_numbers(draw: st.DrawFn, places: int = 2) -> BoundedNumber:
    """Any number that Ki-67 or a count may be, from 1 to 99."""
    decimals = st.decimals(1, 99, places=places)
    low, high = sorted([draw(decimals), draw(decimals)])
    shape = draw(st.sampled_from(["value", "above", "below", "min", "max", "range", "open range"]))
    approximate = draw(st.booleans())
    match shape:
        case "value":
            return BoundedNumber(low, low, approximate=approximate)
        case "above" | "min":
            return BoundedNumber(low, None, low_open=shape == "above", approximate=approximate)
        case "below" | "max":
            return BoundedNumber(None, high, high_open=shape == "below", approximate=approximate)
    is_open = shape == "open range" and low != high
    return BoundedNumber(low, high, is_open, is_open and draw(st.booleans()), approximate)


@given(measured_numbers(), st.sampled_from(["", "%"]))
def test_reading_what_we_print_gives_the_same_ki67(number: BoundedNumber, unit: str) -> None:
    assert read_ki67(number.text(unit)).value == number


@given(measured_numbers(), st.sampled_from(["", "per 2 mm²", "/2 mm²"]))
def test_reading_what_we_print_gives_the_same_count(number: BoundedNumber, unit: str) -> None:
    assert read_mitoses(number.text(unit)).value == number


@given(measured_numbers())
def test_reading_the_json_form_gives_the_same_bounds(number: BoundedNumber) -> None:
    read = read_ki67(number.as_json()).value
    assert read is not None
    assert read.as_json() == number.as_json()


@given(st.integers(0, 200), st.integers(1, 100), st.decimals("0.1", "0.4", places=3))
def test_fields_and_their_area_in_all_are_one_count(count: int, fields: int, area: Decimal) -> None:
    by_fields = read_mitoses(f"{count}/{fields} HPF", field_mm2=area).value
    assert by_fields == read_mitoses(f"{count}/{fields * area} mm²").value
