"""Format 2, as `write` makes it: format 1 with its own words, and room for what later issues add.

guideline     edition too
case          is_invented too
words         the words of every code in it; see `words`
entries       the record in words, the referral first, then each kind newest first: kind, uid, date, until,
              title, findings and remarks (lists of label, value)
assessment    may have options, asked, and of a recommendation kind, done, provided
attendance, outcome, concordance, discussion   where given; see `blocks`
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cases.snapshot.blocks import blocks_in
from cases.snapshot.content import frozen_of, known_date
from cases.snapshot.frozen import Frozen, FrozenEntry, FrozenFinding
from cases.snapshot.words import Words


def read(snapshot: Mapping[str, Any]) -> Frozen:
    """A snapshot of format 2."""
    frozen = frozen_of(
        snapshot,
        Words(snapshot["words"]),
        edition=snapshot["guideline"]["edition"],
        is_invented=snapshot["case"]["is_invented"],
        record=tuple(_entry(one) for one in snapshot["entries"]),
    )
    return replace(frozen, **blocks_in(snapshot))


def _entry(raw: Mapping[str, Any]) -> FrozenEntry:
    return FrozenEntry(
        kind=raw["kind"],
        uid=raw["uid"],
        date=known_date(raw["date"]),
        until=known_date(raw["until"]),
        title=raw["title"],
        findings=_findings(raw["findings"]),
        remarks=_findings(raw["remarks"]),
    )


def _findings(raw: list[Mapping[str, str]]) -> tuple[FrozenFinding, ...]:
    return tuple(FrozenFinding(one["label"], one["value"]) for one in raw)
