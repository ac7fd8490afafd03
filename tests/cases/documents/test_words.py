"""What is done to text before it stands in a document."""

import datetime

import pytest

from cases.documents.words import clean, day_of, in_line, joined, moment


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("  a \t b  ", "a b"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\n\n \n\n\nb", "a\n\nb"),
        ("nul\x00 bell\x07 delete\x7f", "nul bell delete"),
        ("right-to-left override \u202egnp.exe", "right-to-left override gnp.exe"),
        ("isolate \u2066x\u2069", "isolate x"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("שלום عربى 漢字 😀 é", "שלום عربى 漢字 [Grinning face] é"),
        ("<b>&amp;</b> {{ 7*7 }}", "<b>&amp;</b> {{ 7*7 }}"),
        ("", ""),
    ],
)
def test_clean(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_a_long_text_says_what_is_left_out() -> None:
    shown = clean("word " * 200_000, limit=100)
    assert shown.startswith("word word")
    assert shown.endswith("word … [shortened; the record has the whole text of 1,000,000 characters]")
    assert len(shown) < 200


def test_a_long_word_is_cut_where_it_must() -> None:
    assert clean("x" * 50, limit=20).startswith("x" * 20 + " … [shortened")


def test_a_text_of_the_limit_stands_whole() -> None:
    assert clean("x" * 20, limit=20) == "x" * 20


def test_many_blanks_do_not_hide_the_rest() -> None:
    assert "shortened" in clean(" " * 5000 + "the end", limit=100)


def test_lines_dates_and_joints() -> None:
    assert in_line("one\n\ntwo\nthree") == "one two three"
    assert (day_of(datetime.date(2026, 3, 5)), day_of(None)) == ("05-Mar-2026", "")
    assert moment(datetime.datetime(2026, 3, 5, 16, 30, tzinfo=datetime.UTC)) == "05-Mar-2026 16:30"
    assert joined("a", "", "b") == "a, b"
