"""Whatever is written is read or refused in words, and the inputs that once failed are read."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.reading import (
    AsWritten,
    Unreadable,
    fold_number,
    read_code,
    read_date,
    read_field_area,
    read_ki67,
    read_mitoses,
    read_name,
    read_number,
    read_reported_grade,
    read_size,
    search_words,
)

Reader = Callable[[Any], AsWritten[Any]]

READERS: dict[str, Reader] = {
    "ki67": lambda written: read_ki67(written, bounds=(20, 55)),
    "mitoses": lambda written: read_mitoses(written, field_mm2=0.238),
    "field area": read_field_area,
    "size": read_size,
    "date": lambda written: read_date(written, today=datetime.date(2026, 4, 1)),
    "grade": read_reported_grade,
    "code": lambda written: read_code(written, ("well", "poor")),
    "number": read_number,
    "name": read_name,
}

# Texts that look like what a reader expects, more than letters by chance would.
PIECES = (
    *("20", "25", "3.4", "1,5", "2026", "03", "05", "74", "3", "٣", "²", "½", "%", "cm", "mm", "mm²", "HPF"),
    *("per", "to", "/", "-", "–", "\u00ad", ">", "≥", "<=", "~", "ca.", "approx", "x", "and", "between"),
    *(
        "at least",
        "or more",
        "March",
        "Mar",
        "G",
        "grade",
        "NET",
        " ",
        " ",
        " ",
        ",",
        ".",
        "\u200b",
        "\ud800",
    ),
)
TEXTS = st.one_of(st.text(max_size=30), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["min", "max", "above", "below", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@given(written=JSON)
def test_whatever_is_written_is_read_or_refused_in_words(reader: Reader, written: Any) -> None:
    reading, refusal = None, None
    try:
        reading = reader(written)
    except Unreadable as error:
        refusal = error
    if reading is not None:
        assert reading.words or reading.value is None
    else:
        assert refusal is not None
        assert refusal.problem
        assert refusal.allowed
        assert str(refusal).isprintable()
        assert str(refusal) == f'"{refusal.written}": {refusal.problem}; allowed: {refusal.allowed}'


@pytest.mark.parametrize("name", ["ki67", "mitoses", "size", "date", "grade"])
@given(text=TEXTS)
def test_capitals_and_outer_blanks_do_not_matter(name: str, text: str) -> None:
    def outcome(written: str) -> Any:
        try:
            return READERS[name](written).value
        except Unreadable:
            return Unreadable

    assert outcome(f"\u00a0{text}\t ") == outcome(text)
    if re.fullmatch("[ -~²–]*", text):
        assert outcome(text.upper()) == outcome(text)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("sign", ["1", "a", " ", "-", "x", ".", ">", "~", "1 ", "1-", "1x", "g", "hpf/"])
def test_long_texts_are_refused_at_once(name: str, sign: str) -> None:
    with pytest.raises(Unreadable):
        READERS[name]((sign * 200)[:199] + "!?" if sign != " " else "a" * 201)


# --- The inputs that failed in the second round (issue 7) ---------------------------------------------


@pytest.mark.parametrize(
    ("written", "form"),
    [
        (">90%", {"above": 90}),
        ("<1 %", {"below": 1}),
        ("20–25 %", {"min": 20, "max": 25}),
        ("30,5", 30.5),
    ],
)
def test_ki67_that_failed(written: str, form: Any) -> None:
    reading = read_ki67(written)
    assert reading.value is not None
    assert (reading.value.as_json(), reading.words) == (form, written)


def test_mitoses_that_failed() -> None:
    with_area, without = read_mitoses("25/10 HPF", field_mm2=0.238), read_mitoses("25/10 HPF")
    assert with_area.value is not None
    assert with_area.value.as_json() == 21.01
    assert (without.value, without.words) == (None, "25/10 HPF")


def test_dates_that_failed() -> None:
    assert str(read_date("03/2026").value) == "Mar 2026"
    with pytest.raises(Unreadable, match="03-May-1974 or 05-Mar-1974"):
        read_date("3/5/1974")


def test_a_grade_that_failed() -> None:
    assert read_reported_grade("NET G3") == AsWritten("g3", "NET G3")


def test_record_numbers_that_failed() -> None:
    assert {fold_number(written) for written in ("MRN-777", "mrn-777", "MRN 777")} == {"mrn777"}
    assert read_number("MRN  777").words == "MRN 777"


def test_searches_that_failed() -> None:
    assert search_words("MÜLLER") == search_words("Müller") == search_words("muller")
    assert search_words("GARCÍA") == search_words("Garcia")
    assert set(search_words("Dup, Eins")) == set(search_words("Eins Dup"))


def test_a_size_that_failed() -> None:
    with pytest.raises(Unreadable, match="up to 50 cm"):
        read_size("999 cm")
