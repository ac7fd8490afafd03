"""A case in the worklist: whose, what is asked, how ready, in a few words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from cases.actions.indexing import readiness_of_listed
from cases.models import Case
from cases.queries import next_meetings, signed_among
from cases.readiness import Readiness, ReadinessItem
from guidelines.knowledge.labels import ENTITIES
from guidelines.vocabulary.facts import FACTS

MOST_OF_QUESTION = 300  # letters
NO_MEETING: tuple[datetime | None, int | None] = (None, None)


@dataclass(frozen=True, slots=True)
class WorklistLine:
    """One case. `meets_at`, `place`: when it is discussed next, and where on that agenda; `signed`: whether a
    decision stands; `ready`: "5 of 17"; `next`: what to see to first, "" when nothing is lacking or the
    patient is dead; `shared_by`: the board that shares it, "" for one of the reader's own boards.
    """

    case: Case
    meets_at: datetime | None
    place: int | None
    signed: bool
    entity: str
    site: str
    ready: str
    next: str
    owner: str
    initials: str
    shared_by: str

    @property
    def born(self) -> str:
        """The patient's birth date."""
        return f"{self.case.patient.birth_date:%d-%b-%Y}"

    @property
    def question(self) -> str:
        """The case's question, as much as a line has room for."""
        asked = self.case.question
        return asked if len(asked) <= MOST_OF_QUESTION else f"{asked[: MOST_OF_QUESTION - 1]}…"


def lines_of(cases: Sequence[Case], own: Collection[str]) -> list[WorklistLine]:
    """What the worklist says about cases, in their order; entity and readiness as stored. `own`: the short
    names of the reader's boards.
    """
    ready, meetings, signed = readiness_of_listed(cases), next_meetings(cases), signed_among(cases)
    return [
        WorklistLine(
            case,
            *meetings.get(case.pk, NO_MEETING),
            case.pk in signed,
            *standing_of(case, ready[case.pk]),
            case.owner.get_full_name() or case.owner.get_username(),
            initials_of(case.owner),
            "" if case.board.slug in own else case.board.name,
        )
        for case in cases
    ]


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
