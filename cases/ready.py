"""What a server needs before it takes requests, and what /readyz says of the record: whether its chains were
anchored, and its backup written, in time.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from cases import anchors, backups
from cases.assessing import assessed
from cases.facts import RecordFacts
from cases.guideline import every_guideline

DAILY = timedelta(hours=26)  # once a day, and two hours for it


def load() -> None:
    """Read every edition, and make its engine: a board may be at any of them."""
    for guideline in every_guideline():
        assessed(guideline, RecordFacts({}, {}, ()))


def findings() -> Iterator[tuple[str, str]]:
    """The name of each, and "ok", "late" or "missing"; nothing of what is not configured."""
    if settings.RECORD_ANCHOR_FILE:
        yield "anchors", _in_time(anchors.newest())
    if settings.BACKUP_DIR:
        yield "backup", _in_time(backups.newest(settings.BACKUP_DIR))


def _in_time(moment: datetime | None) -> str:
    if moment is None:
        return "missing"
    return "ok" if timezone.now() - moment < DAILY else "late"
