"""`export_audit`: the log as JSON lines, for the hospital's own archive of who did what."""

import json
import sys
from argparse import ArgumentParser
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from cases.models import AuditEvent

COLUMNS = (
    "pk", "at", "chain", "seq", "action", "kind", "uid", "detail", "seal", "key", "code",
    "user_id", "user__username", "case__uid", "board__slug",
)  # fmt: skip


class Command(BaseCommand):
    help = "Write audit events as JSON lines, the oldest first; whoever has RECORD_KEY can verify them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("-o", "--output", help="a new file; standard output otherwise")
        parser.add_argument("--board", help="the short name of one board")
        parser.add_argument("--since", help="a moment, 2026-11-01T00:00:00+00:00")

    def handle(self, *args: Any, **options: Any) -> None:
        events = AuditEvent.objects.order_by("pk")
        if options["board"]:
            events = events.filter(board__slug=options["board"])
        if options["since"]:
            events = events.filter(at__gte=_moment(options["since"]))
        file = options["output"]
        with Path(file).open("x", encoding="utf-8") if file else nullcontext(sys.stdout) as target:
            for row in events.values_list(*COLUMNS).iterator(chunk_size=5_000):
                said = dict(zip(COLUMNS, row, strict=True))
                target.write(json.dumps(said, default=_plain, ensure_ascii=False) + "\n")


def _moment(text: str) -> datetime:
    found = parse_datetime(text)
    if found is None:
        raise CommandError(f"{text!r} is no moment; write it like 2026-11-01T00:00:00+00:00.")
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
