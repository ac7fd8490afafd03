"""A measured number of the record: its unit, its limits, and what the reader says about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from cases.reading.bounds import BoundedNumber
from cases.reading.characters import as_it_looks, measured
from cases.reading.phrases import Phrase
from cases.reading.written import AsWritten, Problem, Unreadable, number_of, plain, words_of

Bound = int | float | Decimal
"""A bound of the guideline, in the unit of the measure."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured and how it may be written.

    `unit` is the unit of the value and stands after it in print; `minimum` and `maximum` are inclusive, the
    minimum not where `above_minimum`; an approximate value within `near` of a bound of the guideline gets a
    caution; `allowed` says what may be written.
    """

    label: str
    unit: str
    phrase: Phrase
    minimum: Decimal
    maximum: Decimal
    near: Decimal
    allowed: str
    above_minimum: bool = False

    def read(self, written: object, bounds: Iterable[Bound] = ()) -> AsWritten[BoundedNumber]:
        """Read a text, a number, or the vocabulary's JSON form, which is in `unit`. `bounds` are those of the
        guideline. Raises `Unreadable`."""
        try:
            if isinstance(written, Mapping):
                value = self.checked(self._of_json(written))
                words = value.text(self.unit)
            else:
                words = words_of(written, self.allowed)
                if not as_it_looks(words):
                    return AsWritten(None, "")
                value = self.checked(self.phrase.read(measured(words)))
        except Problem as problem:
            raise Unreadable(written, str(problem), self.allowed) from None
        return AsWritten(value, words, self.cautions(value, words, bounds))

    def checked(self, value: BoundedNumber) -> BoundedNumber:
        """The value, if it is within the limits and the limits leave something of it. Raises `Problem`."""
        low, high = f"{plain(self.minimum)} {self.unit}", f"{plain(self.maximum)} {self.unit}"
        if any(bound < self.minimum for bound in value.bounds):
            raise Problem(f"below {low}")
        if any(bound > self.maximum for bound in value.bounds):
            raise Problem(f"over {high}")
        if self.above_minimum and self.minimum in value.bounds:
            raise Problem(f"not above {low}")
        if value.low_open and value.low == self.maximum:
            raise Problem(f"an empty range: nothing is above {high}")
        if value.high_open and value.high == self.minimum:
            raise Problem(f"an empty range: nothing is below {low}")
        return value

    def cautions(self, value: BoundedNumber, words: str, bounds: Iterable[Bound]) -> tuple[str, ...]:
        """One sentence for each bound of the guideline that an approximate value may or may not reach."""
        if not value.approximate:
            return ()
        known = sorted({number_of(bound, "a number") for bound in bounds})
        return tuple(
            f"{self.label} {words} is approximate and within {plain(self.near)} of {plain(bound)}, "
            "a bound of the guideline: the exact value decides."
            for bound in known
            if any(abs(given - bound) <= self.near for given in value.bounds)
        )

    def _of_json(self, raw: Mapping[object, object]) -> BoundedNumber:
        try:
            return BoundedNumber.from_json(raw)
        except ValueError as error:
            raise Problem(str(error)) from None
