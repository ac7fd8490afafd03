"""What the guideline is held to beyond its own statements: expectations written down as data.

They stand in the knowledge folder, apart from the statements, so that a slip in a statement and a slip in
what is expected of it do not fall together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from guidelines.verification.trace import FILE, Passage, read_trace
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
    """A remark on what is not covered that may stand in for a treatment."""

    remark: str
    reason: str = Field(min_length=10)


class Accompanying(_Strict):
    """Treatments that go with another one, or tell how to give it: alone they are no answer."""

    interventions: tuple[str, ...] = Field(min_length=1)
    reason: str = Field(min_length=10)


class Told(_Strict):
    """Where a case is told: words of the statement itself or of one of its cautions."""

    statement: str
    says: str = Field(min_length=5)


class Opposed(_Strict):
    """Two interventions that pull against each other.

    Wherever statements on both hold, one of the places in `told` must show; with none, they never meet.
    """

    first: str
    second: str
    reason: str = Field(min_length=10)
    told: tuple[Told, ...] = ()


class Verdict(_Strict):
    """The statement that is the verdict where it holds together with any of `over`, which say otherwise."""

    first: str
    over: tuple[str, ...] = Field(min_length=1)
    reason: str = Field(min_length=10)


class Directives(_Strict):
    """The lines on which the directing sentences of one section begin.

    `carried`: line → the statement that carries the sentence, where its own lines do not reach so far.
    """

    section: str
    lines: tuple[int, ...]
    carried: Mapping[int, str] = Field(default_factory=dict)


@dataclass(frozen=True)
class Expectations:
    """All expectations of one guideline.

    `accompanying`, `opposed`, `verdicts` and `directives` came with the editions that give options, and so
    did `trace`: what the source prints, by lines; without it no number can be traced.
    """

    single_entity: tuple[SingleEntity, ...]
    thresholds: tuple[Threshold, ...]
    implied: tuple[ImpliedGate, ...]
    answering: tuple[AnsweringRemark, ...]
    accompanying: tuple[Accompanying, ...] = ()
    opposed: tuple[Opposed, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    directives: tuple[Directives, ...] = ()
    trace: Mapping[str, Passage] = field(default_factory=dict)


M = TypeVar("M", bound=BaseModel)


def load_expectations(folder: Path) -> Expectations:
    """Read the expectations of a knowledge folder; a file that is not there expects nothing.

    Raises `ContentError`.
    """
    return Expectations(
        _read(folder / "single_entity.yaml", SingleEntity),
        _read(folder / "thresholds.yaml", Threshold),
        _read(folder / "implied_gates.yaml", ImpliedGate),
        _read(folder / "answering_remarks.yaml", AnsweringRemark),
        _read(folder / "accompanying.yaml", Accompanying),
        _read(folder / "opposed.yaml", Opposed),
        _read(folder / "verdicts.yaml", Verdict),
        _read(folder / "directives.yaml", Directives),
        read_trace(folder) if (folder / FILE).exists() else {},
    )


def _read(path: Path, model: type[M]) -> tuple[M, ...]:
    if not path.exists():
        return ()
    try:
        return tuple(TypeAdapter(list[model]).validate_python(read_yaml(path)))  # type: ignore[valid-type]
    except ValidationError as error:
        first = error.errors()[0]
        number, *keys = first["loc"] or ("",)
        entry = f"entry {number + 1}" if isinstance(number, int) else ""
        key = ".".join(str(part) for part in keys)
        raise ContentError(path, entry, f"{key}: {first['msg']}") from error
