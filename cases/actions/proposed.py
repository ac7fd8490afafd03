"""Taking over what somebody else's file proposes: the facts that a person ticked, and no others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from cases.access import require
from cases.actions.entry import Part, add_part, save_case, save_part
from cases.choices import AuditAction, Right
from cases.models import AuditEvent, Case
from cases.models.audit import one_act
from cases.models.base import Stamped

LONGEST_ORIGIN = 160
ACCEPTED = "findings of a bundle"  # what the event of the acceptance says


@dataclass(frozen=True, slots=True)
class AcceptedPart:
    """What a person accepted for one part: `stored` as they saw it, None for a new one; `fields`: columns
    with their values; `origin`: the file, and where in it.
    """

    kind: str
    stored: Stamped | None
    fields: dict[str, Any]
    origin: str


def accept_proposals(*, by: User, case: Case, accepted: Iterable[AcceptedPart]) -> int:
    """Store them through the ordinary acts, all or none; how many parts were stored.

    Raises `StaleEdit` where a part was saved since it was shown, `ValidationError` for what does not fit.
    """
    require(by, case.board, Right.ENTER, case)
    number = 0
    with one_act():
        for one in accepted:
            origin = one.origin[:LONGEST_ORIGIN]
            if one.stored is None:
                add_part(by=by, case=case, kind=one.kind, fields=one.fields, origin=origin)
            elif isinstance(one.stored, Case):
                save_case(by=by, case=case, fields=one.fields, version=one.stored.version, origin=origin)
            else:
                _save(by, one.stored, one.fields, origin)
            number += 1
        if number:
            AuditEvent.objects.record(
                user=by, action=AuditAction.CHANGED, case=case, kind=ACCEPTED, uid=case.uid,
                detail={"parts": number},
            )  # fmt: skip
    return number


def _save(by: User, stored: Any, fields: dict[str, Any], origin: str) -> Part:
    saved: Part = save_part(by=by, part=stored, fields=fields, version=stored.version, origin=origin)
    return saved
