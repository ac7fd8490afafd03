"""A case in the worklist: whose, what is asked, how ready, in a few words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User

from cases.actions.indexing import readiness_of_listed
from cases.models import Case
from cases.readiness import Readiness, ReadinessItem
from guidelines.knowledge.labels import ENTITIES
from guidelines.vocabulary.facts import FACTS


@dataclass(frozen=True, slots=True)
class WorklistLine:
    """One case. `ready`: "5 of 17"; `next`: what to see to first, "" when nothing is lacking or the patient
    is dead; `shared_by`: the board that shares it, "" for one of the reader's own boards.
    """

    case: Case
    entity: str
    site: str
    ready: str
    next: str
    owner: str
    initials: str
    shared_by: str = ""


def lines_of(cases: Sequence[Case]) -> list[WorklistLine]:
    """What the worklist says about cases, in their order; entity and readiness as stored."""
    ready = readiness_of_listed(cases)
    return [_line_of(case, ready[case.pk]) for case in cases]


def _line_of(case: Case, readiness: Readiness) -> WorklistLine:
    owner = case.owner.get_full_name() or case.owner.get_username()
    return WorklistLine(
        case,
        *standing_of(case, readiness),
        owner,
        initials_of(case.owner),
        "" if getattr(case, "is_own", True) else case.board.name,
    )


def standing_of(case: Case, readiness: Readiness) -> tuple[str, str, str, str]:
    """Entity, site, "5 of 17" and what to see to first, as a line says them."""
    return (
        ENTITIES[case.entity],
        FACTS["primary_site"].show(case.primary_site) if case.primary_site else "Site not known",
        f"{readiness.present} of {readiness.total}",
        lacking(readiness.next_item) if readiness.next_item and not case.patient.deceased else "",
    )


def lacking(item: ReadinessItem) -> str:
    """ "Ki-67"; "SSTR imaging, 120 days old"; "5-HIAA, no date"."""
    if item.state == "missing":
        return item.label
    return f"{item.label}, {item.days} days old" if item.days else f"{item.label}, no date"


def initials_of(user: User) -> str:
    """ "CC": of the given and the last name, else the beginning of the username."""
    return f"{user.first_name[:1]}{user.last_name[:1]}" or user.get_username()[:2]
