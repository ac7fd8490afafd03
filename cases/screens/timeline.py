"""The stored record as a timeline: its entries, each with its page, and what the board decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from cases.actions.signing import LEFT
from cases.choices import DecisionStatus, StopReason, TreatmentKind
from cases.composed import Composed
from cases.facts import RecordFacts
from cases.models import Case, Decision, Treatment
from cases.parts import REPEATED
from cases.reading import PartialDate
from cases.record import CaseRecord
from cases.snapshot.entries import entries_of
from cases.snapshot.timeline import decision_event, events_of
from cases.timeline.model import DECISION, Timeline, TimelineEvent, in_order

# Done on one day where no end is stated.
OF_ONE_DAY = (
    TreatmentKind.SURGERY,
    TreatmentKind.ENDOSCOPIC_RESECTION,
    TreatmentKind.ABLATION,
    TreatmentKind.EMBOLIZATION,
)
ADDRESS_OF = {part.file_key: part.address for part in REPEATED}


def timeline_of_record(record: CaseRecord, facts: RecordFacts, today: date) -> Timeline:
    """Everything up to today, or to the death."""
    case, died = record.case, record.patient.deceased_on
    treatments = {str(treatment.uid): treatment for treatment in record.treatments}
    events = [
        replace(_in_full(event, treatments.get(event.uid)), url=_page_of(case, event))
        for event in (*events_of(entries_of(record, facts)), *_decisions(case))
    ]
    return Timeline(in_order(events), died or today, "Died" if died else "Today")


def _in_full(event: TimelineEvent, treatment: Treatment | None) -> TimelineEvent:
    """A treatment with what its two dates say: an entry in words has one of them, and not which."""
    if treatment is None:
        return event
    start, end = treatment.started_on, treatment.ended_on
    if treatment.kind in OF_ONE_DAY and not (start and end and start != end):
        return replace(event, start=start or end, end=None, is_course=False)
    over = treatment.stop_reason not in ("", StopReason.BREAK)
    return replace(event, start=start, end=end, is_course=bool(start or end), is_over=over)


@Composed
def _signed(*, case: Any) -> QuerySet[Decision]:
    signed = Decision.objects.filter(case=case, signed_at__isnull=False).defer("snapshot")  # which is long
    return signed.select_related("withdrawal").prefetch_related("options")


def _decisions(case: Case) -> Iterator[TimelineEvent]:
    """The signed ones, superseded ones too."""
    for decision in _signed(case=case.pk):
        chosen = [one.title for one in decision.options.all() if one.choice not in LEFT]
        day = PartialDate.of(timezone.localdate(cast(datetime, decision.signed_at)))
        event = decision_event(str(decision.uid), decision.get_intent_display(), chosen, day)
        yield replace(event, detail="; ".join(filter(None, (event.detail, _no_longer(decision)))))


def _no_longer(decision: Decision) -> str:
    """Why it does not stand, "" for one that does."""
    if hasattr(decision, "withdrawal"):
        return "Entered in error"
    return "Corrected later" if decision.status == DecisionStatus.SUPERSEDED else ""


def _page_of(case: Case, event: TimelineEvent) -> str:
    if event.kind == DECISION:
        return reverse("cases:signed", args=[case.uid, event.uid])
    return reverse("cases:item", args=[case.uid, ADDRESS_OF[event.kind], event.uid])
