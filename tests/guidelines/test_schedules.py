"""Schedules: the dates that Tables 2 and 3 give, and where a case stands in them."""

from datetime import date

import pytest

from guidelines.answer.schedules import add_months, interval_in_words, phases_at, plan, schedule_as_json
from guidelines.knowledge.model import Phase, Schedule
from guidelines.knowledge.releases import current

START = date(2026, 3, 5)


def schedule_of(statement: str) -> Schedule:
    found = next(one.schedule for one in current().statements if one.id == statement)
    assert found is not None
    return found


def windows(statement: str, start: date = START) -> list[tuple[str, str, str]]:
    return [
        (f"{due.earliest:%d-%b-%Y}", f"{due.latest:%d-%b-%Y}", due.every)
        for due in plan(schedule_of(statement), start)
    ]


def fixed(every: str, *days: str) -> list[tuple[str, str, str]]:
    return [(day, day, every) for day in days]


# --- Table 2, after treatment of localized disease --------------------------------------------------


def test_surveillance_of_nec_is_dated_to_the_end_of_year_five() -> None:
    quarters = [f"05-{month}-{year}" for year in (2026, 2027, 2028) for month in ("Mar", "Jun", "Sep", "Dec")]
    assert windows("surv-ct-mri-nec") == [
        *fixed("every 3 months", *quarters[1:], "05-Mar-2029"),
        *fixed("every 6 months", "05-Sep-2029", "05-Mar-2030", "05-Sep-2030", "05-Mar-2031"),
    ]


def test_surveillance_of_g3_net_keeps_the_ranges_as_ranges() -> None:
    quarters = [f"05-{month}-{year}" for year in (2026, 2027) for month in ("Mar", "Jun", "Sep", "Dec")]
    either = "every 3 months or every 6–12 months"
    later = "every 6–12 months"
    assert windows("surv-ct-mri-g3-net") == [
        *fixed("every 3 months", *quarters[1:], "05-Mar-2028"),
        ("05-Jun-2028", "05-Mar-2029", either),
        ("05-Sep-2028", "05-Mar-2030", either),
        ("05-Dec-2028", "05-Mar-2031", either),
        ("05-Mar-2029", "05-Mar-2032", either),
        ("05-Sep-2029", "05-Mar-2033", later),
        ("05-Mar-2030", "05-Mar-2034", later),
        ("05-Sep-2030", "05-Mar-2035", later),
        ("05-Mar-2031", "05-Mar-2036", later),  # ten years after the start, the least the source asks for
    ]


def test_the_surveillance_of_g3_net_has_no_end() -> None:
    assert schedule_as_json(schedule_of("surv-ct-mri-g3-net"), None) == {
        "anchor": "end of treatment",
        "text": "every 3 months for 2–3 years, then every 6–12 months for at least 10 years",
        "phases": [
            {"every_months": [3, 3], "from_month": [0, 0], "to_month": [24, 36]},
            {"every_months": [6, 12], "from_month": [24, 36], "to_month": None},
        ],
        "now": None,
    }


@pytest.mark.parametrize(
    ("months", "now"),
    [
        (0, ["every 3 months"]),
        (23.9, ["every 3 months"]),
        (24, ["every 3 months", "every 6–12 months"]),  # the source leaves open which: 2 or 3 years
        (35.9, ["every 3 months", "every 6–12 months"]),
        (36, ["every 6–12 months"]),
        (119, ["every 6–12 months"]),
        (240, ["every 6–12 months"]),
    ],
)
def test_where_a_g3_net_stands_in_surveillance(months: float, now: list[str]) -> None:
    schedule = schedule_of("surv-ct-mri-g3-net")
    assert schedule_as_json(schedule, phases_at(schedule, months))["now"] == now


