"""SQLite knows how large its tables are, as PostgreSQL does by itself."""

import pytest
from django.contrib.auth.models import User
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL does by itself")
@pytest.mark.django_db
def test_migrate_leaves_statistics(alice: User) -> None:
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT stat FROM sqlite_stat1 WHERE tbl = 'auth_user'")
        assert cursor.fetchall() == [("1 1",)]
