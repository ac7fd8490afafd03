"""Of every case file: order is of no account, evidence never sinks, what is printed can be read."""

import datetime
import json
import random
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.course.answering import BadCaseFiles, answers
from cases.course.grade import maximum
from cases.reading import BoundedNumber
from guidelines.vocabulary.facts import Range, Value
from guidelines.vocabulary.parsing import parse_facts
from tests.cases.course.drawn import case_files

TODAY = datetime.date(2026, 4, 1)


def answer(file: Any) -> dict[str, Any] | None:
    """The answer to a case file; None where it is refused."""
    try:
        (line,) = answers(json.dumps(file), TODAY)
    except BadCaseFiles:
        return None
    found: dict[str, Any] = json.loads(line)
    return found


@given(case_files(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_shuffling_the_entries_changes_nothing(file: dict[str, Any], chance: random.Random) -> None:
    shuffled = {
        name: chance.sample(entries, len(entries)) if isinstance(entries, list) else entries
        for name, entries in file.items()
    }
    assert answer(shuffled) == answer(file)


def without_sources(assessment: dict[str, Any]) -> dict[str, Any]:
    """Reasons name the report they come from; a bare list of facts has none."""
    for one in assessment["recommendations"]:
        one["because"] = [(reason["fact"], reason["value"]) for reason in one["because"]]
        one["excluded_by"] = ""
    return assessment


counts = st.sampled_from([None, 2, 12, "15-25", "20-25", ">20", 21, 35, ">80", 90])


@given(
    st.lists(st.fixed_dictionaries({"ki67": counts, "mitoses": counts}), min_size=1, max_size=3),
    st.fixed_dictionaries({"ki67": counts, "mitoses": counts}),
)
def test_learning_a_later_report_never_lowers(reports: list[dict[str, Any]], later: dict[str, Any]) -> None:
    """A tumor that was high grade stays so, whatever a later specimen of the same differentiation has."""
    before = [
        {**report, "lab_number": f"A{number}", "sampled_on": f"2025-0{number + 1}", "differentiation": "well"}
        for number, report in enumerate(reports)
    ]
    after = {**later, "lab_number": "B", "sampled_on": "2026-01", "differentiation": "well"}
    known, learned = answer({"pathology": before}), answer({"pathology": [*before, after]})
    assert known is not None
    assert learned is not None
    if known["answer"]["classification"]["entity"] == "g3_net":
        assert learned["answer"]["classification"]["entity"] == "g3_net"
    for name in ("ki67", "mitotic_count"):
        if name in known["facts"] and name in learned["facts"]:
            assert lowest(learned["facts"][name]) >= lowest(known["facts"][name])


def lowest(raw: Any) -> float:
    value: Value | None = parse_facts({"ki67": raw})["ki67"]
    return value.low if isinstance(value, Range) else float(value)  # type: ignore[arg-type]


numbers = st.integers(0, 12).map(lambda number: Decimal(number) * 5)


@st.composite
def bounded(draw: st.DrawFn) -> tuple[BoundedNumber, Decimal]:
    """A count, and a value that it leaves open."""
    low, high = sorted((draw(numbers), draw(numbers)))
    low_open, high_open = (draw(st.booleans()), draw(st.booleans())) if low < high else (False, False)
    kind = draw(st.sampled_from(["value", "range", "low", "high"]))
    if kind == "value" or low == high:
        return BoundedNumber.exactly(low), low
    if kind == "low":
        return BoundedNumber(low, None, low_open), high
    if kind == "high":
        return BoundedNumber(None, high, high_open=high_open), low
    return BoundedNumber(low, high, low_open, high_open), low + (high - low) / 2


@given(st.lists(bounded(), min_size=1, max_size=4))
def test_the_maximum_of_counts_holds_that_of_any_values_they_leave_open(
    drawn: list[tuple[BoundedNumber, Decimal]],
) -> None:
    largest = maximum([number for number, _ in drawn])
    value = max(value for _, value in drawn)
    assert largest.low is None or largest.low < value or (largest.low == value and not largest.low_open)
    assert largest.high is None or value < largest.high or (value == largest.high and not largest.high_open)
