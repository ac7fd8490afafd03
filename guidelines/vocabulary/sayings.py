"""How facts are said inside a sentence: "the disease progresses", "Ki-67 is below 55 %"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from guidelines.vocabulary.yamlfile import ContentError, read_yaml


@dataclass(frozen=True, slots=True)
class Saying:
    """The clauses of one fact. `holds` and `fails` have a place for the value, but of a yes-or-no fact.

    `beyond` and `within` say of a list that it holds, or does not hold, something else than the values;
    `some` and `none` that it holds anything.
    """

    holds: str
    fails: str
    words: Mapping[str, str] = field(default_factory=dict)
    beyond: str = ""
    within: str = ""
    some: str = ""
    none: str = ""


def in_running_text(label: str) -> str:
    """A label inside a sentence: "Well differentiated" and "No evidence of disease" lose their capital, "Rb",
    "Ki-67" and "G3 NET" keep theirs.
    """
    first, _, rest = label.partition(" ")
    is_word = first.replace("-", "").isalpha() and first[1:].islower() and (len(first) > 2 or rest)
    return label[:1].lower() + label[1:] if is_word else label


def either(items: Iterable[str]) -> str:
    """ "a, b or c"."""
    *most, last = items
    return f"{', '.join(most)} or {last}" if most else last


def read_sayings(path: Path) -> Mapping[str, Saying]:
    """Name of the fact → its clauses; raises `ContentError` for what is none."""
    found = {}
    for name, raw in read_yaml(path).items():
        try:
            found[name] = _saying(raw)
        except (KeyError, TypeError, ValueError) as error:
            raise ContentError(path, name, f"not a saying: {error}") from error
    return MappingProxyType(found)


def _saying(raw: Any) -> Saying:
    if isinstance(raw, list):
        holds, fails = raw
        return Saying(holds, fails)
    rest = {key: value for key, value in raw.items() if key not in ("is", "not")}
    return Saying(raw["is"], raw["not"], **rest)


SAYINGS: Mapping[str, Saying] = read_sayings(Path(__file__).parent / "sayings.yaml")
