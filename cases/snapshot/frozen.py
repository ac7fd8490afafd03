"""A signed, or otherwise held, decision as plain data: all that its pages and documents show.

What the guideline answered is in `frozen_answer`. Blocks that a format does not know are None.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.reading import PartialDate
from cases.snapshot.frozen_answer import (
    FrozenAnswer,
    FrozenGuideline,
    FrozenStance,
    FrozenTerm,
)

# --- The case -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FrozenPatient:
    """The person as known then. `deceased` is None if that was not known."""

    record_number: str
    name: str
    surname: str
    given_names: str
    birth_date: datetime.date
    sex: FrozenTerm
    deceased: bool | None
    deceased_on: datetime.date | None

    def age_on(self, day: datetime.date) -> int:
        """Completed years on `day`, or at death if that came first."""
        if self.deceased_on is not None:
            day = min(day, self.deceased_on)
        before_birthday = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before_birthday


@dataclass(frozen=True, slots=True)
class FrozenCase:
    """The case as referred. `is_invented`: a demonstration case that no report describes."""

    uid: str
    board: str
    question: str
    referrer: str
    is_demo: bool
    is_invented: bool
    citation: str


@dataclass(frozen=True, slots=True)
class FrozenMeeting:
    starts_at: datetime.datetime
    place: str


@dataclass(frozen=True, slots=True)
class FrozenFact:
    """A fact as the guideline was told it, in the words shown, and where it came from.

    `value` is plain JSON; `date` is the finding's own, None if nobody gave one; `source_uid` names the entry.
    """

    name: str
    label: str
    value: Any
    shown: str
    source: str
    date: PartialDate | None
    author: str
    source_uid: str

    @property
    def origin(self) -> str:
        """ "Pathology report H26-1182, 05-Nov-2026"."""
        return f"{self.source}, {self.date}" if self.date else self.source


@dataclass(frozen=True, slots=True)
class FrozenFinding:
    """A name and its value, both in words."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class FrozenEntry:
    """One entry of the record: referral, report, study, treatment, assessment.

    `until` ends a course; `remarks` are free text.
    """

    kind: str
    uid: str
    date: PartialDate | None
    until: PartialDate | None
    title: str
    findings: tuple[FrozenFinding, ...]
    remarks: tuple[FrozenFinding, ...]


# --- The decision -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FrozenChoice:
    """What the board made of an option. `stance` and `agreement` are None for an option of its own."""

    choice: FrozenTerm
    statement_id: str
    intervention: str
    title: str
    stance: FrozenStance | None
    agreement: FrozenTerm | None
    reason: FrozenTerm | None
    reason_text: str

    @property
    def is_taken(self) -> bool:
        """Whether the board decided for it; what it put off is not taken."""
        return self.choice.code not in ("rejected", "deferred")


@dataclass(frozen=True, slots=True)
class FrozenStep:
    text: str
    owner: str
    due: datetime.date | None


@dataclass(frozen=True, slots=True)
class FrozenDecision:
    """`supersedes` is the uid of the decision whose place it took, "" if there was none."""

    uid: str
    intent: FrozenTerm
    rationale: str
    choices: tuple[FrozenChoice, ...]
    conditions: tuple[str, ...]
    steps: tuple[FrozenStep, ...]
    supersedes: str
    supersede_reason: str


@dataclass(frozen=True, slots=True)
class FrozenPerson:
    """Somebody named as present."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class FrozenStamp:
    by: str
    at: datetime.datetime


# --- Blocks that later editions of the record add -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FrozenAttendance:
    """Who was there while the case was discussed. `mode`: in the room or remote."""

    name: str
    discipline: str
    mode: FrozenTerm
    cover_for: str
    since: datetime.datetime | None
    until: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class FrozenOutcome:
    """How a discussion ended: decided, deferred, not reached or by protocol.

    Of a deferral: `reason`, what is awaited, from whom, by when. Of a protocol: the statement that covers it.
    """

    outcome: FrozenTerm
    reason: FrozenTerm | None
    awaited: str
    awaited_from: str
    due: datetime.date | None
    covered_by: str


@dataclass(frozen=True, slots=True)
class FrozenChoiceConcordance:
    """How one choice of the board relates to the guideline.

    `because` says on what that depends: "if the disease progresses"; "" where it depends on nothing.
    """

    title: str
    statement_id: str
    concordance: FrozenTerm
    because: str


@dataclass(frozen=True, slots=True)
class FrozenConcordance:
    """How the whole decision relates to the guideline, and each choice in it."""

    overall: FrozenTerm
    choices: tuple[FrozenChoiceConcordance, ...]


def relations_of(block: FrozenConcordance | None, choices: int) -> tuple[str, ...]:
    """How each of so many choices relates to the guideline, in words and in their order; "" if not known."""
    if block is None or len(block.choices) != choices:
        return ("",) * choices
    return tuple(
        f"{one.concordance.words}: {one.because}" if one.because else one.concordance.words
        for one in block.choices
    )


@dataclass(frozen=True, slots=True)
class FrozenDiscussion:
    """What was discussed: its own question, what it asks the guideline, why, on which track, by whom, when.

    `follows` is the uid of the discussion before it, "" if there was none. `urgent_reason` says why no
    meeting discussed it.
    """

    uid: str
    question: str
    asks: tuple[FrozenTerm, ...]
    reason: str
    track: FrozenTerm | None
    presenter: str
    started_at: datetime.datetime | None
    ended_at: datetime.datetime | None
    follows: str
    urgent_reason: str = ""


@dataclass(frozen=True, slots=True)
class FrozenDissent:
    """Somebody who did not agree; name and discipline may be ""."""

    position: str
    name: str
    discipline: str


@dataclass(frozen=True, slots=True)
class FrozenVote:
    """How the board voted; `agreement` is what the guideline's panel would have called it."""

    in_favor: int
    against: int
    abstained: int
    agreement: str


@dataclass(frozen=True, slots=True)
class FrozenConsidered:
    """Whether something was considered, and more in words."""

    considered: str
    words: str


@dataclass(frozen=True, slots=True)
class FrozenDeliberation:
    """How the board came to the decision.

    `quorum` is in words, "" where no meeting decided; the reasons say why it was signed without one, or
    before the meeting had begun.
    """

    dissents: tuple[FrozenDissent, ...]
    vote: FrozenVote | None
    trial: FrozenConsidered | None
    wishes: FrozenConsidered | None
    quorum: str
    quorum_met: bool | None
    quorum_reason: str
    early_reason: str


# --- All of it ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Frozen:
    """A whole snapshot.

    `decision` and `drafted` are None where nobody drafted one, `signed` where nobody signed.
    `record` holds every entry, the referral first, then each kind newest first.
    """

    format: int
    patient: FrozenPatient
    case: FrozenCase
    meeting: FrozenMeeting | None
    facts: Mapping[str, FrozenFact]
    cautions: tuple[str, ...]
    record: tuple[FrozenEntry, ...]
    guideline: FrozenGuideline
    answer: FrozenAnswer
    decision: FrozenDecision | None
    present: tuple[FrozenPerson, ...]
    drafted: FrozenStamp | None
    signed: FrozenStamp | None
    attendance: tuple[FrozenAttendance, ...] | None = None
    outcome: FrozenOutcome | None = None
    concordance: FrozenConcordance | None = None
    discussion: FrozenDiscussion | None = None
    deliberation: FrozenDeliberation | None = None
