"""Reasons for deviating from the guideline, and for what was not done, in the codes of others.

Data: `reasons.yaml`, `not_done_hl7.yaml`, `not_done_mii.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import yaml
from django.db.models import TextChoices
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cases.choices import DeviationReason, NotDoneReason

DATA, NOT_DONE_HL7_DATA, NOT_DONE_MII_DATA = (
    Path(__file__).with_name(name) for name in ("reasons.yaml", "not_done_hl7.yaml", "not_done_mii.yaml")
)

Words = Annotated[str, Field(min_length=1)]


class CodeSystemSource(BaseModel):
    """A code system by its address, and where its codes were read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Words
    title: Words
    publisher: Words
    standing: Words
    source: Words
    commit: Annotated[str, Field(pattern="^[0-9a-f]{40}$")]


class Counterpart(BaseModel):
    """A code that other systems know. `system` is its address; `relation`: what our reason is to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    system: Words
    code: Words
    display: Words
    relation: Literal["equivalent", "source-is-narrower-than-target", "source-is-broader-than-target"]


class WithoutCounterpart(BaseModel):
    """Why there is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    none: Words


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    systems: dict[str, CodeSystemSource]
    reasons: dict[str, Counterpart | WithoutCounterpart]


class MappingFault(ValueError):
    """The file of codes is not as it must be; the message says where."""


def read_counterparts(
    text: str, reasons: type[TextChoices] = DeviationReason
) -> Mapping[str, Counterpart | None]:
    """Each reason's code, with its system's address; None where it has no counterpart.

    Raises `MappingFault` for a reason that is left out, a code of a system that is not named, a key that does
    not exist.
    """
    try:
        file = _File.model_validate(yaml.safe_load(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise MappingFault(str(error)) from None
    if unknown := sorted(set(file.reasons) - set(reasons.values)):
        raise MappingFault(f"There is no reason {unknown[0]!r}; allowed: {', '.join(reasons.values)}.")
    if missing := sorted(set(reasons.values) - set(file.reasons)):
        raise MappingFault(f"Reasons without an entry: {', '.join(missing)}.")
    return {reason: _addressed(entry, file.systems) for reason, entry in file.reasons.items()}


def _addressed(
    entry: Counterpart | WithoutCounterpart, systems: Mapping[str, CodeSystemSource]
) -> Counterpart | None:
    if isinstance(entry, WithoutCounterpart):
        return None
    if entry.system not in systems:
        raise MappingFault(f"There is no system {entry.system!r}; allowed: {', '.join(systems)}.")
    return entry.model_copy(update={"system": systems[entry.system].url})


COUNTERPARTS = read_counterparts(DATA.read_text(encoding="utf-8"))
NOT_DONE_HL7, NOT_DONE_MII = (
    read_counterparts(path.read_text(encoding="utf-8"), NotDoneReason)
    for path in (NOT_DONE_HL7_DATA, NOT_DONE_MII_DATA)
)
