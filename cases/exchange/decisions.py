"""Signed decisions as rows of a table, from their snapshots and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from cases.choices import OptionChoice
from cases.snapshot.frozen import Frozen, FrozenChoice


def _chosen(frozen: Frozen, *codes: str) -> str:
    choices = frozen.decision.choices if frozen.decision else ()
    return "; ".join(_in_words(one) for one in choices if one.choice.code in codes)


def _in_words(one: FrozenChoice) -> str:
    reason = ": ".join(filter(None, (one.reason.words if one.reason else "", one.reason_text)))
    return f"{one.title} ({reason})" if reason else one.title


def _steps(frozen: Frozen) -> str:
    steps = frozen.decision.steps if frozen.decision else ()
    return "; ".join(
        ", ".join(filter(None, (step.text, step.owner, f"by {step.due:%d-%b-%Y}" if step.due else "")))
        for step in steps
    )


DECISION_COLUMNS: Mapping[str, tuple[str, Callable[[Frozen], str]]] = {
    "decision": ("Decision", lambda one: one.decision.uid if one.decision else ""),
    "case": ("Case", lambda one: one.case.uid),
    "record_number": ("Record number", lambda one: one.patient.record_number),
    "name": ("Name", lambda one: one.patient.name),
    "birth_date": ("Born", lambda one: f"{one.patient.birth_date:%d-%b-%Y}"),
    "signed_at": ("Signed", lambda one: f"{one.signed.at:%d-%b-%Y %H:%M}" if one.signed else ""),
    "signed_by": ("Signed by", lambda one: one.signed.by if one.signed else ""),
    "meeting": ("Meeting", lambda one: f"{one.meeting.starts_at:%d-%b-%Y}" if one.meeting else ""),
    "question": ("Question", lambda one: one.discussion.question if one.discussion else one.case.question),
    "diagnosis": ("Diagnosis", lambda one: one.answer.classification.entity.words),
    "intent": ("Intent", lambda one: one.decision.intent.words if one.decision else ""),
    "accepted": ("Accepted", lambda one: _chosen(one, OptionChoice.ACCEPTED, OptionChoice.OWN)),
    "rejected": ("Rejected", lambda one: _chosen(one, OptionChoice.REJECTED)),
    "deferred": ("Deferred", lambda one: _chosen(one, OptionChoice.DEFERRED)),
    "concordance": ("Guideline", lambda one: one.concordance.overall.words if one.concordance else ""),
    "conditions": ("Conditions", lambda one: "; ".join(one.decision.conditions) if one.decision else ""),
    "steps": ("Next steps", _steps),
    "guideline": ("Encoding", lambda one: f"{one.guideline.id}@{one.guideline.edition}"),
}


def decision_rows(snapshots: Iterable[tuple[Frozen, str]], columns: Sequence[str]) -> Iterator[list[str]]:
    """A header, then a row for each decision; beside each snapshot its status in words, which is the last
    column: a decision may have been corrected or withdrawn since. Raises `KeyError` for an unknown column.
    """
    chosen = [DECISION_COLUMNS[name] for name in columns]
    yield [*(header for header, _ in chosen), "Status"]
    for frozen, status in snapshots:
        yield [*(read(frozen) for _, read in chosen), status]
