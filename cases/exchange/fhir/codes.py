"""The codes of others, and the addresses of ours. Data: `codes.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

DATA = Path(__file__).with_name("codes.yaml")

Words = Annotated[str, Field(min_length=1)]


class _CodesPart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SystemRead(_CodesPart):
    """A code system by its address, and where its codes were read."""

    url: Words
    title: Words
    source: Words


class ForeignCode(_CodesPart):
    """A code as its system has it; `system` names one of the file's systems."""

    system: Words
    code: Words
    display: str = ""


class UnitRead(_CodesPart):
    """The unit of a fact in words, and as UCUM writes it; "" where UCUM has none."""

    unit: Words
    code: str = ""


class FhirCodes(_CodesPart):
    """The whole file."""

    ours: Mapping[str, Words]
    systems: Mapping[str, SystemRead]
    document: ForeignCode
    facts: Mapping[str, ForeignCode]
    units: Mapping[str, UnitRead]
    in_remission: Mapping[str, Words]
    morphology: Mapping[str, ForeignCode]
    topography: Mapping[str, ForeignCode]

    def coding(self, foreign: ForeignCode) -> dict[str, Any]:
        """The code as FHIR writes it."""
        display = {"display": foreign.display} if foreign.display else {}
        return {"system": self.systems[foreign.system].url, "code": foreign.code, **display}


class CodesFault(ValueError):
    """The file of codes is not as it must be; the message says where."""


def read_codes(text: str) -> FhirCodes:
    """The codes. Raises `CodesFault` for a system that is not named, and for a missing or needless key."""
    try:
        codes = FhirCodes.model_validate(yaml.safe_load(text))
    except (yaml.YAMLError, ValueError) as error:
        raise CodesFault(str(error)) from None
    listed = [codes.document, *codes.facts.values(), *codes.morphology.values(), *codes.topography.values()]
    if unknown := sorted({one.system for one in listed} - set(codes.systems)):
        raise CodesFault(f"There is no system {unknown[0]!r}; allowed: {', '.join(codes.systems)}.")
    return codes


CODES = read_codes(DATA.read_text(encoding="utf-8"))
