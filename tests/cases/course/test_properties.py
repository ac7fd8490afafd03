"""Of every case file: order is of no account, evidence never sinks, what is printed can be read."""

import datetime
import json
import random
from decimal import Decimal
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.course.answering import BadCaseFiles, answers
from cases.course.grade import maximum
from cases.reading import BoundedNumber
from guidelines.answer.assessment import assess
from guidelines.knowledge.releases import current
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
@settings(max_examples=25)
def test_shuffling_the_entries_changes_nothing(file: dict[str, Any], chance: random.Random) -> None:
    shuffled = {
        name: chance.sample(entries, len(entries)) if isinstance(entries, list) else entries
        for name, entries in file.items()
    }
    assert answer(shuffled) == answer(file)


@given(case_files())
@settings(max_examples=25)
def test_what_is_printed_is_what_recommend_takes_and_says(file: dict[str, Any]) -> None:
    said = answer(file)
    if said is None:
        return
    facts = parse_facts(said["facts"])
    assert said["provenance"].keys() == said["facts"].keys()
    assert set(said["done_on"]) <= set(said["done"])
    asks = (file.get("case") or {}).get("asks") or ()
    again = orjson.loads(orjson.dumps(assess(current(), facts, done=said["done"], asks=asks)))
    assert without_sources(said["answer"]) == without_sources(again)


def without_sources(assessment: dict[str, Any]) -> dict[str, Any]:
    """Reasons name the report they come from; a bare list of facts has none."""
    for one in assessment["recommendations"]:
        one["because"] = [(reason["fact"], reason["value"]) for reason in one["because"]]
        one["excluded_by"] = ""
    for one in assessment["asked"]:
        one["excluded"] = [excluded["id"] for excluded in one["excluded"]]
    return assessment


low = [None, 2, 12, "15-20", "<20", "~20"]
counts = st.sampled_from([*low, "15-25", "20-25", ">20", 21, 35, ">80", 90])
reports = st.lists(st.fixed_dictionaries({"ki67": counts, "mitoses": counts}), min_size=1, max_size=3)
COUNTS = ("ki67", "mitotic_count", "reported_grade")


def sampled(report: dict[str, Any], number: int, day: str) -> dict[str, Any]:
    return {**report, "lab_number": f"A{number}", "sampled_on": day, "differentiation": "well"}


@given(reports, st.fixed_dictionaries({"ki67": counts, "mitoses": counts}))
def test_a_tumor_that_was_high_grade_stays_so(known: list[dict[str, Any]], later: dict[str, Any]) -> None:
    before = [sampled(report, number, f"2025-0{number + 1}") for number, report in enumerate(known)]
    first = answer({"pathology": before})
    second = answer({"pathology": [*before, sampled(later, 9, "2026-01")]})
    assert first is not None
    assert second is not None
    if first["answer"]["classification"]["entity"] == "g3_net":
        assert second["answer"]["classification"]["entity"] == "g3_net"


@given(
    reports,
    st.fixed_dictionaries(
        {
            "ki67": st.sampled_from(low),
            "mitoses": st.sampled_from(low),
            "reported_grade": st.sampled_from([None, "g1", "g2"]),
        }
    ),
    st.sampled_from(["2024-01", "2025-01", "2026-01", None]),
)
def test_a_lower_report_changes_no_count_of_a_high_grade_tumor(
    known: list[dict[str, Any]], lower: dict[str, Any], day: str
) -> None:
    before = [sampled(report, number, f"2025-0{number + 1}") for number, report in enumerate(known)]
    first = answer({"pathology": before})
    second = answer({"pathology": [*before, sampled(lower, 9, day)]})
    assert first is not None
    assert second is not None
    if first["answer"]["classification"]["entity"] == "g3_net":
        assert [second["facts"].get(name) for name in COUNTS] == [first["facts"].get(name) for name in COUNTS]


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
