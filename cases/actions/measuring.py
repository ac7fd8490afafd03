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
    _keep(discussion, present=ready.present, total=ready.total, concordance="")


def measure_signed(decision: Decision, seen: Seen, blocks: Blocks) -> None:
    """Keep how complete the record was, and what the decision is to the guideline; of a correction the latter
    alone, for it says nothing of the meeting. Call inside the transaction that signs."""
    kept: dict[str, Any] = {}
    if decision.supersedes is None:
        ready = readiness_of(seen.facts, seen.assessment, timezone.localdate(now()))
        kept = {"present": ready.present, "total": ready.total}
    code = blocks.concordance.overall.code if blocks.concordance else ""
    _keep(decision.discussion, concordance=code, **kept)


def _keep(discussion: Discussion, **kept: Any) -> None:
    DiscussionMeasure.objects.update_or_create(discussion=discussion, defaults=kept)
