"""What figures need of a discussion, kept as it is decided or deferred; an index, without events."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from cases.clock import now
from cases.models import Decision, Discussion, DiscussionMeasure
from cases.readiness import Readiness, readiness_of
from cases.snapshot.blocks import Blocks
from cases.snapshot.write import Seen


def measure_deferred(discussion: Discussion, ready: Readiness) -> None:
    """Keep how complete the record was. Call inside the transaction that defers the case."""
    _keep(discussion, present=ready.present, total=ready.total)


def measure_signed(decision: Decision, seen: Seen, blocks: Blocks) -> None:
    """Keep how complete the record was, and what the decision is to the guideline; of a correction the latter
    alone, for it says nothing of the meeting. Call inside the transaction that signs."""
    kept: dict[str, Any] = {}
    if decision.supersedes is None:
        ready = readiness_of(seen.facts, seen.assessment, timezone.localdate(now()))
        kept = {"present": ready.present, "total": ready.total}
    _keep(
        decision.discussion,
        decision=decision,
        concordance=blocks.concordance.overall.code if blocks.concordance else "",
        signed_at=decision.signed_at,
        trial=decision.trial_considered,
        wishes=decision.wishes_considered,
        without_quorum=bool(decision.quorum_reason),
        **kept,
    )


def measure_withdrawn(discussion: Discussion) -> None:
    """No decision stands any more. Call inside the transaction that withdraws it."""
    _keep(
        discussion, decision=None, concordance="", signed_at=None, trial="", wishes="", without_quorum=False
    )


def _keep(discussion: Discussion, **kept: Any) -> None:
    DiscussionMeasure.objects.update_or_create(discussion=discussion, defaults=kept)
