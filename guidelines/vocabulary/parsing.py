"""The JSON object of facts, read whole: every error at once, and the contradictions between facts."""

from collections.abc import Mapping
from typing import Any

from guidelines.vocabulary.contradictions import contradictions
from guidelines.vocabulary.facts import FACTS, Fact, FactError, FactsInvalid, Value, harmless


def parse_facts(raw: Any, facts: Mapping[str, Fact] = FACTS) -> dict[str, Value]:
    """Turn the JSON object of facts into values; what is `null` is left out. Raises `FactsInvalid` with
    every error: unknown names, wrong types and ranges, contradictions between facts.
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
