"""What a signature freezes, in format 2. A signed decision is shown, printed and checked from this alone.

Plain JSON throughout, dates as ISO text. The shape is that of format 1 (see `read_v1`) with what `read_v2`
names on top. The answer is kept as `Assessment.as_json` gives it: what a later edition adds is stored as it
comes. What is not signed yet has the same shape (`as_it_stands`), with `signed` null, and `decision` and
`drafted` null where nobody has drafted one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import orjson
from django.contrib.auth.models import User

from cases import choices
from cases.facts import RecordFacts
from cases.models import Case, Decision, Meeting, Patient
from cases.models.base import Stamped
from cases.record import FIELD_OF, CaseRecord
from cases.snapshot.blocks import Blocks
from cases.snapshot.digest import digest, plain_value
from cases.snapshot.entries import entries_of, fields_of
from cases.snapshot.frozen import FrozenEntry
from cases.snapshot.wording import words_of
from guidelines.answer.parts import Assessment
from guidelines.knowledge.model import Guideline
from guidelines.vocabulary.facts import FACTS

FORMAT = 2
# What orjson would write by itself and otherwise than `cases.snapshot.digest.canonical` does.
AS_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
NO_BLOCKS = Blocks()


@dataclass(frozen=True)
class Seen:
    """What was on the table: the record, its facts, the guideline's answer to them."""

    record: CaseRecord
    facts: RecordFacts
    guideline: Guideline
    assessment: Assessment

    def family(self, intervention: str) -> tuple[str, ...]:
        """The interventions that a choice on this one may be about; itself, if the guideline has no such."""
        known = intervention in self.guideline.interventions
        return self.guideline.family(intervention) if known else (intervention,)


def build(
    decision: Decision, seen: Seen, signer: User, at: datetime, blocks: Blocks = NO_BLOCKS
) -> dict[str, Any]:
    """The snapshot of `decision` as `signer` signs it at `at`."""
    signed = {"signed": {"by": name_of(signer), "at": at}}
    return _plain_json({**_seen(seen), **_drafted(decision, blocks), **signed, **blocks.as_json()})


def as_it_stands(
    seen: Seen, draft: Decision | None, meeting: Meeting | None = None, blocks: Blocks = NO_BLOCKS
) -> dict[str, Any]:
    """The same for what is not signed: the record of now, with the draft if there is one."""
    nothing: dict[str, Any] = {
        "meeting": _meeting(meeting),
        "decision": None,
        "attendees": [],
        "drafted": None,
    }
    drafted = _drafted(draft, blocks) if draft else nothing
    return _plain_json({**_seen(seen), **drafted, "signed": None, **blocks.as_json()})


def seen_digest(seen: Seen) -> str:
    """The digest of record, facts and answer: equal as long as a signer would freeze what the page showed."""
    return digest(_seen(seen))


def name_of(user: User) -> str:
    """What a person is called in a snapshot."""
    return user.get_full_name() or user.get_username()


def _plain_json(snapshot: dict[str, Any]) -> dict[str, Any]:
    written = orjson.dumps(snapshot, plain_value, AS_CANONICAL)
    plain: dict[str, Any] = orjson.loads(written)
    return plain


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
        "entries": [_entry(entry) for entry in entries_of(seen.record, seen.facts)],
        "guideline": {"edition": seen.guideline.edition, **assessment["guideline"]},
        "assessment": assessment,
        "words": words_of(seen.guideline, seen.assessment),
    }


def _drafted(decision: Decision, blocks: Blocks) -> dict[str, Any]:
    there = [{"name": one.name, "role": one.discipline} for one in blocks.attendance or ()]
    return {
        "meeting": _meeting(decision.discussion.meeting),
        "decision": _decision(decision),
        "attendees": there or decision.attendees,
        "drafted": {"by": name_of(decision.drafted_by), "at": decision.drafted_at},
    }


def _patient(patient: Patient) -> dict[str, Any]:
    names = ("record_number", "surname", "given_names", "birth_date", "sex", "deceased", "deceased_on")
    return {"name": patient.full_name, **{name: getattr(patient, name) for name in names}}


def _case(case: Case) -> dict[str, Any]:
    names = ("uid", "question", "referrer", "is_demo", "citation")
    return {
        "board": case.board.name,
        "is_invented": case.citation == choices.INVENTED,
        **{name: getattr(case, name) for name in names},
    }


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


def _entry(entry: FrozenEntry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "uid": entry.uid,
        "date": entry.date,
        "until": entry.until,
        "title": entry.title,
        "findings": [asdict(one) for one in entry.findings],
        "remarks": [asdict(one) for one in entry.remarks],
    }


def _fields(part: Stamped) -> dict[str, Any]:
    return {"uid": part.uid, **{field.name: getattr(part, field.name) for field in fields_of(part)}}


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
        "conditions": [condition.sentence for condition in decision.conditions.all()],
        "next_steps": [
            {"text": step.text, "owner_name": step.owner_name, "due_on": step.due_on}
            for step in decision.next_steps.all()
        ],
        "supersedes": decision.supersedes.uid if decision.supersedes else None,
        "supersede_reason": decision.supersede_reason,
    }
