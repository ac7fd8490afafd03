"""Dates as people write them: never guessed between day and month."""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.reading import AsWritten, PartialDate, Unreadable, cautions_of_life, read_date

TODAY = datetime.date(2026, 4, 1)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2026-03-05", "2026-03-05"),
        ("2026–03–05", "2026-03-05"),
        ("2026-3-5", "2026-03-05"),
        ("２０２６-03-05", "2026-03-05"),
        ("05-Mar-2026", "2026-03-05"),
        ("5-MAR-2026", "2026-03-05"),
        ("05MAR2026", "2026-03-05"),
        ("5 March 2026", "2026-03-05"),
        ("5. March 2026", "2026-03-05"),
        ("5th March 2026", "2026-03-05"),
        ("March 5, 2026", "2026-03-05"),
        ("march 5th, 2026", "2026-03-05"),
        ("Mar. 5, 2026", "2026-03-05"),
        ("Mar 5 2026", "2026-03-05"),
        ("05/Mar/2026", "2026-03-05"),
        ("2026-Mar-05", "2026-03-05"),
        ("29 Feb 2024", "2024-02-29"),
        ("03/2026", "2026-03"),
        ("3/2026", "2026-03"),
        ("03 / 2026", "2026-03"),
        ("2026-03", "2026-03"),
        ("Mar 2026", "2026-03"),
        ("MARCH, 2026", "2026-03"),
        ("Mar-2026", "2026-03"),
        ("Sept. 2026", "2026-09"),
        ("2026 Mar", "2026-03"),
        ("2026", "2026"),
        (2026, "2026"),
        ("1974", "1974"),
    ],
)
def test_dates(written: Any, iso: str) -> None:
    assert read_date(written) == AsWritten(PartialDate.from_iso(iso), str(written))


