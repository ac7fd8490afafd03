"""Database triggers that keep signed decisions, closed meetings, audit events and other logs as they are, let
nothing in that is born signed, and no event but at the end of its chain.

The models refuse such changes too, but a bulk query, another program or a hand at the database prompt would
pass by them. The triggers exist for SQLite and PostgreSQL. Every `migrate` puts them in place at its end; on
SQLite it takes them away at its start: a table that a trigger names cannot be rebuilt there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

MESSAGE = "append-only: signed decisions, closed meetings and what is logged cannot be changed or deleted"

DECISION = "cases_decision"
AUDIT = "cases_auditevent"
VERSIONS = "cases_recordversion"
MEETING = "cases_meeting"
ATTENDANCE = "cases_attendance"
DISCUSSION = "cases_discussion"
# Nothing of them ever changes.
LOGS = (
    AUDIT,
    VERSIONS,
    "cases_decisionwithdrawal",
    "cases_stepevent",
    "cases_optionevent",
    "cases_followupevent",
    "cases_meetingnote",
    "cases_letter",
    "cases_askedfor",
    "cases_listreading",
    "cases_listimport",
    "cases_importedrow",
)
PARTS = (
    "cases_decisionoption",
    "cases_decisioncondition",
    "cases_decisiondissent",
    "cases_nextstep",
)
# Columns that may change on a part after its decision was signed.
FOLLOW_UP: dict[str, frozenset[str]] = {
    "cases_decisionoption": frozenset({"state", "done_on", "due_now"}),
    "cases_nextstep": frozenset({"state", "done_on", "holder_name", "holder_id", "due_now"}),
}
# What signing a decision that was drafted before its meeting was closed still writes.
SIGNED_LATER = frozenset({"outcome", "ended_at", "updated_at", "updated_by_id", "version"})


@dataclass(frozen=True)
class Trigger:
    """Refuses one kind of change. `when` is SQL over OLD and NEW; empty refuses always."""

    table: str
    event: str  # INSERT, UPDATE, DELETE or TRUNCATE
    when: str = ""
    suffix: str = ""  # tells a second trigger for the same event from the first

    @property
    def name(self) -> str:
        return f"append_only_{self.table}_{self.event.lower()}{self.suffix}"


def _signed(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM {DECISION} d WHERE d.id = {row}.decision_id AND d.status <> 'draft')"  # noqa: S608


def _closed(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM {MEETING} m WHERE m.id = {row}.meeting_id AND m.state = 'closed')"  # noqa: S608


def _changed(columns: Iterable[str], differs: str) -> str:
    return " OR ".join(f'OLD."{name}" {differs} NEW."{name}"' for name in columns)


def triggers(columns: Mapping[str, Sequence[str]], differs: str) -> list[Trigger]:
    """The triggers for those tables that are among `columns`; `differs` is the vendor's null-safe "is not
    equal"."""
    found = [Trigger(table, event) for table in LOGS if table in columns for event in ("UPDATE", "DELETE")]
    if "seq" in columns.get(AUDIT, ()):
        last = f"SELECT COALESCE(MAX(e.seq), 0) FROM {AUDIT} e WHERE e.chain = NEW.chain"  # noqa: S608
        found.append(Trigger(AUDIT, "INSERT", f"NEW.seq <> 1 + ({last})"))
    found += _of_meetings(columns, differs)
    if DECISION not in columns:
        return found
    successor = f"SELECT 1 FROM {DECISION} d WHERE d.supersedes_id = OLD.id AND d.status = 'draft'"  # noqa: S608
    others = _changed((name for name in columns[DECISION] if name != "status"), differs)
    marks = f"OLD.status = 'signed' AND NEW.status = 'superseded' AND EXISTS ({successor})"
    found += [
        Trigger(DECISION, "INSERT", "NEW.status <> 'draft'"),
        Trigger(DECISION, "UPDATE", f"OLD.status <> 'draft' AND NOT ({marks} AND NOT ({others}))"),
        Trigger(DECISION, "DELETE", "OLD.status <> 'draft'"),
    ]
    for table in (table for table in PARTS if table in columns):
        frozen = [name for name in columns[table] if name not in FOLLOW_UP.get(table, frozenset())]
        touched = _changed(frozen, differs)
        found += [
            Trigger(table, "INSERT", _signed("NEW")),
            Trigger(table, "UPDATE", f"({_signed('OLD')} OR {_signed('NEW')}) AND ({touched})"),
            Trigger(table, "DELETE", _signed("OLD")),
        ]
    return found


def _of_meetings(columns: Mapping[str, Sequence[str]], differs: str) -> list[Trigger]:
    """A closed meeting, its roll call and its agenda; what was open there may still be decided."""
    if DISCUSSION not in columns:
        return []
    kept = _changed((name for name in columns[DISCUSSION] if name not in SIGNED_LATER), differs)
    decided = f"OLD.outcome = 'open' AND NEW.outcome IN ('open', 'decided') AND NOT ({kept})"
    return [
        Trigger(MEETING, "INSERT", "NEW.state = 'closed'"),
        Trigger(MEETING, "UPDATE", "OLD.state = 'closed'"),
        Trigger(MEETING, "DELETE", "OLD.state = 'closed'"),
        Trigger(ATTENDANCE, "INSERT", _closed("NEW")),
        Trigger(ATTENDANCE, "UPDATE", f"{_closed('OLD')} OR {_closed('NEW')}"),
        Trigger(ATTENDANCE, "DELETE", _closed("OLD")),
        Trigger(DISCUSSION, "INSERT", _closed("NEW")),
        Trigger(DISCUSSION, "UPDATE", f"({_closed('OLD')} OR {_closed('NEW')}) AND NOT ({decided})"),
        Trigger(DISCUSSION, "DELETE", _closed("OLD")),
    ]


