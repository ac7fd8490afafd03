"""The vocabulary of facts: what a case can state, in which unit, within which limits.

Forms, JSON input, completeness lists, print and exports all read the definitions here. A fact that is
absent or `None` is not known, which is never the same as "no".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from guidelines.vocabulary.yamlfile import ContentError, read_yaml

HERE = Path(__file__).parent

LARGEST = 999_999_999_999_999
"""Whole numbers up to here, in either direction, are exact in every program that reads the answers."""

FactType = Literal["enum", "bool", "number", "integer", "range", "list"]


INFINITE = float("inf")


@dataclass(frozen=True, slots=True)
class Range:
    """A value known only within bounds: "20–25", "> 20", "≥ 80", "< 1"; `low < high`.

    Both ends belong to it unless `low_open` or `high_open`; an end that nobody gave is infinite.
    """

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def __str__(self) -> str:
        if self.high == INFINITE:
            return f"{'>' if self.low_open else '≥'} {plain(self.low)}"
        if self.low == -INFINITE:
            return f"{'<' if self.high_open else '≤'} {plain(self.high)}"
        if not (self.low_open or self.high_open):
            return f"{plain(self.low)}–{plain(self.high)}"
        above, below = "above" if self.low_open else "from", "below" if self.high_open else "to"
        return f"{above} {plain(self.low)} {below} {plain(self.high)}"

    def __contains__(self, value: float) -> bool:
        above = self.low < value or (self.low == value and not self.low_open)
        return above and (value < self.high or (value == self.high and not self.high_open))

    def as_json(self) -> dict[str, float]:
        """The bounds that were given: `min`, `max` (inclusive), `above`, `below`."""
        bounds = {}
        if self.low != -INFINITE:
            bounds["above" if self.low_open else "min"] = self.low
        if self.high != INFINITE:
            bounds["below" if self.high_open else "max"] = self.high
        return bounds


class Absent:
    """What a fact is where it cannot arise: a resection margin where nothing was resected."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()
Value = str | bool | int | float | Range | Absent | tuple[str, ...]


class FactError(ValueError):
    """One fact is wrong: `fact` is its name, the message says what is allowed."""

    def __init__(self, fact: str, message: str) -> None:
        self.fact = fact
        self.message = message
        super().__init__(f"{fact}: {message}")


