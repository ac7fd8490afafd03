"""The board's decision: drafted, checked against what is recommended, signed, corrected; then never edited.

A draft holds options of the guideline's answer (accepted, rejected or deferred), each by the statement whose
verdict holds, and the board's own options. Name and strength are always those of the answer, never the
caller's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.access import require_discussion
from cases.actions.delivering import owe
from cases.actions.drafts import (
    Attendee,
    ConditionContent,
    DecisionContent,
    DissentContent,
    OptionContent,
    StepContent,
    Votes,
    content_of,
    store,
)
from cases.actions.edits import StaleEdit
from cases.actions.following import ask_for_options
from cases.actions.locks import lock_cases, lock_meeting, retried
from cases.actions.measuring import measure_signed, measure_withdrawn
from cases.actions.planning import plan_accepted
from cases.actions.signing import blocks_of, concordance_with, left_unsaid, unsigned_because
from cases.actions.steps import open_steps_before, take_over
from cases.assessing import assessed
from cases.choices import (
    DECIDED_OUTCOMES,
    AuditAction,
    CaseStatus,
    DecisionStatus,
    OptionChoice,
    Outcome,
    Right,
    Track,
)
from cases.clock import now
from cases.facts import facts_of, record_of
from cases.guideline import guideline_of
from cases.models import AuditEvent, Case, Decision, DecisionWithdrawal, Discussion
from cases.models.audit import one_act
from cases.queries import with_record
from cases.reading import fold_number
from cases.record import CaseRecord
from cases.seals import seal_of
from cases.snapshot.digest import digest
from cases.snapshot.write import Seen, build, seen_digest
from cases.standing import refresh_status
from guidelines.answer.options import verdicts_of
from guidelines.answer.parts import Option

__all__ = [
    "Attendee",
    "ConditionContent",
    "DecisionContent",
    "DissentContent",
    "OptionContent",
    "StaleEdit",
    "StepContent",
    "Votes",
    "concordance_with",
    "content_of",
    "discard_draft",
    "left_unsaid",
    "look_at",
    "save_draft",
    "seen_in",
    "sign_decision",
    "supersede_decision",
    "unsigned_because",
    "withdraw_decision",
]


def look_at(case: Case) -> Seen:
    """The record as stored, its facts as of now, and the guideline's answer to them."""
    return seen_in(record_of(with_record(Case.objects.all()).get(pk=case.pk)))


def seen_in(record: CaseRecord) -> Seen:
    """The same of a record that was read just now."""
    guideline, facts = guideline_of(record.case), facts_of(record, timezone.localdate(now()))
    return Seen(record, facts, guideline, assessed(guideline, facts))


@retried
def save_draft(
    *, by: User, discussion: Discussion, content: DecisionContent, version: int | None = None
) -> Decision:
    """Store the discussion's one draft, new or changed. `version` is that of the draft shown, None for a new
    one.

    The same content again changes nothing. Raises `StaleEdit` if the draft has changed since,
    `ValidationError` for a verdict that does not stand on the case, for a closed case and for a discussion
    that has ended.
    """
    require_discussion(by, discussion, Right.SCRIBE)
    content = content.normal()
    with one_act():
        stored = _locked_with_case(discussion)
        draft = _locked_draft(stored)
        if draft is not None and content_of(draft) == content:
            return draft
        if draft is None:
            if not stored.is_open:
                raise ValidationError(_ended(stored))
            _refuse_closed(stored)
            draft = Decision(
                case=stored.case,
                discussion=stored,
                drafted_by=by,
                drafted_at=now(),
                created_by=by,
                updated_by=by,
            )
        elif draft.version != version:
            raise StaleEdit(draft, asdict(content))
        else:
            draft.version += 1
        store(draft, content, by, _verdicts(stored.case))
        _audit(by, AuditAction.DRAFTED, draft)
    return draft


def _ended(discussion: Discussion) -> str:
    if discussion.outcome in DECIDED_OUTCOMES:
        return "This discussion has a signed decision; supersede it to correct it."
    return f"This discussion has ended: {discussion.get_outcome_display().lower()}."


