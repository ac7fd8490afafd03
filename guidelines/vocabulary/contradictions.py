"""Pairs of facts that cannot both hold: the one place that forms, parser, constraints and tests read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guidelines.vocabulary.facts import FACTS, HERE, FactError, Value
from guidelines.vocabulary.yamlfile import ContentError, read_yaml

NONEMPTY = "nonempty"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """`fact` (the one to correct) with one of `values` cannot stand beside `other` with one of `excluded`.

    `values` None: any stated value; a list fact counts where it has an entry. `among`: the values of `other`
    that are allowed, where every other stated one is excluded.
    """

    fact: str
    values: tuple[str, ...] | None
    other: str
    excluded: tuple[str, ...]
    message: str
    for_people: str

    def found_in(self, values: Mapping[str, Value]) -> bool:
        """Do both stand in these facts?"""
        value, other = values.get(self.fact), values.get(self.other)
        if value is None or other is None or value == ():
            return False
        return (self.values is None or value in self.values) and other in self.excluded


def _read(entry: dict[str, Any], number: int) -> Contradiction:
    path = HERE / "contradictions.yaml"
    beside, apart = entry.get("beside"), entry.get("beside_other_than")
    if (beside is None) is (apart is None) or entry["fact"] not in FACTS:
        raise ContentError(path, f"entry {number}", "one of beside and beside_other_than, of a known fact")
    named_beside: dict[str, list[str]] = beside if beside is not None else apart or {}
    ((other, named),) = named_beside.items()
    codes = [choice.value for choice in FACTS[other].choices]
    if set(named) - set(codes):
        raise ContentError(path, f"entry {number}", f"{other}: {named} is not among {', '.join(codes)}")
    excluded = named if beside else [code for code in codes if code not in named]
    values = entry.get("values")
    return Contradiction(
        entry["fact"],
        None if values in (None, NONEMPTY) else tuple(values),
        other,
        tuple(excluded),
        entry["message"],
        entry["for_people"],
    )


CONTRADICTIONS: tuple[Contradiction, ...] = tuple(
    _read(entry, number) for number, entry in enumerate(read_yaml(HERE / "contradictions.yaml"), 1)
)


def contradictions(values: Mapping[str, Value]) -> list[FactError]:
    """Every pair that cannot hold; each error names the fact to correct and the one it contradicts."""
    return [
        FactError(rule.fact, rule.message.format(other=values[rule.other]))
        for rule in CONTRADICTIONS
        if rule.found_in(values)
    ]
