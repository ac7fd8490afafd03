"""Who owns open cases and next steps on a board, and which: what a leaver leaves behind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count, F

from cases.choices import CaseStatus, DecisionStatus
from cases.models import Board, Case, Membership, NextStep
from cases.models.case import CaseQuerySet
from cases.models.followed import OPEN_STATES
from cases.models.step import NextStepQuerySet


@dataclass(frozen=True, slots=True)
class HolderLine:
    """A person with open cases or steps on the board. `stands`: the role there, or how the person left it."""

    person: User
    name: str
    stands: str
    cases: int
    steps: int

    @property
    def has_left(self) -> bool:
        """Whether nobody can wait for this person."""
        return self.stands in (CLOSED_ACCOUNT, NO_MEMBER)


CLOSED_ACCOUNT, NO_MEMBER = "Account closed", "No longer a member"


def open_cases_of(board: Board, person: User | None = None) -> CaseQuerySet:
    """The board's cases that are not closed, of one owner or of all."""
    cases: CaseQuerySet = Case.objects.filter(board=board).exclude(status=CaseStatus.CLOSED)
    return cases.filter(owner=person) if person else cases


def open_steps_of(board: Board, person: User | None = None) -> NextStepQuerySet:
    """The steps of the board's standing decisions that nobody has done yet, of one owner or of all who have
    one."""
    steps: NextStepQuerySet = NextStep.objects.filter(
        decision__discussion__board=board,
        decision__status=DecisionStatus.SIGNED,
        decision__withdrawal=None,
        state__in=OPEN_STATES,
    )
    return steps.filter(holder=person) if person else steps.exclude(holder=None)


def has_to_do_with(board: Board, person: User) -> bool:
    """Whether the person is on the board, or owns something open there."""
    on_board = Membership.objects.filter(board=board, user=person).exists()
    return on_board or open_cases_of(board, person).exists() or open_steps_of(board, person).exists()


def holders_of(board: Board) -> list[HolderLine]:
    """Everybody with something open, those first who have left."""
    cases = _counted(open_cases_of(board).values_list("owner").annotate(Count("pk")))
    steps = _counted(open_steps_of(board).values_list("holder").annotate(Count("pk")))
    roles = {one.user_id: one.get_role_display() for one in Membership.objects.filter(board=board)}
    people = User.objects.filter(pk__in=cases.keys() | steps.keys()).order_by("last_name", "first_name", "pk")
    lines = [
        HolderLine(
            person,
            person.get_full_name() or person.get_username(),
            roles.get(person.pk, NO_MEMBER) if person.is_active else CLOSED_ACCOUNT,
            cases[person.pk],
            steps[person.pk],
        )
        for person in people
    ]
    return sorted(lines, key=lambda line: not line.has_left)


def listed_steps(board: Board, person: User) -> NextStepQuerySet:
    """A person's open steps with their cases, the most urgent first."""
    steps = open_steps_of(board, person).select_related(
        "decision__case__patient", "decision__discussion__board"
    )
    return steps.order_by(F("due_now").asc(nulls_last=True), "pk")


def _counted(pairs: object) -> Counter[int]:
    return Counter(dict(pairs))  # type: ignore[call-overload]