class FactsInvalid(ValueError):
    """A set of facts is wrong; `errors` lists every reason."""

    def __init__(self, errors: list[FactError]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed value of an enum or list fact."""

    value: str
    label: str


def plain(number: float) -> str:
    """Write a number as a person would: every digit that was given, no trailing zeros, no exponent."""
    return str(int(number)) if float(number).is_integer() else format(Decimal(repr(number)), "f")


def harmless(name: object) -> str:
    """A name from outside, fit for a line of an error message: short, and control characters escaped."""
    return repr(str(name)[:60])[1:-1]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the vocabulary.

    `minimum` and `maximum` are inclusive unless `exclusive_minimum`; `unit` is the unit both typed and
    shown; `owner` says who supplies it: pathology, imaging, molecular, clinical, surgery or oncology.
    `leaves_open` is a value that is recorded but answers nothing: imaging that was not done leaves its
    finding unknown.
    """

    name: str
    label: str
    type: FactType
    owner: str
    help: str = ""
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    leaves_open: str | None = None

    @property
    def allowed(self) -> str:
        """The allowed values in words, for error messages."""
        match self.type:
            case "enum":
                return "allowed: " + ", ".join(choice.value for choice in self.choices)
            case "bool":
                return "allowed: true, false"
            case "list":
                return "allowed: a list of " + ", ".join(choice.value for choice in self.choices)
        kind = "a whole number" if self.type == "integer" else "a number"
        text = f"allowed: {kind}{self._limits()}" + (f", {self.unit}" if self.unit else "")
        return f"{text}, or bounds as {{min, max, above, below}}" if self.type == "range" else text

    def _limits(self) -> str:
        if self.minimum is None:
            return ""
        if self.maximum is not None:
            return f" from {plain(self.minimum)} to {plain(self.maximum)}"
        return (
            f" above {plain(self.minimum)}"
            if self.exclusive_minimum
            else f" of at least {plain(self.minimum)}"
        )

    def label_of(self, code: str) -> str:
        """The label of one of the choices."""
        return next(choice.label for choice in self.choices if choice.value == code)

    def show(self, value: Value | None) -> str:
        """The value in words, with its unit."""
        if value is None:
            return "Not known"
        if isinstance(value, Absent):
            return "cannot arise here"
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, str):
            return self.label_of(value)
        if isinstance(value, tuple):
            return ", ".join(self.label_of(code) for code in value) if value else "None"
        number = str(value) if isinstance(value, Range) else plain(value)
        return f"{number} {self.unit}".strip()

    def parse(self, raw: Any) -> Value | None:
        """Turn a JSON value into a fact value; `None` stays `None`. Raises `FactError` with the allowed
        values.
        """
        if raw is None:
            return None
        match self.type:
            case "enum":
                return self._choice(raw)
            case "bool":
                if not isinstance(raw, bool):
                    raise self._wrong(raw)
                return raw
            case "list":
                if not isinstance(raw, list | tuple):
                    raise self._wrong(raw)
                chosen = {self._choice(item) for item in raw}
                return tuple(choice.value for choice in self.choices if choice.value in chosen)
            case "range" if isinstance(raw, Mapping | Range):
                return self._range(raw)
        return self._number(raw)

    def _wrong(self, raw: Any) -> FactError:
        shown = repr(raw)
        return FactError(
            self.name, f"{shown[:60] + '…' if len(shown) > 60 else shown} is not valid; {self.allowed}"
        )

    def _choice(self, raw: Any) -> str:
        if isinstance(raw, str):
            for choice in self.choices:
                if choice.value == raw:
                    return raw
        raise self._wrong(raw)

    def _number(self, raw: object) -> int | float:
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            raise self._wrong(raw)
        if LARGEST < abs(raw) < float("inf"):
            raise FactError(self.name, f"a number of more than 15 digits is not valid; {self.allowed}")
        if self.type == "integer" and isinstance(raw, float):
            if not raw.is_integer():  # also catches NaN and the infinities
                raise self._wrong(raw)
            raw = int(raw)
        low, high = self.minimum, self.maximum
        too_low = low is not None and not (raw > low if self.exclusive_minimum else raw >= low)
        too_high = high is not None and not raw <= high
        if too_low or too_high or raw in (float("inf"), float("-inf")):
            raise self._wrong(raw)
        return raw

    def _range(self, raw: Mapping[str, Any] | Range) -> Value:
        bounds = raw.as_json() if isinstance(raw, Range) else raw
        given = set(bounds)
        if not given or given - {"min", "max", "above", "below"} or {"min", "above"} <= given:
            raise self._wrong(raw)
        if {"max", "below"} <= given:
            raise self._wrong(raw)
        ends = {name: self._bound(bound) for name, bound in bounds.items()}
        low = ends.get("min", ends.get("above", -INFINITE))
        high = ends.get("max", ends.get("below", INFINITE))
        if low > high:
            raise FactError(
                self.name,
                f"{'min' if 'min' in given else 'above'} {plain(low)} is above "
                f"{'max' if 'max' in given else 'below'} {plain(high)}; {self.allowed}",
            )
        found = Range(low, high, "above" in given, "below" in given)
        return self._within_limits(found, raw)

    def _bound(self, raw: object) -> float:
        """A bound is a number on the fact's scale; 0 is a bound also where 0 is no value."""
        if raw == self.minimum and not isinstance(raw, bool):
            return float(self.minimum or 0) if isinstance(raw, float) else self.minimum  # type: ignore[return-value]
        return self._number(raw)

    def _within_limits(self, found: Range, raw: object) -> Value:
        """The range, or the one value it leaves; a bound that leaves none is refused."""
        low = found.low if self.minimum is None else max(found.low, self.minimum)
        high = found.high if self.maximum is None else min(found.high, self.maximum)
        open_below = found.low_open if low == found.low else False
        if self.exclusive_minimum and low == self.minimum:
            open_below = True
        open_above = found.high_open if high == found.high else False
        if low > high or (low == high and (open_below or open_above)):
            raise FactError(self.name, f"{dict(found.as_json())} leaves no value; {self.allowed}")
        return low if low == high else found

    def as_json(self, value: Value | None) -> Any:
        """The value as JSON writes it, the inverse of `parse`."""
        if isinstance(value, Absent):
            return None
        if isinstance(value, Range):
            return value.as_json()
        return list(value) if isinstance(value, tuple) else value


def load_facts(path: Path) -> Mapping[str, Fact]:
    """Read the fact definitions; raises `ContentError` for a repeated name or an unknown key."""
    facts: dict[str, Fact] = {}
    for entry in read_yaml(path):
        name = entry.get("name", "?")
        if name in facts:
            raise ContentError(path, name, "this fact stands twice")
        keys = {key: value for key, value in entry.items() if key != "choices"}
        choices = tuple(Choice(value, label) for value, label in entry.get("choices", {}).items())
        try:
            facts[name] = Fact(**keys, choices=choices)
        except TypeError as error:
            raise ContentError(path, name, str(error)) from error
    return MappingProxyType(facts)


FACTS: Mapping[str, Fact] = load_facts(HERE / "facts.yaml")

OTHER_SYSTEMIC = "other_systemic"
"""A systemic regimen that the vocabulary has no code for."""


def regimens() -> dict[str, str]:
    """Code → label of the systemic regimens that have a code of their own."""
    named = FACTS["prior_regimens"].choices
    return {choice.value: choice.label for choice in named if choice.value != OTHER_SYSTEMIC}
