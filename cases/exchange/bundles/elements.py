"""Looking into elements of FHIR of any shape: what is not as it must be is as if it were absent."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

LONGEST = 400  # characters that are looked at of a text
_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


@dataclass(frozen=True, slots=True)
class SaidCode:
    """A code as it stands there; "" for what is not said."""

    system: str
    code: str
    display: str


@dataclass(frozen=True, slots=True)
class SaidValue:
    """A value of an observation. `key`: the element it stands in; `words`: as a person would read it;
    `number`: with `unit`, where it is one; `codes`, where it is coded.
    """

    key: str
    words: str
    number: Decimal | None = None
    unit: str = ""
    codes: tuple[SaidCode, ...] = ()


def text(value: object) -> str:
    """A text in one line."""
    return " ".join(value[:LONGEST].split()).replace("\0", "") if isinstance(value, str) else ""


def mapping(value: object) -> Mapping[str, Any]:
    """An object."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list; one that stands alone where a list belongs is taken as one."""
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, dict)]


def codes_in(concept: object) -> tuple[SaidCode, ...]:
    """The codings of one concept, or of a list of such."""
    return tuple(
        SaidCode(text(coding.get("system")), text(coding.get("code")), text(coding.get("display")))
        for one in objects(concept)
        for coding in objects(one.get("coding"))
    )


def words_in(concept: object) -> str:
    """What a concept says in words: its text, and what its codes are called."""
    found = [text(one.get("text")) for one in objects(concept)]
    found += [code.display for code in codes_in(concept)]
    return "; ".join(dict.fromkeys(filter(None, found)))[:LONGEST]


def day(value: object) -> str:
    """The day, month or year at the head of a date or time; "" where there is none."""
    found = _DAY.match(value) if isinstance(value, str) else None
    return found.group() if found else ""


def number(value: object) -> Decimal | None:
    """A finite number of no more digits than a finding has."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return Decimal(str(value)) if abs(value) < 10**12 else None


def plain(value: Decimal) -> str:
    """A number without an exponent or needless zeros."""
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def values_of(holder: Mapping[str, Any]) -> Iterator[SaidValue]:
    """What an observation or a component says, and how it was interpreted."""
    for key in ("valueQuantity", "valueInteger", "valueDecimal", "valueRange", "valueString"):
        if key in holder and (found := _plain_value(key, holder[key])) is not None:
            yield found
    for key in ("valueCodeableConcept", "interpretation"):
        for one in objects(holder.get(key)):
            yield SaidValue(key, words_in(one) or _listed(codes_in(one)), codes=codes_in(one))
    if isinstance(holder.get("valueBoolean"), bool):
        yield SaidValue("valueBoolean", "yes" if holder["valueBoolean"] else "no")


def _plain_value(key: str, value: object) -> SaidValue | None:
    if key == "valueString":
        return SaidValue(key, text(value)) if text(value) else None
    if key == "valueRange":
        low, high = (mapping(mapping(value).get(end)) for end in ("low", "high"))
        ends = [number(low.get("value")), number(high.get("value"))]
        unit = _unit(low) or _unit(high)
        if None in ends:
            return None
        return SaidValue(
            key, f"{plain(ends[0] or Decimal())}-{plain(ends[1] or Decimal())} {unit}".strip(), unit=unit
        )
    held = mapping(value) if key == "valueQuantity" else {"value": value}
    amount = number(held.get("value"))
    if amount is None:
        return None
    sign, unit = text(held.get("comparator")), _unit(held)
    return SaidValue(key, f"{sign}{plain(amount)} {unit}".strip(), amount, unit)


def _unit(quantity: Mapping[str, Any]) -> str:
    return text(quantity.get("code")) or text(quantity.get("unit"))


def _listed(codes: tuple[SaidCode, ...]) -> str:
    return ", ".join(one.code for one in codes if one.code)


def references_in(value: object) -> list[str]:
    """What the references in an element, or a list of such, point to."""
    return [found for one in objects(value) if (found := text(one.get("reference")))]
