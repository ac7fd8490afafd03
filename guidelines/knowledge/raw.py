"""The shape of the knowledge files, checked before anything is made of them. An unknown key is an error."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

Condition = dict[Any, Any]


class _Raw(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class RawGuideline(_Raw):
    id: str
    version: str
    title: str
    citation: str
    doi: str
    license: str
    panel_met: str
    basis: str
    rules: list[Condition]
    arises: dict[str, Condition]


class RawDerivedValue(_Raw):
    label: str
    when: Condition


class RawDerived(_Raw):
    name: str
    label: str
    help: str = ""
    when: Condition | None = None
    values: dict[str, RawDerivedValue] = Field(default_factory=dict)


class RawRemark(_Raw):
    text: str
    when: Condition
    unless: Condition | None = None
    id: str = ""


class RawCaution(_Raw):
    text: str
    when: Condition | None = None
    unless_settled: Condition | None = None


class RawProvisional(_Raw):
    value: str
    given: Condition


class RawClassification(_Raw):
    derived: list[RawDerived]
    provisional: list[RawProvisional]
    reasons: list[RawRemark]
    cautions: list[RawCaution]


class RawSection(_Raw):
    id: str
    path: list[str]
    lines: str
    directs_nothing: str = ""


class RawSource(_Raw):
    section: str
    lines: str
    table: str | None = None


class RawPhase(_Raw):
    model_config = ConfigDict(extra="forbid", strict=False)  # lists of the file become pairs

    every: tuple[float, float]
    start: tuple[float, float]
    end: tuple[float, float] | None


class RawSchedule(_Raw):
    anchor: str
    text: str
    phases: list[RawPhase]
    since: str = ""
    listed_months: float = 24


class RawStatement(_Raw):
    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    intervention: str
    topic: str
    setting: str
    stance: str
    agreement: str
    statement: str = Field(min_length=20)
    when: Condition
    source: RawSource
    cautions: list[str | RawCaution] = Field(default_factory=list)
    evidence: list[str] = Field(default_factory=list)
    trials: list[str] = Field(default_factory=list)
    schedule: RawSchedule | None = None
    readings: list[int] = Field(default_factory=list)


class RawTrial(_Raw):
    nct: str = Field(pattern=r"^NCT\d{8}$")
    title: str
    eligibility: str
    when: Condition
    source: RawSource
    cautions: list[str] = Field(default_factory=list)


class RawReference(_Raw):
    id: str
    authors: str
    year: int


class RawFigure(_Raw):
    measure: str = Field(pattern="^(response_rate|pfs|os|hazard_ratio|odds_ratio|other)$")
    unit: str
    low: float
    high: float | None = None
    arm: str = ""
    n: int | None = None
    note: str = ""


class RawStudy(_Raw):
    id: str
    name: str
    references: list[str]
    design: str
    finding: str
    n: int | None = None
    figures: list[RawFigure] = Field(default_factory=list)
    questions: list[str] = Field(default_factory=list)


class RawReading(_Raw):
    number: int
    title: str
    text: str


class RawAcceptedPair(_Raw):
    first: str
    second: str
    reason: str


class RawChange(_Raw):
    version: str
    date: date
    text: str