@pytest.mark.parametrize(
    ("written", "readings"),
    [
        ("3/5/1974", "03-May-1974 or 05-Mar-1974"),
        ("03/05/2026", "03-May-2026 or 05-Mar-2026"),
        ("05.03.2026", "05-Mar-2026 or 03-May-2026"),
        ("5-3-2026", "05-Mar-2026 or 03-May-2026"),
        ("5 3 2026", "05-Mar-2026 or 03-May-2026"),
        ("13/5/1974", "13-May-1974"),
        ("5/13/1974", "13-May-1974"),
        ("5/5/1974", "05-May-1974"),
        ("2026/03/05", "05-Mar-2026 or 03-May-2026"),
        ("2026.03.25", "25-Mar-2026"),
        ("20260325", "25-Mar-2026"),
        (20260325, "25-Mar-2026"),
        ("25032026", "25-Mar-2026"),
        ("05032026", "05-Mar-2026 or 03-May-2026"),
        ("03-2026", "Mar 2026"),
        ("03.2026", "Mar 2026"),
        ("2026/03", "Mar 2026"),
        ("202603", "Mar 2026"),
        ("2026-1 2", "02-Jan-2026 or 01-Feb-2026"),
    ],
)
def test_other_forms_of_numbers_alone_are_refused_with_their_readings(written: Any, readings: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_date(written)
    assert caught.value.problem == f"could be {readings}: write the month as a word"


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("3/5/74", "no year of four digits"),
        ("05-Mar-26", "no year of four digits"),
        ("March 5, 26", "no year of four digits"),
        ("Mar 26", "no year of four digits"),
        ("05/26", "no year of four digits"),
        ("050326", "no year of four digits"),
        ("5 March", "no year of four digits"),
        ("March", "no year of four digits"),
        ("26", "no year of four digits"),
        ("2026-02-30", "there is no day 30: February 2026 has 28 days"),
        ("29 Feb 2026", "there is no day 29: February 2026 has 28 days"),
        ("31 June 2026", "there is no day 31: June 2026 has 30 days"),
        ("0 March 2026", "there is no day 0: March 2026 has 31 days"),
        ("2026-13-01", "there is no month 13"),
        ("13/2026", "there is no month 13"),
        ("00/2026", "there is no month 0"),
        ("31/31/2026", "no date of the calendar in any order"),
        ("003/05/2026", "no date of the calendar in any order"),
        ("99999999", "no date of the calendar in any order"),
        ("1849", "the year 1849 is not from 1850 to 2199"),
        ("2200", "the year 2200 is not from 1850 to 2199"),
        ("5 Foo 2026", "foo is not a month"),
        ("yesterday", "yesterday is not a month"),
        ("before 2026", "before is not a month"),
        ("5 Mar Apr 2026", "two months"),
        ("March 2026 5", "not a date"),
        ("5 March 20266", "no year of four digits"),
        ("~2026", "not a date"),
        ("2026?", "not a date"),
        ("<2026", "not a date"),
        ("2026-03-05T10:00", "not a date"),
        ("-2026", "not a date"),
        ("1" * 199 + "!", "not a date"),
        (True, "neither a text nor a number"),
        (["2026"], "neither a text nor a number"),
    ],
)
def test_what_is_no_date(written: Any, problem: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_date(written)
    assert caught.value.problem == problem
    assert caught.value.allowed == (
        '"2026-03-05", "05-Mar-2026", "5 March 2026", "March 5, 2026", "03/2026", "Mar 2026" or "2026"'
    )


@pytest.mark.parametrize("nothing", [None, "", " "])
def test_nothing_written_is_nothing_known(nothing: Any) -> None:
    assert read_date(nothing) == AsWritten(None, "")


@pytest.mark.parametrize("written", ["2026-04-01", "2026-04", "2026", "2025"])
def test_what_must_be_past_may_be_today_or_have_begun(written: str) -> None:
    assert read_date(written, today=TODAY).value == PartialDate.from_iso(written)


@pytest.mark.parametrize(
    ("written", "shown"), [("2026-04-02", "02-Apr-2026"), ("May 2026", "May 2026"), ("2027", "2027")]
)
def test_what_must_be_past_may_not_be_in_the_future(written: str, shown: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_date(written, today=TODAY)
    assert caught.value.message == f"{shown} is in the future; allowed: dates up to today, 01-Apr-2026"
    assert read_date(written).value is not None


# --- Partial dates ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("iso", "precision", "first", "last", "shown"),
    [
        ("2024-02-29", "day", "2024-02-29", "2024-02-29", "29-Feb-2024"),
        ("2024-02", "month", "2024-02-01", "2024-02-29", "Feb 2024"),
        ("2026-12", "month", "2026-12-01", "2026-12-31", "Dec 2026"),
        ("2026", "year", "2026-01-01", "2026-12-31", "2026"),
    ],
)
def test_a_partial_date_is_a_span(iso: str, precision: str, first: str, last: str, shown: str) -> None:
    date = PartialDate.from_iso(iso)
    assert (date.iso(), date.precision, str(date)) == (iso, precision, shown)
    assert (date.first.isoformat(), date.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("one", "other", "newer"),
    [
        ("2026-03-06", "2026-03-05", True),
        ("2026-03-05", "2026-03-05", False),
        ("2026-03", "2026-03-05", False),
        ("2026-03-31", "2026-03", False),
        ("2026-04-01", "2026-03", True),
        ("2026-04", "2026-03", True),
        ("2026", "2025-12-31", True),
        ("2026", "2026-01", False),
    ],
)
def test_newer_means_newer_whatever_the_unknown_days_are(one: str, other: str, newer: bool) -> None:
    assert PartialDate.from_iso(one).newer_than(PartialDate.from_iso(other)) is newer


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ((2026, None, 5), "a day without its month"),
        ((2026, 0), "there is no month 0"),
        ((2026, 2, 29), "February 2026 has 28 days"),
        ((26,), "the year 26 is not from 1850 to 2199"),
    ],
)
def test_what_is_no_partial_date(parts: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        PartialDate(*parts)


@pytest.mark.parametrize("text", ["2026-3", "03/2026", "", "2026-03-05-01", "٢٠٢٦", "2026-02-30"])
def test_what_is_no_iso_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not YYYY|there is no day"):
        PartialDate.from_iso(text)


@pytest.mark.parametrize(
    ("date", "cautions"),
    [
        ("1961-07-31", ("Pathology, 31-Jul-1961, is before the birth, Aug 1961.",)),
        ("1961", ()),
        ("1961-08-01", ()),
        ("2026-03-05", ()),
        ("2026-03", ()),
        ("2026-03-06", ("Pathology, 06-Mar-2026, is after the death, 05-Mar-2026.",)),
    ],
)
def test_before_birth_and_after_death_are_cautions(date: str, cautions: tuple[str, ...]) -> None:
    born, died = PartialDate(1961, 8), PartialDate(2026, 3, 5)
    assert cautions_of_life("Pathology", PartialDate.from_iso(date), born=born, died=died) == cautions
    assert cautions_of_life("Pathology", PartialDate.from_iso(date)) == ()


# --- Properties -------------------------------------------------------------------------------------

DAYS = st.dates(datetime.date(1850, 1, 1), datetime.date(2199, 12, 31))


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    day = draw(DAYS)
    known = draw(st.integers(1, 3))
    return PartialDate(*(day.year, day.month, day.day)[:known])


@given(partial_dates())
def test_reading_what_we_print_gives_the_same_date(date: PartialDate) -> None:
    assert read_date(str(date)).value == read_date(date.iso()).value == date


@given(DAYS, st.sampled_from(["%d-%b-%Y", "%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%b. %d, %Y", "%d. %B %Y"]))
def test_every_accepted_form_of_a_day_is_that_day(day: datetime.date, form: str) -> None:
    assert read_date(day.strftime(form)).value == PartialDate.of(day)


@given(DAYS, st.sampled_from(["{d}/{m}/{y}", "{m}/{d}/{y}", "{d}.{m}.{y}", "{m}-{d}-{y}", "{y}/{m}/{d}"]))
def test_no_other_form_of_numbers_alone_is_guessed(day: datetime.date, form: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_date(form.format(y=day.year, m=day.month, d=day.day))
    assert str(PartialDate.of(day)) in caught.value.problem


@given(partial_dates(), partial_dates())
def test_of_two_dates_at_most_one_is_newer(one: PartialDate, other: PartialDate) -> None:
    assert not (one.newer_than(other) and other.newer_than(one))
    assert one.first <= one.last
    assert not one.newer_than(one)
