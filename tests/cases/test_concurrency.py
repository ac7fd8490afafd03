"""Two requests at the same moment, a double click or two colleagues: nothing is stored twice."""

import threading
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from cases.actions import deciding, entry
from cases.actions.agenda import list_case
from cases.actions.deciding import DecisionContent, StaleEdit
from cases.actions.undoing import UndoRefused, undo_last_save
from cases.models import AuditEvent, Board, Case, Decision, Discussion, RecordVersion
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_cases_put_on_an_agenda_at_once_get_a_place_each(alice: User, board: Board) -> None:
    meeting = factories.MeetingFactory(board=board)
    cases = [factories.CaseFactory(board=board) for _ in range(4)]

    def put(case: Case) -> Callable[[], Discussion]:
        return lambda: list_case(by=alice, case=case, meeting=meeting)

    results = at_once(*[put(case) for case in cases])
    assert sorted(result.place for result in results) == [1, 2, 3, 4]
