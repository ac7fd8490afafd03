"""The block `assessment` of a snapshot, as every format holds it: the answer's JSON as it came.

Keys that edition 1.1 of the guideline added are read where they are present: `options`, `asked`, of a
recommendation `kind`, `done` and `provided`, of a trial `accrual` and `provided`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cases.snapshot.frozen_answer import (
    FrozenAnswer,
    FrozenAsked,
    FrozenClassification,
    FrozenExcluded,
    FrozenMissing,
    FrozenOption,
    FrozenPhase,
    FrozenReason,
    FrozenRecommendation,
    FrozenSchedule,
    FrozenSource,
    FrozenTerm,
    FrozenTrial,
)
from cases.snapshot.words import Words

Json = Mapping[str, Any]


def answer_of(assessment: Json, words: Words) -> FrozenAnswer:
    """The whole answer."""
    return _AnswerReader(assessment, words).whole()


class _AnswerReader:
    """One answer being read. An intervention is called what its recommendations call it.

    Where an edition gives no options, nobody has told its statements apart by kind, whatever is written.
    """

    def __init__(self, assessment: Json, words: Words) -> None:
        self.assessment, self.words = assessment, words
        self.has_kinds = bool(assessment.get("options"))
        self.titles = {
            one["intervention"]: one["intervention_label"] for one in assessment["recommendations"]
        }

    def whole(self) -> FrozenAnswer:
        read = self.assessment
        found = read["classification"]
        return FrozenAnswer(
            classification=FrozenClassification(
                FrozenTerm(found["entity"], found["label"]), tuple(found["reasons"]), tuple(found["cautions"])
            ),
            recommendations=tuple(self.recommendation(one) for one in read["recommendations"]),
            missing=tuple(
                FrozenMissing(self.words.fact(one["fact"]), tuple(one["decides"])) for one in read["missing"]
            ),
            not_covered=tuple(read["not_covered"]),
            trials=tuple(self.trial(one) for one in read["trials"]),
            basis=read["basis"],
            options=tuple(self.option(one) for one in read["options"]) if "options" in read else None,
            asked=tuple(self.asked(one) for one in read["asked"]) if "asked" in read else None,
        )

    def recommendation(self, raw: Json) -> FrozenRecommendation:
        return FrozenRecommendation(
            id=raw["id"],
            intervention=FrozenTerm(raw["intervention"], raw["intervention_label"]),
            topic=self.words.topic(raw["topic"]),
            setting=self.words.term("settings", raw["setting"]),
            stance=self.words.stance(raw["stance"]),
            agreement=self.words.term("agreements", raw["agreement"]),
            status=self.words.term("statuses", raw["status"]),
            text=raw["statement"],
            because=tuple(FrozenReason(one["fact"], one["value"], one["text"]) for one in raw["because"]),
            missing=self.facts(raw["missing"]),
            question=raw["question"],
            excluded_by=raw["excluded_by"],
            cautions=tuple(raw["cautions"]),
            source=_source(raw["source"]),
            evidence=tuple(raw["evidence"]),
            trials=tuple(raw["trials"]),
            schedule=_schedule(raw["schedule"]),
            kind=self.words.term("kinds", raw["kind"]) if self.has_kinds else None,
            done=raw.get("done"),
            provided=self.provisos(raw["id"], raw.get("provided", ())),
        )

    def option(self, raw: Json) -> FrozenOption:
        return FrozenOption(
            intervention=FrozenTerm(raw["intervention"], raw["intervention_label"]),
            topic=self.words.topic(raw["topic"]),
            kind=self.words.term("kinds", raw["kind"]),
            id=raw["id"],
            setting=self.words.term("settings", raw["setting"]),
            stance=self.words.stance(raw["stance"]),
            agreement=self.words.term("agreements", raw["agreement"]),
            status=self.words.term("statuses", raw["status"]),
            missing=self.facts(raw["missing"]),
            provided=self.provisos(raw["id"], raw["provided"]),
            done=raw["done"],
            qualified_by=tuple(raw["qualified_by"]),
            schedule=_schedule(raw["schedule"]),
        )

    def asked(self, raw: Json) -> FrozenAsked:
        return FrozenAsked(
            intervention=FrozenTerm(raw["intervention"], raw["intervention_label"]),
            option=self.option(raw["option"]) if raw["option"] else None,
            excluded=tuple(FrozenExcluded(one["id"], one["reason"]) for one in raw["excluded"]),
            not_covered=raw["not_covered"] or "",
            principle=raw["principle"] or "",
            family=tuple(self.intervention(code) for code in raw["family"]),
        )

    def trial(self, raw: Json) -> FrozenTrial:
        return FrozenTrial(
            nct=raw["nct"],
            title=raw["title"],
            eligibility=raw["eligibility"],
            status=self.words.term("statuses", raw["status"]),
            missing=self.facts(raw["missing"]),
            cautions=tuple(raw["cautions"]),
            accrual=raw.get("accrual", ""),
            provided=self.provisos(raw["nct"], raw.get("provided", ())),
        )

    def facts(self, names: Iterable[str]) -> tuple[FrozenTerm, ...]:
        return tuple(self.words.fact(name) for name in names)

    def provisos(self, of: str, names: Iterable[str]) -> tuple[FrozenTerm, ...]:
        return tuple(self.words.proviso(of, name) for name in names)

    def intervention(self, code: str) -> FrozenTerm:
        if code in self.titles:
            return FrozenTerm(code, self.titles[code])
        return self.words.intervention(code)


def _source(raw: Json) -> FrozenSource:
    return FrozenSource(tuple(raw["section"]), raw["table"] or "", raw["lines"])


def _schedule(raw: Json | None) -> FrozenSchedule | None:
    if raw is None:
        return None
    phases = tuple(
        FrozenPhase(tuple(one["every_months"]), tuple(one["from_month"]), _pair(one["to_month"]))
        for one in raw["phases"]
    )
    return FrozenSchedule(raw["anchor"], raw["text"], phases, _pair(raw["now"]))


def _pair(raw: list[Any] | None) -> tuple[Any, ...] | None:
    return None if raw is None else tuple(raw)
