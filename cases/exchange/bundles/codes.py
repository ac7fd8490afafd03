"""What others call things. Data: `codes.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from cases.exchange.bundles.elements import SaidCode

DATA = Path(__file__).with_name("codes.yaml")

Words = Annotated[str, Field(min_length=1)]


class _InCodes(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NamedSystem(_InCodes):
    """A code system by the addresses it goes by, and where its codes were read."""

    addresses: tuple[Words, ...]
    source: Words


class FindingKind(_InCodes):
    """What an observation is about: by its codes, by system, else by its words."""

    codes: Mapping[str, tuple[Annotated[str, Field(coerce_numbers_to_str=True)], ...]]
    words: tuple[Words, ...]


class GeneFinding(_InCodes):
    """A gene, the words of a change by which a variant of it is a finding here, and the finding's key."""

    change: tuple[Words, ...]
    key: Words


class BundleCodes(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")

    systems: Mapping[str, NamedSystem]
    kinds: Mapping[str, FindingKind]
    prefixes: Mapping[str, Words]
    by_stain: frozenset[str]
    greatest_size: tuple[str, ...]
    answers: Mapping[str, Mapping[str, Mapping[str, Any]]]
    unknown: frozenset[str]
    morphology: Mapping[str, Mapping[str, str]]
    neuroendocrine_words: tuple[Words, ...]
    neoplasm_words: tuple[Words, ...]
    secondary_words: tuple[Words, ...]
    topography: Mapping[str, Mapping[str, str]]
    body_sites: Mapping[str, Mapping[str, str]]
    metastases: Mapping[str, str]
    procedures: Mapping[str, str]
    procedure_profiles: Mapping[str, str]
    genes: Mapping[str, GeneFinding]
    present: frozenset[str]

    @cached_property
    def _system_at(self) -> Mapping[str, str]:
        return {at: name for name, system in self.systems.items() for at in system.addresses}

    @cached_property
    def _kind_of(self) -> Mapping[tuple[str, str], str]:
        return {
            (system, code): kind
            for kind, entry in self.kinds.items()
            for system, codes in entry.codes.items()
            for code in codes
        }

    def system_of(self, code: SaidCode) -> str:
        """The name of its system; "" where it has one that is not known here, or none."""
        return self._system_at.get(code.system.rstrip("/"), "")

    def is_from(self, code: SaidCode, *systems: str) -> bool:
        """Whether it is of one of the systems; a code that names no system may be of any."""
        return not code.system or self.system_of(code) in systems

    def kind_of(self, codes: Iterable[SaidCode], words: str) -> str:
        """What an observation of these codes is about, by its words where none is known; "" for neither."""
        listed = tuple(codes)
        for code in listed:
            system = self.system_of(code)
            for name in [system] if code.system else self.systems:
                if kind := self._kind_of.get((name, code.code)):
                    return kind
        said = words.casefold()
        return next(
            (kind for kind, entry in self.kinds.items() if any(word in said for word in entry.words)), ""
        )


def read_bundle_codes(text: str) -> BundleCodes:
    """The codes. Raises `ValueError` for what is missing, needless, or of a system that is not named."""
    codes = BundleCodes.model_validate(yaml.safe_load(text))
    named = {system for kind in codes.kinds.values() for system in kind.codes}
    if unknown := sorted(named - set(codes.systems)):
        raise ValueError(f"There is no system {unknown[0]!r}; allowed: {', '.join(codes.systems)}.")
    if unknown := sorted(set(codes.answers) - set(codes.kinds)):
        raise ValueError(f"There is no kind {unknown[0]!r}; allowed: {', '.join(codes.kinds)}.")
    return codes


CODES = read_bundle_codes(DATA.read_text(encoding="utf-8"))
