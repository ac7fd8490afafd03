"""Whatever people do with cases and meetings, in whatever order: the rules hold after each act."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.actions import agenda, deciding, following, leading, steps
from cases.actions.deciding import DecisionContent, OptionContent, StaleEdit, StepContent
from cases.actions.leading import Deferral
from cases.actions.roll_call import Present, call_roll
from cases.actions.status import set_status
from cases.models import (
    Attendance,
    AuditEvent,
    Board,
    Case,
    Decision,
    Discussion,
    Meeting,
    NextStep,
    StepEvent,
)
from cases.standing import status_of
from tests import factories

pytestmark = pytest.mark.django_db

CASES, MEETINGS = 3, 2
ACTS = (
    "list",
    "list",
    "take off",
    "move",
    "start",
    "take up",
    "defer",
    "reopen",
    "draft",
    "draft",
    "discard",
    "sign",
    "sign",
    "supersede",
    "withdraw",
    "close meeting",
    "carry over",
    "roll call",
    "step done",
    "step handed over",
    "close case",
    "reopen case",
)
EVENTS_OF_ONE = {"carry over": CASES + 1}  # an event for each case that is listed again


class Course:
    """A board with some cases and meetings, and people who act on them; what was once signed or closed."""

    def __init__(self, board: Board, clerk: User, chair: User) -> None:
        self.clerk, self.chair = clerk, chair
        self.cases = [factories.CaseFactory(board=board, created_by=clerk) for _ in range(CASES)]
        early = factories.DiscussionFactory(case=self.cases[0], created_by=clerk).meeting
        later = factories.MeetingFactory(board=board, created_by=clerk)
        self.meetings = [early, later]
        self.signed: dict[int, tuple[Any, str]] = {}
        self.closed: dict[int, Any] = {}

    def does(self, act: str, which: int, where: int) -> None:
        case = Case.objects.get(pk=self.cases[which % CASES].pk)
        meeting = Meeting.objects.get(pk=self.meetings[where % MEETINGS].pk)
        last = case.discussions.order_by("pk").last()
        decisions = Decision.objects.filter(discussion=last)
        step = NextStep.objects.filter(decision__case=case).last()
        acts: dict[str, Callable[[], object]] = {
            "list": lambda: agenda.list_case(by=self.clerk, case=case, meeting=meeting),
            "start": lambda: leading.start_meeting(by=self.chair, meeting=meeting),
            "close meeting": lambda: leading.close_meeting(by=self.chair, meeting=meeting),
            "carry over": lambda: agenda.carry_over(
                by=self.clerk, meeting=meeting, to=self.meetings[(where + 1) % MEETINGS]
            ),
            "roll call": lambda: call_roll(
                by=self.clerk, meeting=meeting, present=[Present(f"Guest {which}"), Present("Dr Same")]
            ),
            "close case": lambda: set_status(by=self.clerk, case=case, status="closed"),
            "reopen case": lambda: set_status(by=self.clerk, case=case, status="draft"),
        }
        if last is not None:
            acts |= {
                "take off": lambda: agenda.take_off(by=self.clerk, discussion=last),
                "move": lambda: agenda.move_to(by=self.clerk, discussion=last, place=where + 1),
                "take up": lambda: leading.take_up(by=self.clerk, discussion=last),
                "defer": lambda: leading.defer(
                    by=self.clerk, discussion=last, deferral=Deferral("records", "Letter")
                ),
                "reopen": lambda: leading.reopen(by=self.clerk, discussion=last),
                "draft": lambda: self.drafts(last, which + where),
            }
        if (draft := decisions.filter(status="draft").first()) is not None:
            acts |= {
                "discard": lambda: deciding.discard_draft(
                    by=self.clerk, decision=draft, version=draft.version
                ),
                "sign": lambda: deciding.sign_decision(
                    by=self.chair,
                    decision=draft,
                    version=draft.version,
                    record_number=case.patient.record_number,
                    early_reason="Agreed before" if where else "",
                ),
            }
        if (signed := decisions.filter(status="signed").first()) is not None:
            acts |= {
                "supersede": lambda: deciding.supersede_decision(
                    by=self.clerk, decision=signed, reason="New"
                ),
                "withdraw": lambda: deciding.withdraw_decision(
                    by=self.chair, decision=signed, reason="Error"
                ),
            }
        if step is not None:
            acts |= {
                "step done": lambda: following.complete(
                    by=self.clerk, item=step, done_on=datetime.date(2026, 11, 2)
                ),
                "step handed over": lambda: steps.reassign_step(by=self.clerk, step=step, owner_name="Bob"),
            }
        if act in acts:
            acts[act]()

    def drafts(self, discussion: Discussion, number: int) -> Decision:
        stored = discussion.decisions.filter(status="draft").first()
        return deciding.save_draft(
            by=self.clerk,
            discussion=discussion,
            content=DecisionContent(
                intent="palliative",
                options=(OptionContent("own", title=f"Plan {number}"),),
                next_steps=(StepContent("Port", "Surgery"),),
            ),
            version=stored.version if stored else None,
        )

    def holds(self) -> None:
        """Everything that must be so at any time."""
        for meeting in Meeting.objects.all():
            places = list(meeting.discussions.order_by("place").values_list("place", flat=True))
            assert places == list(range(1, len(places) + 1))
            self.stays(meeting)
        for case in Case.objects.all():
            assert case.status == status_of(case)
            assert case.discussions.filter(outcome="open").count() <= 1
        for decision in Decision.objects.exclude(status="draft"):
            frozen = (decision.snapshot, decision.snapshot_digest)
            assert self.signed.setdefault(decision.pk, frozen) == frozen
            assert decision.discussion.outcome in ("decided", "protocol")
        assert set(self.signed) <= set(Decision.objects.values_list("pk", flat=True))
        for event in StepEvent.objects.select_related("step__decision"):
            assert event.step.decision.status != "draft"

    def stays(self, meeting: Meeting) -> None:
        """A closed meeting is what it was when it was closed, but for a draft that was signed since."""
        if meeting.state != "closed":
            return
        kept = (
            meeting.snapshot,
            list(meeting.discussions.order_by("pk").values_list("pk", "place", "question", "started_at")),
            list(Attendance.objects.filter(meeting=meeting).order_by("pk").values()),
        )
        assert self.closed.setdefault(meeting.pk, kept) == kept


@settings(suppress_health_check=list(HealthCheck), max_examples=12)
@given(
    acts=st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, CASES - 1), st.integers(0, MEETINGS)),
        min_size=20,
        max_size=40,
    )
)
def test_the_rules_hold_after_every_act(
    board: Board, alice: User, dora: User, acts: list[tuple[str, int, int]]
) -> None:
    with transaction.atomic():
        course = Course(board, alice, dora)
        for act, which, where in acts:
            before = AuditEvent.objects.count()
            try:
                with transaction.atomic():
                    course.does(act, which, where)
            except (ValidationError, StaleEdit):
                assert AuditEvent.objects.count() == before, act
            else:
                assert AuditEvent.objects.count() - before <= EVENTS_OF_ONE.get(act, 1), act
            course.holds()
        transaction.set_rollback(True)
