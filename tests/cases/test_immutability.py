"""What is signed and what is logged stays, whichever way somebody comes: model, queryset, raw SQL."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from cases import append_only
from cases.models import (
    AskedFor,
    Attendance,
    AuditEvent,
    Case,
    Decision,
    DecisionCondition,
    DecisionDissent,
    DecisionOption,
    DecisionWithdrawal,
    Discussion,
    FollowUpEvent,
    ImmutableError,
    ImportedRow,
    Letter,
    ListImport,
    ListReading,
    Meeting,
    MeetingNote,
    NextStep,
    OptionEvent,
    RecordVersion,
    StepEvent,
)
from tests import factories

pytestmark = pytest.mark.django_db


def content(decision: Decision) -> Decision:
    factories.OptionFactory(decision=decision)
    DecisionCondition.objects.create(decision=decision, text="If fit")
    NextStep.objects.create(decision=decision, text="Scan")
    DecisionDissent.objects.create(decision=decision, position="Surgery first")
    return decision


@pytest.fixture
def draft() -> Decision:
    return content(factories.DecisionFactory())


@pytest.fixture
def signed() -> Decision:
    """A signed decision with one part of each kind, signed after they were added."""
    decision = content(factories.DecisionFactory())
    full = factories.SignedDecisionFactory.build(
        created_by=decision.created_by, case=decision.case, discussion=decision.discussion
    )
    for name in ("status", "signed_by", "signed_at", "snapshot", "snapshot_digest"):
        setattr(decision, name, getattr(full, name))
    decision.save()
    return decision


@pytest.fixture
def event(alice: User) -> AuditEvent:
    return AuditEvent.objects.record(user=alice, action="read", case=factories.CaseFactory())


@pytest.fixture
def version(alice: User) -> RecordVersion:
    case = factories.CaseFactory()
    return RecordVersion.objects.create(
        by=alice, case=case, kind="case", uid=case.uid, version=1, after={"question": "First line?"}
    )


@pytest.fixture
def logged(signed: Decision, event: AuditEvent, version: RecordVersion) -> None:
    """One row in every log."""
    by, meeting = signed.created_by, signed.discussion.meeting
    DecisionWithdrawal.objects.create(decision=signed, reason="Wrong patient", by=by)
    StepEvent.objects.create(step=signed.next_steps.get(), change="done", by=by)
    OptionEvent.objects.create(option=signed.options.get(), change="done", by=by)
    FollowUpEvent.objects.create(item=factories.FollowUpFactory(case=signed.case), change="done", by=by)
    Letter.objects.create(decision=signed, kind="patient", text="Dear Ada", by=by)
    MeetingNote.objects.create(meeting=meeting, text="Bob came at ten.", by=by)
    AskedFor.objects.create(
        case=signed.case, wanted="Ki-67", asked_of="Dr. Baker", asked_on=meeting.starts_at, by=by
    )
    reading = ListReading.objects.create(
        board=signed.case.board, name="Monthly", version=1, content={}, by=by
    )
    taken = ListImport.objects.create(board=signed.case.board, name="October.csv", reading=reading, by=by)
    ImportedRow.objects.create(list_import=taken, case=signed.case, row=2, created=False)


@pytest.fixture
def closed(signed: Decision, dora: User) -> Meeting:
    """A closed meeting with somebody there, a signed discussion and one that was not reached."""
    meeting = signed.discussion.meeting
    assert meeting is not None
    factories.DiscussionFactory(
        case=factories.CaseFactory(board=meeting.board), meeting=meeting, place=2, outcome="not_reached"
    )
    Attendance.objects.create(meeting=meeting, name="Dora Diaz", since=meeting.starts_at)
    meeting.state, meeting.closed_at, meeting.closed_by = "closed", meeting.starts_at, dora
    meeting.snapshot, meeting.snapshot_digest = {"format": 1}, "sha256:0"
    meeting.save()
    return meeting


def sql(statement: str) -> Callable[[], None]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return run


def database_refuses(statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(statement)()


def model_refuses(change: Callable[[], Any]) -> None:
    with pytest.raises(ImmutableError):
        change()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases_decision SET rationale = 'changed'",
        "UPDATE cases_decision SET snapshot_digest = 'sha256:1'",
        "UPDATE cases_decision SET snapshot = '{}'",
        "UPDATE cases_decision SET status = 'draft', signed_by_id = NULL, signed_at = NULL, snapshot = NULL, "
        "snapshot_digest = ''",
        "UPDATE cases_decision SET status = 'superseded'",  # without a successor
        "DELETE FROM cases_decision",
        "UPDATE cases_decisionoption SET title = 'changed'",
        "DELETE FROM cases_decisionoption",
        "UPDATE cases_decisioncondition SET text = 'changed'",
        "DELETE FROM cases_decisioncondition",
        "UPDATE cases_nextstep SET text = 'changed'",
        "UPDATE cases_nextstep SET due_on = '2027-01-01'",
        "DELETE FROM cases_nextstep",
        'INSERT INTO cases_decisioncondition (decision_id, text, "order") '
        "SELECT id, 'added', 1 FROM cases_decision",
    ],
)
def test_database_keeps_a_signed_decision(signed: Decision, statement: str) -> None:
    before = list(Decision.objects.values()), list(NextStep.objects.values())
    database_refuses(statement)
    assert (list(Decision.objects.values()), list(NextStep.objects.values())) == before


def test_parts_of_a_draft_cannot_be_moved_into_a_signed_decision(signed: Decision) -> None:
    other = content(factories.DecisionFactory())
    move = "UPDATE cases_decisionoption SET decision_id = {} WHERE decision_id = {}"
    database_refuses(move.format(signed.pk, other.pk))
    database_refuses(move.format(other.pk, signed.pk))


@pytest.mark.parametrize("table", append_only.LOGS)
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.usefixtures("logged")
def test_database_keeps_what_is_logged(table: str, change: str) -> None:
    database_refuses(change.format(table))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases_meeting SET place = 'Elsewhere'",
        "UPDATE cases_meeting SET state = 'running'",
        "DELETE FROM cases_meeting",
        "UPDATE cases_attendance SET name = 'Somebody else'",
        "DELETE FROM cases_attendance",
        "UPDATE cases_discussion SET place = place + 5",
        "UPDATE cases_discussion SET question = 'changed'",
        "UPDATE cases_discussion SET outcome = 'open'",
        "UPDATE cases_discussion SET meeting_id = NULL, place = NULL, urgent_reason = 'x'",
        "DELETE FROM cases_discussion WHERE place = 2",
    ],
)
def test_database_keeps_a_closed_meeting(closed: Meeting, statement: str) -> None:
    database_refuses(statement)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Attendance.objects.create(meeting=closed, name="Late", since=closed.starts_at)


def test_what_was_drafted_before_closing_may_still_be_decided(signed: Decision, closed: Meeting) -> None:
    first = signed.discussion
    assert first.outcome == "open"
    first.outcome = "decided"
    first.save(update_fields=["outcome"])
    database_refuses("UPDATE cases_discussion SET outcome = 'open' WHERE outcome = 'decided'")


def no_replacing(statement: str) -> None:
    """SQLite's REPLACE deletes the row in the way without a word; PostgreSQL has no such statement."""
    refusal = "append-only" if connection.vendor == "sqlite" else "syntax error"
    with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
        sql(statement)()


