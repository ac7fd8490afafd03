"""The guideline's answer as it was frozen. Every code stands beside the words that were shown for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# --- Words --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FrozenTerm:
    """A code with its words; `place` is its place in the display order of its list, 0 where there is none."""

    code: str
    words: str
    place: int = 0


@dataclass(frozen=True, slots=True)
class FrozenStance(FrozenTerm):
    """What a statement says of its intervention. `direction`: for, against or open."""

    direction: str = "open"


@dataclass(frozen=True, slots=True)
class FrozenTopic(FrozenTerm):
    """What a statement is about. `treats`: whether that is a treatment."""

    treats: bool = False


# --- The guideline's answer ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FrozenGuideline:
    """Which encoding answered. `edition` is that of the release folder, `version` that of its content."""

    id: str
    version: str
    edition: str
    digest: str


@dataclass(frozen=True, slots=True)
class FrozenClassification:
    """The entity with its reasons and cautions, in words."""

    entity: FrozenTerm
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrozenReason:
    """A known fact that spoke for a statement, in words that say where it came from."""

    fact: str
    value: Any
    text: str


@dataclass(frozen=True, slots=True)
class FrozenSource:
    """Section path, table and lines of the guideline's text; `table` is "" where there is none."""

    section: tuple[str, ...]
    table: str
    lines: str


@dataclass(frozen=True, slots=True)
class FrozenPhase:
    """A stretch of a schedule; each pair is low and high, in months. `until` is None for one without end."""

    every: tuple[float, ...]
    since: tuple[float, ...]
    until: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class FrozenSchedule:
    """How often, counted from `anchor`. `now`: the intervals that held then, None if that was not known."""

    anchor: str
    text: str
    phases: tuple[FrozenPhase, ...]
    now: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class FrozenRecommendation:
    """One statement as it stood. `status`: applies, possible, blocked or excluded.

    `kind` and `done` are None where the edition knew neither; `provided` are unknown facts that it depended
    on in practice.
    """

    id: str
    intervention: FrozenTerm
    topic: FrozenTopic
    setting: FrozenTerm
    stance: FrozenStance
    agreement: FrozenTerm
    status: FrozenTerm
    text: str
    because: tuple[FrozenReason, ...]
    missing: tuple[FrozenTerm, ...]
    question: str
    excluded_by: str
    cautions: tuple[str, ...]
    source: FrozenSource
    evidence: tuple[str, ...]
    trials: tuple[str, ...]
    schedule: FrozenSchedule | None
    kind: FrozenTerm | None = None
    done: bool | None = None
    provided: tuple[FrozenTerm, ...] = ()

    @property
    def treats(self) -> bool:
        """Whether it is about a treatment: by its kind, or by its topic where the edition knew no kinds."""
        return self.kind.code == "treatment" if self.kind else self.topic.treats

    @property
    def open_question(self) -> str:
        """The question without the brackets that only a longer sentence would need."""
        text = self.question
        return text[1:-1] if text.startswith("(") and text.endswith(")") and "(" not in text[1:] else text


@dataclass(frozen=True, slots=True)
class FrozenOption:
    """One intervention with one verdict.

    `id` names the statement whose verdict held, `qualified_by` the others on the same intervention.
    """

    intervention: FrozenTerm
    topic: FrozenTopic
    kind: FrozenTerm
    id: str
    setting: FrozenTerm
    stance: FrozenStance
    agreement: FrozenTerm
    status: FrozenTerm
    missing: tuple[FrozenTerm, ...]
    provided: tuple[FrozenTerm, ...]
    done: bool
    qualified_by: tuple[str, ...]
    schedule: FrozenSchedule | None


@dataclass(frozen=True, slots=True)
class FrozenExcluded:
    """A statement that could not apply, and why."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class FrozenAsked:
    """What the guideline said to one thing that the board asked: the verdict, or why there was none.

    `not_covered` and `principle` are "" where they say nothing; `family` are the other members asked about.
    """

    intervention: FrozenTerm
    option: FrozenOption | None
    excluded: tuple[FrozenExcluded, ...]
    not_covered: str
    principle: str
    family: tuple[FrozenTerm, ...]


@dataclass(frozen=True, slots=True)
class FrozenMissing:
    """An unknown fact that decided something: the ids of those statements."""

    fact: FrozenTerm
    decides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrozenTrial:
    """A trial that the case might have fitted. `accrual` is "" where the edition did not say."""

    nct: str
    title: str
    eligibility: str
    status: FrozenTerm
    missing: tuple[FrozenTerm, ...]
    cautions: tuple[str, ...]
    accrual: str = ""
    provided: tuple[FrozenTerm, ...] = ()


@dataclass(frozen=True, slots=True)
class FrozenAnswer:
    """The whole answer. `options` and `asked` are None where the edition knew neither."""

    classification: FrozenClassification
    recommendations: tuple[FrozenRecommendation, ...]
    missing: tuple[FrozenMissing, ...]
    not_covered: tuple[str, ...]
    trials: tuple[FrozenTrial, ...]
    basis: str
    options: tuple[FrozenOption, ...] | None = None
    asked: tuple[FrozenAsked, ...] | None = None
