"""What a signature freezes. A signed decision is shown, printed and checked from this alone.

Shape (format 1), plain JSON throughout, dates as ISO text:

    format       1
    patient      record_number, surname, given_names, name, birth_date, sex, deceased, deceased_on
    case         uid, board, question, referrer, is_demo, citation
    meeting      starts_at, place; or null
    facts        list in display order: fact, label, value, shown, source, date, author, source_uid
    cautions     what the record says twice, differently
    record       pathology, imaging, molecular, treatments, assessments: lists, newest first, of every field
    guideline    id, version, digest
    assessment   Assessment.as_json(), whole, with traces
    decision     uid, intent, rationale, options, conditions, next_steps, supersedes, supersede_reason
    attendees    list of name, role
    drafted, signed   by, at

What is not signed yet has the same shape (`as_it_stands`), with `signed` null, and `decision` and `drafted`
null where nobody has drafted one.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User

from cases.actions.edits import STAMPS
from cases.facts import RecordFacts, plain_value
from cases.models import Case, Decision, Meeting, Patient
from cases.models.base import Stamped
from cases.record import FIELD_OF, CaseRecord
from guidelines.answer.parts import Assessment
from guidelines.vocabulary.facts import FACTS

FORMAT = 1


@dataclass(frozen=True)
class Seen:
    """What was on the table: the record, its facts, the guideline's answer to them."""

    record: CaseRecord
    facts: RecordFacts
    assessment: Assessment


def build(decision: Decision, seen: Seen, signer: User, at: datetime) -> dict[str, Any]:
    """The snapshot of `decision` as `signer` signs it at `at`."""
    return _plain_json(
        {**_seen(seen), **_drafted(decision), "signed": {"by": name_of(signer), "at": at}},
    )


def as_it_stands(seen: Seen, draft: Decision | None) -> dict[str, Any]:
    """The same for what is not signed: the record of now, with the draft if there is one."""
    nothing: dict[str, Any] = {
        "meeting": _meeting(seen.record.case.meeting),
        "decision": None,
        "attendees": [],
        "drafted": None,
    }
    return _plain_json({**_seen(seen), **(_drafted(draft) if draft else nothing), "signed": None})


def _seen(seen: Seen) -> dict[str, Any]:
    assessment = seen.assessment.as_json()
    return {
        "format": FORMAT,
        "patient": _patient(seen.record.patient),
        "case": _case(seen.record.case),
        "facts": _facts(seen.facts),
        "cautions": list(seen.facts.cautions),
        "record": {
            field: [_fields(part) for part in getattr(seen.record, field)] for field in FIELD_OF.values()
        },
        "guideline": assessment["guideline"],
        "assessment": assessment,
    }


def _drafted(decision: Decision) -> dict[str, Any]:
    return {
        "meeting": _meeting(decision.meeting),
        "decision": _decision(decision),
        "attendees": decision.attendees,
        "drafted": {"by": name_of(decision.drafted_by), "at": decision.drafted_at},
    }


def _plain_json(snapshot: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(canonical(snapshot))
    return plain


def digest(snapshot: Any) -> str:
    """`sha256:` and the hash of the canonical JSON: sorted keys, no spaces, UTF-8."""
    return "sha256:" + hashlib.sha256(canonical(snapshot).encode()).hexdigest()


def seen_digest(seen: Seen) -> str:
    """The digest of record, facts and answer: equal as long as a signer would freeze what the page showed."""
    return digest(_seen(seen))


def is_intact(decision: Decision) -> bool:
    """Whether a signed decision's snapshot is still the one that was signed."""
    return decision.is_signed and digest(decision.snapshot) == decision.snapshot_digest


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def name_of(user: User) -> str:
    return user.get_full_name() or user.get_username()


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return plain_value(value)
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot stand in a snapshot")


def _patient(patient: Patient) -> dict[str, Any]:
    names = ("record_number", "surname", "given_names", "birth_date", "sex", "deceased", "deceased_on")
    return {"name": patient.full_name, **{name: getattr(patient, name) for name in names}}


def _case(case: Case) -> dict[str, Any]:
    names = ("uid", "question", "referrer", "is_demo", "citation")
    return {"board": case.board.name, **{name: getattr(case, name) for name in names}}


def _meeting(meeting: Meeting | None) -> dict[str, Any] | None:
    if meeting is None:
        return None
    return {"starts_at": meeting.starts_at, "place": meeting.place}


def _facts(facts: RecordFacts) -> list[dict[str, Any]]:
    listed = []
    for name, value in facts.values.items():
        source = facts.provenance[name]
        listed.append(
            {
                "fact": name,
                "label": FACTS[name].label,
                "value": FACTS[name].as_json(value),
                "shown": FACTS[name].show(value),
                "source": source.text,
                "date": source.date,
                "author": source.author,
                "source_uid": source.source_uid,
            }
        )
    return listed


def _fields(part: Stamped) -> dict[str, Any]:
    kept = [field.name for field in part._meta.concrete_fields if field.name not in STAMPS | {"case"}]
    return {"uid": part.uid, **{name: getattr(part, name) for name in kept}}


def _decision(decision: Decision) -> dict[str, Any]:
    option_fields = (
        "statement_id",
        "intervention",
        "title",
        "stance",
        "agreement",
        "choice",
        "reason_code",
        "reason_text",
    )
    return {
        "uid": decision.uid,
        "intent": decision.intent,
        "rationale": decision.rationale,
        "options": [
            {name: getattr(option, name) for name in option_fields} for option in decision.options.all()
        ],
        "conditions": [condition.text for condition in decision.conditions.all()],
        "next_steps": [
            {"text": step.text, "owner_name": step.owner_name, "due_on": step.due_on}
            for step in decision.next_steps.all()
        ],
        "supersedes": decision.supersedes.uid if decision.supersedes else None,
        "supersede_reason": decision.supersede_reason,
    }
