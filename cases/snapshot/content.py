"""What formats 1 and 2 hold alike: person, case, meeting, facts, decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cases.reading import PartialDate
from cases.snapshot.answer import answer_of
from cases.snapshot.frozen import (
    Frozen,
    FrozenCase,
    FrozenChoice,
    FrozenDecision,
    FrozenEntry,
    FrozenFact,
    FrozenMeeting,
    FrozenPatient,
    FrozenPerson,
    FrozenStamp,
    FrozenStep,
)
from cases.snapshot.frozen_answer import FrozenGuideline
from cases.snapshot.words import Words

Json = Mapping[str, Any]


def frozen_of(
    snapshot: Json, words: Words, *, edition: str, is_invented: bool, record: tuple[FrozenEntry, ...]
) -> Frozen:
    """The snapshot without the blocks that format 2 adds; what the two hold differently is given."""
    stamp = snapshot["guideline"]
    return Frozen(
        format=snapshot["format"],
        patient=_patient(snapshot["patient"], words),
        case=_case(snapshot["case"], is_invented),
        meeting=_meeting(snapshot["meeting"]),
        facts={fact["fact"]: _fact(fact) for fact in snapshot["facts"]},
        cautions=tuple(snapshot["cautions"]),
        record=record,
        guideline=FrozenGuideline(stamp["id"], stamp["version"], edition, stamp["digest"]),
        answer=answer_of(snapshot["assessment"], words),
        decision=_decision(snapshot["decision"], words),
        present=tuple(FrozenPerson(one["name"], one.get("role", "")) for one in snapshot["attendees"]),
        drafted=_stamp(snapshot["drafted"]),
        signed=_stamp(snapshot["signed"]),
    )


def day(text: str | None) -> date | None:
    """A date as a snapshot writes it."""
    return date.fromisoformat(text) if text else None


def known_date(text: str | None) -> PartialDate | None:
    """The date of a finding: the day, or the month or year that is known."""
    return PartialDate.from_iso(text) if text else None


def moment(text: str | None) -> datetime | None:
    """A moment as a snapshot writes it."""
    return datetime.fromisoformat(text) if text else None


def _patient(raw: Json, words: Words) -> FrozenPatient:
    return FrozenPatient(
        record_number=raw["record_number"],
        name=raw["name"],
        surname=raw["surname"],
        given_names=raw["given_names"],
        birth_date=date.fromisoformat(raw["birth_date"]),
        sex=words.term("sexes", raw["sex"]),
        deceased=raw["deceased"],
        deceased_on=day(raw["deceased_on"]),
    )


def _case(raw: Json, is_invented: bool) -> FrozenCase:
    return FrozenCase(
        uid=raw["uid"],
        board=raw["board"],
        question=raw["question"],
        referrer=raw["referrer"],
        is_demo=raw["is_demo"],
        is_invented=is_invented,
        citation=raw["citation"],
    )


def _meeting(raw: Json | None) -> FrozenMeeting | None:
    return FrozenMeeting(datetime.fromisoformat(raw["starts_at"]), raw["place"]) if raw else None


def _fact(raw: Json) -> FrozenFact:
    return FrozenFact(
        name=raw["fact"],
        label=raw["label"],
        value=raw["value"],
        shown=raw["shown"],
        source=raw["source"],
        date=known_date(raw["date"]),
        author=raw["author"],
        source_uid=raw["source_uid"] or "",
    )


def _decision(raw: Json | None, words: Words) -> FrozenDecision | None:
    if raw is None:
        return None
    return FrozenDecision(
        uid=raw["uid"],
        intent=words.term("intents", raw["intent"]),
        rationale=raw["rationale"],
        choices=tuple(_choice(one, words) for one in raw["options"]),
        conditions=tuple(raw["conditions"]),
        steps=tuple(
            FrozenStep(one["text"], one["owner_name"], day(one["due_on"])) for one in raw["next_steps"]
        ),
        supersedes=raw["supersedes"] or "",
        supersede_reason=raw["supersede_reason"],
    )


def _choice(raw: Json, words: Words) -> FrozenChoice:
    return FrozenChoice(
        choice=words.term("choices", raw["choice"]),
        statement_id=raw["statement_id"],
        intervention=raw["intervention"],
        title=raw["title"],
        stance=words.stance(raw["stance"]) if raw["stance"] else None,
        agreement=words.term("agreements", raw["agreement"]) if raw["agreement"] else None,
        reason=words.term("reasons", raw["reason_code"]) if raw["reason_code"] else None,
        reason_text=raw["reason_text"],
    )


def _stamp(raw: Json | None) -> FrozenStamp | None:
    return FrozenStamp(raw["by"], datetime.fromisoformat(raw["at"])) if raw else None
