"""What comes in and goes out, beside case files and snapshots, which have contracts of their own."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import AfterValidator, BeforeValidator


def _as_written(value: object) -> object:
    """Refuse what is no date at its beginning: a bare number would count seconds since 1970."""
    if isinstance(value, str) and not re.match(r"\d{4}-\d\d-\d\d", value):
        raise ValueError("a moment such as 2026-03-05T14:00:00Z is expected")
    return value


LONGEST_CODE, MOST_CODES = 80, 200  # characters of one, and how many of them
Code = Annotated[str, Field(max_length=LONGEST_CODE)]


def _of_our_time(moment: datetime) -> datetime:
    """Refuse a year that, moved to another zone, a database may not hold."""
    if not EARLIEST <= moment.year <= LATEST:
        raise ValueError(f"a year from {EARLIEST} to {LATEST} is expected")
    return moment


EARLIEST, LATEST = 1900, 2999
Moment = Annotated[datetime, BeforeValidator(_as_written), AfterValidator(_of_our_time)]


class CaseToFind(Schema):
    """Which cases are meant; a record number never stands in an address."""

    record_number: str = Field(min_length=1, max_length=64)


class CaseFound(Schema):
    """A case of the board."""

    id: UUID
    key: str
    question: str
    stage: str
    changed_at: datetime


class ValueChange(Schema):
    """A value that differs from what is stored. `kept`: a person entered what is stored, and it stays."""

    path: str
    before: Any = None
    after: Any = None
    kept: bool = False


class CaseStored(Schema):
    """What became, or would become, of a case file that was sent. What is refused comes as a problem."""

    result: Literal["create", "change", "unchanged", "refused"]
    id: UUID | None = None
    changes: list[ValueChange] = []


class TumorInBundle(Schema):
    """A tumor that a bundle names. Proposed is what belongs to a neuroendocrine neoplasm, or to none."""

    name: str
    label: str
    neuroendocrine: bool


class BundleFinding(Schema):
    """A proposed fact in words. `tumor`: whose it is, empty where the bundle does not say; `state`: new,
    differs, same, or stuck, where the record cannot hold it; `held`: what the record holds; `question`: what
    only a person can answer.
    """

    tumor: str
    entry: str
    label: str
    value: str
    state: Literal["new", "differs", "same", "stuck"]
    held: str
    words: str
    place: str
    question: str


class BundleUnread(Schema):
    """What of a bundle is not proposed, and why."""

    what: str
    reason: str
    place: str


class BundlePosted(Schema):
    """A bundle that waits at its case. `patient_differs`: in what its patient is another than the case's."""

    id: UUID
    message: str
    patient_differs: list[str]
    tumors: list[TumorInBundle]
    findings: list[BundleFinding]
    unread: list[BundleUnread]


class DecisionFound(Schema):
    """A signed decision. `status`: signed, superseded or withdrawn."""

    id: UUID
    case: UUID
    signed_at: datetime
    signed_by: str
    status: str
    digest: str


class MeetingFound(Schema):
    """A meeting of the board, with the cases on its agenda in their order."""

    id: UUID
    name: str
    starts_at: datetime
    place: str
    state: str
    cases: list[UUID]


class QuestionToGuideline(Schema):
    """The facts of a case, as the vocabulary names them; what is left out is not known. `done`: tests that
    are done; `asks`: what the board asks about; `guideline`: id@edition, the newest unless given.
    """

    facts: dict[str, Any]
    done: list[Code] = Field([], max_length=MOST_CODES)
    asks: list[Code] = Field([], max_length=MOST_CODES)
    guideline: Code = ""
