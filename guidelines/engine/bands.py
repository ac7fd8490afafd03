"""The finite space behind the facts: each fact's values fall into a few bands that no condition tells
apart.

Ki-67 with the bounds 20 and 55 has the bands below 20, 20, between, 55 and above. A set of bands is an
integer, one bit a band, so that "which values are still possible" and "which values make this test true"
are single numbers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from guidelines.knowledge.conditions import Test, Truth
from guidelines.vocabulary.facts import ABSENT, Fact, Range, Value, plain


@dataclass(frozen=True, slots=True)
class Band:
    """One band: a value that stands for all in it, and its name in words. `value` None: the fact does not
    arise.
    """

    value: Value | None
    label: str


@dataclass(frozen=True, slots=True)
class BandedFact:
    """A fact with its bands. `conditional` facts have a last band for cases in which the fact does not
    arise.
    """

    fact: Fact
    bands: tuple[Band, ...]
    bounds: tuple[float, ...]
    classes: tuple[frozenset[str], ...]
    tests: tuple[Test, ...]

    @property
    def everything(self) -> int:
        """All bands."""
        return (1 << len(self.bands)) - 1

    @property
    def absent(self) -> int:
        """The band of cases that have no value; 0 where there is none."""
        return 1 << (len(self.bands) - 1) if self.bands and self.bands[-1].value is None else 0

    def mask(self, test: Test) -> int:
        """The bands in which the test is true."""
        return sum(
            1 << bit
            for bit, band in enumerate(self.bands)
            if band.value is not None and test.holds(band.value) is Truth.TRUE
        )

    def possible(self, value: Value | None) -> int:
        """The bands that a stated value, range or nothing stated leaves open."""
        if value is None or value is ABSENT or value == self.fact.leaves_open:
            return self.everything
        if isinstance(value, Range):
            return sum(1 << bit for bit, band in enumerate(self.bands) if self._meets(band, value))
        if isinstance(value, tuple):
            return 1 << sum(1 << bit for bit, members in enumerate(self.classes) if members & set(value))
        if self.bounds and isinstance(value, int | float) and not isinstance(value, bool):
            return 1 << self._numeric_band(value)
        return (
            next(1 << bit for bit, band in enumerate(self.bands) if band.value == value)
            if self._listed
            else 1
        )

    def extended(self, stated: Value, wanted: int) -> tuple[int, Value]:
        """A stated list with the fewest entries more that bring it into the wanted bands: band and value."""
        now = self.possible(stated).bit_length() - 1
        bits = [bit for bit in range(len(self.bands)) if wanted >> bit & 1 and bit & now == now]
        nearest = min(bits, key=int.bit_count)
        value = self.bands[nearest].value
        listed = [code for part in (stated, value) if isinstance(part, tuple) for code in part]
        return 1 << nearest, self.fact.parse(listed) or ()

    def spanned(self, stated: Range, asked: Iterable[Test]) -> tuple[float, ...]:
        """The bounds of these tests that a stated range leaves unanswered."""
        mine = [test for test in asked if test.fact.name == self.fact.name]
        unanswered = [test for test in mine if test.holds(stated) is Truth.UNKNOWN]
        return tuple(sorted({float(bound) for test in unanswered for bound in _bounds_of(test)}))

    @property
    def _listed(self) -> bool:
        return self.fact.type in ("enum", "bool")

    def _numeric_band(self, value: float) -> int:
        for bit, band in enumerate(self.bands):
            low, high = _ends(self.bounds, band)
            if low < value < high or value == band.value in self.bounds:
                return bit
        raise AssertionError(f"{self.fact.name}: {value} lies in no band")

    def _meets(self, band: Band, stated: Range) -> bool:
        if not self.bounds:
            return True
        low, high = _ends(self.bounds, band)
        if low == high:
            return low in stated
        return max(low, stated.low) < min(high, stated.high)


def _bounds_of(test: Test) -> tuple[float, ...]:
    """The numbers a numeric test compares with."""
    return test.operand if isinstance(test.operand, tuple) else (test.operand,)


def _ends(bounds: tuple[float, ...], band: Band) -> tuple[float, float]:
    """The open ends of a numeric band; equal ends for a band that is a bound itself."""
    value = float(band.value)  # type: ignore[arg-type]  # numeric facts have numeric bands
    if value in bounds:
        return value, value
    below = [bound for bound in bounds if bound < value]
    above = [bound for bound in bounds if bound > value]
    return (max(below) if below else float("-inf")), (min(above) if above else float("inf"))


def banded(fact: Fact, tests: Iterable[Test], *, conditional: bool = False) -> BandedFact:
    """Work out a fact's bands from every test that the guideline puts to it."""
    tests = list(tests)
    bounds: tuple[float, ...] = ()
    classes: tuple[frozenset[str], ...] = ()
    if fact.type == "bool":
        bands = [Band(True, "Yes"), Band(False, "No")]
    elif fact.type == "enum":
        bands = [
            Band(choice.value, choice.label) for choice in fact.choices if choice.value != fact.leaves_open
        ]
    elif fact.type == "list":
        classes = _classes(fact, tests)
        bands = [_subset(fact, classes, subset) for subset in range(1 << len(classes))]
    else:
        bounds = tuple(sorted({float(bound) for test in tests for bound in _bounds_of(test)}))
        bands = _numeric_bands(fact, bounds)
    if conditional:
        bands.append(Band(None, "does not arise"))
    return BandedFact(fact, tuple(bands), bounds, classes, tuple(tests))