@pytest.mark.parametrize("how", ["INSERT OR REPLACE", "INSERT OR IGNORE", "REPLACE"])
@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Decision, {"rationale": "'changed'"}),
        (Decision, {"id": "id + 100", "rationale": "'changed'"}),  # its uid is in the way
        (Decision, {"id": "id + 100", "uid": "lower(hex(randomblob(16)))"}),  # its case is
        (AuditEvent, {"kind": "'changed'"}),
        (RecordVersion, {"kind": "'changed'"}),
        (RecordVersion, {"id": "id + 100", "before": "NULL"}),  # its version of the part is in the way
        (DecisionOption, {"decision_id": "{draft}", "title": "'changed'"}),
        (DecisionCondition, {"decision_id": "{draft}"}),
        (DecisionDissent, {"decision_id": "{draft}"}),
        (NextStep, {"decision_id": "{draft}"}),
        (Meeting, {"place": "'changed'"}),
        (Attendance, {"name": "'changed'"}),
        (Discussion, {"question": "'changed'"}),
    ],
)
def test_no_row_can_be_replaced(
    signed: Decision,
    event: AuditEvent,
    version: RecordVersion,
    closed: Meeting,
    how: str,
    model: type[Model],
    change: dict[str, str],
) -> None:
    draft = factories.DecisionFactory()
    names = [connection.ops.quote_name(field.column) for field in model._meta.concrete_fields]
    values = [change.get(name.strip('"'), name).format(draft=draft.pk) for name in names]
    table = model._meta.db_table
    before = list(model._default_manager.order_by("pk").values())
    rows = (
        "status = 'signed'" if model is Decision else f"id <= {closed.pk}" if model is Meeting else "id > 0"
    )
    replace = "{} INTO {} ({}) SELECT {} FROM {} WHERE {}"
    no_replacing(replace.format(how, table, ", ".join(names), ", ".join(values), table, rows))
    assert list(model._default_manager.order_by("pk").values()) == before


def test_no_draft_can_take_the_place_of_a_signed_decision(signed: Decision) -> None:
    draft = content(factories.DecisionFactory())
    take = "UPDATE OR REPLACE {0} SET {1} = (SELECT {1} FROM {0} WHERE {2} = {3}) WHERE {2} = {4}"
    for column in ("id", "uid"):
        no_replacing(take.format(append_only.DECISION, column, "id", signed.pk, draft.pk))
    for table in append_only.PARTS:
        no_replacing(take.format(table, "id", "decision_id", signed.pk, draft.pk))
    assert (signed.options.count(), signed.conditions.count(), signed.next_steps.count()) == (1, 1, 1)


