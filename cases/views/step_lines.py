"""Next steps as lines of a table, with how their days stand in words."""

import datetime
from collections.abc import Container, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils import timezone

from cases.access import boards_where
from cases.choices import Right
from cases.forms.steps import DoneForm
from cases.models import NextStep


@dataclass(frozen=True)
class StepLine:
    """A next step with how its day stands in words; `form` marks an open one done, for who `may_mark`."""

    step: NextStep
    words: str
    overdue: bool
    may_mark: bool
    form: DoneForm | None


def due_in_words(due_on: datetime.date | None, today: datetime.date) -> str:
    """ "3 days overdue", "Due today", "Due in 5 days"."""
    if due_on is None:
        return "No day set"
    days = (due_on - today).days
    if days == 0:
        return "Due today"
    counted = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"Due in {counted}" if days > 0 else f"{counted} overdue"


def markable_boards(user: User) -> frozenset[int]:
    """The ids of the boards on which the person may mark steps done."""
    return frozenset(boards_where(user, Right.ENTER).values_list("pk", flat=True))


def lines_of(steps: Iterable[NextStep], boards: Container[int] = ()) -> list[StepLine]:
    """The steps as lines; they are marked done on `boards` only."""
    today = timezone.localdate()
    return [line_of(step, today, step.decision.discussion.board_id in boards) for step in steps]


def line_of(step: NextStep, today: datetime.date, may_mark: bool) -> StepLine:
    """A step as it stands today."""
    if not step.is_open:
        return StepLine(step, step.get_state_display(), False, may_mark, None)
    form = DoneForm(initial={"done_on": today}, auto_id=f"id_%s_{step.pk}") if may_mark else None
    late = step.due_now is not None and step.due_now < today
    return StepLine(step, due_in_words(step.due_now, today), late, may_mark, form)
