"""Format 1, which no code writes any more: codes whose words stand in tables beside this module.

    format       1
    patient      record_number, surname, given_names, name, birth_date, sex, deceased, deceased_on
    case         uid, board, question, referrer, is_demo, citation
    meeting      starts_at, place; or null
    facts        list in display order: fact, label, value, shown, source, date, author, source_uid
    cautions     what the record says twice, differently
    record       pathology, imaging, molecular, treatments, assessments: lists, newest first, of every field
    guideline    id, version, digest
    assessment   the whole answer, with reasons
    decision     uid, intent, rationale, options, conditions, next_steps, supersedes, supersede_reason;
                 or null
    attendees    list of name, role
    drafted, signed   by, at; or null

It was written with edition 1.0 of the guideline only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cases.snapshot.content import frozen_of
from cases.snapshot.frozen import Frozen
from cases.snapshot.record_v1 import TABLES, entries_of
from cases.snapshot.words import Words

EDITION = "1.0"
WORDS = Words(json.loads(Path(__file__).with_name("words_v1.json").read_text(encoding="utf-8")))


def read(snapshot: Mapping[str, Any]) -> Frozen:
    """A snapshot of format 1."""
    return frozen_of(
        snapshot,
        WORDS,
        edition=EDITION,
        is_invented=snapshot["case"]["citation"] == TABLES["invented"],
        record=entries_of(snapshot),
    )
