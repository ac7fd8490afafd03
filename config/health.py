"""/healthz and /readyz, for the machines that watch this one: right for any host, and without a secret."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.utils.module_loading import import_string

LEAST_FREE = 500 * 1024 * 1024  # bytes
LONGEST_WAIT = timedelta(minutes=5)  # of an order for the process that makes them
OK = "ok"

Finding = tuple[str, str]  # what was looked at, and "ok" or what is wrong with it in a few words


class Health:
    """Answers /healthz (`ok` while this process answers at all) and /readyz (200 if all is ready, else 503).

    Stands before sessions, hosts and log-in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path not in ("/healthz", "/readyz"):
            return self.get_response(request)
        return answer(request)


def answer(request: HttpRequest) -> HttpResponse:
    """How this process is, or how all is."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    if request.path == "/healthz":
        return HttpResponse(OK, content_type="text/plain")
    found = dict(findings())
    return JsonResponse(found, status=200 if set(found.values()) == {OK} else 503)


def findings() -> Iterator[Finding]:
    """Everything that is looked at, in order; what needs the database is left out where there is none."""
    reached = _database()
    yield "database", reached
    if reached == OK:
        yield "migrations", _migrations()
        yield "jobs", _jobs()
    yield "disk", _disk()
    for check in settings.READY_CHECKS:
        yield from import_string(check)()


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unavailable"
    return OK


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    return "missing" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else OK


def _jobs() -> str:
    """Whether somebody takes up what is ordered."""
    from django_tasks_db.models import DBTaskResult  # needs Django set up, which the settings do not

    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=timezone.now() - LONGEST_WAIT)
    try:
        return "waiting" if waiting.exists() else OK
    except DatabaseError:
        return "missing"


def _disk() -> str:
    """Room where the backups are written, and here."""
    folders = [settings.BASE_DIR, settings.BACKUP_DIR]
    there = [Path(folder) for folder in folders if folder and Path(folder).exists()]
    return OK if all(shutil.disk_usage(folder).free >= LEAST_FREE for folder in there) else "nearly full"