def _classes(fact: Fact, tests: list[Test]) -> tuple[frozenset[str], ...]:
    """Members of a list fact that no test tells apart, as classes."""
    signatures: dict[tuple[bool, ...], set[str]] = {}
    sets = [set(test.operand) for test in tests if test.operator != "empty"]
    for choice in fact.choices:
        signatures.setdefault(tuple(choice.value in group for group in sets), set()).add(choice.value)
    return tuple(frozenset(members) for members in signatures.values())


def _subset(fact: Fact, classes: tuple[frozenset[str], ...], subset: int) -> Band:
    members = {code for bit, group in enumerate(classes) if subset >> bit & 1 for code in group}
    value = tuple(choice.value for choice in fact.choices if choice.value in members)
    return Band(value, fact.show(value))


def _numeric_bands(fact: Fact, bounds: tuple[float, ...]) -> list[Band]:
    """Each bound is a band of its own, and so is each stretch between two that the fact can reach."""
    low = fact.minimum if fact.minimum is not None else float("-inf")
    high = fact.maximum if fact.maximum is not None else float("inf")
    bands: list[Band] = []
    for lower, upper in pairwise((float("-inf"), *bounds, float("inf"))):
        if low <= lower <= high and not (fact.exclusive_minimum and lower == low):
            bands.append(Band(_tidy(fact, lower), plain(lower)))
        inside = (
            _whole_inside(lower, upper, low, high)
            if fact.type == "integer"
            else _inside(lower, upper, low, high)
        )
        if inside is not None:
            bands.append(Band(_tidy(fact, inside), _between(lower, upper, bounds)))
    return bands


def _whole_inside(lower: float, upper: float, low: float, high: float) -> float | None:
    """The smallest whole number strictly between the bounds and within the limits, or None."""
    candidate = max(lower + 1, low)
    return candidate if candidate < upper and candidate <= high else None


def _inside(lower: float, upper: float, low: float, high: float) -> float | None:
    """A number strictly between the bounds and within the limits, or None."""
    start, end = max(lower, low), min(upper, high)
    if start >= end:
        return None
    return start + 1 if end == float("inf") else (start + end) / 2


def _tidy(fact: Fact, value: float) -> int | float:
    return int(value) if fact.type == "integer" or float(value).is_integer() else value


def _between(lower: float, upper: float, bounds: tuple[float, ...]) -> str:
    if lower not in bounds and upper not in bounds:
        return "any value"
    if lower not in bounds:
        return f"below {plain(upper)}"
    return f"above {plain(lower)}" if upper not in bounds else f"between {plain(lower)} and {plain(upper)}"


def by_fact(tests: Iterable[Test]) -> Mapping[str, list[Test]]:
    """The tests of a guideline, gathered by the name of the fact they read."""
    gathered: dict[str, list[Test]] = {}
    for test in tests:
        gathered.setdefault(test.fact.name, []).append(test)
    return gathered
