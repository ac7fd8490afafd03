"""The regimens of the record: what each counts as, and what the rules ask of it. Data: `regimens.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from guidelines.vocabulary.facts import FACTS
from guidelines.vocabulary.yamlfile import ContentError, read_yaml

DATA = Path(__file__).parent / "regimens.yaml"


@dataclass(frozen=True, slots=True)
class Regimen:
    """A systemic regimen.

    `counts_as`: codes of the vocabulary's `prior_regimens`; `also_at`: primary site → further codes there;
    `platinum`: it holds cisplatin or carboplatin, though no code it counts as says so; `family`: a switch for
    toxicity within it continues the line, "" for none; `initial`: the chemotherapy of localized disease whose
    cycles are counted; `for_symptoms`: given for a hormonal syndrome.
    """

    code: str
    label: str
    counts_as: tuple[str, ...]
    also_at: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    platinum: bool = False
    family: str = ""
    initial: bool = False
    for_symptoms: bool = False

    def codes_at(self, site: str | None) -> tuple[str, ...]:
        """The vocabulary's codes that it counts as where the primary is at this site."""
        return (*self.counts_as, *self.also_at.get(site or "", ()))


def read_regimens(path: Path) -> tuple[Mapping[str, Regimen], Mapping[str, str]]:
    """Code → regimen, the vocabulary's own codes last; and kind of course → code where none is written.

    Raises `ContentError` for a code that the vocabulary does not have.
    """
    data = read_yaml(path)
    own = {choice.value: choice.label for choice in FACTS["prior_regimens"].choices}
    found = {code: _regimen(code, entry) for code, entry in data["regimens"].items()}
    for code, label in own.items():
        extra = data["vocabulary"].get(code, {})
        found.setdefault(code, _regimen(code, {"label": label, "counts_as": [code], **extra}))
    named: set[str] = set()
    for regimen in found.values():
        named.update(regimen.counts_as, *regimen.also_at.values())
    if unknown := sorted((named | set(data["vocabulary"])) - set(own)):
        raise ContentError(path, unknown[0], "no code of prior_regimens")
    return MappingProxyType(found), MappingProxyType(data["unnamed"])


def _regimen(code: str, entry: dict[str, Any]) -> Regimen:
    return Regimen(
        code,
        entry["label"],
        tuple(entry["counts_as"]),
        {site: tuple(codes) for site, codes in entry.get("also_at", {}).items()},
        entry.get("platinum", False),
        entry.get("class", ""),
        entry.get("initial", False),
        entry.get("for_symptoms", False),
    )


REGIMENS, _UNNAMED = read_regimens(DATA)


def unnamed(kind: str | None) -> Regimen:
    """What a course of this kind counts as where no regimen is written."""
    return REGIMENS[_UNNAMED.get(kind or "", _UNNAMED["otherwise"])]