def against_replacing(tables: Iterable[str]) -> list[Trigger]:
    """SQLite's `INSERT OR REPLACE` and `UPDATE OR REPLACE` take away a row that is in the way, by its key or
    another unique value, without its DELETE trigger being asked."""
    same_decision = (
        "d.id = NEW.id OR d.uid = NEW.uid OR d.supersedes_id = NEW.supersedes_id "
        "OR (d.discussion_id = NEW.discussion_id AND d.status = 'signed' AND NEW.status = 'signed')"
    )
    same_discussion = (
        "d.id = NEW.id OR d.uid = NEW.uid OR (d.meeting_id = NEW.meeting_id AND d.place = NEW.place)"
    )
    same_version = (
        "d.id = NEW.id OR d.undoes_id = NEW.undoes_id "
        "OR (d.kind = NEW.kind AND d.uid = NEW.uid AND d.version = NEW.version)"
    )
    in_the_way = {
        **{table: f"{table} d WHERE d.id = NEW.id" for table in LOGS},
        VERSIONS: f"{VERSIONS} d WHERE ({same_version})",
        DECISION: f"{DECISION} d WHERE d.status <> 'draft' AND ({same_decision})",
        **{
            table: f"{table} p JOIN {DECISION} d ON d.id = p.decision_id "
            "WHERE d.status <> 'draft' AND p.id = NEW.id"
            for table in PARTS
        },
        MEETING: f"{MEETING} d WHERE d.state = 'closed' AND (d.id = NEW.id OR d.uid = NEW.uid)",
        ATTENDANCE: f"{ATTENDANCE} d WHERE {_closed('d')} AND (d.id = NEW.id OR d.uid = NEW.uid)",
        DISCUSSION: f"{DISCUSSION} d WHERE {_closed('d')} AND ({same_discussion})",
    }
    found = []
    for table, rows in in_the_way.items():
        if table not in tables:
            continue
        exists = f"EXISTS (SELECT 1 FROM {rows}"  # noqa: S608
        own = "p" if table in PARTS else "d"
        found += [
            Trigger(table, "INSERT", f"{exists})", "_replace"),
            Trigger(table, "UPDATE", f"{exists} AND {own}.id <> OLD.id)", "_replace"),
        ]
    return found


def _sqlite(trigger: Trigger) -> list[str]:
    when = f"WHEN {trigger.when}" if trigger.when else ""
    return [
        f"DROP TRIGGER IF EXISTS {trigger.name}",
        f"CREATE TRIGGER {trigger.name} BEFORE {trigger.event} ON {trigger.table} FOR EACH ROW {when} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    ]


def _postgresql(trigger: Trigger) -> list[str]:
    # A condition with a subquery cannot stand in WHEN there, so it goes into the function.
    kept = "OLD" if trigger.event == "DELETE" else "NEW"
    each = "STATEMENT" if trigger.event == "TRUNCATE" else "ROW"
    check = f"IF {trigger.when} THEN" if trigger.when else "IF TRUE THEN"
    return [
        f"CREATE OR REPLACE FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{check} RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"RETURN {kept}; END $$",
        f"DROP TRIGGER IF EXISTS {trigger.name} ON {trigger.table}",
        f"CREATE TRIGGER {trigger.name} BEFORE {trigger.event} ON {trigger.table} FOR EACH {each} "
        f"EXECUTE FUNCTION {trigger.name}()",
    ]


VENDORS = {"sqlite": (_sqlite, "IS NOT"), "postgresql": (_postgresql, "IS DISTINCT FROM")}


def _existing(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """The triggers for the tables as they are now: an update may come from before one of them, and then the
    others have theirs nevertheless."""
    _, differs = VENDORS[connection.vendor]
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        kept = (DECISION, *PARTS, *LOGS, MEETING, ATTENDANCE, DISCUSSION)
        tables = tuple(table for table in kept if table in there)
        columns = {table: _columns(cursor, table) for table in tables}
    found = triggers(columns, differs)
    if connection.vendor == "postgresql":  # SQLite knows no TRUNCATE
        found += [Trigger(table, "TRUNCATE") for table in tables]
    if connection.vendor == "sqlite":  # PostgreSQL knows no REPLACE
        found += against_replacing(tables)
    return found


def _columns(cursor: CursorWrapper, table: str) -> list[str]:
    """As a query names them: Django's own description of a table parses its SQL, in 20 ms each."""
    # nosemgrep: values-are-parameters (the name of a table is none; it stands in this module)
    cursor.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608
    return [column[0] for column in cursor.description]


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger in place, replacing an older one of its name."""
    write, _ = VENDORS[connection.vendor]
    statements = [statement for trigger in _existing(connection) for statement in write(trigger)]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take every trigger away: for reversing the migration, and for emptying a test database."""
    on_table = " ON {table}" if connection.vendor == "postgresql" else ""
    statements = [
        f"DROP TRIGGER IF EXISTS {trigger.name}{on_table.format(table=trigger.table)}"
        for trigger in _existing(connection)
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def before_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Receiver of `pre_migrate`."""
    if connections[using].vendor == "sqlite":
        remove(connections[using])


def after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Receiver of `post_migrate`."""
    install(connections[using])
