"""The board's decision: drafted, checked against what is recommended, signed, superseded; then never edited.

A draft holds options of the guideline's answer (accepted or rejected), each by the statement whose verdict
holds, and the board's own options. Name and strength are always those of the answer, never the caller's.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.actions.drafts import Attendee, DecisionContent, OptionContent, StepContent, content_of, store
from cases.actions.edits import StaleEdit, lock
from cases.actions.signing import concordance_with, left_unsaid, unsigned_because
from cases.assessing import assessed
from cases.choices import AuditAction, CaseStatus, DecisionStatus, OptionChoice, Right
from cases.facts import facts_of, record_of
from cases.guideline import guideline_of
from cases.models import AuditEvent, Case, Decision, NextStep
from cases.queries import with_record
from cases.reading import fold_number
from cases.snapshot.blocks import Blocks
from cases.snapshot.digest import digest
from cases.snapshot.write import Seen, build, seen_digest
from guidelines.answer.options import verdicts_of
from guidelines.answer.parts import Option

__all__ = [
    "Attendee",
    "DecisionContent",
    "OptionContent",
    "StaleEdit",
    "StepContent",
    "complete_step",
    "concordance_with",
    "content_of",
    "discard_draft",
    "left_unsaid",
    "look_at",
    "save_draft",
    "sign_decision",
    "supersede_decision",
    "unsigned_because",
]


def look_at(case: Case) -> Seen:
    """The record as stored, its facts, and the guideline's answer to them."""
    record = record_of(with_record(Case.objects.all()).get(pk=case.pk))
    guideline, facts = guideline_of(record.case), facts_of(record)
    return Seen(record, facts, guideline, assessed(guideline, facts))


def save_draft(*, by: User, case: Case, content: DecisionContent, version: int | None = None) -> Decision:
    """Store the case's one draft, new or changed. `version` is that of the draft shown, None for a new one.

    The same content again changes nothing. Raises `StaleEdit` if the draft has changed since,
    `ValidationError` for a verdict that does not stand on the case and for a case whose decision is signed.
    """
    require(by, case.board, Right.DECIDE, case)
    content = content.normal()
    with transaction.atomic():
        _lock_open(case)
        draft = _locked_draft(case)
        if draft is not None and content_of(draft) == content:
            return draft
        if draft is None:
            if case.decisions.filter(status=DecisionStatus.SIGNED).exists():
                raise ValidationError("This case has a signed decision; supersede it to decide anew.")
            draft = Decision(case=case, drafted_by=by, created_by=by, updated_by=by)
        elif draft.version != version:
            raise StaleEdit(draft, asdict(content))
        else:
            draft.version += 1
        store(draft, content, by, _verdicts(case))
        _audit(by, AuditAction.DRAFTED, draft)
    return draft


def discard_draft(*, by: User, decision: Decision, version: int) -> None:
    """Throw a draft away. A signed decision is refused; a draft that is gone already is no error."""
    require(by, decision.case.board, Right.DECIDE, decision.case)
    with transaction.atomic():
        stored = Decision.objects.select_for_update().filter(pk=decision.pk).first()
        if stored is None:
            return
        if stored.version != version:
            raise StaleEdit(stored, {})
        stored.delete()
        _audit(by, AuditAction.DISCARDED, decision)


def sign_decision(
    *, by: User, decision: Decision, version: int, record_number: str, shown: str = ""
) -> Decision:
    """Sign the draft shown as `version`; `record_number` is the patient's, repeated by the signer in
    any spelling.

    `shown` is `seen_digest` of what the signer read; "" where nothing was read on a page.

    Freezes the snapshot, marks an earlier decision superseded and the case decided. Signing again what the
    same person has signed changes nothing. Raises `ValidationError` with every reason why it cannot be
    signed, `StaleEdit` if the draft, the record or the guideline's answer has changed.
    """
    case = decision.case
    require(by, case.board, Right.SIGN, case)
    with transaction.atomic():
        stored = Decision.objects.select_for_update().filter(pk=decision.pk).first()
        if stored is None:
            raise StaleEdit(None, {})
        if stored.is_signed:
            return _signed_before(stored, by)
        _lock_open(case)
        if stored.version != version:
            raise StaleEdit(stored, {})
        if fold_number(record_number) != case.patient.record_number_folded:
            raise ValidationError({"record_number": ["This is not the record number of this patient."]})
        seen = look_at(case)
        if shown and shown != seen_digest(seen):
            raise StaleEdit(stored, {})
        problems = unsigned_because(stored, seen)
        if problems:
            raise ValidationError(problems)
        return _sign(stored, seen, by)


