"""A search, as people type it: words of a name or a question, a record number, a date in any form we read."""

from collections.abc import Iterator
from dataclasses import dataclass

from cases.reading.dates import read_date
from cases.reading.folding import search_words
from cases.reading.partial_dates import PartialDate
from cases.reading.written import Unreadable

LONGEST_DATE = 3  # words: March 5, 2026
MOST_PARTS = 10


@dataclass(frozen=True, slots=True)
class SearchPart:
    """One part of a search: as typed, its folded words, and the date that it may be."""

    text: str
    folded: tuple[str, ...]
    date: PartialDate | None


def parts_of(search: str) -> tuple[SearchPart, ...]:
    """The parts of a search, each of which is to be found; further than the tenth, nothing is asked."""
    return tuple(dict.fromkeys(_parts(search)))[:MOST_PARTS]


def several_readings(search: str) -> str:
    """What a number that may be several dates could be: "could be 03-May-1974 or 05-Mar-1974: …", or ""."""
    for word in search.split():
        try:
            read_date(word)
        except Unreadable as error:
            if error.problem.startswith("could be"):
                return f"{error.written} {error.problem}"
    return ""


def _parts(search: str) -> Iterator[SearchPart]:
    words = search.split()
    while words:
        text, date = _date_at_the_start(words)
        folded = search_words(text)
        if folded:
            yield SearchPart(text.strip(",;"), folded, date)
        words = words[len(text.split()) :]


def _date_at_the_start(words: list[str]) -> tuple[str, PartialDate | None]:
    """The longest date that the words begin with, or their first word."""
    for length in range(min(LONGEST_DATE, len(words)), 0, -1):
        text = " ".join(words[:length])
        try:
            return text, read_date(text).value
        except Unreadable:
            continue
    return words[0], None