def _refuse_closed(discussion: Discussion) -> None:
    """Nothing new is decided at a meeting that is closed; what was drafted there can be signed."""
    if discussion.meeting is not None and not discussion.meeting.is_open:
        state = discussion.meeting.get_state_display().lower()
        raise ValidationError(f"This meeting is {state}; list the case for another one to decide it.")


@retried
def discard_draft(*, by: User, decision: Decision, version: int) -> None:
    """Throw a draft away. A signed decision is refused; a draft that is gone already is no error."""
    require_discussion(by, decision.discussion, Right.SCRIBE)
    with one_act():
        lock_cases([decision.case_id])
        stored = Decision.objects.select_for_update(of=("self",)).filter(pk=decision.pk).first()
        if stored is None:
            return
        if stored.version != version:
            raise StaleEdit(stored, {})
        stored.delete()
        _audit(by, AuditAction.DISCARDED, decision)


@retried
def sign_decision(
    *,
    by: User,
    decision: Decision,
    version: int,
    record_number: str,
    shown: str = "",
    early_reason: str = "",
    quorum_reason: str = "",
    takes_over: Collection[int] = (),
) -> Decision:
    """Sign the draft shown as `version`; `record_number` is the patient's, repeated by the signer in
    any spelling.

    `shown` is `seen_digest` of what the signer read; "" where nothing was read on a page. The reasons are
    needed where the meeting has not begun, and where the board's quorum is not there. `takes_over` are ids of
    open steps of earlier decisions on the case that go on as steps of this one.

    Freezes the snapshot, marks an earlier decision superseded and the discussion decided. Signing again what
    the same person has signed changes nothing. Raises `ValidationError` with every reason why it cannot be
    signed, `StaleEdit` if the draft, the record or the guideline's answer has changed.
    """
    require_discussion(by, decision.discussion, Right.SIGN)
    with one_act():
        if decision.discussion.meeting_id is not None:
            lock_meeting(decision.discussion.meeting_id)
        discussion = _locked_with_case(decision.discussion)
        stored = Decision.objects.select_for_update(of=("self",)).filter(pk=decision.pk).first()
        if stored is None:
            raise StaleEdit(None, {})
        if stored.is_signed:
            return _signed_before(stored, by)
        if stored.version != version:
            raise StaleEdit(stored, {})
        if fold_number(record_number) != discussion.case.patient.record_number_folded:
            raise ValidationError({"record_number": ["This is not the record number of this patient."]})
        stored.discussion = discussion
        stored.early_reason, stored.quorum_reason = early_reason.strip(), quorum_reason.strip()
        seen = look_at(discussion.case)
        if shown and shown != seen_digest(seen):
            raise StaleEdit(stored, {})
        problems = unsigned_because(stored, seen)
        if problems:
            raise ValidationError(problems)
        take_over(by=by, decision=stored, steps=open_steps_before(stored).filter(pk__in=takes_over))
        return _sign(stored, discussion, seen, by)


def _signed_before(decision: Decision, by: User) -> Decision:
    if decision.signed_by != by:
        raise ValidationError("This decision has already been signed.")
    return decision


def _sign(decision: Decision, discussion: Discussion, seen: Seen, by: User) -> Decision:
    at = now()
    if decision.supersedes is not None:
        decision.supersedes.status = DecisionStatus.SUPERSEDED
        decision.supersedes.save(update_fields=["status"])
    decide(discussion, by, at)
    ask_for_options(decision)
    blocks = blocks_of(decision, seen, at)
    frozen = build(decision, seen, by, at, blocks)
    decision.status = DecisionStatus.SIGNED
    decision.signed_by, decision.signed_at = by, at
    decision.updated_by, decision.updated_at = by, at
    decision.snapshot, decision.snapshot_digest = frozen, digest(frozen)
    decision.version += 1
    decision.full_clean()
    decision.save()
    measure_signed(decision, seen, blocks)
    refresh_status(discussion.case)
    _audit(by, AuditAction.SIGNED, decision, seal_of(decision), digest=decision.snapshot_digest)
    plan_accepted(by, decision)
    owe(decision)
    return decision


