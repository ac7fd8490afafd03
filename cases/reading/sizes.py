"""Sizes, as reports write them."""

from collections.abc import Iterable
from decimal import Decimal

from cases.reading.bounds import BoundedNumber
from cases.reading.measures import Bound, Measure
from cases.reading.phrases import Phrase
from cases.reading.written import AsWritten, Problem, plain

LARGEST_BARE = Decimal(15)
"""A bare number is cm up to here; above it may well be mm, so its unit must be written."""

LARGEST_USUAL = Decimal(30)
"""Larger sizes, in cm, exist and are rare: a caution asks to check the unit."""


def _centimeters(number: Decimal, unit: str) -> Decimal:
    if not unit and number > LARGEST_BARE:
        raise Problem(f"a bare number above {plain(LARGEST_BARE)}: write its unit, cm or mm")
    if number == 0:
        raise Problem("not above 0 cm")
    return number / 10 if unit.startswith(("mm", "milli")) else number


SIZE = Measure(
    label="Size",
    unit="cm",
    phrase=Phrase(r"cm|mm|(?:centi|milli)met(?:er|re)s?", _centimeters, dimensions=True),
    minimum=Decimal(0),
    maximum=Decimal(50),
    near=Decimal("0.2"),
    allowed=(
        'a size above 0 up to 50 cm, in cm or mm ("3.4 cm", "34 mm", "3.4 x 2.1 cm"), a bare number up to 15 '
        'in cm, a range ("3-4 cm"), a bound ("> 2 cm", "at least 2 cm") or "~3 cm"'
    ),
    above_minimum=True,
)


def read_size(written: object, *, bounds: Iterable[Bound] = ()) -> AsWritten[BoundedNumber]:
    """A size in cm, above 0 up to 50; of several dimensions the largest. `bounds` are the guideline's, in cm:
    an approximate size within 0.2 of one gets a caution, as does a size above 30 cm. Raises `Unreadable`."""
    reading = SIZE.read(written, bounds)
    if reading.value is None or max(reading.value.bounds) <= LARGEST_USUAL:
        return reading
    unusual = f"Size {reading.words} is above {plain(LARGEST_USUAL)} cm: check the number and its unit."
    return AsWritten(reading.value, reading.words, (*reading.cautions, unusual))
