"""Order in time between partial dates, and lengths of time."""

import datetime

import pytest

from cases.course.spans import (
    certainly_by,
    completed_months,
    interval,
    latest,
    newest,
    oldest,
    plus_months,
    within_days,
    within_months,
)
from cases.reading import PartialDate

TODAY = datetime.date(2026, 4, 1)


def on(text: str | None) -> PartialDate | None:
    return None if text is None else PartialDate.from_iso(text)


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        (["2026-03", "2026-02"], ["2026-03"]),
        (["2026", "2026-02"], ["2026", "2026-02"]),
        (["2026-03-20", "2026-03", "2026-02"], ["2026-03-20", "2026-03"]),
        ([None, "2019"], ["2019"]),
        ([None, None], [None, None]),
        ([], []),
    ],
)
def test_newest(dates: list[str | None], found: list[str | None]) -> None:
    assert newest(dates, on) == found
    assert newest(list(reversed(dates)), on) == list(reversed(found))


def test_oldest_and_latest() -> None:
    assert oldest(["2026-03", "2026-02", None, "2026-02-10"], on) == ["2026-02", "2026-02-10"]
    assert latest([on("2026"), on("2026-12-31"), None]) == on("2026-12-31")
    assert latest([None]) is None


@pytest.mark.parametrize(
    ("first", "second", "certain"),
    [
        ("2026-02-10", "2026-02-10", True),
        ("2026-02", "2026-03-01", True),
        ("2026-02", "2026-02-28", True),
        ("2026-02", "2026-02", False),
        ("2026-02-11", "2026-02-10", False),
    ],
)
def test_certainly_by(first: str, second: str, certain: bool) -> None:
    assert certainly_by(PartialDate.from_iso(first), PartialDate.from_iso(second)) is certain


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2024-05-20", "2026-03-10", "21 months"),
        ("2026-02-28", "2026-03-28", "1 month"),
        ("2025-01-31", "2025-02-28", "0 months"),
        ("2025", "2026-01-15", "0 to 12 months"),
        ("2025-03", "2026-03-31", "12 months"),
        ("2025-03", "2026-03-30", "11 to 12 months"),
        ("2026-03", "2026-01", "0 months"),
    ],
)
def test_intervals(since: str, until: str, words: str) -> None:
    assert interval(PartialDate.from_iso(since), PartialDate.from_iso(until)) == words


def test_months_of_different_length() -> None:
    assert plus_months(datetime.date(2025, 8, 31), 6) == datetime.date(2026, 2, 28)
    assert plus_months(datetime.date(2025, 12, 1), 1) == datetime.date(2026, 1, 1)
    assert completed_months(PartialDate(2025, 8, 31), PartialDate(2026, 2, 28)) == (5, 5)


@pytest.mark.parametrize(
    ("when", "months", "within"),
    [("2025-04-01", 12, True), ("2025-03-31", 12, False), ("2025-04", 12, True), ("2025", 12, False)],
)
def test_within_months(when: str, months: int, within: bool) -> None:
    assert within_months(PartialDate.from_iso(when), months, TODAY) is within


@pytest.mark.parametrize(
    ("when", "within"), [("2026-01-01", True), ("2025-12-31", False), ("2026-01", True), ("2026", True)]
)
def test_within_days(when: str, within: bool) -> None:
    assert within_days(PartialDate.from_iso(when), 90, TODAY) is within
