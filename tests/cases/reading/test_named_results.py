"""Stains and their results, as they stand in reports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.reading.named_results import named_results


@pytest.mark.parametrize(
    ("line", "listed"),
    [
        ("CDX2: positive; TTF-1: focal", [("CDX2", "positive"), ("TTF-1", "focal")]),
        ("CD56+;EMA +", [("CD56", "positive"), ("EMA", "positive")]),
        (
            "TTF-1 −; TTF-1-; p40 – ; TTF-1",
            [("TTF-1", "negative")] * 2 + [("p40", "negative"), ("TTF-1", "")],
        ),
        ("CDX2+, TTF-1-, SATB2 pos.", [("CDX2", "positive"), ("TTF-1", "negative"), ("SATB2", "positive")]),
        ("CK8/18 +++", [("CK8/18", "+++")]),
        ("PAX8 (+)", [("PAX8", "(+)")]),
        ("serotonin weakly positive", [("serotonin", "weakly positive")]),
        ("islet 1 Focal; ATRX lost", [("islet 1", "Focal"), ("ATRX", "lost")]),
        ("CD56 not done", [("CD56", "not done")]),
        ("CD56: NEG", [("CD56", "negative")]),
        ("positive", [("positive", "")]),
        ("+", [("+", "")]),
        ("CDX2+, repeated", [("CDX2+, repeated", "")]),
        ("chromogranin, old", [("chromogranin, old", "")]),
        ("CDX2+\nCD56 -", [("CDX2", "positive"), ("CD56", "negative")]),
        (" ; ", []),
    ],
)
def test_a_list(line: str, listed: list[tuple[str, str]]) -> None:
    assert list(named_results(line)) == listed


@given(st.text(st.characters(exclude_characters=",;\n"), max_size=40))
def test_what_is_read_is_read_again(text: str) -> None:
    """As the form shows it: "name: result"."""
    (first,) = list(named_results(text)) or [("", "")]
    if ":" not in first[0] and first[1]:
        assert list(named_results(": ".join(first))) == [first]