@pytest.mark.parametrize(
    ("months", "now"),
    [
        (0, ["every 3 months"]),
        (35.9, ["every 3 months"]),
        (36, ["every 6 months"]),
        (59.9, ["every 6 months"]),
        (60, []),
        (100, []),
    ],
)
def test_where_a_nec_stands_in_surveillance(months: float, now: list[str]) -> None:
    assert [interval_in_words(phase) for phase in phases_at(schedule_of("surv-ct-mri-nec"), months)] == now


# --- Table 3, during treatment of metastatic disease ------------------------------------------------


def test_monitoring_of_nec_every_two_to_three_months() -> None:
    every = "every 2–3 months"
    assert windows("mon-ct-mri-nec") == [
        ("05-May-2026", "05-Jun-2026", every),
        ("05-Jul-2026", "05-Sep-2026", every),
        ("05-Sep-2026", "05-Dec-2026", every),
        ("05-Nov-2026", "05-Mar-2027", every),
        ("05-Jan-2027", "05-Jun-2027", every),
        ("05-Mar-2027", "05-Sep-2027", every),
        ("05-May-2027", "05-Dec-2027", every),
        ("05-Jul-2027", "05-Mar-2028", every),
    ]


def test_monitoring_of_g3_net_every_three_months() -> None:
    assert windows("mon-ct-mri-g3-net") == fixed(
        "every 3 months",
        *("05-Jun-2026", "05-Sep-2026", "05-Dec-2026", "05-Mar-2027"),
        *("05-Jun-2027", "05-Sep-2027", "05-Dec-2027", "05-Mar-2028"),
    )


def test_monitoring_of_indolent_g3_net_every_six_months() -> None:
    assert windows("mon-ct-mri-g3-net-indolent") == fixed(
        "every 6 months", "05-Sep-2026", "05-Mar-2027", "05-Sep-2027", "05-Mar-2028"
    )


def test_monitoring_never_ends() -> None:
    for statement in ("mon-ct-mri-g3-net", "mon-ct-mri-g3-net-indolent", "mon-ct-mri-nec"):
        assert len(phases_at(schedule_of(statement), 500)) == 1


# --- Every schedule ---------------------------------------------------------------------------------


def test_the_statements_with_a_schedule_are_those_of_tables_2_and_3() -> None:
    assert {one.id: one.source.table for one in current().statements if one.schedule} == {
        "surv-ct-mri-g3-net": "Table 2",
        "surv-ct-mri-nec": "Table 2",
        "mon-ct-mri-g3-net": "Table 3",
        "mon-ct-mri-g3-net-indolent": "Table 3",
        "mon-ct-mri-nec": "Table 3",
    }


def test_dates_come_in_order_and_each_window_opens_before_it_closes() -> None:
    for statement in current().statements:
        if statement.schedule is None:
            continue
        dues = plan(statement.schedule, START)
        assert all(due.earliest <= due.latest for due in dues)
        assert [due.earliest for due in dues] == sorted({due.earliest for due in dues})
        assert [due.latest for due in dues] == sorted({due.latest for due in dues})


def test_a_plan_from_the_last_day_of_a_month_does_not_drift() -> None:
    days = [due.earliest for due in plan(schedule_of("mon-ct-mri-g3-net"), date(2027, 11, 30))]
    assert days[:5] == [
        date(2028, 2, 29),
        date(2028, 5, 30),
        date(2028, 8, 30),
        date(2028, 11, 30),
        date(2029, 2, 28),
    ]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 31), 6, date(2026, 9, 30)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 13, date(2027, 12, 30)),
        (date(2026, 5, 15), 0, date(2026, 5, 15)),
        (date(2026, 5, 15), 120, date(2036, 5, 15)),
    ],
)
def test_months_are_added_by_the_calendar(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_an_interval_in_words() -> None:
    assert interval_in_words(Phase((3, 3), (0, 0), None)) == "every 3 months"
    assert interval_in_words(Phase((6, 12), (0, 0), None)) == "every 6–12 months"
