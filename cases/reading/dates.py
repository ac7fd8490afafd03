"""Dates, as people write them: never guessed between day and month."""

import datetime
import re

from cases.reading.characters import as_it_looks
from cases.reading.partial_dates import MONTHS, PartialDate
from cases.reading.written import AsWritten, Problem, Unreadable, words_of

ALLOWED = '"2026-03-05", "05-Mar-2026", "5 March 2026", "March 5, 2026", "03/2026", "Mar 2026" or "2026"'

NO_YEAR = "no year of four digits"

_MONTH_NUMBERS = {
    **{name.casefold(): number for number, name in enumerate(MONTHS, 1)},
    **{name[:3].casefold(): number for number, name in enumerate(MONTHS, 1)},
    "sept": 9,
}
_TOKEN = re.compile(r"[0-9]+|[a-z]+")
_TOKENS_AND_SEPARATORS = re.compile("T(?: ?[-/.,]{0,2} ?T)*")
_ORDINAL = re.compile(r"\b([0-9]{1,2})(?:st|nd|rd|th)\b")

# The orders in which numbers without a month's name may be meant, and how many digits each part has in a run.
_ORDERS = ("ym", "my", "ymd", "ydm", "dmy", "mdy")
_WIDTHS = {"y": 4, "m": 2, "d": 2}


def read_date(written: object, *, today: datetime.date | None = None) -> AsWritten[PartialDate]:
    """A day, a month or a year. With `today`, a date of what must be past: it may be today, and a partial
    date may have begun. Raises `Unreadable`, naming the readings of what can be read in several ways."""
    words = words_of(written, ALLOWED)
    text = as_it_looks(words).casefold()
    if not text:
        return AsWritten(None, "")
    try:
        date = _date(text)
    except Problem as problem:
        raise Unreadable(written, str(problem), ALLOWED) from None
    if today is not None and date.first > today:
        raise Unreadable(written, f"{date} is in the future", f"dates up to today, {PartialDate.of(today)}")
    return AsWritten(date, words)


def readings_of(written: str) -> tuple[PartialDate, ...]:
    """The dates that a text may be: the one that is clear, each that its numbers leave open, or none."""
    try:
        found = read_date(written).value
    except Unreadable:
        text = as_it_looks(written).casefold()
        tokens = _TOKEN.findall(text)
        if not tokens or not all(token.isdigit() for token in tokens):
            return ()
        return tuple(dict.fromkeys(date for order in _ORDERS for date in _of_order(tokens, order)))
    return () if found is None else (found,)


def date_in_order(written: str, order: str) -> PartialDate | None:
    """The day that numbers give, read in this order ("dmy", "mdy"); None where they give none."""
    tokens = _TOKEN.findall(as_it_looks(written))
    found = _of_order(tokens, order) if all(token.isdigit() for token in tokens) else []
    return found[0] if found else None


def cautions_of_life(
    what: str, date: PartialDate, *, born: PartialDate | None = None, died: PartialDate | None = None
) -> tuple[str, ...]:
    """A sentence where `date`, of `what` ("Pathology"), certainly lies before birth or after death."""
    cautions = []
    if born is not None and born.newer_than(date):
        cautions.append(f"{what}, {date}, is before the birth, {born}.")
    if died is not None and date.newer_than(died):
        cautions.append(f"{what}, {date}, is after the death, {died}.")
    return tuple(cautions)


def _date(text: str) -> PartialDate:
    text = _ORDINAL.sub(r"\1", text.removesuffix(".").rstrip())
    if not _TOKENS_AND_SEPARATORS.fullmatch(_TOKEN.sub("T", text)):
        raise Problem("not a date")
    tokens = _TOKEN.findall(text)
    if all(token.isdigit() for token in tokens):
        return _from_numbers(text, tokens)
    return _from_words(tokens)


def _from_words(tokens: list[str]) -> PartialDate:
    """A date with its month as a word."""
    shape = "".join(_kind(token) for token in tokens)
    months = [token for token in tokens if not token.isdigit()]
    unknown = [token for token in months if token not in _MONTH_NUMBERS]
    if unknown:
        raise Problem(f"{unknown[0][:20]} is not a month")
    if len(months) > 1:
        raise Problem("two months")
    if "y" not in shape:
        raise Problem(NO_YEAR)
    if shape not in ("dmy", "mdy", "ymd", "my", "ym"):
        raise Problem("not a date")
    parts = dict(zip(shape, tokens, strict=True))
    day = int(parts["d"]) if "d" in parts else None
    return _existing(int(parts["y"]), _MONTH_NUMBERS[parts["m"]], day)


def _kind(token: str) -> str:
    """The part of a date that one token is, where the month is a word: y, m, d, or ? for none."""
    if not token.isdigit():
        return "m"
    return {1: "d", 2: "d", 4: "y"}.get(len(token), "?")


def _from_numbers(text: str, tokens: list[str]) -> PartialDate:
    """A date of numbers only: ISO, month/year or a year; any other form is refused with its readings."""
    numbers = [int(token) for token in tokens]
    if re.fullmatch(r"\d{4}(?: ?- ?\d\d?){0,2}", text):
        return _existing(*numbers)
    if re.fullmatch(r"\d\d? ?/ ?\d{4}", text):
        return _existing(numbers[1], numbers[0])
    readings = list(dict.fromkeys(str(date) for order in _ORDERS for date in _of_order(tokens, order)))
    if readings:
        raise Problem(f"could be {' or '.join(readings)}: write the month as a word")
    if any(len(token) == _WIDTHS["y"] for token in tokens) or len("".join(tokens)) == sum(_WIDTHS.values()):
        raise Problem("no date of the calendar in any order")
    raise Problem(NO_YEAR)


def _of_order(tokens: list[str], order: str) -> list[PartialDate]:
    """The date that the tokens give in this order of parts, if there is one."""
    if len(tokens) == 1:
        tokens = _cut(tokens[0], order)
    if len(tokens) != len(order):
        return []
    parts = dict(zip(order, tokens, strict=True))
    if len(parts["y"]) != _WIDTHS["y"] or any(len(parts[part]) > _WIDTHS[part] for part in order):
        return []
    try:
        return [PartialDate(int(parts["y"]), int(parts["m"]), int(parts["d"]) if "d" in parts else None)]
    except ValueError:
        return []


def _cut(run: str, order: str) -> list[str]:
    """A run of digits cut into the parts of a date, or nothing if it has not as many digits."""
    if len(run) != sum(_WIDTHS[part] for part in order):
        return []
    starts = [sum(_WIDTHS[part] for part in order[:place]) for place in range(len(order))]
    return [run[start : start + _WIDTHS[part]] for start, part in zip(starts, order, strict=True)]


def _existing(year: int, month: int | None = None, day: int | None = None) -> PartialDate:
    try:
        return PartialDate(year, month, day)
    except ValueError as error:
        raise Problem(str(error)) from None
