"""What an invented record holds of the time after a decision: the treatment that was given, the follow-up
that the guideline's schedules ask for then, and which of it was kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from cases.actions.entry import add_part
from cases.actions.following import postpone
from cases.actions.planning import not_needed, plan_follow_up, plans_of
from cases.clock import clock_at
from cases.models import Case, DecisionOption, FollowUpItem

FIRST_VISIT = timedelta(days=100)  # after treatment to cure: from then on a patient is in follow-up


@dataclass(frozen=True)
class Aftercare:
    """`treatments`: intervention → the treatment that it is in the record, with the `days` it took, if it has
    an end. `by`: who enters it. Nothing is entered that would be after `now`.
    """

    random: Random
    treatments: Mapping[str, Mapping[str, Any]]
    by: User
    now: datetime

    def treat(self, option: DecisionOption, at: datetime) -> None:
        """Enter the treatment begun on that day, and plan the follow-up that belongs to it."""
        said = dict(self.treatments.get(option.intervention, {}))
        days = said.pop("days", None)
        ended = None if days is None else at + timedelta(days=days)
        planned = at if ended is None else ended + FIRST_VISIT
        if not said or planned > self.now:
            return
        case, on = option.decision.case, timezone.localdate(at)
        fields = {**said, "started_on": on, "ended_on": ended and timezone.localdate(ended)}
        with clock_at(ended or at):
            add_part(by=self.by, case=case, kind="treatment", fields=fields)
        with clock_at(planned):
            if ended is not None:
                visit = {"assessed_on": timezone.localdate(planned), "ecog": 0, "under_surveillance": True}
                add_part(by=self.by, case=case, kind="assessment", fields=visit)
            if plans_of(case):
                plan_follow_up(by=self.by, case=case)

    def attend(self, case: Case) -> None:
        """Most of what is due by now was done, which its scan shows; some was put off, or nobody has said."""
        today = timezone.localdate(self.now)
        for item in FollowUpItem.objects.filter(case=case, due_to__lt=today).open().order_by("due_to"):
            self._keep(item)

    def _keep(self, item: FollowUpItem) -> None:
        fate = self.random.random()
        due = item.due_to - timedelta(days=self.random.randint(0, 12))
        with clock_at(at_ten(due)):
            if fate < 0.65:
                study = {"modality": "ct", "performed_on": due, "course": "stable"}
                add_part(by=self.by, case=item.case, kind="imaging", fields=study)
            elif fate < 0.78:
                postpone(by=self.by, item=item, due_on=due + timedelta(days=28), text="No date free")
            elif fate < 0.84:
                not_needed(by=self.by, item=item, text="Followed up at the referring hospital")


def at_ten(day: date) -> datetime:
    """Ten in the morning."""
    return timezone.make_aware(datetime.combine(day, time(10)))
