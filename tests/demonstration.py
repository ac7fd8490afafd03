"""The demonstration boards: loaded once for all tests, kept as rows, and put into the database from there."""

import json
from dataclasses import asdict, dataclass
from io import StringIO
from pathlib import Path

from django.apps import apps
from django.contrib.auth.models import Permission
from django.core import serializers
from django.core.files import locks
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction

from cases import append_only


@dataclass(frozen=True)
class Demonstration:
    """What `load_demo --if-empty` printed, and the rows it left in an empty database, as JSON."""

    said: str
    rows: str

    def put_in(self) -> None:
        """Write the rows as they were. Call inside a transaction that is rolled back."""
        append_only.remove(connection)  # a part of a signed decision is not added to it
        for one in serializers.deserialize("json", self.rows):
            one.save(force_insert=True)  # the tables are empty: no row is looked for first
        connection.check_constraints()
        append_only.install(connection)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), _kept_models()):
                cursor.execute(statement)


def loaded_once(file: Path) -> Demonstration:
    """The demonstration as the file holds it. Whoever comes first loads it into the empty database and writes
    the file; the other processes of the session wait for that."""
    with file.with_suffix(".lock").open("w") as lock:
        locks.lock(lock, locks.LOCK_EX)
        if not file.exists():
            file.write_text(json.dumps(asdict(_loaded())), encoding="utf-8")
        return Demonstration(**json.loads(file.read_text(encoding="utf-8")))


def _loaded() -> Demonstration:
    said = StringIO()
    with transaction.atomic():
        call_command("load_demo", "--if-empty", stdout=said)
        stored = (row for model in _kept_models() for row in model._base_manager.order_by("pk"))
        rows = serializers.serialize("json", stored)
        transaction.set_rollback(True)
    return Demonstration(said.getvalue(), rows)


def _kept_models() -> list[type[models.Model]]:
    return [
        model for name in ("auth", "cases") for model in apps.get_app_config(name).get_models()
        if model is not Permission
    ]  # fmt: skip
