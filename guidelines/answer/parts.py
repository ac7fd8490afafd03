"""What an answer is made of: plain frozen objects in the names of the public contract.

They have no slots: orjson writes them four times as fast by their __dict__. Recommendations are not frozen
either: an answer makes a hundred of them, and freezing takes longer than making one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import orjson

from guidelines.answer.reasons import Reason


@dataclass(frozen=True)
class GuidelineStamp:
    """Which encoding answered."""

    id: str
    version: str
    digest: str


@dataclass(frozen=True)
class Classification:
    """The entity (`g3_net`, `nec`, `indeterminate`, `not_high_grade` or `unknown`) with its reasons and
    cautions.
    """

    entity: str
    label: str
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True)
class CitedSource:
    """Section path, table and lines of the source."""

    section: tuple[str, ...]
    table: str | None
    lines: str


@dataclass(eq=False)
class Outline:
    """One statement as it stands for a case, but for the reasons: alike for many cases.

    `status`: applies, possible, blocked or excluded. `missing`: unknown facts that decide it; `provided`:
    unknown facts it depends on in practice. `done`: it asks for a test whose result is there.
    """

    id: str
    intervention: str
    intervention_label: str
    kind: str
    topic: str
    setting: str
    stance: str
    agreement: str
    status: str
    statement: str
    missing: tuple[str, ...]
    provided: tuple[str, ...]
    done: bool
    question: str
    cautions: tuple[str, ...]
    source: CitedSource
    evidence: tuple[str, ...]
    trials: tuple[str, ...]


@dataclass
class Recommendation(Outline):
    """One statement as it stands for this case, and why."""

    because: tuple[Reason, ...]
    excluded_by: str
    schedule: dict[str, Any] | None


class StandingStatement(NamedTuple):
    """A statement as it stands for a case, with nothing of why: the fields of `Recommendation`."""

    id: str
    intervention: str
    kind: str
    topic: str
    setting: str
    stance: str
    agreement: str
    status: str
    done: bool


@dataclass(frozen=True)  # one option is part of many answers (`options._ranked`)
class Option:
    """One drug, procedure or test with the verdict that holds: the statement `id`, qualified by others."""

    intervention: str
    intervention_label: str
    topic: str
    kind: str
    id: str
    setting: str
    stance: str
    agreement: str
    status: str
    missing: tuple[str, ...]
    provided: tuple[str, ...]
    done: bool
    qualified_by: tuple[str, ...]
    schedule: dict[str, Any] | None


@dataclass(frozen=True)
class Exclusion:
    """A statement on what was asked that does not apply, and why."""

    id: str
    reason: str


@dataclass(frozen=True)
class Asked:
    """The answer to one intervention that the board's question is about. Never silent: an option, or why
    there is none, or that the text does not speak to it.

    `family`: other interventions the question means too; `principle`: the sentence of a principle.
    """

    intervention: str
    intervention_label: str
    option: Option | None
    excluded: tuple[Exclusion, ...]
    not_covered: str | None
    principle: str | None
    family: tuple[str, ...]


@dataclass(frozen=True)
class MissingFact:
    """An unknown fact and the ids of the recommendations that it decides."""

    fact: str
    decides: tuple[str, ...]


@dataclass(frozen=True)
class TrialMatch:
    """A trial the case may fit, as far as the eligibility in the source goes."""

    nct: str
    title: str
    eligibility: str
    status: str
    accrual: str
    missing: tuple[str, ...]
    provided: tuple[str, ...]
    cautions: tuple[str, ...]


Said = TypeVar("Said", bound=Outline, covariant=True)


@dataclass(frozen=True)
class Answer(Generic[Said]):
    """The whole answer, its statements as outlines, or with their reasons.

    An edition that has no order of its statements gives no options.
    """

    guideline: GuidelineStamp
    classification: Classification
    recommendations: tuple[Said, ...]
    options: tuple[Option, ...]
    asked: tuple[Asked, ...]
    missing: tuple[MissingFact, ...]
    not_covered: tuple[str, ...]
    trials: tuple[TrialMatch, ...]
    basis: str


@dataclass(frozen=True)
class Assessment(Answer[Recommendation]):
    """The answer with its reasons. `as_json` and `from_json` are inverse: a signed decision keeps it."""

    def as_json(self) -> dict[str, Any]:
        """The answer in the names of the public contract, with the labels added."""
        plain: dict[str, Any] = orjson.loads(orjson.dumps(self))
        return plain

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Assessment":
        """Rebuild the answer from its JSON."""
        return cls(
            GuidelineStamp(**data["guideline"]),
            Classification(**_frozen(data["classification"])),
            tuple(_recommendation(one) for one in data["recommendations"]),
            tuple(Option(**_frozen(one)) for one in data["options"]),
            tuple(_asked(one) for one in data["asked"]),
            tuple(MissingFact(**_frozen(one)) for one in data["missing"]),
            tuple(data["not_covered"]),
            tuple(TrialMatch(**_frozen(one)) for one in data["trials"]),
            data["basis"],
        )


def _recommendation(data: Mapping[str, Any]) -> Recommendation:
    fields = _frozen(data)
    fields["because"] = tuple(Reason(**reason) for reason in data["because"])
    fields["source"] = CitedSource(**_frozen(data["source"]))
    return Recommendation(**fields)


def _asked(data: Mapping[str, Any]) -> Asked:
    fields = _frozen(data)
    fields["option"] = None if data["option"] is None else Option(**_frozen(data["option"]))
    fields["excluded"] = tuple(Exclusion(**one) for one in data["excluded"])
    return Asked(**fields)


def _frozen(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
