"""The optional blocks of format 2: there is one key for each that was given, and none for the others.

    attendance    list of name, discipline, mode, cover_for, since, until
    outcome       outcome, reason, awaited, awaited_from, due, covered_by
    concordance   overall; choices: list of title, statement_id, concordance, because
    discussion    uid, question, asks, reason, track, presenter, started_at, ended_at, follows,
                  urgent_reason
    deliberation  dissents: list of position, name, discipline;
                  vote (in_favor, against, abstained, agreement); trial, wishes (considered, words);
                  quorum, quorum_met, quorum_reason, early_reason

A code stands in them as a term: code, words, place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from cases.snapshot.content import day, moment
from cases.snapshot.frozen import (
    FrozenAttendance,
    FrozenChoiceConcordance,
    FrozenConcordance,
    FrozenConsidered,
    FrozenDeliberation,
    FrozenDiscussion,
    FrozenDissent,
    FrozenOutcome,
    FrozenVote,
)
from cases.snapshot.frozen_answer import FrozenTerm

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Blocks:
    """What a snapshot holds besides record, answer and decision; None for what there was nothing of."""

    attendance: tuple[FrozenAttendance, ...] | None = None
    outcome: FrozenOutcome | None = None
    concordance: FrozenConcordance | None = None
    discussion: FrozenDiscussion | None = None
    deliberation: FrozenDeliberation | None = None

    def as_json(self) -> dict[str, Any]:
        """The blocks given, with dates and moments still to be written."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def blocks_in(snapshot: Json) -> dict[str, Any]:
    """The blocks that a snapshot has, by name."""
    return {
        field.name: READ[field.name](snapshot[field.name])
        for field in fields(Blocks)
        if field.name in snapshot
    }


def _term(raw: Json | None) -> FrozenTerm | None:
    return FrozenTerm(**raw) if raw else None


def _attendance(raw: list[Json]) -> tuple[FrozenAttendance, ...]:
    return tuple(
        FrozenAttendance(
            name=one["name"],
            discipline=one["discipline"],
            mode=FrozenTerm(**one["mode"]),
            cover_for=one["cover_for"],
            since=moment(one["since"]),
            until=moment(one["until"]),
        )
        for one in raw
    )


def _outcome(raw: Json) -> FrozenOutcome:
    return FrozenOutcome(
        outcome=FrozenTerm(**raw["outcome"]),
        reason=_term(raw["reason"]),
        awaited=raw["awaited"],
        awaited_from=raw["awaited_from"],
        due=day(raw["due"]),
        covered_by=raw["covered_by"],
    )


def _concordance(raw: Json) -> FrozenConcordance:
    choices = (
        FrozenChoiceConcordance(
            title=one["title"],
            statement_id=one["statement_id"],
            concordance=FrozenTerm(**one["concordance"]),
            because=one["because"],
        )
        for one in raw["choices"]
    )
    return FrozenConcordance(FrozenTerm(**raw["overall"]), tuple(choices))


def _discussion(raw: Json) -> FrozenDiscussion:
    return FrozenDiscussion(
        uid=raw["uid"],
        question=raw["question"],
        asks=tuple(FrozenTerm(**one) for one in raw["asks"]),
        reason=raw["reason"],
        track=_term(raw["track"]),
        presenter=raw["presenter"],
        started_at=moment(raw["started_at"]),
        ended_at=moment(raw["ended_at"]),
        follows=raw["follows"],
        urgent_reason=raw.get("urgent_reason", ""),
    )


def _deliberation(raw: Json) -> FrozenDeliberation:
    return FrozenDeliberation(
        dissents=tuple(FrozenDissent(**one) for one in raw["dissents"]),
        vote=FrozenVote(**raw["vote"]) if raw["vote"] else None,
        trial=FrozenConsidered(**raw["trial"]) if raw["trial"] else None,
        wishes=FrozenConsidered(**raw["wishes"]) if raw["wishes"] else None,
        quorum=raw["quorum"],
        quorum_met=raw["quorum_met"],
        quorum_reason=raw["quorum_reason"],
        early_reason=raw["early_reason"],
    )


READ: Mapping[str, Callable[[Any], Any]] = {
    "attendance": _attendance,
    "outcome": _outcome,
    "concordance": _concordance,
    "discussion": _discussion,
    "deliberation": _deliberation,
}
