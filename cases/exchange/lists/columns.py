"""One column of a list: what each of its words says for the field that it fills, or what has to be asked.

Empty, "k.A.", "n.d.", "n/a" and "?" are not known. A word that is no code or label of the field, and that the
mapping does not name, is asked about once; so is whether a column with 0.35 holds percentages or shares, and
which number of 03/05/2026 is the month. Nothing of that is guessed, and the rows that need the answer wait.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from cases.casefile.values import read_yes_no
from cases.exchange.lists.fields import FillableField, fold
from cases.exchange.lists.mapping import NONE, UNKNOWN, DateOrder, ListMapping, is_grade
from cases.reading import Unreadable, read_date
from cases.reading.characters import measured
from cases.reading.dates import date_in_order, readings_of
from cases.reading.written import plain

NOT_KNOWN = frozenset(
    {"", "?", "k.a.", "k.a", "n.d.", "n.d", "n/a", "#n/a", "notknown", "unknown"}
    | {"unbekannt", "nichtbekannt", "keineangabe"}
)
IDENTIFIERS = frozenset({"record_number", "key", "lab_number"})
ORDERS: Mapping[DateOrder, str] = {"day_first": "dmy", "month_first": "mdy"}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_BETWEEN = re.compile(r"[;,\n]")
_SHORTENED = re.compile(r"\d(?:[.,]\d+)?e\+\d+", re.IGNORECASE)  # how a spreadsheet writes a long number
_TIME = re.compile(r"(.*\d)[ T]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?")
_DASHES = frozenset("-–—")
_SHOWN = 5  # words shown of a question about numbers

QuestionKind = Literal["values", "units", "dates"]


@dataclass(frozen=True, slots=True)
class CellReading:
    """What one cell says: `value` as a case file has it, None where that is not known; or the kind of
    question that it waits for; or why it is refused, with what is allowed, perhaps in spite of a question.
    """

    value: Any = None
    question: QuestionKind | None = None
    reason: str = ""
    allowed: str = ""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """What has to be answered once for a column. `words`: each with the number of its rows; of `units` and
    `dates` the first few. `allowed`: what may be answered: for `values` code → label; but of the words in
    `say_nothing` only that they say nothing of the field, a grade of the differentiation.
    """

    kind: QuestionKind
    header: str
    field: FillableField
    words: Mapping[str, int]
    allowed: Mapping[str, str]
    say_nothing: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """The question in words."""
        first = ", ".join(list(self.words)[:_SHOWN])
        if self.kind == "units":
            return f"{self.header}: do its numbers ({first}) mean percent, or shares of 1?"
        if self.kind == "dates":
            return f"{self.header}: is the day or the month first in its dates ({first})?"
        return f"{self.header}: what do these words mean: {', '.join(self.words)}?"


NOT_SAID = CellReading()


class ListColumn:
    """A column with its field. `asks`: code → label of what a question can be about, of the guideline."""

    def __init__(
        self, header: str, place: int, field: FillableField, mapping: ListMapping, asks: Mapping[str, str]
    ) -> None:
        self.header, self.place, self.field = header, place, field
        self.codes: Mapping[str, str] = asks if field.key == "asks" else field.codes
        self.words = {fold(word): code for word, code in _of(mapping.values, header, {}).items()}
        self.unit = _of(mapping.units, header, None)
        self.order = _of(mapping.dates, header, None)
        self._known = {fold(word): code for code, label in self.codes.items() for word in (label, code)}
        self._read: dict[str, CellReading] = {}
        self._asks_units = False

    def look(self, texts: Iterable[str]) -> None:
        """See the whole column before any cell is read: one 0.35 makes a question of all its numbers, and so
        does a 1 where none is greater.
        """
        if self.field.kind == "share" and self.unit is None:
            self._asks_units = have_shares([text for text in texts if not is_not_known(text)])

    def read(self, text: str) -> CellReading:
        """What a cell says."""
        if text not in self._read:
            self._read[text] = self._reading(text)
        return self._read[text]

    def questions(self, texts: Sequence[str]) -> Iterator[OpenQuestion]:
        """What has to be answered for these cells."""
        counts = Counter(text for text in texts if text)
        waiting = {text: count for text, count in counts.items() if self.read(text).question}
        for kind, allowed in (("units", _UNITS), ("dates", _ORDERS)):
            asked = {text: count for text, count in waiting.items() if self.read(text).question == kind}
            if asked:
                asked = dict(sorted(asked.items(), key=lambda said: not is_bare_share(said[0])))
                yield OpenQuestion(kind, self.header, self.field, asked, allowed)  # type: ignore[arg-type]
        unmapped: Counter[str] = Counter()
        for text, count in waiting.items():
            if self.read(text).question == "values":
                unmapped.update(dict.fromkeys(self._unmapped(text), count))
        if unmapped:
            is_of_grades = self.field.key == "differentiation"
            grades = frozenset(word for word in unmapped if is_of_grades and is_grade(word))
            yield OpenQuestion("values", self.header, self.field, dict(unmapped), self.allowed, grades)

    @property
    def allowed(self) -> Mapping[str, str]:
        """What a word can stand for: code → label."""
        if self.field.kind == "yes_no":
            return {"yes": "Yes", "no": "No"}
        if self.field.kind == "codes":
            return {**self.codes, NONE: "None"}
        return self.codes

    def _reading(self, text: str) -> CellReading:
        said = self.words.get(fold(text), text)
        if is_not_known(said):
            return NOT_SAID
        match self.field.kind:
            case "code":
                return self._coded(said)
            case "codes":
                return self._listed(text, said)
            case "yes_no":
                return _yes_or_no(said)
            case "date":
                return self._dated(said)
            case "share":
                return self._percentage(said)
        if self.field.key in IDENTIFIERS and _SHORTENED.fullmatch(said):
            return CellReading(
                reason="a spreadsheet has shortened this number, and its last digits are lost",
                allowed="the whole number, in a column whose format is text",
            )
        return CellReading(said)

    def _coded(self, said: str) -> CellReading:
        code = self._known.get(fold(said))
        if self.field.key == "differentiation" and is_grade(said):
            return CellReading(
                question="values",
                reason="a grade never says how a tumor is differentiated",
                allowed=f"{', '.join(self.codes)}, or say that it is not known",
            )
        return CellReading(code) if code else CellReading(question="values")

    def _listed(self, text: str, said: str) -> CellReading:
        """Several codes; only a word of the mapping says that there are none."""
        if fold(text) in self.words and fold(said) == NONE:
            return CellReading([])
        codes = [self._entry(entry) for entry in self._entries(said)]
        if None in codes:
            return CellReading(question="values")
        return CellReading([code for code in codes if code]) if any(codes) else NOT_SAID

    def _entries(self, said: str) -> list[str]:
        if fold(said) in self._known:  # a label with a comma in it
            return [said]
        return [entry.strip() for entry in _BETWEEN.split(said) if entry.strip()]

    def _entry(self, entry: str) -> str | None:
        """The code of one entry of a list, "" where it is not known; None where nobody said."""
        word = self.words.get(fold(entry), entry)
        return UNKNOWN if is_not_known(word) else self._known.get(fold(word))

    def _unmapped(self, text: str) -> list[str]:
        if self.field.kind != "codes":
            return [text]
        entries = self._entries(self.words.get(fold(text), text))
        return [entry for entry in entries if self._entry(entry) is None]

    def _dated(self, said: str) -> CellReading:
        if said in _DASHES:
            return NOT_SAID
        if timed := _TIME.fullmatch(said):
            said = timed[1]
        try:
            read_date(said)
        except Unreadable:
            possible = readings_of(said)
        else:
            return CellReading(said)
        if not possible:
            return CellReading(said)  # the reader of the case file says what is wrong with it
        if self.order is not None:
            day = date_in_order(said, ORDERS[self.order])
            if day is None:
                first = self.order.replace("_", " ")
                return CellReading(reason=f"no date with its {first}", allowed=f"{first}, or YYYY-MM-DD")
            return CellReading(day.iso())
        return CellReading(possible[0].iso()) if len(possible) == 1 else CellReading(question="dates")

    def _percentage(self, said: str) -> CellReading:
        text = measured(said)
        if "%" in text or "percent" in text or not _NUMBER.search(text):
            return CellReading(said)
        if self._asks_units:
            return CellReading(question="units")
        if self.unit != "share":
            return CellReading(said)
        numbers = [_decimal(number) for number in _NUMBER.findall(text)]
        if any(number > 1 for number in numbers):
            return CellReading(
                reason="in a column of shares", allowed="a share from 0 to 1, or a number with %"
            )
        return CellReading(f"{_NUMBER.sub(lambda found: plain(_decimal(found[0]) * 100), text)} %")


_UNITS = {"percent": "Percent: 0.35 is 0.35 %", "share": "Shares: 0.35 is 35 %"}
_ORDERS = {"day_first": "Day first: 03/05 is 3 May", "month_first": "Month first: 03/05 is March 5"}


def is_not_known(text: str) -> bool:
    """Whether a cell says nothing: empty, or a sign for that."""
    return "".join(fold(text).split()) in NOT_KNOWN


def have_shares(texts: Sequence[str]) -> bool:
    """Whether numbers may be shares of 1: one is below 1, or none is above it and one is 1."""
    if any(map(is_bare_share, texts)):
        return True
    looks = [measured(text) for text in texts]
    if any("%" in one or "percent" in one for one in looks):
        return False
    numbers = [_decimal(number) for one in looks for number in _NUMBER.findall(one)]
    return any(number == 1 for number in numbers) and all(number <= 1 for number in numbers)


def is_bare_share(text: str) -> bool:
    """Whether it may be a share of 1: numbers below 1, not all 0, without a percent sign."""
    looks = measured(text)
    numbers = [_decimal(number) for number in _NUMBER.findall(looks)]
    if not numbers or "%" in looks or "percent" in looks:
        return False
    return all(number < 1 for number in numbers) and any(numbers)


def _yes_or_no(said: str) -> CellReading:
    try:
        return CellReading(read_yes_no(said).value)
    except Unreadable:
        return CellReading(question="values")


def _decimal(number: str) -> Decimal:
    return Decimal(number.replace(",", "."))


def _of(by_header: Mapping[str, Any], header: str, otherwise: Any) -> Any:
    """What a mapping says of a column, by its header in whatever spelling."""
    return {fold(name): said for name, said in by_header.items()}.get(fold(header), otherwise)
