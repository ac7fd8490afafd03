"""Deletes the forms that were kept for longer than twelve hours (config.kept), and files after two."""

from typing import Any

from django.core.management.base import BaseCommand

from config.models import KeptFile, KeptForm


class Command(BaseCommand):
    help = (
        "Deletes what was kept from ended sessions for longer than 12 hours, and lists that nobody took over "
        "within 2; every log-in does so too."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        count, _ = KeptForm.objects.outdated().delete()
        files, _ = KeptFile.objects.outdated().delete()
        self.stdout.write(f"{count} kept form(s) and {files} kept file(s) deleted.")