def decide(discussion: Discussion, by: User, at: datetime) -> None:
    """Mark the discussion as decided; by protocol, if that is its track and it never began."""
    if discussion.outcome in DECIDED_OUTCOMES:
        return
    untouched = discussion.track == Track.PROTOCOL and discussion.started_at is None
    discussion.outcome = Outcome.PROTOCOL if untouched else Outcome.DECIDED
    discussion.ended_at = discussion.ended_at or (None if untouched else at)
    discussion.version += 1
    discussion.updated_by, discussion.updated_at = by, at
    discussion.save(update_fields=["outcome", "ended_at", "version", "updated_by", "updated_at"])


@retried
def supersede_decision(*, by: User, decision: Decision, reason: str) -> Decision:
    """Open a draft that corrects a signed decision: it takes its place once it is signed itself.

    The draft starts with the content of the old one, less the verdicts that no longer stand on the case.
    Asking again returns the draft that is already open. What a later discussion decides supersedes nothing.
    """
    require_discussion(by, decision.discussion, Right.SCRIBE)
    with one_act():
        discussion = _locked_with_case(decision.discussion)
        stored = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
        draft = _locked_draft(discussion)
        if draft is not None and draft.supersedes_id == stored.pk:
            return draft
        if stored.status != DecisionStatus.SIGNED:
            raise ValidationError("Only the signed decision of this discussion can be superseded.")
        if not reason.strip():
            raise ValidationError({"reason": ["Say why the decision is superseded."]})
        draft = Decision(
            case=discussion.case,
            discussion=discussion,
            supersedes=stored,
            supersede_reason=reason.strip(),
            drafted_by=by,
            drafted_at=now(),
            created_by=by,
            updated_by=by,
        )
        verdicts = _verdicts(discussion.case)
        store(draft, _still_standing(content_of(stored), verdicts), by, verdicts)
        _audit(by, AuditAction.SUPERSEDED, draft, supersedes=str(stored.uid))
    return draft


@retried
def withdraw_decision(*, by: User, decision: Decision, reason: str) -> DecisionWithdrawal:
    """Withdraw a signed decision as entered in error, for instance on the wrong patient.

    It stays as it was signed, stamped; its steps are owed by nobody any more. Once withdrawn stays withdrawn.
    """
    require_discussion(by, decision.discussion, Right.SIGN)
    with one_act():
        discussion = _locked_with_case(decision.discussion)
        stored = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
        known = DecisionWithdrawal.objects.filter(decision=stored).first()
        if known is not None:
            return known
        if stored.status != DecisionStatus.SIGNED:
            raise ValidationError("Only a signed decision that still stands can be withdrawn.")
        if not reason.strip():
            raise ValidationError({"reason": ["Say what was entered in error."]})
        withdrawal = DecisionWithdrawal(decision=stored, reason=reason.strip(), by=by, at=now())
        withdrawal.full_clean()
        withdrawal.save()
        measure_withdrawn(discussion)
        refresh_status(discussion.case)
        owe(stored, takes_back=True)
        _audit(by, AuditAction.WITHDRAWN, stored, seal_of(withdrawal))
    return withdrawal


def _locked_with_case(discussion: Discussion) -> Discussion:
    """One writer at a time, and none on a closed case."""
    lock_cases([discussion.case_id])
    stored = Discussion.objects.select_related("case__board", "case__patient", "board", "meeting__board").get(
        pk=discussion.pk
    )
    if stored.case.stage == CaseStatus.CLOSED:
        raise ValidationError("A closed case cannot be decided; reopen it first.")
    return stored


def _locked_draft(discussion: Discussion) -> Decision | None:
    drafts = Decision.objects.select_for_update(of=("self",)).filter(status=DecisionStatus.DRAFT)
    return drafts.filter(discussion=discussion).first()


def _verdicts(case: Case) -> dict[str, Option]:
    return {option.id: option for option in verdicts_of(look_at(case).assessment)}


def _still_standing(content: DecisionContent, verdicts: dict[str, Option]) -> DecisionContent:
    kept = (
        option
        for option in content.options
        if option.choice == OptionChoice.OWN or option.statement_id in verdicts
    )
    return replace(content, options=tuple(kept))


def _audit(by: User, action: str, decision: Decision, seal: str = "", **detail: str | bool) -> None:
    AuditEvent.objects.record(
        user=by,
        action=action,
        case=decision.case,
        kind="decision",
        uid=decision.uid,
        detail={"version": decision.version, **detail},
        seal=seal,
    )
