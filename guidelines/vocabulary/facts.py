"""The vocabulary of facts: what a case can state, in which unit, within which limits.

Forms, JSON input, completeness lists, print and exports all read the definitions here. A fact that is
absent or `None` is not known, which is never the same as "no".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from guidelines.vocabulary.yamlfile import ContentError, read_yaml

RELEASES = Path(__file__).parents[1] / "releases"
VOCABULARY_FOLDER = RELEASES / "nanets-hgnen-2023" / "1.0"

LARGEST = 999_999_999_999_999
"""Whole numbers up to here, in either direction, are exact in every program that reads the answers."""

FactType = Literal["enum", "bool", "number", "integer", "range", "list"]


@dataclass(frozen=True, slots=True)
class Range:
    """A value reported as a range, both ends included; `low < high`."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"{plain(self.low)}–{plain(self.high)}"


Value = str | bool | int | float | Range | tuple[str, ...]


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
        kind = {"integer": "a whole number", "range": "a number, or {min, max}"}.get(self.type, "a number")
        return f"allowed: {kind}{self._limits()}" + (f", {self.unit}" if self.unit else "")

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
        if not isinstance(raw, str) or all(raw != choice.value for choice in self.choices):
            raise self._wrong(raw)
        return raw

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
        bounds = {"min": raw.low, "max": raw.high} if isinstance(raw, Range) else raw
        if set(bounds) != {"min", "max"}:
            raise self._wrong(raw)
        low, high = self._number(bounds["min"]), self._number(bounds["max"])
        if low > high:
            raise FactError(self.name, f"min {plain(low)} is above max {plain(high)}; {self.allowed}")
        return low if low == high else Range(low, high)

    def as_json(self, value: Value | None) -> Any:
        """The value as JSON writes it, the inverse of `parse`."""
        if isinstance(value, Range):
            return {"min": value.low, "max": value.high}
        return list(value) if isinstance(value, tuple) else value


def _choices(entry: dict[str, Any]) -> tuple[Choice, ...]:
    if entry.get("choices_from") == "systemic_regimens":
        return tuple(Choice(code, label) for code, label in regimens().items())
    return tuple(Choice(value, label) for value, label in entry.get("choices", {}).items())


@cache
def interventions() -> Mapping[str, Mapping[str, dict[str, Any]]]:
    """Intervention group → code → its entry (label, regimen, platinum)."""
    return MappingProxyType(read_yaml(VOCABULARY_FOLDER / "interventions.yaml"))


def regimens() -> dict[str, str]:
    """Code → label of the interventions a case may have had as systemic therapy."""
    return {
        code: entry["label"]
        for group in interventions().values()
        for code, entry in group.items()
        if entry.get("regimen")
    }


def load_facts(path: Path) -> Mapping[str, Fact]:
    """Read the fact definitions; raises `ContentError` for a repeated name or an unknown key."""
    facts: dict[str, Fact] = {}
    for entry in read_yaml(path):
        name = entry.get("name", "?")
        if name in facts:
            raise ContentError(path, name, "this fact stands twice")
        plain_keys = {key: value for key, value in entry.items() if key not in ("choices", "choices_from")}
        try:
            facts[name] = Fact(**plain_keys, choices=_choices(entry))
        except TypeError as error:
            raise ContentError(path, name, str(error)) from error
    return MappingProxyType(facts)


FACTS: Mapping[str, Fact] = load_facts(VOCABULARY_FOLDER / "facts.yaml")


def parse_facts(raw: Any, facts: Mapping[str, Fact] = FACTS) -> dict[str, Value]:
    """Turn the JSON object of facts into values; what is `null` is left out. Raises `FactsInvalid` with
    every error.

    Names, types, ranges and the three contradictions of the contract are checked: metastatic sites in
    localized disease, a FIGO stage outside the cervix, FIGO IVB in localized disease.
    """
    if not isinstance(raw, Mapping):
        raise FactsInvalid([FactError("facts", 'an object is expected: {"facts": {"name": value, …}}')])
    values: dict[str, Value] = {}
    errors: list[FactError] = []
    for name, item in raw.items():
        if name not in facts:
            errors.append(FactError(harmless(name), "no such fact; allowed: " + ", ".join(facts)))
            continue
        try:
            value = facts[name].parse(item)
        except FactError as error:
            errors.append(error)
        else:
            if value is not None:
                values[name] = value
    errors += contradictions(values)
    if errors:
        raise FactsInvalid(errors)
    return values


def contradictions(values: Mapping[str, Value]) -> list[FactError]:
    """The pairs of facts that cannot both hold; each names the fact to correct and the one it contradicts."""
    errors = []
    site, extent, figo = values.get("primary_site"), values.get("extent"), values.get("figo_stage")
    if extent == "localized" and values.get("metastatic_sites"):
        errors.append(
            FactError(
                "metastatic_sites",
                "contradicts extent: localized; allowed: an empty list, or extent: metastatic",
            )
        )
    if figo is not None and site not in (None, "cervix"):
        errors.append(
            FactError("figo_stage", f"allowed only when primary_site is cervix, which is here {site}")
        )
    if figo == "IVB" and extent == "localized":
        errors.append(
            FactError(
                "figo_stage",
                "IVB contradicts extent: localized; allowed: extent metastatic, or another stage",
            )
        )
    return errors