def _signed_before(decision: Decision, by: User) -> Decision:
    if decision.signed_by != by:
        raise ValidationError("This decision has already been signed.")
    return decision


def _sign(decision: Decision, seen: Seen, by: User) -> Decision:
    at = timezone.now()
    if decision.supersedes is not None:
        decision.supersedes.status = DecisionStatus.SUPERSEDED
        decision.supersedes.save(update_fields=["status"])
    frozen = build(decision, seen, by, at, Blocks(concordance=concordance_with(decision, seen)))
    decision.status = DecisionStatus.SIGNED
    decision.signed_by, decision.signed_at = by, at
    decision.updated_by, decision.updated_at = by, at
    decision.snapshot, decision.snapshot_digest = frozen, digest(frozen)
    decision.version += 1
    decision.full_clean()
    decision.save()
    Case.objects.filter(pk=decision.case_id).update(status=CaseStatus.DECIDED)
    _audit(by, AuditAction.SIGNED, decision, digest=decision.snapshot_digest)
    return decision


def supersede_decision(*, by: User, decision: Decision, reason: str) -> Decision:
    """Open a draft that will take the place of a signed decision once it is signed itself.

    The draft starts with the content of the old one, less the verdicts that no longer stand on the case.
    Asking again returns the draft that is already open.
    """
    require(by, decision.case.board, Right.DECIDE, decision.case)
    with transaction.atomic():
        _lock_open(decision.case)
        stored = Decision.objects.select_for_update().get(pk=decision.pk)
        draft = _locked_draft(stored.case)
        if draft is not None and draft.supersedes_id == stored.pk:
            return draft
        if stored.status != DecisionStatus.SIGNED:
            raise ValidationError("Only the case's signed decision can be superseded.")
        if not reason.strip():
            raise ValidationError({"reason": ["Say why the decision is superseded."]})
        draft = Decision(
            case=stored.case,
            supersedes=stored,
            supersede_reason=reason.strip(),
            drafted_by=by,
            created_by=by,
            updated_by=by,
        )
        verdicts = _verdicts(stored.case)
        store(draft, _still_standing(content_of(stored), verdicts), by, verdicts)
        _audit(by, AuditAction.SUPERSEDED, draft, supersedes=str(stored.uid))
    return draft


def complete_step(*, by: User, step: NextStep, done_on: date | None) -> NextStep:
    """Record when a next step was done, or with None that it is open again."""
    case = step.decision.case
    require(by, case.board, Right.ENTER, case)
    with transaction.atomic():
        stored = NextStep.objects.select_for_update().get(pk=step.pk)
        if stored.done_on != done_on:
            stored.done_on = done_on
            stored.save(update_fields=["done_on"])
            _audit(by, AuditAction.STEP, step.decision, done=done_on is not None)
    return stored


def _lock_open(case: Case) -> None:
    """One writer at a time, and none on a closed case."""
    lock(case)
    if Case.objects.filter(pk=case.pk, status=CaseStatus.CLOSED).exists():
        raise ValidationError("A closed case cannot be decided; reopen it first.")


def _locked_draft(case: Case) -> Decision | None:
    return Decision.objects.select_for_update().filter(case=case, status=DecisionStatus.DRAFT).first()


def _verdicts(case: Case) -> dict[str, Option]:
    return {option.id: option for option in verdicts_of(look_at(case).assessment)}


def _still_standing(content: DecisionContent, verdicts: dict[str, Option]) -> DecisionContent:
    kept = (
        option
        for option in content.options
        if option.choice == OptionChoice.OWN or option.statement_id in verdicts
    )
    return replace(content, options=tuple(kept))


def _audit(by: User, action: str, decision: Decision, **detail: str | bool) -> None:
    AuditEvent.objects.record(
        user=by,
        action=action,
        case=decision.case,
        kind="decision",
        uid=decision.uid,
        detail={"version": decision.version, **detail},
    )
