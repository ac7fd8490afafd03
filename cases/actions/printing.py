"""What a document is made from: a signed decision's snapshot, or the record as it stands, in one shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

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
from cases.snapshot.write import Seen, as_it_stands, name_of

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


def printable(
    case: Case,
    decision: Decision | None = None,
    *,
    now: bool = False,
    look: Callable[[], Seen] | None = None,
) -> Printable:
    """What to print of `case`: `decision` if given, else the signed one, else the record with its draft.

    `case` was read just now, at best with its record (`cases.queries.with_record`); `look` tells what is on
    the table, where that is known. `now` asks for the record as it stands although a decision is signed.
    """
    discussions = sorted(case.discussions.select_related("meeting").order_by(), key=_order)
    signed, draft = _signed_and_draft(case, discussions)
    if decision is None and not now:
        decision = signed
    if decision is not None and decision.is_signed:
        return _signed(decision)
    seen = look() if look else seen_in(record_of(case))
    blocks = Blocks(concordance=concordance_with(draft, seen)) if draft else Blocks()
    listed = next((one for one in discussions if one.outcome == Outcome.OPEN), None)
    last = discussions[-1] if discussions and not listed and not draft else None
    deferred = last if last and last.outcome == Outcome.DEFERRED else None
    shown = listed or deferred
    content = read(as_it_stands(seen, draft, shown.meeting if shown else None, blocks))
    valid = read(signed.snapshot or {}) if signed else None
    if deferred is not None:
        return Printable(content, DEFERRED, valid=valid, deferral=deferral_in_words(deferred))
    return Printable(content, DecisionStatus.DRAFT, valid=valid)


def _order(discussion: Discussion) -> tuple[datetime, int]:
    return discussion.created_at, discussion.pk


def _signed_and_draft(
    case: Case, discussions: Iterable[Discussion]
) -> tuple[Decision | None, Decision | None]:
    """The last decision of each kind that stands, the draft with its discussion."""
    standing = case.decisions.filter(
        status__in=(DecisionStatus.SIGNED, DecisionStatus.DRAFT), withdrawal=None
    )
    last = {one.status: one for one in sorted(standing.order_by(), key=lambda one: (one.drafted_at, one.pk))}
    draft = last.get(DecisionStatus.DRAFT)
    if draft is not None:
        draft.discussion = next(one for one in discussions if one.pk == draft.discussion_id)
    return last.get(DecisionStatus.SIGNED), draft


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