@pytest.mark.parametrize("table", [*append_only.LOGS, append_only.DECISION, *append_only.PARTS])
def test_no_table_can_be_emptied_at_one_stroke(
    signed: Decision, event: AuditEvent, version: RecordVersion, table: str
) -> None:
    """SQLite has no such statement, PostgreSQL's is refused."""
    with pytest.raises(DatabaseError), transaction.atomic():
        sql(f"TRUNCATE {table} CASCADE")()
    assert [model.objects.count() for model in (Decision, AuditEvent, RecordVersion)] == [1, 1, 1]


def test_models_keep_a_signed_decision(signed: Decision) -> None:
    option, condition = signed.options.get(), signed.conditions.get()
    model_refuses(signed.save)
    model_refuses(lambda: signed.save(update_fields=["rationale"]))
    model_refuses(signed.delete)
    model_refuses(lambda: Decision.objects.update(rationale="changed"))
    model_refuses(lambda: Decision.objects.bulk_update([signed], ["rationale"]))
    model_refuses(Decision.objects.all().delete)
    model_refuses(option.save)
    model_refuses(option.delete)
    model_refuses(condition.delete)
    model_refuses(lambda: DecisionOption.objects.update(title="changed"))
    model_refuses(DecisionOption.objects.all().delete)
    model_refuses(lambda: DecisionCondition.objects.create(decision=signed, text="added"))


def test_a_changed_status_in_memory_does_not_open_a_signed_decision(signed: Decision) -> None:
    signed.status = "draft"
    model_refuses(signed.save)


def test_models_keep_audit_events_and_versions(event: AuditEvent, version: RecordVersion) -> None:
    for row, model in ((event, AuditEvent), (version, RecordVersion)):
        model_refuses(row.save)
        model_refuses(row.delete)
        model_refuses(lambda model=model: model.objects.update(kind="x"))
        model_refuses(lambda row=row, model=model: model.objects.bulk_update([row], ["kind"]))
        model_refuses(model.objects.all().delete)


def test_a_step_can_be_done_after_signing_and_nothing_else_of_it_changes(signed: Decision) -> None:
    step = signed.next_steps.get()
    step.done_on, step.text = "2026-12-01", "changed"
    step.save(update_fields=["done_on"])
    step.refresh_from_db()
    assert (str(step.done_on), step.text) == ("2026-12-01", "Scan")
    step.text = "changed"
    model_refuses(step.save)


def test_a_signed_decision_becomes_superseded_only_beside_its_successor(signed: Decision) -> None:
    factories.DecisionFactory(
        case=signed.case, discussion=signed.discussion, supersedes=signed, supersede_reason="New scan"
    )
    signed.status = "superseded"
    signed.save(update_fields=["status"])
    signed.refresh_from_db()
    assert (signed.status, signed.is_signed) == ("superseded", True)
    database_refuses("UPDATE cases_decision SET status = 'signed' WHERE status = 'superseded'")


def test_a_draft_stays_free(draft: Decision) -> None:
    draft.rationale = "changed"
    draft.save()
    draft.options.update(title="changed")
    draft.conditions.all().delete()
    Decision.objects.filter(status="draft").delete()
    assert (Decision.objects.count(), DecisionOption.objects.count(), NextStep.objects.count()) == (0, 0, 0)


def test_neither_case_nor_person_behind_a_decision_can_be_deleted(signed: Decision) -> None:
    for row in (signed.case, signed.case.patient, signed.case.board, signed.created_by):
        with pytest.raises(Exception, match="protected foreign keys"):
            row.delete()
    assert Case.objects.count() == 1


def test_every_migrate_puts_the_triggers_back(event: AuditEvent) -> None:
    append_only.remove(connection)
    sql("UPDATE cases_auditevent SET kind = 'free'")()
    call_command("migrate", verbosity=0)
    database_refuses("UPDATE cases_auditevent SET kind = 'x'")


def test_what_there_is_of_the_tables_is_kept(event: AuditEvent) -> None:
    """An update that brings a table finds the triggers of the others, and can take them away before it."""
    columns = {table: ["id"] for table in (append_only.AUDIT,)}
    assert {trigger.table for trigger in append_only.triggers(columns, "IS NOT")} == {append_only.AUDIT}
    assert {trigger.table for trigger in append_only.against_replacing(columns)} == {append_only.AUDIT}


def test_every_column_of_the_frozen_tables_is_watched() -> None:
    """A column added later is frozen without anybody remembering to say so."""
    columns = {table: ["id", "decision_id", "status", "added_later"] for table in append_only.PARTS}
    columns |= {append_only.DECISION: ["id", "status", "added_later"], append_only.AUDIT: ["id"]}
    updates = [each for each in append_only.triggers(columns, "IS NOT") if each.event == "UPDATE"]
    assert all("added_later" in each.when for each in updates if each.table != append_only.AUDIT)
