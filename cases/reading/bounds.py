"""One value class for a number as reports give it: a value, a range, or a bound."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cases.reading.written import NOT_KEPT, can_be_kept, plain

JSON_KEYS = ("min", "max", "above", "below")


@dataclass(frozen=True, slots=True)
class BoundedNumber:
    """A number of which at least one bound is known; its unit is the reader's.

    `low` and `high` are the bounds, None where there is none; a bound is inclusive (at least, at most)
    unless `low_open` or `high_open` says that it is not (above, below). Equal bounds are a value.
    `approximate` says that it was written so; it never changes the bounds.
    Raises `ValueError` without any bound, for a bound that is not finite, and for an empty range.
    """

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False
    approximate: bool = False

    def __post_init__(self) -> None:
        bounds = [bound for bound in (self.low, self.high) if bound is not None]
        if not bounds:
            raise ValueError("an empty range: no bound is given")
        if not all(bound.is_finite() for bound in bounds):
            raise ValueError("a bound is not a finite number")
        if (self.low_open and self.low is None) or (self.high_open and self.high is None):
            raise ValueError("a bound that is not given cannot be open")
        if self.low is not None and self.high is not None:
            if self.low > self.high:
                raise ValueError(f"the range runs downward: {plain(self.low)} is above {plain(self.high)}")
            if self.low == self.high and (self.low_open or self.high_open):
                raise ValueError(f"an empty range: nothing lies between {plain(self.low)} and itself")

    @classmethod
    def exactly(cls, number: Decimal | int, *, approximate: bool = False) -> "BoundedNumber":
        """A single value."""
        return cls(Decimal(number), Decimal(number), approximate=approximate)

    @classmethod
    def from_json(cls, raw: Any) -> "BoundedNumber":
        """The inverse of `as_json`: a number, or an object with `min` or `above`, `max` or `below`, or one of
        each side; null counts as not given. Raises `ValueError`."""
        if not isinstance(raw, Mapping):
            return cls.exactly(_decimal(raw))
        if unknown := [str(key) for key in raw if key not in JSON_KEYS]:
            raise ValueError(f"no such bound: {', '.join(unknown)} (there are {', '.join(JSON_KEYS)})")
        given = {key: _decimal(number) for key, number in raw.items() if number is not None}
        for inclusive, exclusive in (("min", "above"), ("max", "below")):
            if inclusive in given and exclusive in given:
                raise ValueError(f"{inclusive} and {exclusive} bound the same side")
        return cls(
            given.get("min", given.get("above")),
            given.get("max", given.get("below")),
            low_open="above" in given,
            high_open="below" in given,
        )

    def as_json(self) -> int | float | dict[str, int | float]:
        """The vocabulary's form: a number, {"min", "max"}, {"above"}, {"below"}, {"min"}, {"max"}, or two of
        these. That it is approximate is not part of it."""
        if self.value is not None:
            return _json_number(self.value)
        form = {}
        if self.low is not None:
            form["above" if self.low_open else "min"] = _json_number(self.low)
        if self.high is not None:
            form["below" if self.high_open else "max"] = _json_number(self.high)
        return form

    @property
    def value(self) -> Decimal | None:
        """The value, if it is one rather than a range or a bound."""
        return self.low if self.low == self.high else None

    @property
    def bounds(self) -> tuple[Decimal, ...]:
        """The numbers it was given by: one for a value or a single bound, two for a range."""
        given = [bound for bound in (self.low, self.high) if bound is not None]
        return tuple(dict.fromkeys(given))

    def text(self, unit: str = "") -> str:
        """In words that the readers read back to the same value: 45, ~45, 20–25, > 80, ≥ 80, < 1, ≤ 5."""
        about = "~" if self.approximate else ""
        low = None if self.low is None else f"{'>' if self.low_open else '≥'} {plain(self.low)}"
        high = None if self.high is None else f"{'<' if self.high_open else '≤'} {plain(self.high)}"
        if self.value is not None:
            words = plain(self.value)
        elif self.low is None or self.high is None:
            words = low or high or ""
        elif self.low_open or self.high_open:
            words = f"{low} and {high}"
        else:
            words = f"{plain(self.low)}–{plain(self.high)}"
        return f"{about}{words} {unit}".strip()

    def __str__(self) -> str:
        return self.text()

    def scaled(self, by: Decimal, per: Decimal) -> "BoundedNumber":
        """The same number times `by`, divided by `per` (both positive): so many per `per`, made so many per
        `by`. To two decimals, or to more where two would make a number whole that is not, or two bounds one:
        no rounding may carry a count onto a bound of the guideline."""
        exact = tuple(bound * by / per for bound in self.bounds)
        candidates = (tuple(round(bound, places) for bound in exact) for places in range(2, 8))
        rounded = next((numbers for numbers in candidates if _keeps_sides(exact, numbers)), exact)
        of = dict(zip(self.bounds, rounded, strict=True))
        return BoundedNumber(
            None if self.low is None else of[self.low],
            None if self.high is None else of[self.high],
            self.low_open,
            self.high_open,
            self.approximate,
        )


def _keeps_sides(exact: tuple[Decimal, ...], rounded: tuple[Decimal, ...]) -> bool:
    """Whether rounding made no number whole that is not, and no two numbers one."""
    whole = [[number == number.to_integral_value() for number in numbers] for numbers in (exact, rounded)]
    return whole[0] == whole[1] and len(set(rounded)) == len(set(exact))


def _decimal(raw: object) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        raise ValueError("a bound that is no number")
    if not can_be_kept(raw):
        raise ValueError(NOT_KEPT)
    return raw if isinstance(raw, Decimal) else Decimal(repr(raw))


def _json_number(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)
