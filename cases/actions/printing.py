"""What a document is made from: a signed decision's snapshot, or the record as it stands, in one shape."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from cases.actions.deciding import seen_in
from cases.actions.signing import concordance_with
from cases.choices import DecisionStatus, Outcome
from cases.models import Case, Decision, DecisionWithdrawal, Discussion
from cases.record import record_of
from cases.snapshot.awaited import awaited_in_words
from cases.snapshot.blocks import Blocks
from cases.snapshot.digest import is_intact
from cases.snapshot.frozen import Frozen
from cases.snapshot.read import read
from cases.snapshot.write import as_it_stands, name_of

WITHDRAWN = "withdrawn"  # the status of a decision that was entered in error
DEFERRED = "deferred"  # of a case whose last discussion put the decision off


@dataclass(frozen=True)
class Printable:
    """`status` is draft, deferred, signed, superseded or withdrawn; `intact` is false where a signed snapshot
    is not the one that was signed; `valid` is the case's signed decision, given only with what is not signed;
    `withdrawn` says why a decision was entered in error, by whom and when; `deferral` what is awaited.
    """

    content: Frozen
    status: str
    intact: bool = True
    valid: Frozen | None = None
    withdrawn: str = ""
    deferral: str = ""


def printable(case: Case, decision: Decision | None = None, *, now: bool = False) -> Printable:
    """What to print of `case`: `decision` if given, else the signed one, else the record with its draft.

    `case` was read just now, at best with its record (`cases.queries.with_record`).
    `now` asks for the record as it stands although a decision is signed.
    """
    signed = case.decisions.filter(status=DecisionStatus.SIGNED, withdrawal=None).last()
    if decision is None and not now:
        decision = signed
    if decision is not None and decision.is_signed:
        return _signed(decision)
    drafts = case.decisions.filter(status=DecisionStatus.DRAFT)
    draft = drafts.select_related("discussion__meeting", "discussion__board").last()
    seen = seen_in(record_of(case))
    blocks = Blocks(concordance=concordance_with(draft, seen)) if draft else Blocks()
    discussions = case.discussions.select_related("meeting").order_by("created_at", "pk")
    listed = discussions.filter(outcome=Outcome.OPEN).first()
    last = listed or discussions.last()
    deferred = last if last and last.outcome == Outcome.DEFERRED and draft is None else None
    shown = listed or deferred
    content = read(as_it_stands(seen, draft, shown.meeting if shown else None, blocks))
    valid = read(signed.snapshot or {}) if signed else None
    if deferred is not None:
        return Printable(content, DEFERRED, valid=valid, deferral=deferral_in_words(deferred))
    return Printable(content, DecisionStatus.DRAFT, valid=valid)


def deferral_in_words(discussion: Discussion) -> str:
    """ "Pathology review. Awaited: second opinion, from Dr Path, by 21-Dec-2026"."""
    awaited = awaited_in_words(discussion.awaited, discussion.awaited_from, discussion.awaited_by)
    reason = discussion.get_deferral_reason_display()
    return f"{reason}. Awaited: {awaited}" if awaited else f"{reason}."


def _signed(decision: Decision) -> Printable:
    found = DecisionWithdrawal.objects.filter(decision=decision).select_related("by").first()
    status, why = (WITHDRAWN, withdrawal_in_words(found)) if found else (decision.status, "")
    return Printable(read(decision.snapshot or {}), status, is_intact(decision), withdrawn=why)


def withdrawal_in_words(one: DecisionWithdrawal) -> str:
    """ "Wrong patient (Dora Diaz, 05-Mar-2026 16:42)"."""
    at = timezone.localtime(one.at)
    return f"{one.reason} ({name_of(one.by)}, {at:%d-%b-%Y %H:%M})"
