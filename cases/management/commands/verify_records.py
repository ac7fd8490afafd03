"""`verify_records`: whether every event and every signed row is as it was written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.integrity import verified


class Command(BaseCommand):
    help = (
        "Name what was changed, deleted, inserted, reordered, truncated or forged; exit status 1 if anything."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = verified()
        self.stdout.write(
            f"{found.events} events in {found.chains} chains, {found.signed} signed rows, "
            f"{found.anchors} anchors."
        )
        if not found.anchors:
            self.stdout.write("Without anchors nobody sees that the last events were taken away.")
        for fault in found.faults:
            self.stdout.write(str(fault))
        if found.faults:
            raise CommandError(f"{len(found.faults)} of them are not as they were written.")
        self.stdout.write("All as written.")
