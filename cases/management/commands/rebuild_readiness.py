"""`manage.py rebuild_readiness [--all]`: the index behind worklist and agenda, made anew from the record."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cases.actions.indexing import rebuild


class Command(BaseCommand):
    help = "Make anew the stored readiness of the cases whose row is missing or no longer holds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="every row, as after an update of the program")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Made the readiness of {rebuild(every=options['all'])} cases anew.")
