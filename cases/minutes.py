"""The minutes of a meeting, in format 1: what closing freezes, and what its page and papers are shown from.

    format      1
    board, title, place, starts_at, started_at, closed_at
    quorum      words, met: over everybody who was there
    attendance  list of name, discipline, mode, cover_for, since, until
    agenda      list of place, discussion, case, patient (name, record_number), question, reason, track,
                presenter, minutes, late, started_at, ended_at, outcome,
                deferral (reason, awaited, awaited_from, awaited_by; null unless deferred),
                decision (uid, signed; null where there is none)

Codes stand in words beside them, so that nothing of today is needed to show it.
"""

from __future__ import annotations

import json
from typing import Any

from cases.models import Attendance, Discussion, Meeting
from cases.quorum import quorum_of
from cases.snapshot.digest import canonical

FORMAT = 1


def minutes_of(meeting: Meeting) -> dict[str, Any]:
    """The minutes of a meeting as it stands, as plain JSON."""
    present = list(meeting.attendance.all())
    quorum = quorum_of(meeting.board, present)
    agenda = meeting.discussions.on_agenda().prefetch_related("decisions")  # type: ignore[attr-defined]
    minutes = {
        "format": FORMAT,
        "board": meeting.board.name,
        "title": meeting.title,
        "place": meeting.place,
        "starts_at": meeting.starts_at,
        "started_at": meeting.started_at,
        "closed_at": meeting.closed_at,
        "quorum": {"words": quorum.words, "met": quorum.is_met},
        "attendance": [_person(one) for one in present],
        "agenda": [_line(one) for one in agenda],
    }
    plain: dict[str, Any] = json.loads(canonical(minutes))
    return plain


def _person(one: Attendance) -> dict[str, Any]:
    return {
        "name": one.name,
        "discipline": one.discipline,
        "mode": one.get_mode_display(),
        "cover_for": one.cover_for,
        "since": one.since,
        "until": one.until,
    }


def _line(discussion: Discussion) -> dict[str, Any]:
    patient = discussion.case.patient
    return {
        "place": discussion.place,
        "discussion": discussion.uid,
        "case": discussion.case.uid,
        "patient": {"name": patient.full_name, "record_number": patient.record_number},
        "question": discussion.question,
        "reason": discussion.get_reason_display() if discussion.reason else "",
        "track": discussion.get_track_display(),
        "presenter": discussion.presenter,
        "minutes": discussion.minutes,
        "late": discussion.late,
        "started_at": discussion.started_at,
        "ended_at": discussion.ended_at,
        "outcome": {"code": discussion.outcome, "words": discussion.get_outcome_display()},
        "deferral": _deferral(discussion) if discussion.deferral_reason else None,
        "decision": _decision(discussion),
    }


def _deferral(discussion: Discussion) -> dict[str, Any]:
    return {
        "reason": discussion.get_deferral_reason_display(),
        "awaited": discussion.awaited,
        "awaited_from": discussion.awaited_from,
        "awaited_by": discussion.awaited_by,
    }


def _decision(discussion: Discussion) -> dict[str, Any] | None:
    made = list(discussion.decisions.all())
    if not made:
        return None
    signed = next((one for one in reversed(made) if one.is_signed), None)
    return {"uid": (signed or made[-1]).uid, "signed": signed is not None}
