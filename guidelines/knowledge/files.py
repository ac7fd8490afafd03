"""The shape of files that become more than one object: head, classification, inference."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from guidelines.knowledge.fields import STRICT, Asked, Known
from guidelines.knowledge.inference import Arises, Conclusion, Presumption
from guidelines.knowledge.model import CautionEntry, Provisional, Remark
from guidelines.vocabulary.facts import Fact


@dataclass(frozen=True)
class HeadFile:
    """guideline.yaml: what the folder encodes. `rules` must hold in every consistent case."""

    __pydantic_config__ = STRICT

    id: str
    version: str
    title: str
    citation: str
    doi: str
    license: str
    panel_met: str
    basis: str
    rules: tuple[Asked, ...] = ()
    arises: Mapping[str, Asked] = field(default_factory=dict)

    def stamp(self) -> dict[str, str]:
        """The fields that a guideline carries as they are."""
        names = ("id", "version", "title", "citation", "doi", "license", "panel_met", "basis")
        return {name: getattr(self, name) for name in names}

    def grounds(self) -> tuple[Arises, ...]:
        """Edition 1.0 says here which facts only some cases have; later ones say it in inference.yaml."""
        return tuple(Arises(fact, condition) for fact, condition in self.arises.items())


@dataclass(frozen=True)
class DerivedValueEntry:
    """One value of a derived fact."""

    __pydantic_config__ = STRICT

    label: str
    when: Asked


@dataclass(frozen=True)
class DerivedEntry:
    """A derived fact: yes or no by `when`, or named values."""

    __pydantic_config__ = STRICT

    name: str
    label: str
    help: str = ""
    when: Asked | None = None
    values: Mapping[str, DerivedValueEntry] = field(default_factory=dict)


@dataclass(frozen=True)
class ConcludedEntry:
    """A concluded fact, always yes or no."""

    __pydantic_config__ = STRICT

    name: str
    label: str
    conclusions: tuple[Conclusion, ...]
    asks: tuple[Known, ...]
    help: str = ""

    def fact(self) -> Fact:
        """The fact that conditions read."""
        return Fact(self.name, self.label, "bool", "pathology", self.help)


@dataclass(frozen=True)
class ClassificationFile:
    """classification.yaml but for its facts. `settles_entity`: interventions shown first while it is open."""

    __pydantic_config__ = STRICT

    provisional: tuple[Provisional, ...]
    reasons: tuple[Remark, ...]
    cautions: tuple[CautionEntry, ...]
    settles_entity: tuple[str, ...] = ()
    entity_labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class InferenceFile:
    """inference.yaml: which facts only some cases have, and what is presumed while unstated."""

    __pydantic_config__ = STRICT

    arises: tuple[Arises, ...] = ()
    presumptions: tuple[Presumption, ...] = ()


@dataclass(frozen=True)
class FactEntry:
    """An entry of the facts.yaml that edition 1.0 brought: which values it has codes for."""

    __pydantic_config__ = STRICT

    name: str
    label: str
    type: str
    owner: str
    help: str = ""
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    choices_from: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    leaves_open: Any = None
