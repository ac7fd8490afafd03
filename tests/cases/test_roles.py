"""config/deploy/roles.sql: the application works with a role that owns nothing. PostgreSQL only."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import ProgrammingError, connection, transaction

from cases.actions import entry
from cases.integrity import verified
from cases.models import AuditEvent, Board
from tests import factories

ROLES = Path(__file__).resolve().parents[2] / "config" / "deploy" / "roles.sql"
POSTGRESQL = connection.vendor == "postgresql"
OWNERS_ACTS = (
    "ALTER TABLE cases_auditevent DISABLE TRIGGER USER",
    "DROP TRIGGER append_only_cases_auditevent_update ON cases_auditevent",
    "CREATE OR REPLACE FUNCTION append_only_cases_auditevent_update() RETURNS trigger LANGUAGE plpgsql "
    "AS $$ BEGIN RETURN NEW; END $$",
    "ALTER TABLE cases_decision DROP CONSTRAINT decision_signature_complete",
    "TRUNCATE cases_auditevent CASCADE",
    "DROP TABLE cases_letter",
    "CREATE TABLE public.mine (id int)",
    "SET session_replication_role = replica",
)


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite has no roles")
@pytest.mark.django_db
def test_the_application_owns_nothing(alice: User, board: Board) -> None:
    case = factories.CaseFactory(board=board, created_by=alice)
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(ROLES.read_text())
        cursor.execute("SET LOCAL ROLE board_app")
        entry.add_part(by=alice, case=case, kind="marker", fields={"name": "Chromogranin A"})
        assert (AuditEvent.objects.count(), verified().faults) == (1, [])
        for act in OWNERS_ACTS:
            refused = pytest.raises(ProgrammingError, match=r"permission denied|must be owner")
            with refused, transaction.atomic():
                cursor.execute(act)
        cursor.execute("SELECT COUNT(*) FROM pg_class WHERE relowner = 'board_app'::regrole")
        assert cursor.fetchone() == (0,)
        cursor.execute("RESET ROLE")
