from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    """Registers the deployment checks, what happens at a log-in, and what a migrated SQLite needs."""

    name = "config"

    def ready(self) -> None:
        # These modules register themselves by being imported, and models are ready only now.
        from config import checks, kept, middleware, reauthentication, sessions  # noqa: F401

        post_migrate.connect(keep_statistics, sender=self, dispatch_uid="statistics")


def keep_statistics(using: str, **kwargs: Any) -> None:
    """Receiver of `post_migrate`, which comes at every start of `serve`.

    PostgreSQL has statistics by itself. Without them SQLite sorts all cases of a board where an index has the
    newest first: ten times as long at 100,000.
    """
    if connections[using].vendor == "sqlite":
        with connections[using].cursor() as cursor:
            cursor.execute("ANALYZE")
