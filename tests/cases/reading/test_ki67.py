"""Ki-67 as pathology reports write it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.reading import AsWritten, BoundedNumber, Unreadable, read_ki67
from tests.cases.reading.numbers import measured_numbers

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
        (-0.0, 0),
        ("45.123456789012345", 45.123456789012345),
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
        ("0.1234567890123456789", NOT_KEPT),
        (10**15, NOT_KEPT),
        (-(10**15), NOT_KEPT),
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
        ("a" * 60, "a" * 60),
        ("a" * 61, "a" * 60 + "…"),
    ],
)
def test_what_was_written_fits_on_one_line_of_a_message(written: Any, shown: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_ki67(written)
    assert caught.value.written == shown


@pytest.mark.parametrize("nothing", [None, "", "  ", "\u00a0", "\u200b"])
def test_nothing_written_is_nothing_known(nothing: Any) -> None:
    assert read_ki67(nothing) == AsWritten(None, "")


@pytest.mark.parametrize(
    ("written", "words"),
    [(" 20–25 % ", "20–25 %"), (">90%", ">90%"), ("CA. 45", "CA. 45"), (30.5, "30.5"), (30.0, "30"),
     ({"above": 20}, "> 20 %")],
)  # fmt: skip
def test_the_words_are_kept(written: Any, words: str) -> None:
    assert read_ki67(written).words == words


# --- Properties -------------------------------------------------------------------------------------


@given(measured_numbers(), st.sampled_from(["", "%"]))
def test_reading_what_we_print_gives_the_same_ki67(number: BoundedNumber, unit: str) -> None:
    assert read_ki67(number.text(unit)).value == number


@given(measured_numbers())
def test_reading_the_json_form_gives_the_same_bounds(number: BoundedNumber) -> None:
    read = read_ki67(number.as_json()).value
    assert read is not None
    assert read.as_json() == number.as_json()
