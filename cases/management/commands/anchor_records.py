"""`anchor_records`: write the ends of all chains where the database cannot reach."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases import anchors
from cases.models import AuditEvent


class Command(BaseCommand):
    help = "Anchor every chain outside the database: for a timer, at least daily."

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.RECORD_ANCHOR_FILE or settings.RECORD_ANCHOR_SYSLOG):
            raise CommandError("Name RECORD_ANCHOR_FILE or RECORD_ANCHOR_SYSLOG first.")
        numbers = AuditEvent.objects.order_by("chain").values_list("chain", flat=True).distinct()
        heads = {number: AuditEvent.objects.head(number) for number in numbers}
        anchors.keep(heads)
        self.stdout.write(f"{len(heads)} chains anchored.")
