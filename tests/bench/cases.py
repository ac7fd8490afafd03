"""The cases that are measured: every vignette, and any number of invented ones made from them."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from guidelines.vocabulary.facts import FactsInvalid, Value
from guidelines.vocabulary.parsing import parse_facts

VIGNETTES = Path(__file__).resolve().parent.parent / "guidelines" / "vignettes"

Raw = dict[str, Any]


def vignettes() -> list[Raw]:
    """The facts of every vignette that can be answered, as JSON has them."""
    listed = [one for path in sorted(VIGNETTES.glob("*.json")) for one in json.loads(path.read_text("utf-8"))]
    return [one["facts"] for one in listed if not one.get("error")]


def parsed(raw: list[Raw]) -> list[dict[str, Value]]:
    """The same as the engine takes them."""
    return [parse_facts(one) for one in raw]


def invented(count: int, seed: int = 2023) -> Iterator[Raw]:
    """Cases that do not repeat: what two or three vignettes state together, with numbers of their own."""
    random, known = Random(seed), vignettes()
    while count:
        case: Raw = {}
        for one in random.sample(known, random.choice((2, 3))):
            case |= one
        case = {**case, **_numbers(case, random)}
        try:
            parse_facts(case)
        except FactsInvalid:
            continue
        count -= 1
        yield case


def _numbers(case: Raw, random: Random) -> Raw:
    """As a laboratory or a scan would report them, instead of the round ones of a vignette."""
    fresh = {
        "ki67": random.randint(5, 95),
        "mitotic_count": random.randint(1, 60),
        "tumor_size_cm": random.randint(5, 120) / 10,
        "months_since_treatment": random.randint(0, 72),
    }
    return {name: value for name, value in fresh.items() if name in case}
