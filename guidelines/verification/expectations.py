"""What the guideline is held to beyond its own statements: expectations written down as data.

They stand in the knowledge folder, apart from the statements, so that a slip in a statement and a slip in
what is expected of it do not fall together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from guidelines.vocabulary.yamlfile import ContentError, read_yaml


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SingleEntity(_Strict):
    """Therapies that only one entity may be offered, with the reason and the section of the source."""

    entity: str
    interventions: tuple[str, ...] = Field(min_length=1)
    reason: str = Field(min_length=10)
    section: str


class ThresholdCase(_Strict):
    """What is expected at one value.

    `applies`, `not_covered` and `trials` are ids, `cautions` are fragments of text: of everything that the
    cases of one threshold name, exactly what stands here must hold at this value.
    """

    at: float
    entity: str | None = None
    applies: tuple[str, ...] = ()
    not_covered: tuple[str, ...] = ()
    trials: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


class Threshold(_Strict):
    """A bound of the source with a case on it and on either side. `readings` are reading decisions."""

    fact: str
    bound: float
    text: str
    readings: tuple[int, ...] = ()
    given: Mapping[str, Any]
    cases: tuple[ThresholdCase, ...]


class ImpliedGate(_Strict):
    """A condition that the rules between facts make superfluous, kept because it tells the reader more.

    Wherever a statement asks for `implied_by`, the fact `gate` follows from it.
    """

    gate: str
    implied_by: str
    reason: str = Field(min_length=10)


class AnsweringRemark(_Strict):
    """A remark on what is not covered that may stand in for a treatment statement."""

    remark: str
    reason: str = Field(min_length=10)


@dataclass(frozen=True)
class Expectations:
    """All expectations of one guideline."""

    single_entity: tuple[SingleEntity, ...]
    thresholds: tuple[Threshold, ...]
    implied: tuple[ImpliedGate, ...]
    answering: tuple[AnsweringRemark, ...]


M = TypeVar("M", bound=BaseModel)


def load_expectations(folder: Path) -> Expectations:
    """Read the expectations of a knowledge folder. Raises `ContentError`."""
    return Expectations(
        _read(folder / "single_entity.yaml", SingleEntity),
        _read(folder / "thresholds.yaml", Threshold),
        _read(folder / "implied_gates.yaml", ImpliedGate),
        _read(folder / "answering_remarks.yaml", AnsweringRemark),
    )


def _read(path: Path, model: type[M]) -> tuple[M, ...]:
    try:
        return tuple(TypeAdapter(list[model]).validate_python(read_yaml(path)))  # type: ignore[valid-type]
    except ValidationError as error:
        first = error.errors()[0]
        number, *keys = first["loc"] or ("",)
        entry = f"entry {number + 1}" if isinstance(number, int) else ""
        key = ".".join(str(part) for part in keys)
        raise ContentError(path, entry, f"{key}: {first['msg']}") from error
