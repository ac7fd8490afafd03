"""A meeting as it runs: roll call, quorum, cases taken up, deferred, decided; closed, corrected by notes."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils import timezone

from cases.actions import deciding, leading
from cases.actions.agenda import begin_urgent, list_case, take_off
from cases.actions.deciding import DecisionContent, DissentContent, OptionContent, Votes
from cases.actions.edits import StaleEdit
from cases.actions.leading import Deferral
from cases.actions.meetings import cancel_meeting, change_meeting, create_meeting, create_series
from cases.actions.roll_call import Present, call_roll
from cases.models import AuditEvent, Board, Case, Decision, Discussion, Meeting
from cases.quorum import quorum_of
from cases.snapshot.digest import digest
from cases.snapshot.read import read
from cases.vote import agreement_of
from tests import factories

pytestmark = pytest.mark.django_db

DEFERRAL = Deferral("imaging", "MRI of the liver", "Radiology", datetime.date(2026, 12, 8))


@pytest.fixture
def meeting(alice: User, board: Board) -> Meeting:
    starts_at = timezone.now() - datetime.timedelta(hours=1)
    return create_meeting(by=alice, board=board, starts_at=starts_at, place="Room 4")


@pytest.fixture
def agenda(alice: User, board: Board, meeting: Meeting) -> list[Discussion]:
    cases = [factories.CaseFactory(board=board, question=f"Question {number}?") for number in (1, 2, 3)]
    return [list_case(by=alice, case=case, meeting=meeting) for case in cases]


@pytest.fixture
def running(dora: User, meeting: Meeting, agenda: list[Discussion]) -> Meeting:
    return leading.start_meeting(by=dora, meeting=meeting)


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def decided(by: User, discussion: Discussion, **content: Any) -> Decision:
    what = DecisionContent(intent="palliative", options=(OptionContent("own", title="Referral"),), **content)
    draft = deciding.save_draft(by=by, discussion=discussion, content=what)
    number = discussion.case.patient.record_number
    return deciding.sign_decision(by=by, decision=draft, version=1, record_number=number)


def test_one_case_at_a_time_is_taken_up_once_the_meeting_runs(
    bob: User, dora: User, meeting: Meeting, agenda: list[Discussion]
) -> None:
    with pytest.raises(ValidationError, match="Start the meeting first"):
        leading.take_up(by=bob, discussion=agenda[0])
    leading.start_meeting(by=dora, meeting=meeting)
    for discussion in (agenda[0], agenda[0], agenda[1]):
        leading.take_up(by=bob, discussion=discussion)
    first, second, third = (again(one) for one in agenda)
    assert first.started_at < first.ended_at <= second.started_at
    assert (second.ended_at, third.started_at) == (None, None)
    leading.take_up(by=bob, discussion=agenda[0])
    assert (again(first).started_at, again(first).ended_at) == (first.started_at, None)


def test_a_deferral_says_what_is_awaited_and_can_be_taken_back(
    bob: User, running: Meeting, agenda: list[Discussion]
) -> None:
    with pytest.raises(ValidationError) as refused:
        leading.defer(by=bob, discussion=agenda[0], deferral=Deferral("mood", " "))
    assert set(refused.value.message_dict) == {"reason", "awaited"}
    deferred = leading.defer(by=bob, discussion=agenda[0], deferral=DEFERRAL)
    assert (deferred.outcome, again(deferred.case).status) == ("deferred", "deferred")
    with pytest.raises(ValidationError, match="has ended: deferred"):
        deciding.save_draft(by=bob, discussion=agenda[0], content=DecisionContent(rationale="No"))
    opened = leading.reopen(by=bob, discussion=deferred)
    assert (opened.outcome, opened.awaited, again(opened.case).status) == ("open", "", "scheduled")


def test_a_draft_is_discarded_before_its_case_is_deferred_or_taken_off(
    alice: User, bob: User, running: Meeting, agenda: list[Discussion]
) -> None:
    deciding.save_draft(by=bob, discussion=agenda[0], content=DecisionContent(rationale="Thinking"))
    with pytest.raises(ValidationError, match="discard it"):
        leading.defer(by=bob, discussion=agenda[0], deferral=DEFERRAL)
    with pytest.raises(ValidationError, match="discard it first"):
        take_off(by=alice, discussion=agenda[0])


def test_closing_freezes_agenda_roll_call_order_and_times(
    alice: User, bob: User, dora: User, running: Meeting, agenda: list[Discussion]
) -> None:
    call_roll(by=alice, meeting=running, present=[Present("Dora Diaz", "Surgery", dora), Present("Guest")])
    leading.take_up(by=bob, discussion=agenda[0])
    decided(dora, agenda[0])
    leading.defer(by=bob, discussion=agenda[1], deferral=DEFERRAL)
    closed = leading.close_meeting(by=dora, meeting=running)
    assert leading.close_meeting(by=dora, meeting=running) == closed
    minutes = again(closed).snapshot
    assert digest(minutes) == closed.snapshot_digest
    assert [(line["place"], line["question"], line["outcome"]["words"]) for line in minutes["agenda"]] == [
        (1, "Question 1?", "Decided"),
        (2, "Question 2?", "Deferred"),
        (3, "Question 3?", "Not reached"),
    ]
    assert minutes["agenda"][1]["deferral"] == {
        "reason": "Imaging is missing or to be reviewed",
        "awaited": "MRI of the liver",
        "awaited_from": "Radiology",
        "awaited_by": "2026-12-08",
    }
    assert [(one["name"], one["discipline"]) for one in minutes["attendance"]] == [
        ("Dora Diaz", "Surgery"),
        ("Guest", ""),
    ]
    assert all(one["until"] for one in minutes["attendance"])
    assert [case.status for case in Case.objects.order_by("pk")] == ["decided", "deferred", "ready"]


def test_nothing_of_a_closed_meeting_changes_but_what_was_drafted_is_signed(
    alice: User, bob: User, dora: User, running: Meeting, agenda: list[Discussion]
) -> None:
    draft = deciding.save_draft(
        by=bob, discussion=agenda[0], content=DecisionContent(intent="palliative", rationale="Best care")
    )
    closed = leading.close_meeting(by=dora, meeting=running)
    before = again(closed).snapshot
    late = factories.CaseFactory(board=closed.board)
    attempts: list[Callable[[], object]] = [
        lambda: list_case(by=alice, case=late, meeting=closed),
        lambda: take_off(by=alice, discussion=agenda[2]),
        lambda: call_roll(by=alice, meeting=closed, present=[]),
        lambda: leading.take_up(by=bob, discussion=agenda[2]),
        lambda: leading.defer(by=bob, discussion=agenda[0], deferral=DEFERRAL),
        lambda: deciding.save_draft(by=bob, discussion=agenda[2], content=DecisionContent(rationale="x")),
        lambda: cancel_meeting(by=alice, meeting=closed, reason="x"),
    ]
    for attempt in attempts:
        with pytest.raises(ValidationError):
            attempt()
    deciding.sign_decision(by=dora, decision=draft, version=1, record_number=draft.case.patient.record_number)
    assert (again(agenda[0]).outcome, again(draft.case).status) == ("decided", "decided")
    assert again(closed).snapshot == before
    for _ in range(2):
        note = leading.add_note(by=dora, meeting=again(closed), text="Bob came at ten.")
    assert list(closed.notes.all()) == [note]


def test_what_was_not_reached_is_taken_up_by_a_later_discussion(
    alice: User, dora: User, running: Meeting, agenda: list[Discussion]
) -> None:
    leading.close_meeting(by=dora, meeting=running)
    later = create_meeting(by=alice, board=running.board, starts_at=timezone.now() + datetime.timedelta(7))
    new = list_case(by=alice, case=agenda[1].case, meeting=later)
    assert (new.follows, new.reason, new.question) == (agenda[1], "carried_over", "Question 2?")


# Roll call, quorum, votes


def test_the_roll_is_called_once_and_kept_up(
    alice: User, bob: User, dora: User, charlie: User, running: Meeting
) -> None:
    both = [Present("Dora Diaz", "Surgery", dora), Present("Bob Baker", "Oncology", bob, mode="remote")]
    for _ in range(2):
        call_roll(by=alice, meeting=running, present=both)
    assert AuditEvent.objects.filter(action="roll_call").count() == 1
    call_roll(by=alice, meeting=running, present=both[:1])
    there = {one.name: one.until is None for one in running.attendance.all()}
    assert there == {"Dora Diaz": True, "Bob Baker": False}
    wrong = [Present(" "), Present("Guest"), Present("guest"), Present("Charlie", person=charlie)]
    with pytest.raises(ValidationError) as refused:
        call_roll(by=alice, meeting=running, present=wrong)
    assert refused.value.messages == [
        "Name: say who was there.",
        "guest is named twice.",
        "Charlie is no member of this board; enter them as a guest.",
    ]
    assert running.attendance.filter(until=None).count() == 1


@pytest.mark.parametrize(
    ("rule", "there", "words", "met"),
    [
        ({}, [], "0 present; the board has set no quorum", True),
        ({"quorum_people": 2}, ["Surgery"], "No quorum (1 present): 1 more person needed", False),
        (
            {"quorum_people": 4, "quorum_disciplines": ["Surgery", "Pathology"]},
            ["Surgery"],
            "No quorum (1 present): Pathology missing, 3 more people needed",
            False,
        ),
        (
            {"quorum_people": 2, "quorum_disciplines": ["Surgery"]},
            ["Surgery", "Oncology"],
            "Quorum met, 2 present",
            True,
        ),
    ],
)
def test_quorum(board: Board, rule: dict[str, Any], there: list[str], words: str, met: bool) -> None:
    for name, value in rule.items():
        setattr(board, name, value)
    meeting = factories.MeetingFactory(board=board)
    present = [
        factories.AttendanceFactory(meeting=meeting, name=f"P{number}", discipline=discipline)
        for number, discipline in enumerate(there)
    ]
    quorum = quorum_of(board, present)
    assert (quorum.words, quorum.is_met) == (words, met)


@pytest.mark.parametrize(
    ("in_favor", "against", "expected"),
    [
        (0, 0, ""),
        (7, 0, "Consensus"),
        (7, 1, "Consensus"),
        (2, 1, "Consensus"),
        (6, 2, "Majority"),
        (5, 2, "No consensus"),
        (1, 1, "No consensus"),
        (0, 1, "No consensus"),
    ],
)
def test_a_vote_is_called_what_the_guidelines_panel_would_call_it(
    in_favor: int, against: int, expected: str
) -> None:
    assert agreement_of(in_favor, against) == expected


# Signing at a meeting


def test_who_has_come_counts_for_a_case_that_was_never_taken_up(
    alice: User, dora: User, board: Board, running: Meeting, agenda: list[Discussion]
) -> None:
    """Its time is that of the meeting until now, not the moment in which that began."""
    Board.objects.update(quorum_people=1)
    call_roll(by=alice, meeting=running, present=[Present("Dora Diaz", "Surgery", dora)])
    frozen = read(decided(dora, agenda[0]).snapshot)
    assert frozen.deliberation is not None
    assert (frozen.deliberation.quorum, frozen.deliberation.quorum_reason) == ("Quorum met, 1 present", "")


def test_who_was_there_and_how_it_was_decided_is_frozen(
    alice: User, bob: User, dora: User, running: Meeting, agenda: list[Discussion]
) -> None:
    Meeting.objects.get().board.__class__.objects.update(quorum_people=2)
    call_roll(by=alice, meeting=running, present=[Present("Dora Diaz", "Surgery", dora)])
    leading.take_up(by=bob, discussion=agenda[0])
    content = {
        "dissents": (DissentContent("Surgery first", "Bob Baker", "Oncology"),),
        "votes": Votes(4, 1, 1),
        "trial_considered": "yes",
        "trial_words": "None open",
    }
    with pytest.raises(ValidationError, match=r"No quorum \(1 present\): 1 more person"):
        decided(dora, agenda[0], **content)
    draft = Decision.objects.get()
    signed = deciding.sign_decision(
        by=dora,
        decision=draft,
        version=1,
        record_number=draft.case.patient.record_number,
        quorum_reason="Bob had to leave",
    )
    frozen = read(signed.snapshot)
    assert [(one.name, one.role) for one in frozen.present] == [("Dora Diaz", "Surgery")]
    assert frozen.discussion is not None
    assert (frozen.discussion.question, frozen.discussion.uid) == ("Question 1?", str(agenda[0].uid))
    assert frozen.outcome is not None
    assert frozen.outcome.outcome.words == "Decided"
    how = frozen.deliberation
    assert how is not None
    assert (how.quorum, how.quorum_met, how.quorum_reason) == (
        "No quorum (1 present): 1 more person needed",
        False,
        "Bob had to leave",
    )
    assert [(one.position, one.name) for one in how.dissents] == [("Surgery first", "Bob Baker")]
    assert how.vote is not None
    assert (how.vote.in_favor, how.vote.against, how.vote.abstained, how.vote.agreement) == (
        4,
        1,
        1,
        "Consensus",
    )
    assert how.trial is not None
    assert (how.trial.considered, how.trial.words) == ("Yes", "None open")


def test_a_decision_before_its_meeting_needs_a_reason(alice: User, dora: User, board: Board) -> None:
    ahead = create_meeting(by=alice, board=board, starts_at=timezone.now() + datetime.timedelta(2))
    discussion = list_case(by=alice, case=factories.CaseFactory(board=board), meeting=ahead)
    with pytest.raises(ValidationError, match="meeting has not begun"):
        decided(dora, discussion)


def test_an_urgent_decision_says_why_it_could_not_wait(bob: User, dora: User, board: Board) -> None:
    case = factories.CaseFactory(board=board)
    with pytest.raises(ValidationError, match="cannot wait"):
        begin_urgent(by=bob, case=case, reason=" ")
    discussion = begin_urgent(by=bob, case=case, reason="Obstruction")
    assert begin_urgent(by=bob, case=case, reason="Again") == discussion
    frozen = read(decided(dora, discussion).snapshot)
    assert (frozen.meeting, frozen.discussion and frozen.discussion.urgent_reason) == (None, "Obstruction")
    listed = factories.DiscussionFactory(case__board=board).case
    with pytest.raises(ValidationError, match="listed for a meeting"):
        begin_urgent(by=bob, case=listed, reason="Obstruction")


def test_a_decision_entered_in_error_is_withdrawn_and_stays_as_signed(
    bob: User, dora: User, running: Meeting, agenda: list[Discussion]
) -> None:
    signed = decided(dora, agenda[0])
    before = again(signed).snapshot
    with pytest.raises(ValidationError, match="entered in error"):
        deciding.withdraw_decision(by=dora, decision=signed, reason="")
    with pytest.raises(PermissionDenied):
        deciding.withdraw_decision(by=bob, decision=signed, reason="Wrong patient")
    for _ in range(2):
        withdrawal = deciding.withdraw_decision(by=dora, decision=signed, reason="Wrong patient")
    assert (withdrawal.decision, withdrawal.by) == (signed, dora)
    assert (again(signed).snapshot, again(signed).status) == (before, "signed")
    assert again(signed.case).status == "ready", "nobody has decided on this case"
    assert AuditEvent.objects.filter(action="withdrawn").count() == 1


# Planning


def test_a_series_keeps_what_there_is(alice: User, board: Board, meeting: Meeting) -> None:
    starts = [meeting.starts_at + datetime.timedelta(days=7 * week) for week in range(3)]
    made = create_series(by=alice, board=board, starts=starts, title="Tuesday board")
    assert [one.starts_at for one in made] == starts
    assert (made[0], made[1].title) == (meeting, "Tuesday board")
    with pytest.raises(ValidationError, match="1 to 60"):
        create_series(by=alice, board=board, starts=[])


def test_a_meeting_is_moved_with_a_trace_and_cancelled_with_a_reason(
    alice: User, board: Board, meeting: Meeting
) -> None:
    later = meeting.starts_at + datetime.timedelta(days=1)
    new = {"starts_at": later, "place": "Room 5", "title": ""}
    moved = change_meeting(by=alice, meeting=meeting, version=1, **new)
    assert change_meeting(by=alice, meeting=meeting, version=1, **new) == moved
    with pytest.raises(StaleEdit):
        change_meeting(by=alice, meeting=meeting, version=1, **{**new, "place": "Room 6"})
    trace = AuditEvent.objects.get(action="changed").detail
    assert trace == {"fields": ["place", "starts_at"], "from": meeting.starts_at.isoformat()}
    other = create_meeting(by=alice, board=board, starts_at=meeting.starts_at)
    with pytest.raises(ValidationError, match="already has a meeting"):
        change_meeting(by=alice, meeting=other, version=1, **new)
    with pytest.raises(ValidationError, match="Say why"):
        cancel_meeting(by=alice, meeting=moved, reason=" ")
    assert cancel_meeting(by=alice, meeting=moved, reason="Holiday").state == "cancelled"
    assert create_meeting(by=alice, board=board, starts_at=later) != moved


def test_a_meeting_with_cases_is_not_cancelled(
    alice: User, meeting: Meeting, agenda: list[Discussion]
) -> None:
    with pytest.raises(ValidationError, match="over to another one first"):
        cancel_meeting(by=alice, meeting=meeting, reason="Holiday")


# Role × action

ALLOWED = {
    "start": {"dora"},
    "close": {"dora"},
    "note": {"dora"},
    "roll call": {"alice", "bob", "dora"},
    "take up": {"alice", "bob", "dora"},
    "defer": {"alice", "bob", "dora"},
    "reopen": {"alice", "bob", "dora"},
    "urgent": {"alice", "bob", "dora"},
    "move": {"alice", "dora"},
    "cancel": {"alice", "dora"},
    "withdraw": {"dora"},
}


@pytest.mark.parametrize("person", ["alice", "bob", "dora", "victor", "charlie"])
@pytest.mark.parametrize("act", ALLOWED)
def test_who_may_do_what(
    request: pytest.FixtureRequest,
    board: Board,
    running: Meeting,
    agenda: list[Discussion],
    act: str,
    person: str,
) -> None:
    user: User = request.getfixturevalue(person)
    dora: User = request.getfixturevalue("dora")
    empty = factories.MeetingFactory(board=board)
    acts: dict[str, Callable[[], object]] = {
        "start": lambda: leading.start_meeting(by=user, meeting=empty),
        "close": lambda: leading.close_meeting(by=user, meeting=running),
        "note": lambda: leading.add_note(
            by=user, meeting=leading.close_meeting(by=dora, meeting=running), text="x"
        ),
        "roll call": lambda: call_roll(by=user, meeting=running, present=[]),
        "take up": lambda: leading.take_up(by=user, discussion=agenda[0]),
        "defer": lambda: leading.defer(by=user, discussion=agenda[0], deferral=DEFERRAL),
        "reopen": lambda: leading.reopen(by=user, discussion=agenda[0]),
        "urgent": lambda: begin_urgent(by=user, case=factories.CaseFactory(board=board), reason="x"),
        "move": lambda: change_meeting(
            by=user, meeting=empty, starts_at=empty.starts_at, place="x", title="", version=1
        ),
        "cancel": lambda: cancel_meeting(by=user, meeting=empty, reason="x"),
        "withdraw": lambda: deciding.withdraw_decision(
            by=user, decision=decided(dora, agenda[1]), reason="x"
        ),
    }
    if person in ALLOWED[act]:
        acts[act]()
        assert not AuditEvent.objects.filter(action="denied").exists()
        return
    with pytest.raises(Http404 if person == "charlie" else PermissionDenied):
        acts[act]()
    assert AuditEvent.objects.filter(action="denied", user=user).count() == 1
