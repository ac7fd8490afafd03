"""The seal of what is signed: a hash over all that its signature covers, kept in the event that signed it.

`decision:12:1:…` is the seal of the decision with the id 12, by the columns of format 1. A decision's own
columns are covered with those of its options, conditions, dissent and next steps that signing freezes; what a
snapshot says is covered by its digest. What may follow (superseded, done, withdrawn) is not.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db.models import Model, Q
from django.db.utils import DEFAULT_DB_ALIAS

from cases.chain import canonical

FORMAT = 1

# What is sealed, by the word for it: model, columns, which rows of it. The columns stay as they are: whoever
# adds one begins another format.
SEALED: Mapping[str, tuple[str, tuple[str, ...], Q]] = {
    "decision": (
        "Decision",
        (
            "uid", "case_id", "discussion_id", "intent", "rationale", "votes_for", "votes_against",
            "votes_abstained", "trial_considered", "trial_words", "wishes_considered", "wishes_words",
            "early_reason", "quorum_reason", "attendees", "drafted_by_id", "drafted_at", "signed_by_id",
            "signed_at", "snapshot_digest", "supersedes_id", "supersede_reason",
        ),
        ~Q(status="draft"),
    ),
    "meeting": (
        "Meeting",
        ("uid", "board_id", "starts_at", "title", "place", "started_at", "closed_at", "closed_by_id",
         "snapshot_digest"),
        Q(state="closed"),
    ),
    "letter": ("Letter", ("uid", "decision_id", "kind", "text", "at", "by_id"), Q()),
    "withdrawal": ("DecisionWithdrawal", ("decision_id", "reason", "at", "by_id"), Q()),
    "note": ("MeetingNote", ("meeting_id", "text", "at", "by_id"), Q()),
}  # fmt: skip
PARTS: Mapping[str, tuple[str, ...]] = {
    "DecisionOption": (
        "order", "statement_id", "intervention", "title", "stance", "agreement", "choice", "reason_code",
        "reason_text",
    ),
    "DecisionCondition": ("order", "text", "then", "otherwise", "who", "due_on"),
    "DecisionDissent": ("order", "name", "discipline", "position"),
    "NextStep": ("order", "text", "owner_name", "owner_id", "due_on", "takes_over_id"),
}  # fmt: skip

Models = Callable[[str], type[Model]]


def seal_of(row: Model) -> str:
    """The seal of a row as it is stored, within the transaction that signs it."""
    what = next(what for what, (model, _, _) in SEALED.items() if model == row._meta.object_name)
    return seals(what, [row.pk])[row.pk]


def seals(
    what: str,
    ids: Collection[int] | None = None,
    models: Models | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> dict[int, str]:
    """The seals that rows have by what is stored, by id: of those named, or of all that are signed."""
    model_of = models or (lambda name: apps.get_model("cases", name))
    name, columns, signed = SEALED[what]
    rows = model_of(name)._base_manager.using(using).filter(signed if ids is None else Q(pk__in=ids))
    parts = _parts(model_of, ids, using) if what == "decision" else {}
    said = rows.order_by("pk").values_list("pk", *columns)
    return {pk: _seal(what, pk, [values, parts.get(pk, [])]) for pk, *values in said.iterator()}


def _parts(model_of: Models, ids: Iterable[int] | None, using: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for name, columns in PARTS.items():
        rows = model_of(name)._base_manager.using(using).exclude(decision__status="draft")
        if ids is not None:
            rows = model_of(name)._base_manager.using(using).filter(decision__in=ids)
        for decision, pk, *values in rows.order_by("pk").values_list("decision_id", "pk", *columns):
            found[decision].append([name, pk, values])
    return found


def _seal(what: str, pk: int, said: Any) -> str:
    return f"{what}:{pk}:{FORMAT}:{hashlib.sha256(canonical(said).encode()).hexdigest()}"
