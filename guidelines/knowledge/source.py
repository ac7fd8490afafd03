"""Where a statement stands in the source, and the studies that the source reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from guidelines.knowledge.fields import STRICT, Lines, looked_up


@dataclass(frozen=True, slots=True)
class Section:
    """A place in the source. `path` runs from chapter to heading; `directs_nothing` says why no statement
    encodes it; `directives` counts the sentences in it that direct or report a vote.
    """

    __pydantic_config__ = STRICT

    id: str
    path: tuple[str, ...]
    lines: Lines
    directs_nothing: str = ""
    directives: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement stands: the section, the table if it is in one, and the lines of the transcribed
    text.
    """

    __pydantic_config__ = STRICT

    section: Annotated[Section, looked_up("section")]
    lines: Lines
    table: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """Bibliographic facts of a work the source cites."""

    __pydantic_config__ = STRICT

    id: str
    authors: str
    year: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a study as the source gives it. `unit` is "%", "months" or "" for ratios; `high` is set
    where the source gives a range.
    """

    __pydantic_config__ = STRICT

    measure: Literal["response_rate", "pfs", "os", "hazard_ratio", "odds_ratio", "other"]
    unit: str
    low: float
    high: float | None = None
    arm: str = ""
    n: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Study:
    """A study the source reports, with the figures it gives and the clinical questions it bears on.

    `ocr`: numbers as we give them → as the damaged transcription prints them.
    """

    __pydantic_config__ = STRICT

    id: str
    name: str
    references: Annotated[tuple[Reference, ...], looked_up("references")]
    design: str
    finding: str
    n: int | None = None
    figures: tuple[Figure, ...] = ()
    questions: Annotated[tuple[str, ...], looked_up("questions")] = ()
    lines: Lines = ""
    ocr: Mapping[str, str] = field(default_factory=dict)
