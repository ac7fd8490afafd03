"""Two requests at the same moment, a double click or two colleagues: nothing is stored twice."""

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from cases.actions import access_log, deciding, entry
from cases.actions.agenda import list_case, move_to, take_off
from cases.actions.deciding import DecisionContent, StaleEdit
from cases.actions.import_undo import undo_import
from cases.actions.importing import prepare, take_over
from cases.actions.leading import add_note, close_meeting, start_meeting
from cases.actions.meetings import create_meeting
from cases.actions.posting import close_bundle, post_bundle
from cases.actions.tokens import make_token
from cases.actions.undoing import UndoRefused, undo_last_save
from cases.exchange.lists.mapping import ListMapping
from cases.models import (
    AuditEvent,
    Board,
    Case,
    Decision,
    Discussion,
    ListImport,
    Meeting,
    PathologyReport,
    PostedBundle,
    RecordVersion,
)
from cases.screens.lists import finished, list_of, opened, plan, source_of
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = "record_number;surname;birth_date;question;pathology.ki67"


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call returned or raised, all started at the same moment in threads of their own."""
    start = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(index: int, call: Callable[[], Any]) -> None:
        try:
            start.wait()
            results[index] = call()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def events(action: str) -> int:
    return AuditEvent.objects.filter(action=action).count()


def test_a_double_click_makes_one_case_and_one_part(alice: User, board: Board) -> None:
    uid = uuid.uuid4()
    patient = factories.PatientFactory(board=board)
    fields = {"question": "First line?"}
    made = at_once(
        *[lambda: entry.create_case(by=alice, board=board, patient=patient, fields=fields, uid=uid)] * 3
    )
    assert made == [Case.objects.get()] * 3
    case = Case.objects.get()
    added = at_once(
        *[lambda: entry.add_part(by=alice, case=case, kind="imaging", fields={"modality": "ct"}, uid=uid)] * 3
    )
    assert added == [case.imaging_studies.get()] * 3
    assert events("created") == 2


def test_a_comment_clicked_twice_is_stored_once(bob: User, board: Board) -> None:
    case = factories.CaseFactory(board=board)
    made = at_once(*[lambda: entry.add_comment(by=bob, case=case, text="Seen today.")] * 3)
    assert made == [case.comments.get()] * 3
    assert events("commented") == 1


def test_a_preview_asked_of_several_processes_is_one_event_a_minute(
    bob: User, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_log, "_remember", lambda *_: None)  # none knows what the others did
    case = factories.CaseFactory(board=board)
    ask = partial(access_log.log_preview, by=bob, case=case, page="pathology")
    begun = timezone.now()  # once: the machine's own clock may be set back meanwhile
    for minute, events_by_then in ((0, 1), (0, 1), (1, 2)):
        moment = begun + timedelta(seconds=access_log.MINUTE * minute)
        monkeypatch.setattr("cases.models.audit.now", lambda moment=moment: moment)
        assert at_once(*[ask] * WRITERS) == [None] * WRITERS
        assert events("read") == events_by_then


def test_an_undo_clicked_twice_takes_back_one_save(alice: User, bob: User, board: Board) -> None:
    case = factories.CaseFactory(board=board)
    report = entry.add_part(by=alice, case=case, kind="pathology", fields={"rb": "lost"})
    for _ in ("the new part goes", "it comes back"):
        save = RecordVersion.objects.latest("pk")
        undo = partial(undo_last_save, case=case, version=save)
        results = at_once(*[partial(undo, by=user) for user in (alice, bob, alice)])
        assert sum(isinstance(result, UndoRefused) for result in results) == 2
    assert case.pathology_reports.get().uid == report.uid
    assert events("undone") == 2


def test_of_two_edits_at_once_one_is_told(alice: User, bob: User, board: Board) -> None:
    case = factories.CaseFactory(board=board)
    results = at_once(
        lambda: entry.save_case(by=alice, case=case, fields={"question": "Alice's"}, version=1),
        lambda: entry.save_case(by=bob, case=case, fields={"question": "Bob's"}, version=1),
    )
    assert sorted(type(result).__name__ for result in results) == ["Case", "StaleEdit"]
    stale = next(result for result in results if isinstance(result, StaleEdit))
    stored = Case.objects.get()
    assert stored.version == 2
    assert {stored.question, stale.submitted["question"]} == {"Alice's", "Bob's"}
    assert events("changed") == 1


def test_two_drafts_at_once_and_a_signature_clicked_twice(bob: User, dora: User, board: Board) -> None:
    case = factories.CaseFactory(board=board)
    discussion = factories.DiscussionFactory(case=case)
    contents = [DecisionContent(intent="curative", rationale=text) for text in ("Bob's", "Dora's")]
    results = at_once(
        lambda: deciding.save_draft(by=bob, discussion=discussion, content=contents[0]),
        lambda: deciding.save_draft(by=dora, discussion=discussion, content=contents[1]),
    )
    assert sorted(type(result).__name__ for result in results) == ["Decision", "StaleEdit"]
    draft = Decision.objects.get()
    number = case.patient.record_number
    signed = at_once(
        *[lambda: deciding.sign_decision(by=dora, decision=draft, version=1, record_number=number)] * 3
    )
    assert signed == [draft] * 3
    assert (events("drafted"), events("signed"), Decision.objects.get().version) == (1, 1, 2)


def test_one_list_taken_over_twice_at_once_is_taken_once(alice: User, board: Board) -> None:
    def both(*rows: str) -> list[Any]:
        """The same list, looked at by two and taken over by both in the same moment."""
        file = opened("\n".join([HEAD, *rows]).encode(), ListMapping())
        plans = [finished(plan(board, alice, list_of(board, file, ListMapping()))) for _ in range(2)]
        source = source_of("October.csv", b"the same", None)
        return at_once(
            *(
                partial(take_over, by=alice, board=board, rows=list(prepare(one.planned)), source=source)
                for one in plans
            )
        )

    for changed, rows in enumerate(
        (
            ["1;Ito;1961-05-13;First line?;30", "2;Ode;1950-02-03;First line?;"],
            ["1;Ito;1961-05-13;First line?;35"],
        )
    ):
        results = both(*rows)
        assert sorted(type(one).__name__ for one in results) == ["ImportOutdated", "ListImport"]
        assert (Case.objects.count(), PathologyReport.objects.count()) == (2, 1)
        assert (events("created"), events("changed")) == (2, changed)
    assert PathologyReport.objects.get().ki67 == "35"
    newest = ListImport.objects.latest("pk")
    taken_back = at_once(*[lambda: undo_import(by=alice, list_import=newest)] * 2)
    assert sorted(type(one).__name__ for one in taken_back) == ["ListImport", "UndoRefused"]
    assert PathologyReport.objects.get().ki67 == "30"


def test_a_bundle_posted_twice_at_once_waits_once(alice: User, board: Board) -> None:
    case = factories.CaseFactory(board=board)
    token, _ = make_token(by=alice, board=board, name="EPR", rights=["read", "enter"], days=1)
    made = at_once(*[lambda: post_bundle(token=token, case=case, content=b"{}")] * 3)
    posted = PostedBundle.objects.get()
    assert sorted(made, key=lambda one: one[1]) == [(posted, False), (posted, False), (posted, True)]
    at_once(*[lambda: close_bundle(by=alice, posted=posted)] * 2)
    assert list(AuditEvent.objects.filter(kind="posted bundle").values_list("action", flat=True)) == [
        "created",
        "removed",
    ]


def test_cases_put_on_an_agenda_at_once_get_a_place_each(alice: User, board: Board) -> None:
    meeting = factories.MeetingFactory(board=board)
    cases = [factories.CaseFactory(board=board) for _ in range(4)]

    def put(case: Case) -> Callable[[], Discussion]:
        return lambda: list_case(by=alice, case=case, meeting=meeting)

    results = at_once(*[put(case) for case in cases])
    assert sorted(result.place for result in results) == [1, 2, 3, 4]


# Around a meeting: one order of locks, so that of eight at once nobody gets an error of the database


WRITERS = 8
REFUSED = (ValidationError, StaleEdit)  # what people are told; anything else is a fault


@pytest.fixture
def running(board: Board, alice: User, dora: User) -> Meeting:
    """A running meeting with eight cases on its agenda, each with a draft."""
    meeting = create_meeting(by=alice, board=board, starts_at=timezone.now())
    for number in range(WRITERS):
        case = factories.CaseFactory(board=board, created_by=alice)
        discussion = list_case(by=alice, case=case, meeting=meeting)
        content = DecisionContent(intent="curative", rationale=f"Plan {number}")
        deciding.save_draft(by=dora, discussion=discussion, content=content)
    return start_meeting(by=dora, meeting=meeting)


def in_order(meeting: Meeting) -> bool:
    places = list(meeting.discussions.order_by("place").values_list("place", flat=True))
    return places == list(range(1, len(places) + 1))


def signs(dora: User, draft: Decision) -> Callable[[], Any]:
    number = draft.case.patient.record_number
    return lambda: deciding.sign_decision(by=dora, decision=draft, version=1, record_number=number)


def test_signing_against_saving(alice: User, dora: User, running: Meeting) -> None:
    draft = Decision.objects.order_by("pk").first()
    assert draft is not None
    texts = [DecisionContent(intent="palliative", rationale=f"Text {number}") for number in range(7)]
    saves = [
        partial(deciding.save_draft, by=alice, discussion=draft.discussion, content=text, version=1)
        for text in texts
    ]
    results = at_once(signs(dora, draft), *saves)
    faults = [one for one in results if isinstance(one, Exception) and not isinstance(one, REFUSED)]
    assert faults == []
    stored = Decision.objects.get(pk=draft.pk)
    written = [one for one in results if isinstance(one, Decision)]
    assert (len(written), stored.version) == (1, 2), "one of them came first, and nobody's was lost unseen"
    assert events("signed") == (stored.status == "signed")


def test_reordering_against_taking_off(alice: User, board: Board) -> None:
    meeting = create_meeting(by=alice, board=board, starts_at=timezone.now())
    listed = [
        list_case(by=alice, case=factories.CaseFactory(board=board), meeting=meeting) for _ in range(WRITERS)
    ]
    calls: list[Callable[[], Any]] = [partial(take_off, by=alice, discussion=one) for one in listed[:4]]
    calls += [partial(move_to, by=alice, discussion=one, place=1) for one in listed[4:]]
    results = at_once(*calls)
    faults = [one for one in results if isinstance(one, Exception) and not isinstance(one, REFUSED)]
    assert faults == []
    assert in_order(meeting)
    assert set(meeting.discussions.all()) == set(listed[4:])


def test_closing_against_signing(dora: User, running: Meeting) -> None:
    drafts = list(Decision.objects.order_by("pk"))[: WRITERS - 1]
    results = at_once(partial(close_meeting, by=dora, meeting=running), *[signs(dora, one) for one in drafts])
    assert [one for one in results if isinstance(one, Exception)] == []
    closed = Meeting.objects.get(pk=running.pk)
    assert (closed.state, in_order(closed)) == ("closed", True)
    assert Decision.objects.filter(status="signed").count() == WRITERS - 1
    assert closed.discussions.filter(outcome="decided").count() == WRITERS - 1
    for line in closed.snapshot["agenda"]:
        assert line["decision"] is not None
    noted = at_once(*[partial(add_note, by=dora, meeting=closed, text="Room 8, not 7.")] * WRITERS)
    assert noted == [closed.notes.get()] * WRITERS
