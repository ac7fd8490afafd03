"""What people type into the search box."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.reading import parts_of, several_readings


@pytest.mark.parametrize(
    ("search", "parts"),
    [
        ("Dup, Eins", [("Dup", "dup", ""), ("Eins", "eins", "")]),
        ("MÜLLER", [("MÜLLER", "muller", "")]),
        ("O’Neill", [("O’Neill", "oneill", "")]),
        ("MRN-777", [("MRN-777", "mrn 777", "")]),
        ("ada 14-Aug-1961", [("ada", "ada", ""), ("14-Aug-1961", "14 aug 1961", "14-Aug-1961")]),
        ("March 5, 1974 ada", [("March 5, 1974", "march 5 1974", "05-Mar-1974"), ("ada", "ada", "")]),
        ("1961-08-14", [("1961-08-14", "1961 08 14", "14-Aug-1961")]),
        ("08/1961", [("08/1961", "08 1961", "Aug 1961")]),
        ("1961", [("1961", "1961", "1961")]),
        ("3/5/1974", [("3/5/1974", "3 5 1974", "")]),
        ("ada ada", [("ada", "ada", "")]),
        ("? – ,", []),
        ("", []),
    ],
)
def test_parts(search: str, parts: list[tuple[str, str, str]]) -> None:
    found = [(part.text, " ".join(part.folded), str(part.date or "")) for part in parts_of(search)]
    assert found == parts


def test_a_number_that_may_be_two_dates_is_told() -> None:
    assert several_readings("ada 3/5/1974") == (
        "3/5/1974 could be 03-May-1974 or 05-Mar-1974: write the month as a word"
    )
    assert several_readings("ada 14-Aug-1961 4711 MRN-777") == ""


@given(st.text(max_size=100))
def test_any_text_is_a_search(text: str) -> None:
    assert len(parts_of(text)) <= 10
    assert isinstance(several_readings(text), str)
