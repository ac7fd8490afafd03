"""Every audit event there is gets its place in the chain of its board; what was signed before is sealed by an
event of its own.
"""

from collections import defaultdict
from typing import Any

from django.db import migrations
from django.utils import timezone

from cases import append_only, chain, seals

BATCH = 2_000


def chain_what_there_is(apps: Any, schema_editor: Any) -> None:
    """Every event gets its place in the order in which it was written."""
    append_only.remove(schema_editor.connection)
    events = apps.get_model("cases", "AuditEvent").objects
    heads: dict[int, chain.Head] = defaultdict(chain.Head)
    batch = []
    for event in events.order_by("pk").iterator():
        event.chain = event.board_id or chain.NO_BOARD
        _put(event, heads)
        batch.append(event)
        if len(batch) == BATCH:
            _store(schema_editor.connection, batch)
            batch = []
    _store(schema_editor.connection, batch)
    for event in _sealing(apps):
        _put(event, heads)
        event.save()


def _put(event: Any, heads: dict[int, chain.Head]) -> None:
    head = heads[event.chain]
    event.seq, event.key = head.seq + 1, chain.current_key()
    event.code = chain.code_of(head.code, {name: getattr(event, name) for name in chain.COVERED})
    heads[event.chain] = chain.Head(event.seq, event.code)


def _store(connection: Any, events: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE cases_auditevent SET chain = %s, seq = %s, key = %s, code = %s WHERE id = %s",
            [(one.chain, one.seq, one.key, one.code, one.pk) for one in events],
        )


def _sealing(apps: Any) -> list[Any]:
    """An event for each row that was signed before: by nobody, for it was the update that sealed it."""
    event_of = apps.get_model("cases", "AuditEvent")
    made = []
    for what, (model, _, _) in seals.SEALED.items():
        found = seals.seals(what, models=lambda name: apps.get_model("cases", name))
        for row in apps.get_model("cases", model).objects.filter(pk__in=found).order_by("pk"):
            case_id, board_id = _place(row)
            event = event_of(
                at=timezone.now(), action="changed", kind="seal", uid=getattr(row, "uid", None),
                case_id=case_id, board_id=board_id, chain=board_id, seal=found[row.pk], detail={"of": what},
            )  # fmt: skip
            made.append(event)
    return made


def _place(row: Any) -> tuple[int | None, int]:
    """The case, if any, and the board."""
    if hasattr(row, "meeting_id"):
        return None, row.meeting.board_id
    if hasattr(row, "board_id"):
        return None, row.board_id
    decision = row.decision if hasattr(row, "decision_id") else row
    return decision.case_id, decision.case.board_id


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0034_chain"),
    ]

    operations = [migrations.RunPython(chain_what_there_is, migrations.RunPython.noop)]
