"""Entries of the record, and a whole snapshot, as events of a timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cases.reading import PartialDate
from cases.snapshot.frozen import Frozen, FrozenDecision, FrozenEntry
from cases.timeline.model import DECISION, LANES, TREATMENTS, Timeline, TimelineEvent, in_order

# Kind → the findings that say in short what an entry is about: their labels, and the words around the value.
SAID: dict[str, dict[str, str]] = {
    "pathology": {"Ki-67": "Ki-67 {}", "Differentiation": "{}"},
    "imaging": {"Course": "{}", "Result": "{}"},
    "markers": {"Value": "{}"},
    TREATMENTS: {
        "Best response": "{}",
        "Progressed on": "progressed on {}",
        "Reason for stopping": "stopped: {}",
    },
}
UNITS = {"Ki-67": " %"}  # which a report may leave out
DRUGS = "Systemic therapy"  # goes without saying where a regimen is named


def events_of(entries: Iterable[FrozenEntry]) -> list[TimelineEvent]:
    """The entries that have a lane. A treatment is a course only where it states a start and an end."""
    return [_event(entry) for entry in entries if entry.kind in LANES]


def timeline_of_snapshot(frozen: Frozen) -> Timeline:
    """The record as it was frozen, up to the signature or, before it, the death."""
    signed = frozen.signed.at.date() if frozen.signed else None
    died = frozen.patient.deceased_on
    events = [*events_of(frozen.record), *_decided(frozen.decision, frozen)]
    known = [event.last for event in events if event.last]
    until = died or signed or max(known, default=frozen.patient.birth_date)
    return Timeline(in_order(events), until, "Died" if died else "Signed" if signed else "")


def decision_event(uid: str, intent: str, chosen: Iterable[str], day: PartialDate) -> TimelineEvent:
    """A signed decision by what it chose; where it chose nothing, by its intent."""
    words = "; ".join(chosen) or intent
    return TimelineEvent(DECISION, uid, words, intent if words != intent else "", words, day)


def _decided(decision: FrozenDecision | None, frozen: Frozen) -> Iterator[TimelineEvent]:
    if decision and frozen.signed:
        chosen = [one.title for one in decision.choices if one.is_taken]
        day = PartialDate.of(frozen.signed.at.date())
        yield decision_event(decision.uid, decision.intent.words, chosen, day)


def _event(entry: FrozenEntry) -> TimelineEvent:
    detail = "; ".join(_said(entry))
    return TimelineEvent(
        kind=entry.kind,
        uid=entry.uid,
        title=entry.title,
        detail=detail,
        words=_in_picture(entry, detail),
        start=entry.date,
        end=entry.until,
        is_course=entry.until is not None,
    )


def _said(entry: FrozenEntry) -> Iterator[str]:
    """What the entry says in short: of a kind that names no findings, all of them."""
    if entry.kind not in SAID:
        yield from (f"{finding.label}: {finding.value}" for finding in entry.findings)
        return
    values = {finding.label: finding.value for finding in entry.findings}
    for label, words in SAID[entry.kind].items():
        if label in values:
            unit, value = UNITS.get(label, ""), values[label]
            yield words.format(value if value.endswith(unit) else value + unit)


def _in_picture(entry: FrozenEntry, detail: str) -> str:
    """What the lane's heading leaves to say."""
    if entry.kind == TREATMENTS:
        words = entry.title.removeprefix(DRUGS).lstrip(",: ") or entry.title
        return words[:1].upper() + words[1:]
    if entry.kind == "pathology":
        return detail or entry.title.removeprefix("Pathology").removeprefix(" report").strip() or entry.title
    return f"{entry.title}: {detail}" if detail else entry.title
