"""The minutes of a closed meeting on paper: from what closing and signing froze, and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dateparse import parse_datetime

from cases.documents.decided import Decided, decided_in
from cases.documents.words import clean, in_line, joined, moment
from cases.snapshot.awaited import awaited_in_words
from cases.snapshot.frozen import Frozen


@dataclass(frozen=True, slots=True)
class MinutesPerson:
    """Somebody who was there; `how` in the room or remote, and for whom."""

    name: str
    discipline: str
    how: str
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class MinutesCase:
    """One discussion. `hidden`: a case that the reader no longer sees, of which only the place is said.

    `decision` is what was signed, with its `standing`; None where nothing was.
    """

    place: int
    name: str = ""
    record_number: str = ""
    question: str = ""
    circumstances: str = ""
    times: str = ""
    outcome: str = ""
    deferral: str = ""
    decision: Decided | None = None
    standing: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """What was corrected after closing, by whom and when."""

    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Minutes:
    """Everything on the sheets, in words."""

    board: str
    title: str
    when: str
    held: str
    quorum: str
    quorum_met: bool
    people: tuple[MinutesPerson, ...]
    cases: tuple[MinutesCase, ...]
    corrections: tuple[Correction, ...]
    digest: str
    printed: str


def build_minutes(
    said: Mapping[str, Any],
    decisions: Mapping[str, Frozen],
    *,
    digest: str,
    printed: str,
    seen: frozenset[str],
    corrections: Sequence[Correction] = (),
) -> Minutes:
    """Minutes as `cases.minutes` froze them, with the signed decisions by their ids.

    `seen`: the ids of the cases that the reader may still see.
    """
    quorum = said["quorum"]
    return Minutes(
        board=in_line(said["board"]),
        title=in_line(said["title"]),
        when=joined(_moment(said["starts_at"]), in_line(said["place"])),
        held=joined(_moment(said["started_at"]), _moment(said["closed_at"]), by=" to "),
        quorum=in_line(quorum["words"]),
        quorum_met=quorum["met"],
        people=tuple(_person(one) for one in said["attendance"]),
        cases=tuple(
            _case(one, decisions) if one["case"] in seen else MinutesCase(one["place"], hidden=True)
            for one in said["agenda"]
        ),
        corrections=tuple(corrections),
        digest=digest,
        printed=printed,
    )


def _person(said: Mapping[str, Any]) -> MinutesPerson:
    cover = joined("in place of", in_line(said["cover_for"]), by=" ") if said["cover_for"] else ""
    return MinutesPerson(
        in_line(said["name"]),
        in_line(said["discipline"]) or "Discipline not stated",
        joined(in_line(said["mode"]), cover),
        _clock(said["since"]),
        _clock(said["until"]),
    )


def _case(said: Mapping[str, Any], decisions: Mapping[str, Frozen]) -> MinutesCase:
    frozen = decisions.get((said["decision"] or {}).get("uid", ""))
    presenter = in_line(said["presenter"])
    return MinutesCase(
        place=said["place"],
        name=in_line(said["patient"]["name"]),
        record_number=in_line(said["patient"]["record_number"]),
        question=clean(said["question"], 700),
        circumstances=joined(
            in_line(said["reason"]),
            in_line(said["track"]),
            joined("presented by", presenter, by=" ") if presenter else "",
            "late addition" if said["late"] else "",
        ),
        times=joined(_clock(said["started_at"]), _clock(said["ended_at"]), by="–") or "Not taken up",
        outcome=_outcome(said),
        deferral=_deferral(said["deferral"]),
        decision=decided_in(frozen.decision, frozen) if frozen and frozen.decision else None,
        standing=f"Signed by {in_line(frozen.signed.by)}, {moment(frozen.signed.at)}"
        if frozen and frozen.signed
        else "",
    )


def _outcome(said: Mapping[str, Any]) -> str:
    if said["outcome"]["code"] == "open":
        return "Decision noted, not signed at closing"
    return in_line(said["outcome"]["words"])


def _deferral(said: Mapping[str, Any] | None) -> str:
    if not said:
        return ""
    by = date.fromisoformat(said["awaited_by"]) if said["awaited_by"] else None
    awaited = awaited_in_words(in_line(said["awaited"]), in_line(said["awaited_from"]), by)
    return joined(in_line(said["reason"]), joined("awaited:", awaited, by=" ") if awaited else "", by="; ")


def _moment(text: str | None) -> str:
    at = parse_datetime(text) if text else None
    return moment(at) if at else ""


def _clock(text: str | None) -> str:
    """ "16:05"."""
    return _moment(text)[-5:]
